"""Which answers to a question have which theme, by the consensus of its coders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from qualcode.estimation import consensus_of, default_rule
from qualcode.estimation.reading import answers_of
from qualcode.quotes import Candidate
from qualcode.store import assignments, quotes
from qualcode.study.frequencies.coded import read
from qualcode.study.frequencies.counting import tidied
from qualcode.study.groupings import groupings

if TYPE_CHECKING:
    from collections.abc import Collection

    from qualcode.estimation import Consensus
    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.coded import Coded


_ENOUGH = 1000


@dataclass(frozen=True, eq=False)
class Themed:
    """The answers to a question by theme, as they are read at one moment.

    `hidden` answers wait for one of the coders who are to code them, and have no theme here.
    """

    database: Database
    coded: Coded
    agreed: Consensus
    rule: str
    hidden: frozenset[int] = frozenset()

    @property
    def themes(self) -> list[Code]:
        """The themes of the codebook, in its order."""
        return [self.coded.codes[place] for place in self.coded.themes]

    def answers(self, code: Code) -> list[int]:
        """The answers with a theme, or one below it, in the order of the file."""
        place = [each.id for each in self.coded.codes].index(code.id)
        found = answers_of(self.coded.answers, self.agreed.present(place))
        return [one for one in found if one not in self.hidden]

    @cached_property
    def themes_of(self) -> dict[int, list[Code]]:
        """The themes of every answer that has one, without those that a theme below stands for."""
        found: dict[int, list[Code]] = {}
        for code in self.themes:
            for answer in self.answers(code):
                found.setdefault(answer, []).append(code)
        return {answer: _deepest(codes) for answer, codes in found.items()}

    @cached_property
    def grouping(self) -> tuple[str, ...]:
        """The attributes that divide the respondents into a few groups."""
        return tuple(groupings(self.database))

    def candidates(self, code: Code, ids: Collection[int] | None = None) -> list[Candidate]:
        """The answers with a theme as what exemplars are chosen from; of `ids`, if given.

        Of more than a thousand, as many are drawn, always the same.
        """
        having = self.answers(code)
        if ids is not None:
            wanted = set(ids)
            having = [one for one in having if one in wanted]
        if len(having) > _ENOUGH:
            having = sorted(Random(0).sample(having, _ENOUGH))  # noqa: S311 - no secret
        codings = quotes.codings_of(self.database, having)
        return [
            Candidate(
                id=text.response_id,
                respondent=text.respondent,
                text=text.text,
                groups={name: text.attributes.get(name, "") for name in self.grouping},
                coders=frozenset(
                    coder for coder, path in codings[text.response_id] if _is_under(path, code)
                ),
                codes=len(
                    {path for _, path in codings[text.response_id] if not _is_under(path, code)}
                ),
            )
            for text in quotes.texts(self.database, having)
        ]


def themed(database: Database, question: Question, rule: str = "") -> Themed:
    """Read the answers to a question by theme.

    Raises `InputError` for an unknown rule and a question without a codebook, `NotFound` for an
    unknown coder.
    """
    rule = tidied(database, rule)
    coded = read(database, question, rule=rule, is_unweighted=True)
    rule = rule or default_rule(coded.votes)
    agreed = consensus_of(coded.votes, coded.tree, rule, coded.verdicts)
    hidden = frozenset(assignments.all_pending(database, question.id))
    return Themed(database, coded, agreed, rule, hidden)


def _deepest(codes: list[Code]) -> list[Code]:
    return [
        code for code in codes if not any(each.path.startswith(f"{code.path}/") for each in codes)
    ]


def _is_under(path: str, code: Code) -> bool:
    return path == code.path or path.startswith(f"{code.path}/")
