"""What an output says of some respondents."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from qualcode.corpus.parquet import compute, opened, pa
from qualcode.corpus.writing import SCHEMA
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from qualcode.corpus.record import Record

_BATCH = 200_000
_COLUMNS = ["respondent", "question", "code", "probability"]

Said = dict[str, dict[str, float]]
"""By respondent and code the probability that is written."""


def said_of(
    folder: Path,
    record: Record,
    question: str,
    names: Sequence[str],
    closely: Collection[str],
    tell: Callable[[int, int], None],
) -> tuple[set[str], Said]:
    """Which of the names have answered a question, and all that is said of those looked at closely.

    Raises `InputError` for a part that is damaged or holds other columns.
    """
    present: set[str] = set()
    said: Said = defaultdict(dict)
    wanted = pa.array(names, pa.string())
    total = sum(part.rows for part in record.parts)
    done = 0
    for part in record.parts:
        path = str(folder / part.name)
        with opened(path) as file:
            if not file.schema_arrow.equals(SCHEMA):
                raise InputError("these are not the columns that `suggest` writes", source=path)
            for batch in file.iter_batches(_BATCH, columns=_COLUMNS, use_threads=False):
                is_of_question = compute.equal(batch.column("question"), question)
                is_wanted = compute.is_in(batch.column("respondent"), value_set=wanted)
                found = batch.filter(compute.and_(is_of_question, is_wanted))
                _gather(found.to_pydict(), present, said, closely)
                done += batch.num_rows
                tell(done, total)
    return present, dict(said)


def _gather(
    found: dict[str, list[str]], present: set[str], said: Said, closely: Collection[str]
) -> None:
    rows: Iterable[tuple[str, str, str]] = zip(
        found["respondent"], found["code"], found["probability"], strict=True
    )
    for name, code, probability in rows:
        present.add(name)
        if name in closely:
            said[name][code] = float(probability)
