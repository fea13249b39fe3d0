"""The exemplars of a theme: answers that show its range, and what became of each as a quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.quotes import choose, redacted
from qualcode.study.quotes.cleared import all_together, together

if TYPE_CHECKING:
    from collections.abc import Collection

    from qualcode.model import Code
    from qualcode.quotes import Choice, Found, Scanner
    from qualcode.study.quotes.cleared import Together
    from qualcode.study.quotes.themed import Themed

MANY = 5
"""So many exemplars show a theme unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """An answer that stands for a theme, why it was chosen, what may name somebody in it."""

    choice: Choice
    found: tuple[Found, ...]
    together: Together

    @property
    def printed(self) -> str:
        """How it would be printed."""
        return redacted(self.choice.candidate.text, self.together.replacements)


@dataclass(frozen=True, slots=True)
class Exemplars:
    """The exemplars of a theme that `answers` answers have; one voice is one respondent."""

    code: Code
    rule: str
    answers: int
    is_one_voice: bool
    chosen: tuple[Exemplar, ...]


def exemplars(
    themes: Themed, code: Code, count: int, scan: Scanner, only: Collection[int] | None = None
) -> Exemplars:
    """Choose exemplars of a theme, of `only` some answers if given.

    Answers that somebody withholds are none.
    """
    having = themes.answers(code)
    agreed = all_together(themes.database, themes.coded.question)
    nothing = together(())
    free = [
        one
        for one in having
        if agreed.get(one, nothing).state != "withheld" and (only is None or one in only)
    ]
    candidates = themes.candidates(code, free)
    return Exemplars(
        code,
        themes.rule,
        len(having),
        len(having) == 1,
        tuple(
            Exemplar(
                choice,
                scan.scan(choice.candidate.text),
                agreed.get(choice.candidate.id, nothing),
            )
            for choice in choose(candidates, count)
        ),
    )
