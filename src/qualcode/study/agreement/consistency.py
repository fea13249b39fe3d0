"""How far each coder agrees with themselves: the answers that they coded twice, without knowing.

The two times are compared like two coders, by the same coefficients. The first is what stands on
the answer now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.agreement import assess_codes, assess_overall, codings_from_triples
from qualcode.errors import InputError
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.store import codebook, coders, codings, repeats
from qualcode.study.agreement.as_document import OVERALL
from qualcode.study.agreement.as_json import code_json, overall_json
from qualcode.study.agreement.measure import Settings
from qualcode.study.agreement.wording import count, interval, number, percent, with_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.agreement import CodeAgreement, Overall
    from qualcode.model import Code, Coder, Question
    from qualcode.store.connection import Database

TIMES = ("first", "second")


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far one coder agrees with themselves on a question.

    `repeats` answers are to be coded twice; of `n` both times are decided and compared. `split`
    more are decided twice and left out, for a code on them that was split since. `codes` come in
    the order of the codebook.
    """

    coder: str
    repeats: int
    n: int
    split: int
    overall: Overall
    codes: tuple[CodeAgreement, ...]


def consistency(
    database: Database,
    question: Question,
    *,
    names: Sequence[str] = (),
    settings: Settings | None = None,
) -> list[Consistency]:
    """Every coder who is to code answers to the question twice, or those of some `names`.

    Raises `NotFound` for an unknown coder, `InputError` where the question has no codebook.
    """
    people = tuple(coders.find(database, name) for name in names) or coders.coders(database)
    codes = codebook.codes_for(database, question.key)
    if not codes:
        raise InputError(
            f"{question.key} has no codebook yet", hint="`qualcode codebook apply` adds one"
        )
    there = repeats.counts(database)
    pairs = repeats.pairs(database, question.id)
    return [
        _measured(
            database,
            coder,
            there[question.id, coder.id][0],
            codes,
            [answer for answer, who in pairs if who == coder.id],
            settings or Settings(),
        )
        for coder in people
        if (question.id, coder.id) in there
    ]


def _measured(
    database: Database,
    coder: Coder,
    total: int,
    codes: Sequence[Code],
    twice: Sequence[int],
    settings: Settings,
) -> Consistency:
    paths = {code.id: code.path for code in codes}
    parted = {code.id for code in codes if code.split_into}
    used: set[int] = set()
    triples: list[tuple[int, str, str | None]] = []
    compared = 0
    for answer in twice:
        both = [codings.state_of(database, coder.id, one).whole for one in (answer, -answer)]
        if parted & (both[0] | both[1]):
            continue
        compared += 1
        for time, given in zip(TIMES, both, strict=True):
            used |= given
            known: list[str | None] = [paths[code] for code in sorted(given) if code in paths]
            triples += [(answer, time, path) for path in known or [None]]
    shown = [code for code in codes if not code.is_retired or code.id in used]
    found = codings_from_triples(
        triples,
        TIMES,
        [code.path for code in shown],
        [code.path for code in shown if code.stands_alone],
    )
    given_settings = (settings.ci, settings.resamples, settings.seed)
    return Consistency(
        coder.name,
        total,
        compared,
        len(twice) - compared,
        assess_overall(found, *given_settings),
        assess_codes(found, *given_settings),
    )


def as_json(question: Question, found: Sequence[Consistency]) -> dict[str, Any]:
    """All of it; agreement values are 0 to 1."""
    return {
        "question": question.key,
        "coders": [
            {
                "coder": one.coder,
                "repeats": one.repeats,
                "n": one.n,
                "split": one.split,
                "overall": overall_json(one.overall),
                "codes": [code_json(code) for code in one.codes],
            }
            for one in found
        ],
    }


def as_document(question: Question, found: Sequence[Consistency]) -> Document:
    """A section for each coder; numbers have three decimals."""
    sections = tuple(section for one in found for section in _sections(one))
    nobody = Section(
        "Nobody codes an answer twice",
        (f"`qualcode assign --repeat` draws answers to {question.key} for a second time.",),
    )
    return Document(
        f"Consistency of each coder on {question.key}: {question.text}", sections or (nobody,)
    )


def _sections(one: Consistency) -> Iterator[Section]:
    decided = count(one.n + one.split)
    said = f"Of {count(one.repeats)} answers to be coded twice, {decided} are decided twice."
    if one.split:
        said += f" Left out, for a code on them that was split since: {count(one.split)}."
    if not one.n:
        yield Section(one.coder, (f"{said} Nothing can be measured yet.",))
        return
    rows = tuple(
        (label, with_reason(value), interval(value))
        for name, label in OVERALL
        for value in (getattr(one.overall, name),)
    )
    yield Section(one.coder, (said,), Grid(("measure", "value", "95 % interval"), rows))
    yield Section(
        f"{one.coder}, by code",
        grid=Grid(
            ("code", "n", "first / second", "agree %", "Cohen κ", "α", "95 % of α"),
            tuple(_row(code) for code in one.codes),
        ),
    )


def _row(code: CodeAgreement) -> tuple[str, ...]:
    return (
        code.code,
        count(code.n),
        " / ".join(map(str, code.positives.values())),
        percent(code.percent_agreement.value),
        number(code.cohen_kappa.value),
        with_reason(code.alpha),
        interval(code.alpha),
    )
