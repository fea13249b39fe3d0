"""What is done to one piece of a corpus: to check it, and to score it.

Both are functions of their arguments alone and may run anywhere, twice, and in any order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode import privacy
from qualcode.corpus.model import unpacked
from qualcode.corpus.reading import batches
from qualcode.corpus.repeats import in_buckets
from qualcode.corpus.scoring import Scoring, Sums
from qualcode.corpus.writing import part_file
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.corpus.pieces import Piece
    from qualcode.corpus.reading import Expected
    from qualcode.corpus.repeats import Marks

_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """A piece that can be scored: by question its `answers` and its blank rows.

    `marks` tell whose answers to what there are, as `repeats` wants them.
    """

    piece: Piece
    answers: dict[str, int]
    blanks: dict[str, int]
    marks: Marks


@dataclass(frozen=True, slots=True)
class Scored:
    """A piece whose suggestions are written: `rows` of them in `size` bytes, and the sums."""

    piece: Piece
    rows: int
    size: int
    sums: dict[str, Sums] = field(default_factory=dict)


def check(
    piece: Piece, expected: Expected, secret: bytes, tell: Callable[[int], None] = lambda _: None
) -> Checked:
    """Read a piece from the first to the last row. Raises `InputError` as `batches` does."""
    answers: Counter[str] = Counter()
    blanks: Counter[str] = Counter()
    marks: list[bytes] = []
    with privacy.kept(is_wanted=expected.is_private):
        for rows in batches(piece, expected, tell):
            marks += [mark(row.respondent, row.question, secret) for row in rows]
            for row in rows:
                (blanks if is_blank(row.text, expected.blanks) else answers)[row.question] += 1
    return Checked(piece, dict(answers), dict(blanks), in_buckets(marks))


def mark(respondent: str, question: str, secret: bytes) -> bytes:
    """Eight bytes for a respondent's answer to a question; without the secret they say nothing."""
    whose = f"{question}\0{respondent}".encode(errors="surrogatepass")
    return hashlib.blake2b(whose, digest_size=_WIDTH, key=secret).digest()


def score(
    piece: Piece,
    expected: Expected,
    model: bytes,
    folder: str,
    tell: Callable[[int], None] = lambda _: None,
) -> Scored:
    """Score the answers of a piece that are not blank, and write the part of its number.

    Raises as `batches`, `unpacked` and `part_file` do.
    """
    path = Path(folder) / piece.part
    with privacy.kept(is_wanted=expected.is_private):
        scoring = Scoring(unpacked(model))
        with part_file(path, is_private=expected.is_private) as written:
            for rows in batches(piece, expected, tell):
                said = [row for row in rows if not is_blank(row.text, expected.blanks)]
                written.add(scoring.score(said))
        return Scored(piece, written.count, path.stat().st_size, scoring.sums)
