"""Opening a study file, transactions, and SQLite's errors in plain words."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from qualcode import privacy
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Arguments: TypeAlias = Sequence[Any] | Mapping[str, Any]

APPLICATION_ID = 0x71636F64  # "qcod"
OLDEST_SQLITE = (3, 38, 0)  # STRICT tables came with 3.37, the ->> of the views with 3.38
PATIENCE = 20.0
"""Seconds that a transaction waits for another process before it gives up."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_copies = count()
_held: Counter[tuple[int, int]] = Counter()
"""Device and inode of the studies that this process has open, and how often."""


class Database:
    """One connection to one study file, with every act in an explicit transaction.

    SQLite's own errors leave as `QualcodeError`; whatever a failed transaction had begun is
    rolled back, so the file keeps its last good state. `address` is where another connection
    of this process finds the same rows.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, address: str, *, is_readonly: bool
    ) -> None:
        self.path = path
        self.connection = connection
        self.address = address
        self.is_readonly = is_readonly
        self.patience = PATIENCE
        self._is_private = False
        self._file = _identity(path)
        if self._file:
            _held[self._file] += 1

    def check_place(self) -> None:
        """Raise `QualcodeError` if the file is no longer where it was opened.

        What is written then would go into a log that belongs to no file.
        """
        if _identity(self.path) != self._file:
            raise QualcodeError(
                f"{self.path} was moved or replaced while it is open: nothing was done",
                hint="put it back under its name, or leave and open it where it is now",
            )

    @property
    def is_private(self) -> bool:
        """Whether the study is sensitive."""
        return self._is_private

    def keep_private(self) -> None:
        """Let nobody but the owner read what this process writes until the file is closed."""
        if not self._is_private:
            self._is_private = True
            privacy.begin()

    def close(self) -> None:
        """Close the file; the last process to close it leaves one file behind."""
        self.connection.close()
        if self._file:
            _held[self._file] -= 1
            self._file = None
        if self._is_private:
            self._is_private = False
            privacy.end()

    def rows(self, sql: str, args: Arguments = ()) -> list[Any]:
        """Every row of a query, as tuples."""
        with self._in_plain_words():
            return self.connection.execute(sql, args).fetchall()

    def stream(self, sql: str, args: Arguments = ()) -> Iterator[Any]:
        """The rows of a query one by one, in constant memory."""
        with self._in_plain_words():
            # `yield from` would close the cursor when it is left, even after the file is closed.
            for row in self.connection.execute(sql, args):  # noqa: UP028
                yield row

    def row(self, sql: str, args: Arguments = ()) -> Any:
        """The first row of a query, or None."""
        with self._in_plain_words():
            return self.connection.execute(sql, args).fetchone()

    def value(self, sql: str, args: Arguments = ()) -> Any:
        """The first cell of the first row, or None."""
        row = self.row(sql, args)
        return row[0] if row else None

    def run(self, sql: str, args: Arguments = ()) -> int:
        """Carry out one statement and give the rowid that it inserted, if any."""
        with self._in_plain_words():
            return self.connection.execute(sql, args).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for many rows."""
        with self._in_plain_words():
            self.connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, committed to the disk on leaving; inside another, a part of it.

        Raises `Conflict` if another process holds the file for longer than `PATIENCE`.
        """
        if self._in_transaction():
            yield
            return
        self._begin()
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._in_transaction():
                self.connection.execute("ROLLBACK")
            raise

    def _in_transaction(self) -> bool:
        return self.connection.in_transaction

    def _begin(self) -> None:
        deadline = time.monotonic() + min(PATIENCE, self.patience)
        pause = 0.001
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _code_of(error) not in _BUSY or time.monotonic() > deadline:
                    raise in_plain_words(error, self.path) from error
            else:
                return
            # SQLite's own back-off starves a loser under constant load; chance does not.
            time.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(pause * 2, 0.05)

    @contextmanager
    def attached(self, other: Database, name: str) -> Iterator[None]:
        """See the tables of another file under `name`; not inside a transaction."""
        self.run(f"ATTACH ? AS {name}", (other.address,))
        try:
            yield
        finally:
            self.run(f"DETACH {name}")

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise in_plain_words(error, self.path) from error
        except UnicodeEncodeError as error:
            raise InputError("half of a character (a surrogate) is no text") from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _code_of(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def in_plain_words(error: sqlite3.Error, path: Path) -> QualcodeError:
    """The error that a person can act on for one of SQLite's."""
    code = _code_of(error)
    fate = "keeps its last good state, this act was not saved"
    if not path.exists():
        fate = "was not made"
    if code in _BUSY:
        return Conflict(
            f"{path} is held by another process", hint="close it there, or try again in a moment"
        )
    if code == sqlite3.SQLITE_FULL:
        return QualcodeError(
            f"the disk is full: {path} {fate}",
            hint="free some space; nothing else is needed",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return QualcodeError(
            f"{path} cannot be written, nothing was changed",
            hint="check the rights of the file and of its folder",
        )
    if code == sqlite3.SQLITE_IOERR:
        return QualcodeError(
            f"the disk could not be written: {path} {fate}",
            hint="check that the disk has space and is still there",
        )
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return InputError(
            "is not a study, or is damaged", source=path, hint="go back to a backup of it"
        )
    raise error


def create(unfinished: Path, path: Path) -> Database:
    """A new empty file with the settings that every study has, to be placed at `path` later."""
    _refuse_old_sqlite()
    try:
        address = _address(unfinished, mode="rwc")
        connection = _connect(address)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error
    return Database(path, connection, address, is_readonly=False)


def keep_safely(database: Database) -> None:
    """Write-ahead log, and every commit on the disk before it is acknowledged."""
    mode = database.value("PRAGMA journal_mode = WAL")
    database.run("PRAGMA synchronous = FULL")
    if (mode, database.value("PRAGMA synchronous")) != ("wal", 2):
        raise QualcodeError(
            f"SQLite cannot write {database.path} safely here",
            hint="put the study on a local disk",
        )


LONG_LOG = 1_000_000
"""Bytes of a write-ahead log that are worth moving into the file."""


AT_A_KEY = 3.0
"""Seconds that a key waits for another process before the screen says what holds it up."""


def serve_keys(database: Database) -> None:
    """Let no commit wait long: neither for another process nor to move the log into the file.

    A commit that moves the write-ahead log waits for the disk a hundred times longer than
    others; `move_log` does it elsewhere.
    """
    database.patience = AT_A_KEY
    database.run("PRAGMA wal_autocheckpoint = 50000")


def move_log(path: Path) -> None:
    """Move a long write-ahead log into the file, over a connection of its own, in a thread.

    It waits for nobody and holds nobody up; what it cannot move stays in the log.
    """
    log = path.with_name(f"{path.name}-wal")
    with suppress(OSError, sqlite3.Error):
        if log.stat().st_size < LONG_LOG:
            return
        connection = _connect(_address(path, mode="rw"))
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()


def open_to_write(path: Path) -> Database:
    """Open an existing study to work on it.

    Raises `NotFound` if there is none, `InputError` if the file is something else,
    `QualcodeError` if it cannot be written.
    """
    check_is_study(path)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise in_plain_words(_readonly(), path)
    address = _address(path, mode="rw")
    try:
        connection = _connect(address)
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error
    # `transaction` waits for others by itself.
    connection.execute("PRAGMA busy_timeout = 200")
    database = Database(path, connection, address, is_readonly=False)
    try:
        keep_safely(database)
    except QualcodeError:
        database.close()
        raise
    return database


def _readonly() -> sqlite3.Error:
    error = sqlite3.OperationalError("readonly")
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY
    return error


def open_to_read(path: Path) -> Database:
    """Open an existing study to look at it, wherever it lies.

    Works on a file or folder that cannot be written and on a full disk: there the file is
    read as it is, together with what its write-ahead log holds.
    """
    check_is_study(path)
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        try:
            address = _address(path, mode="rw")
            connection = _connect(address)
            connection.execute("PRAGMA query_only = ON")
            return Database(path, connection, address, is_readonly=True)
        except sqlite3.Error as error:
            if _code_of(error) in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT} | _BUSY:
                raise in_plain_words(error, path) from error
    return _open_frozen(path)


