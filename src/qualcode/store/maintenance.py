"""Is the study whole, and a verified copy of it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode import privacy
from qualcode.errors import InputError, QualcodeError
from qualcode.store import connection, placing, standing, tabulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database

OWNER = 0o600
"""What the owner of a file may do with it, whatever others may."""

Level: TypeAlias = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `doctor` looked at."""

    level: Level
    about: str
    message: str


def backup(database: Database, target: Path) -> None:
    """Copy an open study with SQLite's online backup, and check the copy before it appears.

    Who may read the study may read the copy, and nobody else. Raises `Conflict` if `target`
    exists, `QualcodeError` if the copy is not the same or cannot be written; then there is no
    `target`.
    """
    with placing.new_file(target) as unfinished:
        copy_checked(database, unfinished, target)
        with suppress(OSError):
            unfinished.chmod(database.path.stat().st_mode & 0o777 | OWNER)


def copy_checked(database: Database, unfinished: Path, target: Path) -> None:
    """Copy an open study into an unfinished file, and look whether all of it is there.

    Raises `QualcodeError`, which speaks of the `target` that the file is to become.
    """
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
            _copy(database, copy)
    except sqlite3.Error as error:
        raise connection.in_plain_words(error, target) from error


def _copy(database: Database, copy: sqlite3.Connection) -> None:
    # One read transaction: the copy and what it is compared with are the same moment.
    with tabulation.at_one_moment(database):
        # The moment is that of the first row read, which therefore comes before the copy.
        wanted = database.row(_FINGERPRINT)
        database.connection.backup(copy)
    if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise QualcodeError(f"the copy of {database.path} is damaged; it was thrown away")
    if copy.execute(_FINGERPRINT).fetchone() != wanted:
        raise QualcodeError(f"the copy of {database.path} is not complete; it was thrown away")


_FINGERPRINT = (
    "SELECT (SELECT uid FROM study), (SELECT count(*) FROM response),"
    " (SELECT count(*) FROM coding), (SELECT count(*) FROM mark), (SELECT count(*) FROM act),"
    " (SELECT uid FROM act ORDER BY id DESC LIMIT 1)"
)


def examine(database: Database) -> Iterator[Finding]:
    """Look at everything that can be wrong with a study file and the place where it lies."""
    try:
        yield from _examine_file(database)
    except InputError as error:
        yield Finding("error", "integrity", error.message)
    yield from _rights(database)
    yield from _place_warnings(database.path)


def _examine_file(database: Database) -> Iterator[Finding]:
    checked = [text for (text,) in database.rows("PRAGMA integrity_check") if text != "ok"]
    yield _finding("integrity", checked)
    broken = database.rows("PRAGMA foreign_key_check")
    yield _finding("references", [f"{table} row {row}" for table, row, *_ in broken])
    yield _finding("codings against the journal", _differences(database, _CODING_SIDES))
    yield _finding("marks against the journal", _differences(database, _MARK_SIDES))
    yield _finding("verdicts against the journal", _differences(database, _VERDICT_SIDES))
    yield _finding("quotes against the journal", _differences(database, _QUOTE_SIDES))
    yield _finding("questions against the journal", _differences(database, _QUERY_SIDES))
    yield _finding("repeats against the journal", _differences(database, _REPEAT_SIDES))
    yield _finding("reviews against the journal", _differences(database, _REVIEW_SIDES))
    yield _finding("merged codes", [path for (path,) in database.rows(_WRONGLY_MERGED)])
    yield _finding("chains of acts", list(standing.broken_chains(database)))
    yield _finding("undo chains", list(standing.broken_stacks(database)))
    yield _finding(
        "one current version an answer",
        [
            f"answer {respondent} of question {question}"
            for respondent, question in database.rows(
                "SELECT respondent_id, question_id FROM response GROUP BY 1, 2"
                " HAVING sum(is_current) <> 1 OR max(version * is_current) <> max(version)"
            )
        ],
    )


def _finding(about: str, wrong: list[str]) -> Finding:
    if not wrong:
        return Finding("ok", about, "as it should be")
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""  # noqa: PLR2004
    return Finding("error", about, "; ".join(wrong[:3]) + more)


_CODING_SIDES = (
    standing.codings(),
    (
        "SELECT coder_id, response_id, code_id, span_start, span_end, source, codebook_version_id"
        " FROM coding"
    ),
)


