"""What follows from the versions of codebooks: codes that are kept, and what counts as what."""

from __future__ import annotations

from itertools import count as numbers
from typing import TYPE_CHECKING

from qualcode.model import standing
from qualcode.store.codebook import USED, codebooks, codes_of, share_a_question

if TYPE_CHECKING:
    from qualcode.store.connection import Database

_IS_BEHIND = (
    "clock < (SELECT step.clock FROM codebook JOIN codebook_version ON version_id ="
    " codebook_version.id JOIN step ON step.id = step_id WHERE codebook.id = code.codebook_id)"
)
"""SQL for a code that the present version of its codebook does not have."""


def settle(database: Database, book: int) -> None:
    """Keep the codes that are used, and say of every merged one as which it counts."""
    _keep_used(database, book)
    codes = codes_of(database, book)
    by_path = {code.path: code for code in codes}
    database.run("UPDATE code SET counts_as = NULL WHERE codebook_id = ?", (book,))
    database.run_many(
        "UPDATE code SET counts_as = ? WHERE id = ?",
        ((standing(code, by_path).id, code.id) for code in codes if code.merged_into),
    )


def _keep_used(database: Database, book: int) -> None:
    """Keep, as retired, the codes that hold codings although the present version lacks them.

    Only merging copies leaves such codes: one side took them out of the codebook, the other
    applied them. Each counts as itself: what was said of it went with its version.
    """
    database.run(
        f"UPDATE code SET is_removed = 1 WHERE codebook_id = ? AND is_removed = 0 AND {_IS_BEHIND}",
        (book,),
    )
    kept = database.rows(
        f"SELECT id, path FROM code WHERE codebook_id = ? AND {_IS_BEHIND}"
        f" AND EXISTS (SELECT 1 FROM ({USED}) AS used WHERE used.code_id = code.id) ORDER BY uid",
        (book,),
    )
    for code_id, path in kept:
        _keep(database, book, code_id, path)


def _keep(database: Database, book: int, code_id: int, path: str) -> None:
    taken = {
        used
        for (used,) in database.rows(
            "SELECT path FROM code WHERE codebook_id = ? AND is_removed = 0", (book,)
        )
    }
    others = (f"{path}-{number}" for number in numbers(2))
    free = path if path not in taken else next(name for name in others if name not in taken)
    database.run(
        "UPDATE code SET is_removed = 0, is_retired = 1, hotkey = '', merged_into = '',"
        " split_into = '[]', path = ?, position ="
        " (SELECT max(position) + 1 FROM code WHERE codebook_id = ? AND is_removed = 0)"
        " WHERE id = ?",
        (free, book, code_id),
    )


def part(database: Database) -> list[str]:
    """Let no two codes for one question have one letter; what had to be settled, in words.

    Only merging brings such codebooks together, and also two codes of one path, which are named
    and stay. The codebook whose name comes first keeps its letters.
    """
    said = []
    books = sorted(codebooks(database), key=lambda book: book.name)
    for at, book in enumerate(books):
        for other in books[:at]:
            if not share_a_question(other, book):
                continue
            letters = {code.hotkey for code in other.codes} - {""}
            said += [
                f"the code {code.path} is in “{other.name}” and in “{book.name}” for one question:"
                " rename one"
                for code in book.codes
                if code.path in other.by_path()
            ]
            for code in book.codes:
                if code.hotkey in letters:
                    database.run("UPDATE code SET hotkey = '' WHERE id = ?", (code.id,))
                    said.append(
                        f"the letter “{code.hotkey}” of {code.path} of “{book.name}” belongs to"
                        f" “{other.name}” too, and stays there"
                    )
    return said


def kept_beside(database: Database) -> set[str]:
    """The paths of all codes that are kept beside the present versions of their codebooks."""
    return {
        path
        for (path,) in database.rows(f"SELECT path FROM code WHERE is_removed = 0 AND {_IS_BEHIND}")
    }


def kept_ids(database: Database, book: int) -> set[int]:
    """The codes that are kept beside the present version of one codebook."""
    rows = database.rows(
        f"SELECT id FROM code WHERE codebook_id = ? AND is_removed = 0 AND {_IS_BEHIND}", (book,)
    )
    return {code_id for (code_id,) in rows}
