"""The suggestions of one piece as one Parquet file, there whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qualcode.corpus.parquet import pa, parquet
from qualcode.errors import QualcodeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.corpus.scoring import Suggestions

SCHEMA = pa.schema(
    [
        pa.field("respondent", pa.string(), nullable=False),
        pa.field("question", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("calibrated", pa.bool_(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ]
)
_GROUP = 100_000


class Rows:
    """Takes suggestions and writes them down in groups; `count` is how many there were."""

    def __init__(self, writer: Any) -> None:
        self.count = 0
        self._writer = writer
        self._waiting: list[Any] = []
        self._n = 0

    def add(self, found: Suggestions) -> None:
        """Take some more."""
        batch = pa.RecordBatch.from_pydict(found, schema=SCHEMA)
        self._waiting.append(batch)
        self._n += batch.num_rows
        self.count += batch.num_rows
        if self._n >= _GROUP:
            self.flush()

    def flush(self) -> None:
        """Write down what was taken."""
        if self._n:
            self._writer.write_table(pa.Table.from_batches(self._waiting))
        self._waiting, self._n = [], 0


@contextmanager
def part_file(path: Path, *, is_private: bool) -> Iterator[Rows]:
    """Rows of a file that appears, on the disk, when the block ends without an error.

    A task that runs twice writes the same file twice. Raises `QualcodeError` where the folder
    cannot be written, or cannot be seen from this machine.
    """
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}.tmp")
    mode = 0o600 if is_private else 0o666
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                with parquet.ParquetWriter(file, SCHEMA) as writer:
                    rows = Rows(writer)
                    yield rows
                    rows.flush()
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except FileNotFoundError:
        raise QualcodeError(
            f"{path.parent} is not there any more, or not on this machine",
            hint="the output has to lie where every worker sees it under the same path",
        ) from None
    except OSError as error:
        raise QualcodeError(
            f"{path.parent} cannot be written: {error.strerror or 'the disk refuses'}"
        ) from None
