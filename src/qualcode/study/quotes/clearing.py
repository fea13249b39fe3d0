"""A person who clears quotes: every verb of the clearing screen, without the screen."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import Conflict, InputError, NotFound
from qualcode.quotes import Replacement, choose, redacted, suggested
from qualcode.quotes.redaction import ELLIPSIS
from qualcode.store import codings, quotes, responses
from qualcode.store.journal import Act
from qualcode.study.quotes.choosing import MANY
from qualcode.study.quotes.cleared import all_together, together
from qualcode.study.quotes.names import study_scanner
from qualcode.study.quotes.themed import themed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Change, Code, Coder, Question, Response
    from qualcode.quotes import Candidate, Found
    from qualcode.store.connection import Database
    from qualcode.store.quotes import Clearing, Said, State
    from qualcode.study.quotes.cleared import Together

Wanted: TypeAlias = Literal["open", "all", "cleared", "withheld"]


@dataclass(frozen=True, slots=True)
class Quotable:
    """An answer as one person sees it who may clear it.

    `own` is that person's word, `together` what all say; `others` are those among them, and `said`
    is each one's word. `found` may name somebody. `printed` is how it would be printed. No other
    answer has the themes `lone`.
    """

    response: Response
    attributes: dict[str, str]
    themes: tuple[Code, ...]
    reasons: tuple[str, ...]
    found: tuple[Found, ...]
    own: Clearing
    together: Together
    others: tuple[str, ...]
    printed: str
    said: tuple[Said, ...]
    lone: tuple[Code, ...]

    def hiding(self, found: Found) -> str:
        """What stands, or would stand, in the place of something found."""
        over = self._over(found)
        return over.text if over else _hiding(self.response.text, found)

    def is_replaced(self, found: Found) -> bool:
        """Whether all that was found is replaced."""
        return self._over(found) is not None

    def _over(self, found: Found) -> Replacement | None:
        made = self.together.replacements
        place = bisect_right(made, found.start, key=lambda one: one.start)
        return made[place - 1] if place and found.end <= made[place - 1].end else None


class ClearingSession:
    """What one person makes of answers to a question as quotes; each verb is one committed step.

    Every verb gives the `Change` that it made, or None where there was nothing to change.
    """

    def __init__(
        self,
        database: Database,
        person: Coder,
        question: Question,
        *,
        code: Code | None = None,
        rule: str = "",
        count: int = MANY,
    ) -> None:
        self.person = person
        self.question = question
        self.code = code
        self._database = database
        self._count = count
        self._rule = rule
        self._themes = themed(database, question, rule)
        self._scanner = study_scanner(database)
        self._found: dict[int, tuple[Found, ...]] = {}
        self._newest = responses.newest(database)
        self._choose()

    def _choose(self) -> None:
        self._reasons: dict[int, tuple[str, ...]] = {}
        self._queue = self._chosen()
        themes = self._themes.themes
        self._lone = {code.id for code in themes if len(self._themes.answers(code)) == 1}

    def _chosen(self) -> list[int]:
        """Exemplars theme by theme; of a single theme all its answers, exemplars first."""
        chosen: dict[int, None] = {}
        for code in (self.code,) if self.code else self._themes.themes:
            for choice in choose(self._free(code), self._count):
                chosen.setdefault(choice.candidate.id)
                self._reasons.setdefault(choice.candidate.id, choice.reasons)
        if self.code:
            chosen |= dict.fromkeys(self._themes.answers(self.code))
        return list(chosen)

    def _free(self, code: Code) -> list[Candidate]:
        said = self._all()
        free = [one for one in self._themes.answers(code) if self._state(said, one) != "withheld"]
        return self._themes.candidates(code, free)

    def notice_changes(self) -> bool:
        """Whether a file was imported since; what there is to clear is then read anew.

        Raises `QualcodeError` if the study is no longer where it was.
        """
        self._database.check_place()
        newest = responses.newest(self._database)
        if newest == self._newest:
            return False
        self._newest = newest
        self._themes = themed(self._database, self.question, self._rule)
        self._choose()
        return True

    # -- looking

    def where_is(self, response_id: int) -> tuple[int, str]:
        """The answer as it stands now, and the key of its question."""
        return (
            responses.current_version(self._database, response_id),
            responses.question_of(self._database, response_id),
        )

    def listed(self, ids: Sequence[int], *, width: int) -> list[tuple[str, State]]:
        """The beginnings of a few answers, and the state of each, for a list."""
        said = self._all()
        found = responses.listed(self._database, self.person.id, ids, width=width)
        return [(one.text, self._state(said, one.id)) for one in found]

    def following(self, ids: Sequence[int]) -> int | None:
        """The first of some answers that is open, if one is."""
        said = self._all()
        return next((one for one in ids if self._state(said, one) == "open"), None)

    def answer_of(self, respondent: str) -> int:
        """The answer of a respondent, as it stands.

        Raises `NotFound` for an unknown respondent, `InputError` where nothing was answered.
        """
        found = responses.find(self._database, respondent, self.question.id)
        if found is None:
            raise NotFound(f"there is no answer of “{respondent}” to {self.question.key}")
        answer, status, _ = found
        if status != "substantive":
            raise InputError(f"{respondent} did not answer {self.question.key}")
        return answer

    def queue(self, wanted: Wanted = "all") -> array[int]:
        """The answers to look at, in their order; of some state, or all."""
        if wanted == "all":
            return array("q", self._queue)
        said = self._all()
        if wanted == "open":
            return array("q", (one for one in self._queue if self._state(said, one) == "open"))
        return array("q", (one for one in said if self._state(said, one) == wanted))

    def _all(self) -> dict[int, Together]:
        return all_together(self._database, self.question)

    def _state(self, said: dict[int, Together], answer: int) -> State:
        return said[answer].state if answer in said else "open"

    def counts(self) -> dict[State, int]:
        """How many answers of each state there are to look at."""
        said = self._all()
        states = Counter(one.state for one in said.values())
        is_open = sum(self._state(said, one) == "open" for one in self._queue)
        return {"open": is_open, "cleared": states["cleared"], "withheld": states["withheld"]}

    def quotable(self, response_id: int) -> Quotable:
        """An answer with all that has to be known to clear it."""
        response, attributes = responses.response(self._database, response_id)
        said = quotes.on(self._database, response_id)
        all_say = together(said)
        themes = tuple(self._themes.themes_of.get(response_id, ()))
        return Quotable(
            response,
            attributes,
            themes,
            self._reasons.get(response_id, ()),
            self._scan(response),
            self._own(response_id),
            all_say,
            tuple(name for name in all_say.people if name != self.person.name),
            redacted(response.text, all_say.replacements),
            tuple(said),
            tuple(code for code in themes if code.id in self._lone),
        )

    def _scan(self, response: Response) -> tuple[Found, ...]:
        if response.id not in self._found:
            self._found[response.id] = self._scanner.scan(response.text)
        return self._found[response.id]

    def _own(self, response_id: int) -> Clearing:
        return quotes.of(self._database, response_id, self.person.id)

    # -- doing

    def clear(self, response_id: int, printed: str | None = None) -> Change | None:
        """Let the answer leave the study as it would be printed now, whatever others put back.

        Raises `Conflict` where the answer has changed since, or would not be printed as `printed`.
        """
        with self._database.transaction():
            self._refuse_changed(response_id)
            now = self.quotable(response_id)
            if printed not in (None, now.printed):
                raise Conflict("somebody has changed how it would be printed: look again")
            replaced = tuple((one.start, one.end, one.text) for one in now.together.replacements)
            return self._put(response_id, "clear", state="cleared", replaced=replaced)

    def withhold(self, response_id: int) -> Change | None:
        """Keep the answer in the study, whoever cleared it."""
        return self._put(response_id, "withhold", state="withheld")

    def reopen(self, response_id: int) -> Change | None:
        """Take back this person's word; what was replaced stays."""
        return self._put(response_id, "reopen", state="open")

    def toggle(self, response_id: int, found: Found) -> Change | None:
        """Replace what may name somebody, or put it back where this person replaced it."""
        text = responses.response(self._database, response_id)[0].text
        part = (found.start, found.end, _hiding(text, found))
        with self._database.transaction():
            own = self._own(response_id)
            inside = tuple(one for one in own.replaced if _overlap(one, part))
            kept = tuple(one for one in own.replaced if one not in inside)
            return self._put(
                response_id, "replace", replaced=kept if inside else (*kept, part), reopen=True
            )

    def replace_all(self, response_id: int) -> Change | None:
        """Replace all that may name somebody, and nothing less than was replaced before."""
        response = responses.response(self._database, response_id)[0]
        found = [(one.start, one.end, _hiding(response.text, one)) for one in self._scan(response)]
        with self._database.transaction():
            replaced = _united((*self._own(response_id).replaced, *found))
            return self._put(response_id, "replace", replaced=replaced, reopen=True)

    def replace(self, response_id: int, words: str, by: str) -> Change | None:
        """Replace words wherever they stand in the answer by something in brackets.

        Raises `InputError` where they do not, and for a replacement that cannot be.
        """
        text = responses.response(self._database, response_id)[0].text
        places = _places(text, words)
        if not places:
            raise InputError(f"the answer does not hold “{words}”")
        return self._replace(response_id, [(start, end, bracketed(by)) for start, end in places])

    def cut(self, response_id: int, start: int, end: int) -> Change | None:
        """Leave a part of the answer out, with an ellipsis in its place; again puts it back."""
        part = (start, end, ELLIPSIS)
        if part in self._own(response_id).replaced:
            kept = tuple(one for one in self._own(response_id).replaced if one != part)
            return self._put(response_id, "replace", replaced=kept, reopen=True)
        return self._replace(response_id, [part])

    def restore(self, response_id: int) -> Change | None:
        """Put back everything that this person replaced."""
        return self._put(response_id, "restore", replaced=(), reopen=True)

    def undo(self) -> Change | None:
        """Take back the person's last step."""
        return codings.undo(self._database, self.person.id, by=self.person.name)

    def redo(self) -> Change | None:
        """Take back the person's last undo."""
        return codings.redo(self._database, self.person.id, by=self.person.name)

    def _replace(self, response_id: int, parts: list[tuple[int, int, str]]) -> Change | None:
        with self._database.transaction():
            own = self._own(response_id)
            kept = tuple(
                one for one in own.replaced if not any(_overlap(one, part) for part in parts)
            )
            replaced = tuple(sorted((*kept, *parts)))
            text = responses.response(self._database, response_id)[0].text
            redacted(text, tuple(Replacement(*one) for one in replaced))
            return self._put(response_id, "replace", replaced=replaced, reopen=True)

    def _put(
        self,
        response_id: int,
        kind: str,
        *,
        state: State | None = None,
        replaced: quotes.Replaced | None = None,
        reopen: bool = False,
    ) -> Change | None:
        """Change this person's word; what is changed after it was cleared is open again."""
        with self._database.transaction():
            old = self._own(response_id)
            new = old
            if state is not None:
                new = replace(new, state=state)
            if replaced is not None:
                new = replace(new, replaced=tuple(sorted(replaced)))
            if reopen and new.replaced != old.replaced and old.state == "cleared":
                new = replace(new, state="open")
            if new == old:
                return None
            act = Act("clear", response_id, before=old.text, after=new.text)
            who = self.person
            return codings.perform(self._database, who.id, kind, [act], by=who.name)

    def _refuse_changed(self, response_id: int) -> None:
        if responses.current_version(self._database, response_id) != response_id:
            raise Conflict("the answer has changed since: look at what it is now")


