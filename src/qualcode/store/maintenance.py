"""Is the study whole, and a verified copy of it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import InputError, QualcodeError
from qualcode.store import connection, placing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database

Level: TypeAlias = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `doctor` looked at."""

    level: Level
    about: str
    message: str


def backup(database: Database, target: Path) -> None:
    """Copy an open study with SQLite's online backup, and check the copy before it appears.

    Raises `Conflict` if `target` exists, `QualcodeError` if the copy is not the same or cannot
    be written; then there is no `target`.
    """
    with placing.new_file(target) as unfinished:
        try:
            with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
                _copy(database, copy)
        except sqlite3.Error as error:
            raise connection.in_plain_words(error, target) from error


def _copy(database: Database, copy: sqlite3.Connection) -> None:
    # One read transaction: the copy and what it is compared with are the same moment.
    database.run("BEGIN")
    try:
        database.connection.backup(copy)
        wanted = database.row(_FINGERPRINT)
    finally:
        database.run("ROLLBACK")
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
    yield _finding("reviews against the journal", _differences(database, _REVIEW_SIDES))
    yield _finding("merged codes", [path for (path,) in database.rows(_WRONGLY_MERGED)])
    yield _finding("undo chains", list(_broken_chains(database)))
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


_REPLAYED_CODINGS = (
    "SELECT coder_id, response_id, code_id, span_start, span_end, source, codebook_version_id"
    " FROM (SELECT step.coder_id, act.*, row_number() OVER (PARTITION BY step.coder_id,"
    " response_id, code_id, span_start, span_end ORDER BY act.id DESC) AS age"
    " FROM act JOIN step ON step.id = act.step_id WHERE act IN ('code', 'uncode'))"
    " WHERE age = 1 AND act = 'code'"
)
_CODING_SIDES = (
    _REPLAYED_CODINGS,
    (
        "SELECT coder_id, response_id, code_id, span_start, span_end, source, codebook_version_id"
        " FROM coding"
    ),
)


def _last_act(names: str, value: str) -> str:
    return (
        f"SELECT coder_id, response_id, {value} AS value FROM (SELECT step.coder_id, act.*,"
        " row_number() OVER (PARTITION BY step.coder_id, response_id ORDER BY act.id DESC) AS age"
        f" FROM act JOIN step ON step.id = act.step_id WHERE act IN ({names})) WHERE age = 1"
    )


_MARK_SIDES = (
    "SELECT 'decided', * FROM ("
    + _last_act("'decide', 'undecide'", "iif(act = 'decide', source, NULL)")
    + ") WHERE value IS NOT NULL UNION ALL SELECT 'flag', * FROM ("
    + _last_act("'flag', 'unflag'", "iif(act = 'flag', '1', NULL)")
    + ") WHERE value IS NOT NULL UNION ALL SELECT 'memo', * FROM ("
    + _last_act("'memo'", "nullif(after, '')")
    + ") WHERE value IS NOT NULL",
    (
        "SELECT 'decided', coder_id, response_id, decided FROM mark WHERE decided IS NOT NULL"
        " UNION ALL SELECT 'flag', coder_id, response_id, '1' FROM mark WHERE is_flagged"
        " UNION ALL SELECT 'memo', coder_id, response_id, memo FROM mark WHERE memo <> ''"
    ),
)


_VERDICT_SIDES = (
    "SELECT response_id, after FROM (SELECT response_id, after, row_number() OVER"
    " (PARTITION BY response_id ORDER BY id DESC) AS age FROM act WHERE act = 'adjudicate')"
    " WHERE age = 1 AND after IS NOT NULL",
    "SELECT response_id, json_object('adjudicator', coder_id, 'codes', json(codes),"
    " 'reason', reason, 'memo', memo) FROM verdict",
)


_QUOTE_SIDES = (
    "SELECT coder_id, response_id, value FROM ("
    + _last_act("'clear'", "after")
    + ") WHERE value IS NOT NULL",
    "SELECT coder_id, response_id, json_object('state', state, 'replacements',"
    " json(replacements)) FROM quote",
)


_REVIEWED = "coalesce(after, before)"
_REVIEW_SIDES = (
    "SELECT response_id, after ->> 'coder', after ->> 'kind', after ->> 'text',"
    " after ->> 'reviewer', after ->> 'note' FROM (SELECT response_id, after, row_number() OVER"
    f" (PARTITION BY response_id, {_REVIEWED} ->> 'coder', {_REVIEWED} ->> 'kind'"
    " ORDER BY id DESC) AS age FROM act WHERE act = 'review') WHERE age = 1 AND after IS NOT NULL",
    "SELECT response_id, lower(hex(coder.uid)), kind, text, lower(hex(reviewer.uid)), note"
    " FROM review JOIN coder ON coder.id = coder_id"
    " JOIN coder AS reviewer ON reviewer.id = reviewer_id",
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
            f"in the journal alone: {row}"
            for row in database.rows(f"SELECT * FROM ({journal}) EXCEPT SELECT * FROM ({state})")
        ),
        *(
            f"not in the journal: {row}"
            for row in database.rows(f"SELECT * FROM ({state}) EXCEPT SELECT * FROM ({journal})")
        ),
    ]


def _broken_chains(database: Database) -> Iterator[str]:
    heads: dict[int, tuple[int | None, int | None]] = {}
    previous_of: dict[int, int | None] = {}
    for step, coder_id, kind, reverses, previous in database.stream(
        "SELECT id, coder_id, kind, reverses, previous FROM step"
        " WHERE coder_id IS NOT NULL ORDER BY id"
    ):
        undo, redo = heads.get(coder_id, (None, None))
        previous_of[step] = previous
        if kind == "undo":
            is_right = reverses == undo and previous == redo
            heads[coder_id] = (previous_of.get(reverses), step)
        elif kind == "redo":
            is_right = reverses == redo and previous == undo
            heads[coder_id] = (step, previous_of.get(reverses))
        else:
            is_right = previous == undo
            heads[coder_id] = (step, None)
        if not is_right:
            yield f"step {step} does not follow from the one before it"
    for coder_id, name, undo, redo in database.rows(
        "SELECT id, name, undo_head, redo_head FROM coder"
    ):
        if heads.get(coder_id, (None, None)) != (undo, redo):
            yield f"{name} would undo or redo another step than the journal says"


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