def open_as_is(path: Path) -> Database:
    """Open a study that nobody works on, such as a backup, and leave nothing beside it.

    Raises as `open_to_read`.
    """
    check_is_study(path)
    return _open_frozen(path)


def _open_frozen(path: Path) -> Database:
    log = path.with_name(path.name + "-wal")
    try:
        if not log.exists() or log.stat().st_size == 0:
            address = _address(path, mode="ro", extra="&immutable=1")
            connection = _connect(address)
        else:
            connection, address = _in_memory(path, log)
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error
    except OSError as error:
        raise QualcodeError(f"{path} cannot be read: {error.strerror}") from error
    return Database(path, connection, address, is_readonly=True)


def _in_memory(path: Path, log: Path) -> tuple[sqlite3.Connection, str]:
    with tempfile.TemporaryDirectory(prefix="qualcode-") as folder:
        copy = Path(folder) / "study.db"
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name("study.db-wal"))
        with closing(sqlite3.connect(copy)) as source:
            return _copied(source)


def _copied(source: sqlite3.Connection) -> tuple[sqlite3.Connection, str]:
    address = f"file:copy-{next(_copies)}?mode=memory&cache=shared"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    source.backup(connection)
    return connection, address


def in_memory(database: Database) -> Database:
    """Close a study and go on with a copy of it, which may be changed and never gets saved."""
    with closing(database):
        return Database(database.path, *_copied(database.connection), is_readonly=True)


def _address(path: Path, *, mode: str, extra: str = "") -> str:
    return f"{path.absolute().as_uri()}?mode={mode}{extra}"


def _connect(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def check_is_study(path: Path) -> None:
    """Raise unless `path` is a study file, judged by its first hundred bytes."""
    _refuse_old_sqlite()
    file = _identity(path)
    if file and _held[file]:
        # Closing the file here would drop the locks that SQLite holds on it in this process.
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
    except FileNotFoundError:
        raise NotFound(f"there is no study {path}", hint="qualcode new makes one") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=path) from error
    if head[:16] != b"SQLite format 3\0" or head[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise InputError("is not a qualcode study", source=path)


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise QualcodeError(
            f"SQLite {sqlite3.sqlite_version} is too old: qualcode needs {wanted} or newer",
            hint="use a newer Python, or one that is linked to a newer SQLite",
        )
