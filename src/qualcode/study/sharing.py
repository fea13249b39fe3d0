"""A copy of a study that may be given away: what was coded, without what was said.

The copy is not the study with parts taken out. It is built anew from what may leave, in an order
drawn by chance, so that no page of it can hold anything else, and it is another study: nothing in
it leads back but the numbers.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode import __version__, codebooks, expression
from qualcode.errors import NotFound
from qualcode.model import Drawn
from qualcode.store import (
    building,
    codebook,
    codebook_applying,
    coders,
    codings,
    intake,
    journal,
    queues,
    responses,
    schema,
    settings,
    sharing,
    tabulation,
)
from qualcode.store.journal import Act
from qualcode.store.quotes import Clearing
from qualcode.store.verdicts import Verdict
from qualcode.study import design as designs
from qualcode.study import exports
from qualcode.study.quotes import leaks, stated
from qualcode.study.quotes.cleared import cleared
from qualcode.text import lettered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from qualcode.model import Codebook, Coder, Status
    from qualcode.store.connection import Database
    from qualcode.store.queues import Kind
    from qualcode.study.quotes.cleared import Cleared

WITHHELD = "[withheld]"
FEW = 5
"""Fewer respondents than this who look alike may be told apart."""

_BY = "qualcode"


@dataclass(frozen=True, slots=True)
class Shared:
    """What a copy holds; `told_apart` respondents share their attributes with few others.

    What was put on `pending` answers is left out, because one of their coders has not decided yet.
    """

    respondents: int
    quotes: int
    kept: tuple[str, ...]
    told_apart: int
    pending: int


def share(
    database: Database, target: Path, *, keep: Sequence[str] = (), with_coders: bool = False
) -> Shared:
    """Write a copy of a study to be shared, with no attributes but those to `keep`.

    What was put on answers that wait for one of their coders stays here, and so do repeats.

    Raises `NotFound` for an unknown attribute, `Conflict` if `target` exists.
    """
    known = responses.attributes(database)
    for name in keep:
        if name not in known:
            raise NotFound(f"there is no attribute “{name}”", wanted=name, there_are=known)
    kept = tuple(name for name in known if name in keep)
    with (
        tabulation.at_one_moment(database),
        building.appearing(target, made_with=f"qualcode {__version__}") as copy,
    ):
        sharer = _Sharer(database, copy, kept)
        sharer.share_design()
        sharer.share_answers()
        sharer.share_codebooks()
        sharer.share_coding(with_names=with_coders)
        waiting = exports.pending(database)
        return Shared(sharer.respondents, sharer.quotes, kept, sharer.told_apart, waiting)


class _Sharer:
    """Fills a copy; what it holds in between leads from the ids of the study to the copy's."""

    def __init__(self, database: Database, copy: Database, kept: tuple[str, ...]) -> None:
        self.respondents = 0
        self.quotes = 0
        self.told_apart = 0
        self._from = database
        self._to = copy
        self._kept = kept
        self._questions = responses.questions(database)
        self._cleared: dict[int, Cleared] = {}
        for question in self._questions:
            self._cleared |= cleared(database, question)
        self._answers: dict[int, int] = {}
        self._printed: set[int] = set()
        self._codes: dict[int, int] = {}

    def share_design(self) -> None:
        """Questions, what counts as blank, and the design as far as its columns are kept."""
        for question in self._questions:
            sharing.add_question(self._to, question, self._rule(question.asked_if))
        intake.add_attributes(self._to, self._kept)
        schema.refresh_respondent_view(self._to)
        design = designs.read(self._from)
        parts = {
            name: column
            for name in ("weight", "stratum", "psu", "fpc")
            if (column := getattr(design, name)) in self._kept
        }
        designs.write(self._to, designs.Design(**parts, lonely_psu=design.lonely_psu))
        settings.write(self._to, "blanks", sorted(designs.blanks(self._from)))
        if invited := stated.read(self._from).invited:
            settings.write(self._to, "publication", {"invited": invited})
        settings.write(self._to, "shared", value=True)

    def _rule(self, rule: str) -> str:
        is_told = rule and set(expression.parse(rule).names) <= set(self._kept)
        return rule if is_told else ""

    def share_answers(self) -> None:
        """Respondents in a random order, with the statuses of their answers."""
        everybody = sharing.respondents(self._from)
        random.SystemRandom().shuffle(everybody)
        width = max(4, len(str(len(everybody))))
        alike: Counter[tuple[str, ...]] = Counter()
        for number, (respondent_id, attributes) in enumerate(everybody, start=1):
            kept = {name: attributes.get(name, "") for name in self._kept}
            alike[tuple(kept.values())] += 1
            respondent = (number, f"P{number:0{width}}", kept)
            sharing.add_respondent(self._to, respondent, list(self._of(respondent_id)))
        self.respondents = len(everybody)
        self.told_apart = sum(n for n in alike.values() if n < FEW) if self._kept else 0

    def _of(self, respondent_id: int) -> Iterator[tuple[int, bytes, int, Status, str]]:
        for answer, question, status, length in sharing.answers(self._from, respondent_id):
            number = self._answers[answer] = len(self._answers) + 1
            text = self._text(answer, length) if status == "substantive" else ""
            yield number, journal.new_uid(), question, status, text

    def _text(self, answer: int, length: int) -> str:
        """What stands for an answer: a quote as it may be printed, or signs that say nothing.

        Where parts were coded there are as many as the text has, so that the parts fit.
        """
        quote = self._cleared.get(answer)
        if quote and (not length or quote.printed == quote.answer):
            self._printed.add(answer)
            return quote.printed
        return "░" * length or WITHHELD

    def share_codebooks(self) -> None:
        """The codebooks as they are, without comments and whatever may quote answers."""
        quoted = codebook.words_of_cases(self._from)
        for book in codebook.codebooks(self._from):
            shared = _without_quotes(book, quoted)
            text = codebooks.render(shared)
            codebook_applying.apply(self._to, text, codebooks.parse(text), by=_BY, source=book.name)
            there = codebook.codebook(self._to, book.name).by_path()
            self._codes |= {code.id: there[code.path].id for code in book.codes}

    def share_coding(self, *, with_names: bool) -> None:
        """What each coder put on the answers, as one step each."""
        people = list(coders.coders(self._from))
        if not with_names:
            random.SystemRandom().shuffle(people)
        names = (one.name if with_names else lettered(n) for n, one in enumerate(people))
        there = {
            person.id: coders.find_or_add(self._to, name)[0]
            for person, name in zip(people, names, strict=True)
        }
        for old, new in there.items():
            self._perform(new, self._acts(old, there))
            self._share_draws(old, new)
        self._share_quotes({person.name: there[person.id] for person in people})

    def _perform(self, coder: Coder, acts: Iterable[Act]) -> None:
        in_order = sorted(acts, key=lambda act: act.response_id)
        codings.perform(self._to, coder.id, "share", in_order, by=coder.name)

    def _acts(self, coder: int, there: Mapping[int, Coder]) -> Iterator[Act]:
        place = self._answers
        for answer, code, start, end, source in sharing.codings(self._from, coder):
            yield Act("code", place[answer], self._codes[code], start, end, _plain(source))
        for answer, decided, is_flagged in sharing.marks(self._from, coder):
            if decided is not None:
                yield Act("decide", place[answer], source=_plain(decided))
            if is_flagged:
                yield Act("flag", place[answer])
        for answer, settled in sharing.verdicts(self._from, coder):
            verdict = Verdict(there[coder].id, tuple(self._codes[code] for code in settled))
            yield Act("adjudicate", place[answer], after=verdict.text)

    def _share_draws(self, old: int, new: Coder) -> None:
        """What a model or a search chose to be coded: percentages of it would be wrong.

        What chance drew is left out: its order is made of the original ids.
        """
        codes = {code.id: code for book in codebook.codebooks(self._to) for code in book.codes}
        questions = {question.id: question for question in self._questions}
        chosen: dict[tuple[int, Kind, int], list[Drawn]] = {}
        for question, kind, code, answer, how in sharing.steered(self._from, old):
            draw = Drawn(self._answers[answer], how, 0, 0, None, is_blind=False)
            chosen.setdefault((question, kind, self._codes.get(code, 0)), []).append(draw)
        for (question, kind, code), draws in chosen.items():
            queue = queues.take_up(
                self._to, new, questions[question], kind=kind, seed=0, code=codes.get(code)
            )
            queues.add(self._to, queue, sorted(draws, key=lambda draw: draw.response_id))
            queues.leave(self._to, new.id, question)

    def _share_quotes(self, people: Mapping[str, Coder]) -> None:
        """Who cleared the quotes whose texts are in the copy."""
        acts: dict[Coder, list[Act]] = {}
        for answer in self._printed:
            coder = people[self._cleared[answer].people[0]]
            word = Clearing("cleared").text
            acts.setdefault(coder, []).append(Act("clear", self._answers[answer], after=word))
        for coder, some in acts.items():
            self._perform(coder, some)
        self.quotes = len(self._printed)


def _without_quotes(book: Codebook, quoted: Sequence[str]) -> Codebook:
    """Without examples, and without rules that came of adjudicated answers in their words."""
    codes = (
        replace(
            code,
            examples=(),
            include=_own(code.include, quoted),
            exclude=_own(code.exclude, quoted),
            id=0,
        )
        for code in book.codes
    )
    return replace(book, codes=tuple(codes), id=0)


def _own(rules: Sequence[str], quoted: Sequence[str]) -> tuple[str, ...]:
    return tuple(rule for rule in rules if not leaks.quotes_case(rule, quoted))


def _plain(source: str) -> str:
    """Where a coding came from, without the name of a file."""
    return "import file" if source.startswith("import ") else source
