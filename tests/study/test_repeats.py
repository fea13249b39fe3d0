"""A coder codes some answers twice without being told; nothing but their consistency knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import Study
from qualcode.errors import NotFound
from qualcode.model import Filter
from qualcode.store import learning, repeats
from qualcode.store.repeats import Assigned
from qualcode.study import agreement, assigning, exports, home, repeating
from qualcode.study import codebooks as books
from qualcode.study.agreement.consistency import as_document
from qualcode.study.assigning import Plan
from studies import content, errors, make, read_csv, take_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.study import CodingSession
    from qualcode.study.assigning import Dealt

N = 12
LONG = "id,why\n" + "".join(f"r{n},answer number {n}\n" for n in range(1, N + 1))
QUEUES = st.builds(
    lambda total, done: [
        Assigned(rank, rank, f"r{rank}", rank <= done, is_repeated=False)
        for rank in range(1, total + 1)
    ],
    st.integers(1, 120),
    st.integers(0, 120),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path, LONG, questions=(("why", "why"),))


@pytest.fixture
def opened(path: Path) -> Iterator[Study]:
    with Study.open(path) as found:
        yield found


def deal(opened: Study, *names: str, repeat: float = 0.25, **plan: float) -> Dealt:
    question = opened.question("why")
    full = Plan(repeat=repeat, **plan)  # type: ignore[arg-type]
    (found,) = assigning.assign(opened.database, names, [question], full, by="lead")
    return found


def coder(opened: Study, name: str = "ana") -> CodingSession:
    return opened.session(name, "why")[0]


def decide_all(session: CodingSession, *, code: int = 0) -> list[int]:
    """Code whatever opens until nothing does; the answers and repeats in that order."""
    order = []
    while (opening := session.opening()) is not None:
        session.toggle(opening, session.codes[code].id)
        session.decide(opening)
        order.append(opening)
    return order


@given(QUEUES, st.floats(0, 1), st.integers(0, 9))
def test_a_repeat_comes_far_behind_the_first_time_and_behind_all_that_is_done(
    queue: list[Assigned], share: float, seed: int
) -> None:
    drawn = repeating.draw(queue, (1, "ana"), share, seed)
    distance = max(1, min(repeating.DISTANCE, len(queue) // 2))
    done = max((one.rank for one in queue if one.is_decided), default=0)
    assert len({one.respondent_id for one in drawn}) == len(drawn)
    assert len(drawn) == min(round(share * len(queue)), len(queue) - distance)
    for one in drawn:
        assert one.gap >= distance
        assert one.respondent_id + one.gap > done
        assert one.respondent_id <= len(queue) - distance
        assert one.probability == len(drawn) / (len(queue) - distance)


@given(QUEUES, st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_a_larger_share_adds_to_what_was_drawn(
    queue: list[Assigned], one: float, other: float, seed: int
) -> None:
    less, more = sorted((one, other))
    first = {each.respondent_id for each in repeating.draw(queue, (1, "ana"), less, seed)}
    whole = {each.respondent_id for each in repeating.draw(queue, (1, "ana"), more, seed)}
    marked = [
        Assigned(each.rank, each.rank, each.respondent, each.is_decided, each.rank in first)
        for each in queue
    ]
    later = {each.respondent_id for each in repeating.draw(marked, (1, "ana"), more, seed)}
    assert first <= whole
    assert first | later == whole
    assert not first & later


def test_repeats_come_once_each_behind_their_answers(opened: Study) -> None:
    assert deal(opened, "ana").repeats == 3
    session = coder(opened)
    order = decide_all(session)
    assert sorted(map(abs, order)) == sorted(
        [*session.queue(), *(-one for one in order if one < 0)]
    )
    assert len(order) == N + 3
    for place, one in enumerate(order):
        assert one > 0 or order.index(-one) <= place - N // 2
    assert order == list(session.queue(Filter("assigned")))
    assert session.coded_count() == session.to_code_count() == N + 3
    assert errors(opened.path) == []


def test_more_are_added_later_and_nothing_done_is_touched(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    done = decide_all(session)
    before = (
        opened.database.rows("SELECT * FROM coding"),
        opened.database.rows("SELECT * FROM repeated"),
    )
    assert deal(opened, "ana", repeat=0.25).repeats == 0
    assert deal(opened, "ana", repeat=0.5).repeats == 3
    queue = list(session.queue(Filter("assigned")))
    assert queue[: len(done)] == done
    assert session.opening() == queue[len(done)]
    assert before == (
        opened.database.rows("SELECT * FROM coding"),
        opened.database.rows("SELECT * FROM repeated"),
    )


def test_a_repeat_looks_as_if_nobody_had_coded_the_answer(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    queue = list(session.queue(Filter("assigned")))
    again = next(one for one in queue if one < 0)
    first = session.answer(-again)
    session.toggle(-again, session.codes[0].id)
    session.write_memo(-again, "a memo")
    session.flag(-again)
    session.decide(-again)
    seen = session.answer(again)
    assert seen.state == first.state
    assert seen.response.text == first.response.text
    assert (seen.attributes, seen.twins, seen.earlier) == (first.attributes, 0, ())
    (row,) = session.listed([again], width=80)
    assert not row.is_coded
    assert not row.is_flagged
    assert again not in session.queue(Filter("flagged"))


def test_the_first_coding_stays_whatever_is_done_to_the_repeat(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    decide_all(session)
    tables = "coding", "mark"
    before = [opened.database.rows(f"SELECT * FROM {name}") for name in tables]
    again = next(one for one in session.queue(Filter("assigned")) if one < 0)
    state = session.answer(again).state
    cost, nothing = session.codes[1].id, session.codes[4].id
    session.toggle(again, cost, (0, 6))
    session.write_memo(again, "why?")
    session.flag(again)
    assert again in session.queue(Filter("flagged"))
    session.toggle(again, nothing)
    changed = session.answer(again).state
    assert changed.whole == {nothing}
    assert changed.memo == "why?"
    for _ in range(4):
        undone = session.undo()
        assert undone is not None
        assert undone.response_id == again
    assert session.answer(again).state == state
    for _ in range(4):
        session.redo()
    assert session.answer(again).state == changed
    assert [opened.database.rows(f"SELECT * FROM {name}") for name in tables] == before
    assert errors(opened.path) == []


def test_undo_says_the_same_of_a_repeat_as_of_an_answer(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    queue = list(session.queue(Filter("assigned")))
    again = next(one for one in queue if one < 0)
    told = []
    for answer in (-again, again):
        for code in (0, 1, 4):
            session.toggle(answer, session.codes[code].id)
        session.decide(answer)
        steps = [session.undo() for _ in range(4)]
        told.append([(one.kind, one.acts, one.newly_coded, one.code_id) for one in steps if one])
        for _ in range(4):
            session.redo()
    assert told[0] == told[1]
    assert len(told[0]) == 4


def test_nothing_that_counts_or_exports_knows_of_repeats(path: Path, tmp_path: Path) -> None:
    def seen(study: Study, name: str) -> list[object]:
        question, files = study.question("why"), []
        for kind in ("responses", "codings", "disagreements", "matrix"):
            target = tmp_path / f"{name}-{kind}.csv"
            exports.export(study.database, kind, target, exports.Chosen())
            files.append(read_csv(target))
        report = agreement.measure(study.database, question, with_pending=True)
        model = learning.own_codes(study.database, question.id, study.coder("ana").id)
        rows = study.database.rows("SELECT * FROM v_progress")
        at_home = home.look(study.database).questions[0].progress
        return [files, report.coded_by, report.overall, report.codes, model, rows, at_home]

    with Study.open(path) as study:
        deal(study, "ana", "ben", double=1)
        for name in ("ana", "ben"):
            session = coder(study, name)
            for answer in session.queue():
                session.toggle(answer, session.codes[answer % 3].id)
                session.decide(answer)
        # A model does not learn from what is still to be coded again.
        question, ana = study.question("why"), study.coder("ana")
        waiting = {-one for one in coder(study).queue(Filter("assigned")) if one < 0}
        learned = learning.own_codes(study.database, question.id, ana.id)
        assert set(learned) == set(coder(study).queue()) - waiting
        before = seen(study, "before")
        for name in ("ana", "ben"):
            session = coder(study, name)
            assert decide_all(session, code=3)
        after = seen(study, "after")
        after[4] = before[4]
        assert after == before
        assert set(learning.own_codes(study.database, question.id, ana.id)) == set(session.queue())


def test_consistency_compares_the_two_times(opened: Study) -> None:
    deal(opened, "ana", repeat=0.5)
    session = coder(opened)
    question = opened.question("why")
    queue = list(session.queue(Filter("assigned")))
    reach, cost = session.codes[0].id, session.codes[1].id
    for place, answer in enumerate(session.queue()):
        session.toggle(answer, (reach, cost)[place % 2])
        session.decide(answer)
    again = [one for one in queue if one < 0]
    for one in again[:-2]:
        for code in session.answer(-one).state.whole:
            session.toggle(one, code)
        session.decide(one)
    (found,) = agreement.consistency(opened.database, question)
    assert (found.coder, found.repeats, found.n) == ("ana", 6, 4)
    assert found.overall.exact_match.value == 1
    other = ({reach, cost} - session.answer(-again[-2]).state.whole).pop()
    session.toggle(again[-2], other)
    (found,) = agreement.consistency(opened.database, question)
    assert found.n == 4
    session.decide(again[-2])
    (found,) = agreement.consistency(opened.database, question)
    assert found.n == 5
    assert found.overall.exact_match.value == 0.8
    by_code = {code.code: code for code in found.codes}
    assert by_code["reach"].n == 5
    assert by_code["reach"].percent_agreement.value == 0.8
    assert by_code["cost"].positives == {
        "first": sum(session.answer(-one).state.whole == {cost} for one in again[:-1]),
        "second": sum(session.answer(one).state.whole == {cost} for one in again[:-1]),
    }


def test_consistency_takes_merged_codes_for_one_and_leaves_split_ones_out(opened: Study) -> None:
    deal(opened, "ana", repeat=0.5)
    ana = coder(opened)
    cheap, dear = (next(c for c in ana.codes if c.key == key) for key in ("cheap", "dear"))
    while (opening := ana.opening()) is not None:
        ana.toggle(opening, (dear if opening < 0 else cheap).id)
        ana.decide(opening)
    question = opened.question("why")
    (found,) = agreement.consistency(opened.database, question)
    assert found.n
    assert found.overall.exact_match.value == 0
    books.merge(opened.database, "cheap", "dear", by="lead")
    (merged,) = agreement.consistency(opened.database, question)
    assert (merged.n, merged.overall.exact_match.value) == (found.n, 1)
    assert [code.code for code in merged.codes if any(code.positives.values())] == ["cost/dear"]
    ana = coder(opened)
    again = next(one for one in ana.queue(Filter("assigned")) if one < 0)
    ana.toggle(again, dear.id)
    assert ana.answer(again).state.codings == (), "it comes off under the code it counts as"
    ana.undo()
    books.split(opened.database, "dear", {"early": "", "late": ""}, by="lead")
    (left,) = agreement.consistency(opened.database, question)
    assert (left.n, left.split) == (0, found.n)
    (section,) = as_document(question, [left]).sections
    assert f"{found.n} are decided twice. Left out" in section.paragraphs[0]
    assert errors(opened.path) == []


def test_a_changed_answer_is_repeated_once_it_was_coded_anew(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    decide_all(session)
    again = next(one for one in session.queue(Filter("assigned")) if one < 0)
    number = session.answer(again).response.respondent[1:]
    take_in(opened.path, LONG.replace(f"answer number {number}\n", "something else\n"))
    order = decide_all(session)
    assert len(order) == 2
    assert order[0] == -order[1] > N
    (found,) = agreement.consistency(opened.database, opened.question("why"))
    assert found.n == found.repeats == 3
    assert errors(opened.path) == []


def test_a_code_that_is_gone_is_refused_on_a_repeat_too(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    decide_all(session)
    again = next(one for one in session.queue(Filter("assigned")) if one < 0)
    before = content(opened.path)
    with pytest.raises(NotFound, match="no such code"):
        session.toggle(again, 999)
    assert content(opened.path) == before


def test_identical_answers_are_not_coded_along_with_a_repeat(tmp_path: Path) -> None:
    survey = "id,why\n" + "".join(f"r{n},same\n" for n in range(1, 9))
    with Study.open(make(tmp_path, survey, questions=(("why", "why"),))) as study:
        deal(study, "ana", repeat=0.5)
        session = coder(study)
        list(session.group_identical())
        session.toggle(session.queue()[0], session.codes[0].id)
        session.decide(session.queue()[0])
        assert session.coded_count() == 8
        again = [one for one in session.queue(Filter("assigned")) if one < 0]
        assert session.answer(again[0]).twins == 0
        change = session.decide(again[0])
        assert change is not None
        assert (change.acts, change.newly_coded) == (1, 1)
        assert [session.is_coded(one) for one in again] == [True, False, False, False]


def test_where_a_coder_left_off_is_an_answer(opened: Study) -> None:
    deal(opened, "ana")
    session = coder(opened)
    for answer in session.queue():
        session.decide(answer)
    again = [one for one in session.queue(Filter("assigned")) if one < 0]
    session.remember(again[0])
    assert coder(opened).opening() == again[0]
    session.decide(again[0], then=again[1])
    assert coder(opened).opening() == again[1]
    assert repeats.counts(opened.database) == {(1, 1): (3, 1)}


def test_the_doctor_holds_repeats_against_the_journal(opened: Study) -> None:
    deal(opened, "ana")
    decide_all(coder(opened))
    assert errors(opened.path) == []
    opened.database.run(
        "DELETE FROM repeated WHERE response_id = (SELECT min(response_id) FROM repeated)"
    )
    found = {one.about for one in opened.examine() if one.level == "error"}
    assert found == {"repeats against the journal"}
