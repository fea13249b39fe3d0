"""A new study: built under another name, and under its own when it is whole and on the disk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from qualcode.store import connection, journal, placing, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.store.connection import Database


@contextmanager
def appearing(path: Path, *, made_with: str) -> Iterator[Database]:
    """Give an empty study to fill in one transaction; it gets its name when the block ends well.

    Raises `Conflict` if `path` exists, `NotFound` for a missing folder, `QualcodeError` for what
    the disk refuses.
    """
    with placing.new_file(path) as unfinished:
        database = connection.create(unfinished, path)
        try:
            _build_fast(database)
            schema.migrate(database)
            with database.transaction():
                database.run(
                    "INSERT INTO study (id, uid, created, made_with) VALUES (1, ?, ?, ?)",
                    (journal.new_uid(), journal.now(), made_with),
                )
                yield database
            connection.keep_safely(database)
        finally:
            database.close()


def _build_fast(database: Database) -> None:
    # Nobody can see the file before it is whole, so nothing is gained by syncing on the way.
    database.run("PRAGMA journal_mode = MEMORY")
    database.run("PRAGMA synchronous = OFF")
    database.run("PRAGMA cache_size = -16384")