def _hiding(text: str, found: Found) -> str:
    """What is put in the place of something found, an ellipsis where its kind would say it."""
    kind = suggested(found)
    part = text[found.start : found.end]
    try:
        redacted(part, (Replacement(0, len(part), kind),))
    except InputError:
        return ELLIPSIS
    return kind


def bracketed(words: str) -> str:
    """A replacement in its brackets, whether they were typed or not."""
    bare = words.strip().removeprefix("[").removesuffix("]").strip()
    return f"[{bare or '…'}]"


def _united(parts: quotes.Replaced) -> quotes.Replaced:
    """Replacements without overlaps: the wider counts, and an ellipsis where neither holds both."""
    united: list[tuple[int, int, str]] = []
    for one in sorted(parts, key=lambda part: (part[0], -part[1])):
        if not united or united[-1][1] <= one[0]:
            united.append(one)
        elif united[-1][1] < one[1]:
            united[-1] = (united[-1][0], one[1], ELLIPSIS)
    return tuple(united)


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Where some words stand in a text, without overlap; parts of words where none is whole."""
    if not words:
        return []
    exact = re.escape(words)
    whole = [found.span() for found in re.finditer(rf"(?<!\w){exact}(?!\w)", text)]
    return whole or [found.span() for found in re.finditer(exact, text)]
