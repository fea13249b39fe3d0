"""Everything that can be said about the agreement on one question, as one value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from qualcode.agreement import (
    Batch,
    assess_codes,
    assess_overall,
    codings,
    codings_from_triples,
    compare_pairs,
    confusions,
    drift,
    leave_one_out,
    plan,
    roll_up,
    unitize_all,
)
from qualcode.agreement.overall import mean_alpha, reason_of
from qualcode.errors import InputError
from qualcode.store import assignments, codebook, coders, ratings
from qualcode.study.agreement.passages import passages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.agreement import (
        CodeAgreement,
        Codings,
        Confusion,
        LevelAgreement,
        Overall,
        PairAgreement,
        Plan,
        WithoutCoder,
    )
    from qualcode.model import Code, Estimate, Question
    from qualcode.store.connection import Database
    from qualcode.store.ratings import Ratings

BATCH = 50
"""Answers of a batch, at the least, when agreement is followed over time."""

MOST_BATCHES = 6
PERMUTATIONS = 999


@dataclass(frozen=True, slots=True)
class Settings:
    """How the intervals are made; `resamples` and `seed` matter to the bootstrap and to tests."""

    ci: Literal["analytic", "bootstrap"] = "analytic"
    resamples: int = 2000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The agreement on one question.

    `n_responses` are the substantive answers, `n_multiply_coded` those that two coders or more
    coded, `coded_by` how many each coder coded, `seen_by` how many answers were coded by 0, 1,
    2 … coders, `copied` how many of all these decisions were copied from an identical answer;
    `pending` answers wait for one of their coders and are left out. `codes` come worst first.
    The parts after `batches` are empty in a report that is not full.
    """

    question: Question
    coders: tuple[str, ...]
    codebooks: tuple[tuple[str, int], ...]
    settings: Settings
    n_responses: int
    n_multiply_coded: int
    coded_by: dict[str, int]
    seen_by: dict[int, int]
    copied: int
    pending: int
    overall: Overall
    codes: tuple[CodeAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    batches: tuple[Batch, ...]
    without: tuple[WithoutCoder, ...] = ()
    levels: tuple[LevelAgreement, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    plans: tuple[Plan, ...] = ()
    passages: dict[str, Estimate] | None = None
    n_passages: int = 0


def measure(
    database: Database,
    question: Question,
    *,
    names: Sequence[str] = (),
    settings: Settings | None = None,
    visible_to: int | None = None,
    with_pending: bool = False,
    is_full: bool = True,
) -> AgreementReport:
    """The agreement of the coders `names`, or of all who coded answers to the question.

    With `visible_to` only answers that this coder has decided are looked at; those that wait for
    one of the coders who are to code them are there for the lead alone, `with_pending`. Without
    `is_full` the parts that take long are left out. Raises `NotFound` for an unknown coder,
    `InputError` where the question has no codebook.
    """
    settings = settings or Settings()
    raw = _ratings(database, question, names, visible_to, with_pending=with_pending)
    codes = _codes(database, question, raw)
    found = as_codings(raw, codes)
    given = (settings.ci, settings.resamples, settings.seed)
    seen = Counter(Counter(raw.seen[0]).values())
    seen[0] = len(raw.responses) - sum(seen.values())
    report = AgreementReport(
        question=question,
        coders=found.coders,
        codebooks=_versions(database, question),
        settings=settings,
        n_responses=len(raw.responses),
        n_multiply_coded=int(found.pairable.sum()),
        coded_by={
            name: int(n) for name, n in zip(found.coders, found.saw.sum(axis=0), strict=True)
        },
        seen_by=dict(sorted(seen.items())),
        copied=raw.copied,
        pending=0 if with_pending else len(assignments.all_pending(database, question.id)),
        overall=assess_overall(found, *given),
        codes=tuple(sorted(assess_codes(found, *given), key=_worst_first)),
        pairs=compare_pairs(found),
        batches=over_time(raw, found, settings, is_tested=is_full),
    )
    return _completed(report, database, raw, found, settings) if is_full else report


def _completed(
    report: AgreementReport,
    database: Database,
    raw: Ratings,
    found: Codings,
    settings: Settings,
) -> AgreementReport:
    spans = passages(database, report.question, raw)
    return replace(
        report,
        without=leave_one_out(found) if len(found.coders) > 2 else (),  # noqa: PLR2004
        levels=roll_up(found),
        confusions=confusions(found),
        plans=plan(found, seed=settings.seed),
        passages=unitize_all(spans, settings.resamples, settings.seed) if spans else None,
        n_passages=len(spans),
    )


def over_time(
    raw: Ratings, found: Codings, settings: Settings, *, is_tested: bool
) -> tuple[Batch, ...]:
    """Agreement batch by batch, in the order in which the answers were coded.

    Unless `is_tested` the batches have no codes: their tests take most of the time.
    """
    pairable = [unit for unit, is_one in enumerate(found.pairable.tolist()) if is_one]
    count = min(MOST_BATCHES, len(pairable) // BATCH)
    if count < 2:  # noqa: PLR2004
        return ()
    order = sorted(pairable, key=lambda unit: (raw.coded_at[unit], unit))
    ends = [len(order) * number // count for number in range(count + 1)]
    parts = {
        f"{number} of {count}": order[first:last]
        for number, (first, last) in enumerate(pairwise(ends), start=1)
    }
    if not is_tested:
        return tuple(_untested(found, name, part) for name, part in parts.items())
    names: list[str | None] = [None] * found.units
    for name, part in parts.items():
        for unit in part:
            names[unit] = name
    batches = drift(found, names, PERMUTATIONS, settings.seed)
    return tuple(sorted(batches, key=lambda batch: list(parts).index(batch.name)))


def _untested(found: Codings, name: str, units: list[int]) -> Batch:
    wanted = found.pairable.copy()
    wanted[:] = False
    wanted[units] = True
    batch = found.select(wanted)
    value = mean_alpha(batch, reason_of(batch)).estimates()[0]
    return Batch(name, len(units), value, ())


def _ratings(
    database: Database,
    question: Question,
    names: Sequence[str],
    visible_to: int | None,
    *,
    with_pending: bool,
) -> Ratings:
    people = tuple(coders.find(database, name) for name in names) or coders.coders(database)
    if len({coder.id for coder in people}) < len(people):
        raise InputError("a coder is named twice")
    found = ratings.ratings(
        database, question.id, people, visible_to=visible_to, with_pending=with_pending
    )
    return found if names else found.at_work


def _codes(database: Database, question: Question, raw: Ratings) -> tuple[Code, ...]:
    codes = codebook.codes_for(database, question.key)
    if not codes:
        raise InputError(
            f"{question.key} has no codebook yet", hint="`qualcode codebook apply` adds one"
        )
    used = set(raw.applied[2])
    return tuple(code for code in codes if not code.is_retired or code.id in used)


def _versions(database: Database, question: Question) -> tuple[tuple[str, int], ...]:
    return tuple(
        (book.name, book.version)
        for book in codebook.codebooks(database)
        if codebook.covers(book, question.key)
    )


def as_codings(raw: Ratings, codes: Sequence[Code]) -> Codings:
    """The ratings of a question in the form that the engine takes."""
    names = [coder.name for coder in raw.coders]
    paths = [code.path for code in codes]
    alone = [code.path for code in codes if code.stands_alone]
    if not raw.responses:
        return codings_from_triples((), names, paths, alone)
    place = {code.id: number for number, code in enumerate(codes)}
    marks = (raw.applied[0], raw.applied[1], [place[code_id] for code_id in raw.applied[2]])
    return codings(_saw(raw), marks, names, paths, alone)


def _saw(raw: Ratings) -> list[tuple[int, ...]] | memoryview:
    """Who saw which answer, as a table of answers × coders."""
    size = (len(raw.responses), len(raw.coders))
    if not raw.coders:
        return [()] * size[0]
    saw = bytearray(size[0] * size[1])
    for unit, coder in zip(*raw.seen, strict=True):
        saw[unit * size[1] + coder] = 1
    return memoryview(saw).cast("B", size)


def _worst_first(code: CodeAgreement) -> tuple[bool, float]:
    value = code.alpha.value
    return value is None, value if value is not None else 0.0
