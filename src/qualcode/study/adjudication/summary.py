"""What adjudication came to: cases, reasons, and agreement before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.agreement import assess_codes, assess_overall, codings_from_triples
from qualcode.agreement.overall import mean_alpha, reason_of
from qualcode.store import verdicts
from qualcode.study.adjudication.case import STATES
from qualcode.study.adjudication.disputes import (
    case_ids,
    coded,
    disputes,
    sets_of,
    states,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qualcode.agreement import CodeAgreement
    from qualcode.model import Code, Estimate, Question
    from qualcode.store.connection import Database
    from qualcode.store.verdicts import Verdict
    from qualcode.study.adjudication.case import State
    from qualcode.study.adjudication.disputes import Sets

THE_VERDICT = "-"
"""Stands among coders for the verdict: no coder can be called so."""
UNSAID = "unsaid"
"""The reason of a verdict without one."""


@dataclass(frozen=True, slots=True)
class OfReason:
    """How many verdicts give a reason, and the mean alpha if these alone are taken as agreed."""

    reason: str
    n: int
    mean_alpha: Estimate


@dataclass(frozen=True, slots=True)
class OfCode:
    """A code: on how many answers it was in dispute, how many are settled, where it holds."""

    code: str
    disputed: int
    settled: int
    holds: int


@dataclass(frozen=True, slots=True)
class OfCoder:
    """A coder, as coded, beside the verdicts on the `n` answers that have both.

    `exact_match` is the share with the very same set, `mean_alpha` the mean over the codes.
    """

    coder: str
    n: int
    exact_match: Estimate
    mean_alpha: Estimate
    codes: tuple[CodeAgreement, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of the cases of one question.

    `before` is the mean alpha of the `n` answers that two coders or more coded, `after` the same
    with the `n_settled` of them taken as every one of their coders having put on them what the
    verdict says. Answers that wait for one of their coders are in none of this.
    """

    question: Question
    cases: dict[State, int]
    n: int
    n_settled: int
    before: Estimate
    after: Estimate
    reasons: tuple[OfReason, ...]
    codes: tuple[OfCode, ...]
    coders: tuple[OfCoder, ...]


def summarise(database: Database, question: Question) -> Summary:
    """What came of the cases of a question."""
    raw, codes = coded(database, question)
    sets = {raw.responses[unit]: found for unit, found in sets_of(raw).items()}
    given = verdicts.all_of(database, question.id)
    settled = {one: verdict for one, verdict in given if one in sets}
    several = {one: found for one, found in sets.items() if len(found) > 1}
    names = [coder.name for coder in raw.coders]
    became = states(database, (question,), case_ids(database, question))
    counts = Counter(became.values())
    table = _Table(names, codes)
    reasons = Counter(verdict.reason for one, verdict in settled.items() if one in several)
    return Summary(
        question,
        {state: counts[state] for state in STATES},
        len(several),
        sum(reasons.values()),
        table.mean_alpha(several, {}),
        table.mean_alpha(several, settled),
        tuple(
            OfReason(reason or UNSAID, n, table.mean_alpha(several, _because(settled, reason)))
            for reason, n in reasons.most_common()
        ),
        _of_codes(database, question, codes, settled),
        tuple(
            table.beside_verdicts(place, sets, settled)
            for place in range(len(names))
            if any(place in sets[one] for one in settled)
        ),
    )


def _because(settled: Mapping[int, Verdict], reason: str) -> dict[int, Verdict]:
    return {one: verdict for one, verdict in settled.items() if verdict.reason == reason}


def _of_codes(
    database: Database,
    question: Question,
    codes: tuple[Code, ...],
    settled: Mapping[int, Verdict],
) -> tuple[OfCode, ...]:
    found = disputes(database, question)
    in_dispute = {code: [one for one in found if code.id in one.disputed] for code in codes}
    held = {
        code: [settled[one.response_id].codes for one in ones if one.response_id in settled]
        for code, ones in in_dispute.items()
    }
    return tuple(
        OfCode(code.path, len(ones), len(held[code]), sum(code.id in each for each in held[code]))
        for code, ones in in_dispute.items()
        if ones
    )


class _Table:
    """Sets of codes in the form that the engine takes."""

    def __init__(self, names: list[str], codes: tuple[Code, ...]) -> None:
        self._names = names
        self._paths = {code.id: code.path for code in codes}
        self._alone = [code.path for code in codes if code.stands_alone]

    def mean_alpha(self, sets: Mapping[int, Sets], settled: Mapping[int, Verdict]) -> Estimate:
        """The mean alpha, with what is settled taken as what all of its coders say."""
        triples = (
            (answer, self._names[coder], path)
            for answer, found in sets.items()
            for coder, own in found.items()
            for path in self._told(settled[answer].codes if answer in settled else own)
        )
        found = codings_from_triples(triples, self._names, tuple(self._paths.values()), self._alone)
        return mean_alpha(found, reason_of(found)).estimates()[0]

    def beside_verdicts(
        self, place: int, sets: Mapping[int, Sets], settled: Mapping[int, Verdict]
    ) -> OfCoder:
        """One coder's codes beside the verdicts, where there are both."""
        name = self._names[place]
        both = [one for one in settled if place in sets[one]]
        triples = [
            (answer, who, path)
            for answer in both
            for who, own in ((name, sets[answer][place]), (THE_VERDICT, settled[answer].codes))
            for path in self._told(own)
        ]
        found = codings_from_triples(
            triples, (name, THE_VERDICT), tuple(self._paths.values()), self._alone
        )
        overall = assess_overall(found)
        codes = _used(assess_codes(found))
        return OfCoder(name, len(both), overall.exact_match, overall.mean_alpha, codes)

    def _told(self, codes: Iterator[int] | tuple[int, ...] | frozenset[int]) -> list[str | None]:
        return [self._paths[one] for one in codes if one in self._paths] or [None]


def _used(codes: tuple[CodeAgreement, ...]) -> tuple[CodeAgreement, ...]:
    """Those that the coder or a verdict has anywhere."""
    return tuple(code for code in codes if any(code.positives.values()))
