"""From a corpus to an output: check all of it, score it, and let the folder appear."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.corpus import tasks
from qualcode.corpus.output import appearing
from qualcode.corpus.reading import batches
from qualcode.corpus.repeats import Ledger
from qualcode.corpus.scoring import Sums
from qualcode.errors import InputError, QualcodeError
from qualcode.privacy import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qualcode.corpus.engines import Engine
    from qualcode.corpus.pieces import Piece
    from qualcode.corpus.reading import Expected
    from qualcode.corpus.tasks import Scored


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that can be scored: `answers` and `blanks` by question, and how many rows it has."""

    pieces: list[Piece]
    expected: Expected
    answers: dict[str, int]
    blanks: dict[str, int]

    @property
    def rows(self) -> int:
        """All rows, those that are passed over too."""
        return sum(piece.rows for piece in self.pieces)

    @property
    def passed_over(self) -> int:
        """Rows of questions that are not scored."""
        return self.rows - sum(self.answers.values()) - sum(self.blanks.values())


def examine(
    engine: Engine,
    pieces: Sequence[Piece],
    expected: Expected,
    progress: Callable[[int, int], None],
) -> Corpus:
    """Read a corpus from end to end before anything is scored.

    Raises `InputError` for what cannot be scored, and for the first who answers a question twice.
    """
    answers: Counter[str] = Counter()
    blanks: Counter[str] = Counter()
    secret = secrets.token_bytes(16)
    tell = _counting(progress, sum(piece.rows for piece in pieces))
    with Ledger() as ledger:
        for found in engine.each(tasks.check, pieces, expected, secret, tell=tell):
            answers.update(found.answers)
            blanks.update(found.blanks)
            ledger.add(found.marks)
        repeated = ledger.repeated()
    if repeated:
        _refuse_repeats(pieces, expected, secret, repeated)
    return Corpus(list(pieces), expected, dict(answers), dict(blanks))


def _counting(progress: Callable[[int, int], None], total: int) -> Callable[[int], None]:
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, total)

    return tell


def _refuse_repeats(
    pieces: Sequence[Piece], expected: Expected, secret: bytes, repeated: set[bytes]
) -> None:
    """Raise `InputError` for the first repetition; the marks of others may be alike by chance."""
    first: dict[tuple[str, str], str] = {}
    for piece in pieces:
        for rows in batches(piece, expected):
            for row in rows:
                if tasks.mark(row.respondent, row.question, secret) not in repeated:
                    continue
                whose = row.respondent, row.question
                if whose in first:
                    raise InputError(
                        f"respondent {quoted(row.respondent[:80])} answers {row.question} a second"
                        f" time, after {first[whose]}",
                        source=piece.path,
                        row=row.number,
                    )
                first[whose] = f"{piece.path}, row {row.number}"


@dataclass(frozen=True, slots=True)
class Result:
    """What scoring a corpus gave: its parts in order, and the sums of each question."""

    parts: list[Scored]
    sums: dict[str, Sums]


def score(
    engine: Engine,
    corpus: Corpus,
    model: bytes,
    place: Path,
    describe: Callable[[Path, Result], None],
    progress: Callable[[int, int], None],
) -> Result:
    """Score a corpus by a `packed` model into a folder that appears when it is complete.

    `describe` writes down what it is when everything is scored. Raises what the tasks raise, and
    `QualcodeError` where a part is not where its worker says that it wrote it.
    """
    tell = _counting(progress, corpus.rows)
    with appearing(place) as folder:
        shared = engine.shared(model)
        found = engine.each(
            tasks.score, corpus.pieces, corpus.expected, shared, str(folder), tell=tell
        )
        parts = sorted(found, key=lambda part: part.piece.number)
        _check(folder, parts)
        sums: dict[str, Sums] = {}
        for part in parts:
            for key, each in part.sums.items():
                sums.setdefault(key, Sums()).add(each)
        result = Result(parts, sums)
        describe(folder, result)
    return result


def _check(folder: Path, parts: Sequence[Scored]) -> None:
    """See that the parts are there, and nothing else that a worker left when it died."""
    names = {part.piece.part: part.size for part in parts}
    for name, size in names.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise QualcodeError(
                f"{name} was written by a worker, but it is not here",
                hint="the output has to lie where every worker and this machine see it",
            )
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()
