"""Coders at work on copies of one study, and what two merged studies have to have in common."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qualcode import Study
from qualcode.errors import Conflict
from qualcode.store import codebook, codings, journal, queries, verdicts
from qualcode.store import quotes as quote_store
from qualcode.store.journal import Act
from qualcode.store.queries import Query
from qualcode.store.quotes import Clearing
from qualcode.store.repeats import State
from qualcode.store.verdicts import Verdict
from qualcode.study import assigning, codebook_versions, codebooks, merging, review
from qualcode.study import design as designs
from studies import BOOK, SURVEY, apply_book, errors, take_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qualcode.model import Codebook
    from qualcode.study import CodingSession

CODERS = ("ana", "ben")
ANSWERS = ("r1", "r2", "r5", "r6")
BOOKS = (
    BOOK.replace("version: 1", "version: 2") + "  - key: new\n    name: New\n",
    BOOK.replace("version: 1", "version: 2").replace("Wider reach", "Reach")
    + "  - key: other\n    name: Other\n",
    BOOK.replace("  - key: nothing\n    name: Nothing to report\n    exclusive: true\n", ""),
    BOOK.replace("name: Cheap", "name: Cheaper"),
)
SURVEYS = (
    SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,not the same"),
    SURVEY.replace("r2,south,yes,1,same", "r2,north,yes,1,other words"),
    SURVEY + "r7,north,yes,1,a late answer,\n",
    SURVEY + "r7,south,yes,1,another late answer,by post\n",
    SURVEY.replace("r1,north,yes", "r1,west,yes"),
)
DESIGNS: tuple[dict[str, Any], ...] = (
    {"changes": {"weight": "weight"}, "rules": {}},
    {"changes": {"stratum": "region"}, "rules": {}},
    {"changes": {}, "rules": {"why": 'asked == "yes"'}},
    {"changes": {}, "rules": {}, "blank": ["same"]},
)
Verb = tuple[str, str, str, int]
"""Coder, what to do, respondent and a number that says with what."""

AGAIN = ("again toggle", "again decide", "again memo")
MARKS = (
    *("toggle", "clause", "decide", "flag", "memo", "clear", "adjudicate"),
    *("ask", "unask", "review", "undo", "redo"),
    *AGAIN,
)
LIVING = ("merge", "split", "redefine", "move", "back")
REST = ("import", "book", "design", "queue", "place", "assign", *LIVING)


def copy_of(study: Path, name: str) -> Path:
    """A copied file, in a folder of its own."""
    folder = study.parent / name
    folder.mkdir()
    return type(study)(shutil.copyfile(study, folder / "study.db"))


@contextmanager
def tolerated(words: str) -> Iterator[None]:
    """Let go on where something was refused for a reason that belongs to it."""
    try:
        yield
    except Conflict as error:
        if not re.search(words, error.message):
            raise


@dataclass
class Desk:
    """One copy of a study and what is done there."""

    path: Path
    study: Study
    sessions: dict[str, CodingSession] = field(default_factory=dict)

    def do(self, verb: Verb) -> None:
        """Do one thing; what cannot be done is left."""
        who, name, respondent, number = verb
        if name in {"import", "book", "design"}:
            self._command(name, number)
            return
        if name in LIVING:
            self._edit(name, number)
            return
        session, _ = self.study.session(who, "why")
        answer = self._answer(respondent)
        code = session.codes[number % len(session.codes)].id
        verbs: dict[str, Callable[[], object]] = {
            "toggle": lambda: session.toggle(answer, code),
            "clause": lambda: session.toggle(answer, code, (0, 3)),
            "decide": lambda: session.decide(answer),
            "flag": lambda: session.flag(answer),
            "memo": lambda: session.write_memo(answer, ("", "why?", "x")[number % 3]),
            "clear": lambda: self._clear(session, answer, number),
            "adjudicate": lambda: self._adjudicate(session, answer, code),
            "ask": lambda: self._ask(session, answer, number),
            "unask": lambda: self._unask(session, answer),
            "review": lambda: self._review(who, number),
            "undo": session.undo,
            "redo": session.redo,
            "again toggle": lambda: session.toggle(-answer, code),
            "again memo": lambda: session.write_memo(-answer, ("", "why?")[number % 2]),
            "again decide": lambda: session.decide(-answer),
            "place": lambda: session.remember(answer),
            "queue": lambda: self._queue(session, number),
            "assign": lambda: self._assign(number),
        }
        with tolerated("retired|no longer in the codebook"):
            verbs[name]()

    def _answer(self, respondent: str) -> int:
        return int(
            self.study.database.value(
                "SELECT response.id FROM response JOIN respondent ON respondent.id = respondent_id"
                " JOIN question ON question.id = question_id"
                " WHERE key = 'why' AND name = ? AND is_current = 1",
                (respondent,),
            )
        )

    def _command(self, name: str, number: int) -> None:
        with tolerated("would be lost|the study has version"):
            if name == "import":
                take_in(self.path, SURVEYS[number % len(SURVEYS)])
            elif name == "book":
                apply_book(self.path, BOOKS[number % len(BOOKS)])
            else:
                options = DESIGNS[number % len(DESIGNS)]
                designs.change(self.study.database, **options, by="tester")

    def _edit(self, name: str, number: int) -> None:
        database = self.study.database
        book = codebook.codebook(database, "Small")
        codes = [code for code in book.codes if not (code.merged_into or code.split_into)]
        code = codes[number % len(codes)].path
        other = codes[(number // 2 + 1) % len(codes)].path
        words = {"include": (f"words {number}",)}
        verbs: dict[str, Callable[[], object]] = {
            "merge": lambda: codebooks.merge(database, code, other, by="lead", within="Small"),
            "split": lambda: codebooks.split(
                database, code, {f"a{number}": "", f"b{number}": ""}, by="lead", within="Small"
            ),
            "redefine": lambda: codebooks.redefine(
                database, code, words, by="lead", within="Small"
            ),
            "move": lambda: codebooks.move(database, code, "", by="lead", within="Small"),
            "back": lambda: self._back(book, number),
        }
        with tolerated("already|cannot count as one|cannot be merged|retired|would be lost"):
            verbs[name]()

    def _back(self, book: Codebook, number: int) -> None:
        database = self.study.database
        everything = codebook.versions(database, book.id)
        labels = list(codebook_versions.labels(everything).values())
        if number % 3 == 0:
            codebook_versions.undo(database, book, by="lead")
        elif number % 3 == 1:
            codebook_versions.redo(database, book, by="lead")
        else:
            label = labels[number % len(labels)]
            codebook_versions.restore(database, book, label, by="lead")

    def _review(self, who: str, number: int) -> None:
        if found := review.items(self.study.database):
            item = found[number % len(found)].marked.id
            review.settle(self.study.database, item, who, f"note {number}")

    def _clear(self, session: CodingSession, answer: int, number: int) -> None:
        database, coder = self.study.database, session.coder
        before = quote_store.of(database, answer, coder.id).text
        states: tuple[Any, ...] = ("open", "cleared", "withheld")
        after = Clearing(states[number % 3], ((0, 2, "…"),)).text
        act = Act("clear", answer, before=before, after=after)
        codings.perform(database, coder.id, "clear", [act], by=coder.name)

    def _adjudicate(self, session: CodingSession, answer: int, code: int) -> None:
        database, coder = self.study.database, session.coder
        old = verdicts.of(database, answer)
        before, after = old.text if old else None, Verdict(coder.id, (code,)).text
        act = Act("adjudicate", answer, before=before, after=after)
        codings.perform(database, coder.id, "adjudicate", [act], by=coder.name)

    def _ask(self, session: CodingSession, answer: int, number: int) -> None:
        """Ask both coders or one; several times in the same moment, as copies may."""
        database, by = self.study.database, session.coder
        at = f"2026-01-0{number % 3 + 1}T00:00:00.000Z"
        acts = [
            Act("ask", answer, after=Query(coder.id, by.id, f"why {number}?", at).act)
            for coder in self.study.coders[: number % 2 + 1]
        ]
        codings.perform(database, by.id, "ask", acts, by=by.name)

    def _unask(self, session: CodingSession, answer: int) -> None:
        """Take back every question that waits, whoever asked it."""
        database, by = self.study.database, session.coder
        waiting = [one for one in queries.on(database, answer) if not one.is_answered]
        acts = [Act("unask", answer, before=one.act) for one in waiting]
        codings.perform(database, by.id, "unask", acts, by=by.name)

    def _assign(self, number: int) -> None:
        people = (CODERS, CODERS[:1], CODERS[::-1])[number % 3]
        share = (number % 2) / 2 if len(people) > 1 else 0.0
        plan = assigning.Plan(share, seed=number % 2, repeat=(number % 3) / 2)
        assigning.assign(self.study.database, people, self.study.questions, plan, by="lead")

    def _queue(self, session: CodingSession, number: int) -> None:
        if number % 3 == 0:
            session.leave_queue()
        else:
            session.take_up("random", seed=number % 2)


def work(path: Path, verbs: Sequence[Verb]) -> None:
    """Do these things on a copy."""
    with Study.open(path) as study:
        desk = Desk(path, study)
        for verb in verbs:
            desk.do(verb)


def bring(path: Path, *others: Path, **options: Any) -> merging.Merged:
    """Merge copies into a study, and see that it is whole."""
    merged = merging.merge(path, others, by="tester", **options)
    assert errors(path) == []
    return merged


def common(path: Path) -> dict[str, Any]:
    """All that two copies have in common after a merge: by global ids and names."""
    with Study.open(path, readonly=True) as study:
        return dict(_common(study))


_VALUES = (
    "path, position, name, hotkey, definition, include, exclude, examples, keywords, is_exclusive,"
    " status, is_retired, merged_into, split_into, code.clock"
)
_SAME = {
    "study": "SELECT uid FROM study",
    "setting": "SELECT name, value, clock FROM setting",
    "question": "SELECT key, text, asked_if, clock FROM question",
    "attribute": "SELECT name FROM attribute",
    "response": "SELECT name, key, response.uid, version, is_current, status, response.text,"
    " response.clock FROM response JOIN respondent ON respondent.id = respondent_id"
    " JOIN question ON question.id = question_id",
    "coder": "SELECT uid, name, folded, clock FROM coder",
    "alias": "SELECT coder_alias.uid, coder.uid FROM coder_alias JOIN coder ON coder.id = coder_id",
    "codebook": "SELECT codebook.uid, name, questions, step.uid FROM codebook"
    " JOIN codebook_version ON codebook_version.id = version_id JOIN step ON step.id = step_id",
    "version": "SELECT name, number, text, step.uid FROM codebook_version"
    " JOIN codebook ON codebook.id = codebook_id JOIN step ON step.id = step_id",
    "code": f"SELECT uid, {_VALUES}, (SELECT uid FROM code AS other"
    " WHERE other.id = code.counts_as) FROM code WHERE is_removed = 0",
    "removed": "SELECT uid FROM code WHERE is_removed = 1",
    "step": "SELECT step.uid, step.clock, at, coder.uid, by_name, step.kind, other.uid, step.detail"
    " FROM step LEFT JOIN coder ON coder.id = step.coder_id"
    " LEFT JOIN (SELECT id, uid FROM step) AS other ON other.id = step.reverses",
    "act": "SELECT act.uid, step.uid, act, response.uid, code.uid, span_start, span_end, source,"
    " v.uid, base.uid, act.id IN (SELECT act_id FROM lost) FROM act"
    " JOIN step ON step.id = act.step_id LEFT JOIN response ON response.id = response_id"
    " LEFT JOIN code ON code.id = code_id LEFT JOIN codebook_version"
    " ON codebook_version.id = codebook_version_id"
    " LEFT JOIN step AS v ON v.id = codebook_version.step_id"
    " LEFT JOIN (SELECT id, uid FROM act) AS base ON base.id = act.base",
    "head": "SELECT response.uid, coder.uid, layer, act.uid FROM head"
    " JOIN response ON response.id = head.response_id"
    " LEFT JOIN coder ON coder.id = head.coder_id JOIN act ON act.id = act_id",
    "coding": "SELECT response.uid, coder.uid, code.uid, span_start, span_end, source, step.uid"
    " FROM coding JOIN response ON response.id = response_id"
    " JOIN coder ON coder.id = coding.coder_id"
    " JOIN code ON code.id = code_id JOIN codebook_version"
    " ON codebook_version.id = codebook_version_id JOIN step ON step.id = step_id",
    "mark": "SELECT response.uid, coder.uid, decided, is_flagged, memo FROM mark"
    " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id",
    "quote": "SELECT response.uid, coder.uid, state, replacements FROM quote"
    " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id",
    "verdict": "SELECT response.uid, coder.uid, (SELECT group_concat(hex(uid)) FROM"
    " (SELECT uid FROM json_each(codes) JOIN code ON code.id = value ORDER BY uid)), reason, memo"
    " FROM verdict JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id",
    "query": "SELECT response.uid, coder.uid, asker.uid, query.text, at, is_answered FROM query"
    " JOIN response ON response.id = response_id JOIN coder ON coder.id = query.coder_id"
    " JOIN coder AS asker ON asker.id = asked_by",
    "review": "SELECT response.uid, coder.uid, kind, review.text, reviewer.uid, note FROM review"
    " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id"
    " JOIN coder AS reviewer ON reviewer.id = reviewer_id",
    "place": "SELECT coder.uid, key, response.uid, at FROM place"
    " JOIN coder ON coder.id = coder_id JOIN question ON question.id = place.question_id"
    " JOIN response ON response.id = response_id",
    "queue": "SELECT queue.uid, coder.uid, key, queue.kind, code.uid, seed, is_active, queue.clock,"
    " step.uid FROM queue JOIN coder ON coder.id = queue.coder_id"
    " JOIN question ON question.id = queue.question_id JOIN step ON step.id = step_id"
    " LEFT JOIN code ON code.id = code_id",
    "draw": "SELECT queue.uid, rank, response.uid, how, place, population, probability, is_blind,"
    " at FROM draw JOIN queue ON queue.id = queue_id JOIN response ON response.id = response_id",
    "assignment": "SELECT key, respondent.name, coder.uid, rank, probability, step.uid"
    " FROM assignment JOIN question ON question.id = question_id"
    " JOIN coder ON coder.id = assignment.coder_id"
    " JOIN respondent ON respondent.id = respondent_id JOIN step ON step.id = step_id",
    "repeat": "SELECT key, respondent.name, coder.uid, gap, probability, step.uid"
    " FROM repeat JOIN question ON question.id = question_id"
    " JOIN coder ON coder.id = repeat.coder_id"
    " JOIN respondent ON respondent.id = respondent_id JOIN step ON step.id = step_id",
    "agreement": "SELECT agreement_run.uid, step.uid, key, coders, codebooks, settings, result"
    " FROM agreement_run JOIN step ON step.id = step_id"
    " JOIN question ON question.id = question_id",
}


def _common(study: Study) -> Iterator[tuple[str, Any]]:
    database = study.database
    for name, sql in _SAME.items():
        yield name, sorted(database.rows(sql), key=repr)
    yield "respondent", sorted(_respondents(study))
    yield "repeated", sorted(_repeated(study), key=repr)
    yield "undo", sorted(_stacks(study))


def _respondents(study: Study) -> Iterator[tuple[Any, ...]]:
    for name, attributes, clocks in study.database.rows(
        "SELECT name, attributes, clocks FROM respondent"
    ):
        known, times = json.loads(attributes), json.loads(clocks)
        usual = times.get("", 0)
        yield name, sorted((n, v, times.get(n, usual)) for n, v in known.items())


def _repeated(study: Study) -> Iterator[tuple[Any, ...]]:
    codes = dict(study.database.rows("SELECT id, uid FROM code"))
    versions = dict(
        study.database.rows(
            "SELECT codebook_version.id, step.uid FROM codebook_version"
            " JOIN step ON step.id = step_id"
        )
    )
    for answer, coder, text in study.database.rows(
        "SELECT response.uid, coder.uid, state FROM repeated"
        " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id"
    ):
        state = State.read(text)
        put = sorted(
            (codes[code], *place, versions[version]) for code, *place, version in state.codings
        )
        yield answer, coder, put, state.decided, state.flagged, state.memo


def _stacks(study: Study) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
    uids = dict(study.database.rows("SELECT id, uid FROM step"))
    for coder_id, uid in study.database.rows("SELECT id, uid FROM coder"):
        stacks = []
        for head in journal.heads(study.database, coder_id):
            walked, step = [], head
            while step is not None:
                walked.append(uids[step])
                step = journal.step_row(study.database, step)[2]
            stacks.append(walked)
        yield uid, stacks[0], stacks[1]


def undo_all(path: Path) -> int:
    """Undo whatever every coder has done; how many steps that were."""
    done = 0
    with Study.open(path) as study:
        for coder in study.coders:
            with tolerated("no longer in the codebook"):
                while study.undo(coder.name):
                    done += 1
    return done
