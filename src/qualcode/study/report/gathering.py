"""Everything that a report says, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.store import codebook, responses
from qualcode.study import agreement
from qualcode.study.frequencies import tabulate
from qualcode.study.quotes import stated
from qualcode.study.quotes.printing import printed_quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qualcode.exporters.documents import Quote
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.agreement import AgreementReport
    from qualcode.study.frequencies import FrequencyReport
    from qualcode.study.report.wish import ReportWish


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a report."""

    frequencies: FrequencyReport
    agreement: AgreementReport
    quotes: tuple[Quote, ...]

    @property
    def question(self) -> Question:
        """The question."""
        return self.frequencies.question


@dataclass(frozen=True, slots=True)
class Gathered:
    """A study as a report tells it; `left_out` are questions without a number, and why."""

    respondents: int
    invited: int
    asked: tuple[Asked, ...]
    left_out: tuple[tuple[Question, str], ...]
    wish: ReportWish


def gather(
    database: Database,
    questions: Sequence[Question],
    wish: ReportWish,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Gathered:
    """Measure what a report says of some questions, or of all that have a codebook.

    Raises `QualcodeError` where nothing is coded, and what `tabulate` raises of a question that
    was asked for.
    """
    wanted = questions or tuple(
        each for each in responses.questions(database) if codebook.codes_for(database, each.key)
    )
    if not wanted:
        raise InputError("no question has a codebook", hint="`qualcode codebook apply` adds one")
    found: list[Asked] = []
    left_out: list[tuple[Question, str]] = []
    for number, question in enumerate(wanted):
        progress(number, len(wanted))
        try:
            one = _asked(database, question, wish)
        except (InputError, NotFound):
            raise
        except QualcodeError as error:
            if questions:
                raise
            left_out.append((question, error.message))
            continue
        if one.frequencies.n_coded:
            found.append(one)
        else:
            left_out.append((question, "nothing is coded yet"))
    if not found:
        raise QualcodeError(
            "there is nothing to report: no answer is coded yet",
            hint="`qualcode code` opens the coding screen",
        )
    there = responses.respondent_count(database)
    return Gathered(there, stated.read(database).invited, tuple(found), tuple(left_out), wish)


def _asked(database: Database, question: Question, wish: ReportWish) -> Asked:
    table = tabulate(database, question, wish.counting)
    measured = agreement.measure(database, question, is_full=False)
    quotes = printed_quotes(database, table, wish.quotes, wish.voices)
    return Asked(table, measured, quotes)
