"""From coders' votes to whom is counted: the rule, the bases, the sample.

Every figure on a question begins here, so that frequencies, regressions, overlaps and trends
count the same respondents and refuse the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError, QualcodeError
from qualcode.estimation import bases_of, consensus_of, default_rule
from qualcode.estimation.reading import size, tied
from qualcode.store import coders
from qualcode.study.frequencies.coded import ONE_CODER, read
from qualcode.study.frequencies.drawn import random_part, steered
from qualcode.study.frequencies.report import INTERIM, NO_VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation import Bases, Consensus, Design
    from qualcode.estimation.arrays import BoolArray
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.coded import Coded
    from qualcode.study.frequencies.drawn import RandomPart
    from qualcode.study.frequencies.wish import Wish

_OF_ANSWERS = ("coded", "any_code")


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The consensus on a question and whom its figures are of.

    `domain` (n) are the respondents of the base. `answered` is how many gave an answer and
    `n_coded` how many of these are coded, of the `part` that chance drew where only that counts.
    """

    coded: Coded
    rule: str
    base: str
    agreed: Consensus
    bases: Bases
    domain: BoolArray
    answered: int
    n_coded: int
    part: RandomPart | None

    @property
    def design(self) -> Design:
        """The design that is counted with."""
        return self.coded.designed.design

    @property
    def is_interim(self) -> bool:
        """Whether some answers wait to be coded."""
        return self.n_coded < self.answered

    @property
    def unknown(self) -> str:
        """Why the base has no percentages yet, in one word; empty where it has."""
        if self.rule == "adjudicated" and not self.coded.n_verdicts:
            return NO_VERDICTS
        return INTERIM if self.is_interim and self.base not in _OF_ANSWERS else ""

    @property
    def is_whole(self) -> bool:
        """Whether everybody was counted, so that there are totals of the population."""
        return not self.is_interim and self.part is None

    @property
    def unresolved(self) -> int:
        """How many answers of the base are unresolved under some code."""
        return tied(self.agreed, self.domain)


def counted(
    database: Database, question: Question, wish: Wish, attributes: Sequence[str] = ()
) -> Counted:
    """Read a question and settle whom is counted.

    Raises `NotFound` for an unknown attribute or coder, `InputError` for an unknown rule or base,
    a question without codebook and a design that cannot be used, `QualcodeError` where the coded
    answers were chosen by something other than chance.
    """
    rule = tidied(database, wish.rule)
    coded = read(
        database,
        question,
        attributes,
        rule=rule,
        is_unweighted=wish.is_unweighted,
        with_pending=wish.with_pending,
    )
    rule = rule or default_rule(coded.votes)
    agreed = consensus_of(coded.votes, coded.tree, rule, coded.verdicts)
    bases = bases_of(coded.answers.status, agreed, coded.tree)
    part = None
    if not bases.is_complete and wish.sample == "random":
        part = random_part(database, coded, agreed.coded)
        bases = part.bases(bases)
    elif not bases.is_complete:
        _refuse_steered(database, coded, bases, rule)
    base = wish.base or ("answered" if bases.is_complete else "coded")
    domain = bases.of(base)
    if part and base == "asked":
        raise InputError(
            "a sample of answers says nothing of those who gave none",
            hint="take the base answered, coded or any_code",
        )
    answered = size(bases.answered)
    n_coded = answered - size(bases.uncoded)
    return Counted(coded, rule, base, agreed, bases, domain, answered, n_coded, part)


def refuse_unknown(found: Counted) -> None:
    """Raise `QualcodeError` where the base has no percentages, and so no other figures."""
    if found.unknown == NO_VERDICTS:
        raise QualcodeError("nothing is adjudicated yet", hint="take another rule")
    if found.unknown:
        raise QualcodeError(
            f"some answers are not coded yet, so nothing can be said of all {found.base}",
            hint="--base coded says it of those that are",
        )


def tidied(database: Database, rule: str) -> str:
    """The rule with the coder's name as the study has it."""
    if not rule.startswith(ONE_CODER):
        return rule
    return ONE_CODER + coders.find(database, rule.removeprefix(ONE_CODER)).name


def _refuse_steered(database: Database, coded: Coded, bases: Bases, rule: str) -> None:
    """Raise `QualcodeError` where coded answers were chosen for what a model made of them.

    Once every answer is coded nothing was chosen.
    """
    count = steered(database, coded, bases, rule)
    if count:
        waiting = size(bases.uncoded)
        raise QualcodeError(
            f"{count:,} of the coded answers were chosen by a model or a search, not by chance,"
            f" and {waiting:,} are not coded yet: percentages of them would be wrong",
            hint="--sample random counts the part that chance drew, `frequencies --estimate"
            " corrected` corrects it by the model; or code the rest",
        )