_MARK_SIDES = (
    f"SELECT 'decided', * FROM ({standing.decisions()})"
    f" UNION ALL SELECT 'flag', * FROM ({standing.flags()})"
    f" UNION ALL SELECT 'memo', * FROM ({standing.memos()})",
    (
        "SELECT 'decided', coder_id, response_id, decided FROM mark WHERE decided IS NOT NULL"
        " UNION ALL SELECT 'flag', coder_id, response_id, '1' FROM mark WHERE is_flagged"
        " UNION ALL SELECT 'memo', coder_id, response_id, memo FROM mark WHERE memo <> ''"
    ),
)


_VERDICT_SIDES = (
    standing.verdicts(),
    "SELECT response_id, json_object('adjudicator', coder_id, 'codes', json(codes),"
    " 'reason', reason, 'memo', memo) FROM verdict",
)


_QUOTE_SIDES = (
    standing.quotes(),
    "SELECT coder_id, response_id, json_object('state', state, 'replacements',"
    " json(replacements)) FROM quote",
)


_QUERY_SIDES = (
    standing.asked(),
    "SELECT response_id, json_object('coder', coder_id, 'by', asked_by, 'text', text, 'at', at),"
    " is_answered FROM query",
)
_REPEAT_SIDES = (standing.repeats(), "SELECT coder_id, response_id, state FROM repeated")
_REVIEW_SIDES = (
    standing.reviews(),
    "SELECT response_id, json_object('coder', coder_id, 'kind', kind, 'text', text,"
    " 'reviewer', reviewer_id, 'note', note) FROM review",
)


_WRONGLY_MERGED = (
    "SELECT code.path FROM code LEFT JOIN code AS other ON other.id = code.counts_as"
    " WHERE code.is_removed = 0 AND ((code.merged_into = '') <> (code.counts_as IS NULL)"
    " OR other.merged_into <> '' OR other.is_removed OR other.codebook_id <> code.codebook_id)"
)


def _differences(database: Database, sides: tuple[str, str]) -> list[str]:
    journal, state = sides
    return [
        *(
            f"in the journal alone: {_shown(row)}"
            for row in database.rows(f"SELECT * FROM ({journal}) EXCEPT SELECT * FROM ({state})")
        ),
        *(
            f"not in the journal: {_shown(row)}"
            for row in database.rows(f"SELECT * FROM ({state}) EXCEPT SELECT * FROM ({journal})")
        ),
    ]


def _shown(row: tuple[object, ...]) -> str:
    ids = tuple("…" if isinstance(cell, str) else cell for cell in row)
    return str(ids if privacy.is_private() else row)


def _rights(database: Database) -> Iterator[Finding]:
    """Whether a sensitive study and its backups can be read by their owner alone."""
    if not database.is_private:
        return
    open_to_others = [
        path.name for path in (database.path, *_beside(database.path)) if _is_open_to_others(path)
    ]
    if open_to_others:
        yield Finding(
            "warning",
            "rights",
            f"the study is sensitive, and others may read {', '.join(open_to_others)}:"
            " `qualcode design STUDY --sensitive` takes that away",
        )
    else:
        yield Finding("ok", "rights", "sensitive: for its owner alone")


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & privacy.OTHERS)
    except OSError:
        return False


def set_rights(path: Path, mode: int) -> None:
    """Give a study, with what SQLite keeps beside it while it is open, these rights.

    Raises `QualcodeError` where they cannot be changed.
    """
    for each in (path, *_beside(path)):
        try:
            each.chmod(mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise QualcodeError(
                f"the rights of {each} cannot be changed: {error.strerror}"
            ) from error


_SYNCHRONISED = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "nextcloud",
    "owncloud",
    "box sync",
    "pcloud",
    "syncthing",
)
_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "afs",
    "ceph",
    "gluster",
    "fuse.sshfs",
    "fuse.rclone",
    "ncp",
)


def _place_warnings(path: Path) -> Iterator[Finding]:
    whole = path.resolve()
    for part in whole.parts[:-1]:
        if any(name in part.lower() for name in _SYNCHRONISED):
            yield Finding(
                "warning",
                "place",
                f"“{part}” looks like a synchronised folder: it can copy a study while it is being"
                " written. Work on a local folder and put backups there",
            )
            return
    kind = _file_system(whole)
    if kind.startswith(_NETWORK):
        yield Finding(
            "warning",
            "place",
            f"the study lies on a network file system ({kind}), where SQLite's locks may not"
            " hold. Work on a local folder and put backups there",
        )
        return
    yield Finding("ok", "place", "a local folder, as far as can be told")


def _file_system(path: Path) -> str:
    if not sys.platform.startswith("linux"):
        return ""
    best, kind = "", ""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    for line in mounts.splitlines():
        _, point, name, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if len(point) > len(best) and path.is_relative_to(point):
            best, kind = point, name
    return kind
