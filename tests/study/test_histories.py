"""Whatever two coders do in whatever order, every step can be taken back exactly."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qualcode.model import Change
    from qualcode.study import CodingSession

CODERS = ("ana", "ben")
ANSWERS = ("r1", "r2", "r5", "r6")  # r2 and r5 say the same
State = list[tuple[Any, ...]]

marks = st.sampled_from(("toggle", "clause", "decide", "flag", "memo", "repeat", "group"))
act = st.tuples(
    st.sampled_from(CODERS),
    st.one_of(marks, st.sampled_from(("undo", "redo"))),
    st.sampled_from(ANSWERS),
    st.integers(0, 5),
)
histories = st.lists(act, max_size=14)
Verb = tuple[str, str, str, int]


class Work:
    """Two coders at work on the same question of an open study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.sessions = {name: study.session(name, "why")[0] for name in CODERS}
        self.ids = dict(
            study.database.rows(
                "SELECT name, response.id FROM response JOIN respondent"
                " ON respondent.id = respondent_id JOIN question ON question.id = question_id"
                " WHERE key = 'why'"
            )
        )

    def do(self, verb: Verb) -> Change | None:
        who, name, respondent, number = verb
        session, answer = self.sessions[who], self.ids[respondent]
        code = session.codes[number % len(session.codes)].id
        memo = ("", "why?", "zero\0 [b]")[number % 3]
        verbs: dict[str, Callable[[], Change | None]] = {
            "toggle": lambda: session.toggle(answer, code),
            "clause": lambda: session.toggle(answer, code, (0, 3)),
            "decide": lambda: session.decide(answer),
            "flag": lambda: session.flag(answer),
            "memo": lambda: session.write_memo(answer, memo),
            "repeat": lambda: session.repeat_last(answer),
            "group": lambda: _toggle_grouping(session),
            "undo": session.undo,
            "redo": session.redo,
        }
        return verbs[name]()

    def state(self, who: str) -> State:
        """All that a coder has put anywhere: with sources and codebook versions."""
        rows = self.study.database.rows
        coder = self.sessions[who].coder.id
        return [
            *rows(
                "SELECT response_id, code_id, span_start, span_end, source, codebook_version_id"
                " FROM coding WHERE coder_id = ? ORDER BY 1, 2, 3, 4",
                (coder,),
            ),
            *rows(
                "SELECT response_id, decided, is_flagged, memo FROM mark"
                " WHERE coder_id = ? ORDER BY 1",
                (coder,),
            ),
        ]

    def errors(self) -> list[str]:
        return [f.message for f in self.study.examine() if f.level == "error"]


def _toggle_grouping(session: CodingSession) -> None:
    if session.is_grouping:
        session.stop_grouping()
    else:
        for _ in session.group_identical():
            pass


@contextmanager
def at_work(built: Path) -> Iterator[Work]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copyfile(built, Path(folder) / "study.db"))
        with Study.open(path) as study:
            yield Work(study)


@settings(max_examples=60)
@given(history=histories, last=act)
def test_undo_takes_back_exactly_what_was_done(
    small_built: Path, history: list[Verb], last: Verb
) -> None:
    with at_work(small_built) as work:
        for verb in history:
            work.do(verb)
        who, name, *_ = last
        before = work.state(who)
        change = work.do(last)
        if change and name not in {"undo", "redo"}:
            after = work.state(who)
            undone = work.do((who, "undo", "r1", 0))
            assert undone
            assert (undone.kind, undone.acts) == (change.kind, change.acts)
            assert undone.response_id == change.response_id
            assert undone.newly_coded == -change.newly_coded
            assert work.state(who) == before
            redone = work.do((who, "redo", "r1", 0))
            assert redone
            assert redone.response_id == change.response_id
            assert work.state(who) == after
        assert work.errors() == []


@settings(max_examples=60)
@given(history=histories)
def test_undoing_everything_leaves_nothing_and_redoing_it_everything(
    small_built: Path, history: list[Verb]
) -> None:
    with at_work(small_built) as work:
        for verb in history:
            work.do(verb)
        for who in CODERS:
            states = [work.state(who)]
            while work.do((who, "undo", "r1", 0)):
                states.append(work.state(who))
            assert states[-1] == []
            for state in reversed(states[:-1]):
                assert work.do((who, "redo", "r1", 0))
                assert work.state(who) == state
        assert work.errors() == []


@settings(max_examples=60)
@given(history=histories)
def test_no_act_of_one_coder_changes_the_work_of_another(
    small_built: Path, history: list[Verb]
) -> None:
    with at_work(small_built) as work:
        for verb in history:
            other = CODERS[verb[0] == CODERS[0]]
            before = work.state(other)
            work.do(verb)
            assert work.state(other) == before


@settings(max_examples=60)
@given(history=histories)
def test_the_count_of_coded_answers_is_the_sum_of_what_the_changes_say(
    small_built: Path, history: list[Verb]
) -> None:
    with at_work(small_built) as work:
        counts = dict.fromkeys(CODERS, 0)
        for verb in history:
            change = work.do(verb)
            counts[verb[0]] += change.newly_coded if change else 0
        for who, session in work.sessions.items():
            assert (
                session.coded_count()
                == counts[who]
                == len(session.queue()) - len(open_ones(session))
            )
            assert work.study.info()["questions"][0]["coders"][who] == counts[who]


def open_ones(session: CodingSession) -> list[int]:
    return [answer for answer in session.queue() if not session.is_coded(answer)]


@settings(max_examples=40)
@given(history=histories, cut=st.integers(0, 14))
def test_undo_goes_on_where_it_was_after_closing_and_opening(
    small_built: Path, history: list[Verb], cut: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copyfile(small_built, Path(folder) / "study.db"))
        empty_or_not = []
        for part in (history[:cut], history[cut:]):
            with Study.open(path) as study:
                work = Work(study)
                for verb in part:
                    if verb[1] != "repeat":  # what `.` repeats is the session's own
                        work.do(verb)
        with Study.open(path) as study:
            work = Work(study)
            assert work.errors() == []
            for who in CODERS:
                while study.undo(who):
                    pass
                empty_or_not += work.state(who)
        assert empty_or_not == []
        assert sorted(p.name for p in Path(folder).iterdir()) == ["study.db"]
