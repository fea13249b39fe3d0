"""A question's answers, codings, verdicts and design, read from a study at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError, NotFound
from qualcode.estimation import code_tree
from qualcode.estimation.reading import answered, ballots, settled, unpacked
from qualcode.store import assignments, codebook, coders, responses, tabulation, verdicts
from qualcode.study.frequencies.designed import designed

if TYPE_CHECKING:
    from array import array
    from collections.abc import Collection, Sequence

    from qualcode.estimation import CodeTree, Verdicts, Votes
    from qualcode.estimation.reading import Answered
    from qualcode.model import Code, Coder, Question
    from qualcode.store.connection import Database
    from qualcode.store.tabulation import Column
    from qualcode.study.frequencies.designed import Designed

ONE_CODER = "coder:"


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """What coders made of the answers to a question; respondents by place in the file.

    `codes` are those that answers can get, without retired ones that nobody used; `tree` holds
    them in the same order. `people` are all coders of the study, `votes` those of the question.
    `columns` are the attributes that were asked for. `n_verdicts` answers are adjudicated,
    `copied` decisions were copied from an identical answer; what was put on `pending` answers is
    left out, because one of their coders has not decided yet.
    """

    question: Question
    codes: tuple[Code, ...]
    codebooks: tuple[tuple[str, int], ...]
    tree: CodeTree
    people: tuple[Coder, ...]
    respondents: array[int]
    answers: Answered
    votes: Votes
    verdicts: Verdicts
    columns: dict[str, Column]
    designed: Designed
    n_verdicts: int
    copied: int
    pending: int

    @property
    def themes(self) -> list[int]:
        """The places of the codes that are themes."""
        return [place for place, code in enumerate(self.codes) if not code.status]

    @property
    def status_codes(self) -> list[int]:
        """The places of the codes that say what an answer is."""
        return [place for place, code in enumerate(self.codes) if code.status]


def read(
    database: Database,
    question: Question,
    attributes: Sequence[str] = (),
    *,
    rule: str = "",
    is_unweighted: bool = False,
    with_pending: bool = False,
) -> Coded:
    """Read a question, with some attributes of the respondents.

    What was put on answers that wait for one of their coders is there for the lead alone,
    `with_pending`.

    A coder whom the `rule` names is there even without a coding. Raises `NotFound` for an unknown
    attribute, `InputError` for a question without a codebook and a design that cannot be used.
    """
    check_attributes(database, attributes)
    with tabulation.at_one_moment(database):
        respondents = tabulation.respondent_ids(database)
        packed = tabulation.answers(database, question.id)
        answers = answered(respondents, packed.numbers, packed.bits)
        hidden = set() if with_pending else assignments.all_pending(database, question.id)
        verdict_rows = [
            (answer, verdict.codes)
            for answer, verdict in verdicts.all_of(database, question.id)
            if answer not in hidden
        ]
        codes = _codes(database, question, {code for _, held in verdict_rows for code in held})
        ids = [code.id for code in codes]
        people = coders.coders(database)
        decided = tabulation.decided(database).without(hidden)
        applied = tabulation.applied(database).without(hidden)
        votes = ballots(
            answers,
            unpacked(decided.numbers, decided.bits),
            unpacked(applied.numbers, applied.bits),
            [(coder.id, coder.name) for coder in people],
            ids,
            rule.removeprefix(ONE_CODER) if rule.startswith(ONE_CODER) else "",
        )
        columns, design = designed(database, len(respondents), attributes, is_plain=is_unweighted)
        return Coded(
            question,
            codes,
            _versions(database, question),
            code_tree([code.path for code in codes], [code.status for code in codes]),
            people,
            respondents,
            answers,
            votes,
            settled(answers, verdict_rows, ids),
            columns,
            design,
            len(verdict_rows),
            tabulation.copied_decisions(database, question.id),
            len(hidden),
        )


def check_attributes(database: Database, attributes: Sequence[str]) -> None:
    """Raise `NotFound` for the first that is none of the study."""
    known = responses.attributes(database)
    for name in attributes:
        if name not in known:
            raise NotFound(f"there is no attribute “{name}”", wanted=name, there_are=known)


def _codes(database: Database, question: Question, settled_on: Collection[int]) -> tuple[Code, ...]:
    codes = codebook.codes_for(database, question.key)
    if not codes:
        raise InputError(
            f"{question.key} has no codebook yet", hint="`qualcode codebook apply` adds one"
        )
    return tuple(
        code
        for code in codes
        if not code.is_retired
        or code.id in settled_on
        or tabulation.is_applied(database, question.id, code.id)
    )


def _versions(database: Database, question: Question) -> tuple[tuple[str, int], ...]:
    return tuple(
        (book.name, book.version)
        for book in codebook.codebooks(database)
        if codebook.covers(book, question.key)
    )
