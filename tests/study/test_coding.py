"""What each verb of the coding screen does to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, NotFound
from qualcode.model import AnswerState, Filter
from qualcode.study import codebooks
from studies import BOOK, apply_book, errors, make, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.study import CodingSession


@pytest.fixture
def study(small: Path) -> Iterator[Study]:
    with Study.open(small) as opened:
        yield opened


@pytest.fixture
def ana(study: Study) -> CodingSession:
    return study.session("ana", "why")[0]


def code(session: CodingSession, path: str) -> int:
    return next(code.id for code in session.codes if code.path == path)


def on(session: CodingSession, answer: int) -> set[str]:
    return {session.code_by_id[code_id].path for code_id in session.answer(answer).state.whole}


def test_a_key_toggles_its_code(ana: CodingSession) -> None:
    answer = ana.queue()[0]
    assert ana.toggle(answer, code(ana, "reach"))
    assert on(ana, answer) == {"reach"}
    assert ana.answer(answer).state.is_coded
    assert ana.toggle(answer, code(ana, "reach"))
    assert ana.answer(answer).state == AnswerState()


def test_an_exclusive_code_clears_the_others_and_they_clear_it(ana: CodingSession) -> None:
    answer = ana.queue()[0]
    for path, stands in (
        ("reach", {"reach"}),
        ("cost/cheap", {"reach", "cost/cheap"}),
        ("nothing", {"nothing"}),
        ("uncodable", {"uncodable"}),
        ("cost", {"cost"}),
    ):
        ana.toggle(answer, code(ana, path))
        assert on(ana, answer) == stands
    for stands in ({"uncodable"}, {"nothing"}, {"reach", "cost/cheap"}, {"reach"}, set()):
        ana.undo()
        assert on(ana, answer) == stands


def test_a_clause_takes_codes_of_its_own(ana: CodingSession) -> None:
    answer = ana.queue()[0]
    reach = code(ana, "reach")
    ana.toggle(answer, reach, (0, 13))
    ana.toggle(answer, reach, (15, 41))
    spans = [(c.start, c.end) for c in ana.answer(answer).state.codings]
    assert spans == [(0, 13), (15, 41)]
    ana.toggle(answer, reach, (0, 13))
    assert [(c.start, c.end) for c in ana.answer(answer).state.codings] == [(15, 41)]
    ana.toggle(answer, reach)
    assert not ana.answer(answer).state.codings


def test_deciding_without_a_code_is_saw_it_no_code(ana: CodingSession, study: Study) -> None:
    first, second, *_ = ana.queue()
    assert ana.decide(first, then=second)
    assert ana.answer(first).state == AnswerState(is_decided=True)
    assert ana.decide(first) is None
    assert ana.opening() == second
    assert study.session("ana")[0].opening() == second


def test_space_leaves_an_answer_open_unless_it_holds_a_code(ana: CodingSession) -> None:
    first, second, third, *_ = ana.queue()
    ana.remember(second)
    ana.toggle(second, code(ana, "reach"))
    assert ana.coded_count() == 1
    ana.remember(third)
    assert ana.opening() == third
    ana.decide(third)
    assert ana.opening() not in {second, third}
    assert not ana.is_coded(first)


def test_the_screen_opens_on_no_answer_where_all_are_coded(ana: CodingSession) -> None:
    for answer in ana.queue():
        ana.decide(answer)
    assert ana.opening() is None


def test_repeat_puts_the_codes_of_the_last_decided_answer_here(ana: CodingSession) -> None:
    first, second, *_ = ana.queue()
    assert ana.repeat_last(second) is None
    ana.toggle(first, code(ana, "reach"), (0, 3))
    ana.toggle(first, code(ana, "cost/dear"))
    ana.decide(first)
    ana.toggle(second, code(ana, "nothing"))
    assert ana.repeat_last(second)
    assert on(ana, second) == {"reach", "cost/dear"}
    assert {c.source for c in ana.answer(second).state.codings} == {"repeat"}
    assert not ana.answer(second).state.is_decided
    assert ana.repeat_last(second) is None


def test_identical_answers_are_coded_along_only_while_that_is_on(ana: CodingSession) -> None:
    twin, other = (a for a in ana.queue() if ana.answer(a).response.text == "same")
    ana.toggle(twin, code(ana, "reach"))
    assert on(ana, other) == set()
    for _ in ana.group_identical():
        pass
    assert ana.answer(twin).twins == 1
    ana.toggle(twin, code(ana, "cost"))
    ana.decide(twin)
    assert on(ana, other) == {"cost"}
    assert [c.source for c in ana.answer(other).state.codings] == ["copied"]
    ana.undo()
    ana.undo()
    assert on(ana, twin) == {"reach"}
    assert on(ana, other) == set()
    ana.stop_grouping()
    ana.toggle(twin, code(ana, "cost"))
    assert on(ana, other) == set()


def test_grouping_never_reaches_another_question_or_an_old_version(
    ana: CodingSession, study: Study, small: Path
) -> None:
    twin, other = (a for a in ana.queue() if ana.answer(a).response.text == "same")
    for _ in ana.group_identical():
        pass
    for _ in study.session("ana", "how")[0].group_identical():
        pass
    assert ana.answer(twin).twins == 0
    for _ in ana.group_identical():
        pass
    take_in(small, "id,region,asked,weight,why,how\nr5,north,yes,1,other,same\n")
    assert ana.answer(twin).twins == 0
    ana.toggle(twin, code(ana, "cost"))
    assert on(ana, other) == set()


def test_flags_and_memos_are_acts_that_undo_takes_back(ana: CodingSession, study: Study) -> None:
    answer = ana.queue()[0]
    ana.flag(answer)
    ana.write_memo(answer, "look\nagain")
    assert ana.write_memo(answer, "look\nagain") is None
    assert ana.answer(answer).state == AnswerState(is_flagged=True, memo="look\nagain")
    assert not ana.is_coded(answer)
    assert [row[4] for row in study.journal(last=2)] == ["flag", "memo"]
    ana.undo()
    ana.undo()
    assert ana.answer(answer).state == AnswerState()
    assert ana.undo() is None


def test_a_new_step_ends_what_could_be_redone(ana: CodingSession) -> None:
    answer = ana.queue()[0]
    ana.flag(answer)
    ana.undo()
    ana.toggle(answer, code(ana, "reach"))
    assert ana.redo() is None
    ana.undo()
    assert ana.redo()
    assert on(ana, answer) == {"reach"}


def test_a_retired_code_cannot_be_put_on_but_taken_off(ana: CodingSession, study: Study) -> None:
    answer, other, *_ = ana.queue()
    reach = code(ana, "reach")
    ana.toggle(answer, reach)
    ana.decide(answer)
    codebooks.retire(study.database, "reach", by="ana")
    ana.reload_codes()
    with pytest.raises(Conflict, match="retired"):
        ana.toggle(other, reach)
    assert ana.repeat_last(other) is None
    assert ana.toggle(answer, reach)
    assert on(ana, answer) == set()
    assert ana.undo()
    assert on(ana, answer) == {"reach"}


def test_undo_of_taking_off_a_code_that_is_gone_since_is_refused(small: Path) -> None:
    with Study.open(small) as study:
        ana, _ = study.session("ana", "why")
        answer = ana.queue()[0]
        for _ in range(2):
            ana.toggle(answer, code(ana, "reach"))
    gone = "  - key: reach\n    name: Wider reach\n    hotkey: r\n"
    assert apply_book(small, BOOK.replace(gone, "")).removed == ("reach",)
    with Study.open(small) as study, pytest.raises(Conflict, match="reach"):
        study.undo("ana")
    assert errors(small) == []


def test_undo_gives_a_coding_the_codebook_version_and_the_source_that_it_had(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    for number in (2, 3):
        apply_book(small, BOOK.replace("version: 1", f"version: {number}"))
        with Study.open(small) as study:
            ana, _ = study.session("ana", "why")
            answer = ana.queue()[0]
            assert ana.toggle(answer, code(ana, "nothing" if number == 2 else "reach"))
    with Study.open(small) as study:
        rows = "SELECT code, codebook_version, source FROM v_coding"
        for expected in (("nothing", 2, ""), ("reach", 1, "import codings.csv")):
            assert study.undo("ana")
            assert study.database.rows(rows) == [expected]
        for expected in (("nothing", 2, ""), ("reach", 3, "")):
            assert study.redo("ana")
            assert study.database.rows(rows) == [expected]
    assert errors(small) == []


def test_a_changed_answer_is_open_again_until_confirmed(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,0,13", "r1,why,ana,cost,,", "r1,why,ben,cost,,")
    with Study.open(small) as study:
        ana = study.session("ana", "why")[0]
        old = ana.queue()[0]
    changed = "id,region,asked,weight,why,how\nr1,north,yes,1.5,Well: Ads are cheap,we call them\n"
    assert take_in(small, changed).intake.changed_answers == 1
    with Study.open(small) as study:
        question = study.info()["questions"][0]
        assert question["coders"] == {"ana": 0, "ben": 0}
        assert question["changed"] == 3
        ana, ben = (study.session(name, "why")[0] for name in ("ana", "ben"))
        new = ana.queue()[0]
        assert ana.opening() == new != old
        assert ana.where_is(old) == (new, "why")
        assert len(ana.answer(new).earlier) == 2
        assert ana.confirm_earlier(new)
        spans = {(c.start, c.end, c.source) for c in ana.answer(new).state.codings}
        assert spans == {(6, 19, "confirmed"), (None, None, "confirmed")}
        assert not ben.is_coded(new)
        assert study.info()["questions"][0]["changed"] == 1
        assert ana.undo()
        assert not ana.is_coded(new)
        assert ana.redo()
        assert len(ana.answer(old).state.codings) == 2
    assert errors(small) == []


def test_confirm_takes_over_all_that_changed_in_one_step(small: Path) -> None:
    take_in_codings(
        small, "r1,why,ana,cost,,", "r2,why,ana,,,", "r1,how,ana,reach,,", "r1,why,ben,cost,,"
    )
    take_in(
        small,
        "id,region,asked,weight,why,how\nr1,north,yes,1.5,new,new\nr2,south,yes,1,new,same\n",
    )
    with Study.open(small) as study:
        done = study.confirm("Ana")
        assert (done.coder, done.answers, done.codings) == ("ana", {"why": 2, "how": 1}, 2)
        assert study.confirm("ana").step is None
        ana = study.session("ana", "why")[0]
        assert ana.coded_count() == 2
        assert study.undo("ana")
        assert ana.coded_count() == 0
        assert study.confirm("ana", "how").answers == {"how": 1}
        assert study.info()["questions"][0]["coders"] == {"ana": 0, "ben": 0}
        with pytest.raises(NotFound):
            study.confirm("nobody")
        with pytest.raises(NotFound):
            study.confirm("ana", "nosuch")
    assert errors(small) == []


def test_an_answer_that_became_blank_has_nothing_to_confirm(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    take_in(small, "id,region,asked,weight,why,how\nr1,north,yes,1.5,-,we call them\n")
    with Study.open(small) as study:
        assert study.info()["questions"][0]["changed"] == 0
        assert study.confirm("ana").step is None


def test_codings_of_a_version_before_the_last_coded_one_wait_for_nothing(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r1,why,ana,reach,,")
    for text in ("second", "third"):
        take_in(small, f"id,region,asked,weight,why,how\nr1,north,yes,1.5,{text},we call them\n")
        if text == "second":
            take_in_codings(small, "r1,why,ana,uncodable,,")
    with Study.open(small) as study:
        assert study.info()["questions"][0]["changed"] == 1
        study.confirm("ana")
        assert study.info()["questions"][0]["changed"] == 0


def test_a_session_for_a_question_that_is_none_adds_no_coder(study: Study) -> None:
    with pytest.raises(NotFound, match="whi"):
        study.session("carl", "whi")
    assert study.coders == ()


def test_a_coder_comes_back_to_the_question_of_the_last_time(study: Study) -> None:
    session = study.session("ana", "how")[0]
    session.remember(session.queue()[0])
    assert study.session("ANA ")[0].question.key == "how"
    assert study.session("ben")[0].question.key == "why"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("all", ["r1", "r2", "r5", "r6"]),
        ("uncoded", ["r2", "r5", "r6"]),
        ("coded", ["r1"]),
        ("flagged", ["r2"]),
        ("blank", ["r3", "r4"]),
        ("not_asked", []),
        ("code", ["r1"]),
        ("text", ["r1", "r6"]),
    ],
)
def test_a_filter_lets_through_what_it_says(
    ana: CodingSession, kind: str, expected: list[str]
) -> None:
    first, second, *_ = ana.queue()
    ana.toggle(first, code(ana, "cost"))
    ana.flag(second)
    wanted = Filter(kind, code_id=code(ana, "cost"), text="CHEAP")
    ids = list(ana.queue(wanted))
    assert [row.respondent for row in ana.listed(ids, width=5)] == expected
    assert [ana.answer(answer).response.respondent for answer in ids] == expected


def test_a_code_of_another_question_is_not_found(tmp_path: Path) -> None:
    book = "codebook: How\nquestions: [how]\ncodes:\n  - key: phone\n    name: Phone\n"
    with Study.open(make(tmp_path, books=(book,))) as study:
        phone = study.session("ana", "how")[0].codes[0].id
        session = study.session("ana", "why")[0]
        assert session.codes == ()
        with pytest.raises(NotFound):
            session.toggle(session.queue()[0], phone)


def test_another_process_is_noticed(small: Path) -> None:
    with Study.open(small) as study:
        ana = study.session("ana", "why")[0]
        with Study.open(small) as other:
            codebooks.rename(other.database, "reach", "range", by="ben")
        ana.notice_changes()
        assert ana.codes[0].path == "range"
