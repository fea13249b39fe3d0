"""What a study has to tell at a glance, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import InputError, QualcodeError
from qualcode.store.overview import Cases
from qualcode.study import agreement, assigning, backups, codebooks, home, review
from qualcode.study.verdicts import import_verdicts
from studies import SURVEY, make, take_in, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study.home import Home, QuestionState

CODINGS = (
    *("r1,why,ana,reach,,", "r2,why,ana,cost/cheap,,", "r5,why,ana,,,"),
    *("r1,why,ben,reach,,", "r2,why,ben,cost/dear,,", "r6,why,ben,reach,,"),
    "r1,how,ben,reach,,",
)


@pytest.fixture
def coded(small: Path) -> Path:
    """Four answers to `why`: two coded twice, one of them differently."""
    take_in_codings(small, *CODINGS)
    return small


def seen(study: Path, viewer: str = "") -> Home:
    with Study.open(study, readonly=True) as opened:
        return list(home.measured(opened.database, home.look(opened.database, viewer)))[-1]


def of(found: Home, key: str) -> QuestionState:
    return next(one for one in found.questions if one.question.key == key)


def done(state: QuestionState) -> dict[str, int]:
    return {one.coder: one.coded for one in state.progress}


def test_the_lead_sees_how_far_everybody_is(coded: Path) -> None:
    found = seen(coded)
    assert (found.viewer, found.is_whole, found.respondents) == ("", True, 6)
    assert done(of(found, "why")) == {"ana": 3, "ben": 3}
    assert done(of(found, "how")) == {"ana": 0, "ben": 1}
    state = of(found, "why")
    assert (state.asked, state.answered) == (6, 4)
    assert state.agreed
    assert (state.agreed.coded, state.agreed.multiply_coded) == (4, 2)
    assert state.disagreements == 1
    assert state.open_quotes == 2, "where two disagree there is no theme"


def test_coders_who_put_on_what_counts_as_one_code_do_not_differ(coded: Path) -> None:
    with Study.open(coded) as opened:
        codebooks.merge(opened.database, "cost/dear", "cost/cheap", by="lead")
    assert of(seen(coded), "why").disagreements == 0
    with Study.open(coded) as opened:
        codebooks.split(opened.database, "cost/cheap", {"low": "", "lower": ""}, by="lead")
    state = of(seen(coded), "why")
    assert {one.coder: one.to_recode for one in state.progress} == {"ana": 1, "ben": 1}


def test_what_waits_for_review_is_what_the_queue_holds(coded: Path) -> None:
    with Study.open(coded) as opened:
        for name in ("ana", "ben"):
            session, _ = opened.session(name, "why")
            first, second, *_ = session.queue()
            session.write_memo(first, f"{name}?")
            session.flag(first)
            session.flag(second)
        waiting = review.items(opened.database, open_only=True)
        for item in waiting[::2]:
            review.settle(opened.database, item.marked.id, "Ada", "so")
        session.flag(first)
        session.flag(first)
        session.write_memo(first, "another question")
        waiting = review.items(opened.database, "why", open_only=True)
    assert of(seen(coded), "why").to_review == len(waiting) > 2
    assert of(seen(coded, "ana"), "why").to_review is None


def test_the_numbers_are_those_of_the_other_commands(sample: Path) -> None:
    found = seen(sample)
    with Study.open(sample, readonly=True) as opened:
        for told in opened.info()["questions"]:
            state = of(found, told["key"])
            assert (state.asked, state.answered) == (told["asked"], told["substantive"])
            assert done(state) == told["coders"]
            report = agreement.measure(opened.database, state.question, is_full=False)
            assert state.agreed
            assert state.agreed.mean_alpha == report.overall.mean_alpha
            assert state.agreed.multiply_coded == report.n_multiply_coded
            differing = agreement.disagreements(opened.database, state.question)
            assert state.disagreements == len(differing)


def test_a_coder_sees_nothing_of_the_others(coded: Path) -> None:
    found = seen(coded, "ANA")
    assert (found.viewer, found.is_whole) == ("ana", False)
    for state in found.questions:
        assert list(done(state)) == ["ana"]
        assert (state.agreed, state.disagreements, state.open_quotes, state.said) == (None,) * 4
    with Study.open(coded, readonly=True) as opened:
        told = home.as_json(found, opened.info())
    assert "ben" not in str(told)
    assert told["agreement"] is None
    assert {one["disagreements"] for one in told["waiting"]} == {None}


def test_what_there_is_to_adjudicate_is_what_its_screen_has(sample: Path) -> None:
    with Study.open(sample) as study:
        study.session("lea")
        lead = study.adjudicating("lea", "Q5")
        first, second, third = lead.queue()[:3]
        lead.send_back(first, "why?")
        lead.take(second, "A")
        lead.send_back(third, "A: and why?")
        coder = lead.case(third).side("A").coder.name
        n = 1 + sum(one.coder.name == coder for one in lead.case(first).sides)
        there = {key.key: study.adjudicating(question=key.key).counts() for key in study.questions}
    for state in seen(sample).questions:
        assert state.cases
        counts = there[state.question.key]
        assert state.cases.to_settle == counts["open"]
        assert state.cases.sent_back == counts["sent back"]
        assert state.disagreements == counts["open"] + counts["sent back"]
    found = seen(sample, coder)
    assert (of(found, "Q5").asked_about, of(found, "Q5").cases) == (n, None)
    with Study.open(sample, readonly=True) as study:
        told = home.as_json(found, study.info())
        everybody = home.as_json(seen(sample), study.info())
    asked = {one["key"]: one["asked_about"] for one in told["questions"]}
    assert asked == {key: {} for key in asked} | {"Q5": {coder: n}}
    whole = {one["key"]: one["asked_about"] for one in everybody["questions"]}
    assert len(whole["Q5"]) > 1


def test_what_waits_for_one_of_its_coders_is_not_there_to_settle_nor_counted_as_differing(
    small: Path,
) -> None:
    with Study.open(small) as study:
        plan = assigning.Plan(1.0, 2, 0)
        question = study.question("why")
        assigning.assign(study.database, ["ana", "ben"], (question,), plan, by="lea")
        ana, ben = (study.session(name, "why")[0] for name in ("ana", "ben"))
        answer = ana.queue()[0]
        for session, place in ((ana, 0), (ben, 1)):
            session.toggle(answer, session.codes[place].id)
        ana.decide(answer)
        state = of(seen(small), "why")
        assert (state.disagreements, state.cases) == (0, Cases(0, 0))
        ben.decide(answer)
        state = of(seen(small), "why")
        assert (state.disagreements, state.cases) == (1, Cases(1, 0))


def test_who_codes_alone_sees_everything(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    found = seen(small, "ana")
    assert found.is_whole
    assert of(found, "why").agreed
    assert not seen(small, "ben").is_whole


def test_a_coder_who_is_new_has_done_nothing(small: Path) -> None:
    assert done(of(seen(small, " zoe "), "why")) == {"zoe": 0}
    with pytest.raises(InputError, match="a coder needs a name"):
        seen(small, " ")
    with Study.open(small) as opened:
        assert opened.coders == ()


def test_an_answer_that_changed_waits_for_those_who_had_coded_it(coded: Path) -> None:
    take_in(coded, SURVEY.replace("wide reach. cheap ads", "something else"))
    changed = {one.coder: one.to_confirm for one in of(seen(coded), "why").progress}
    assert changed == {"ana": 0, "ben": 1}
    assert of(seen(coded, "ben"), "why").to_confirm == 1
    with Study.open(coded) as opened:
        assert opened.confirm("ben").answers["why"] == 1
    assert of(seen(coded), "why").to_confirm == 0
    assert done(of(seen(coded), "why")) == {"ana": 3, "ben": 3}


def test_codings_of_an_earlier_version_count_in_nothing(coded: Path) -> None:
    take_in(coded, SURVEY.replace("wide reach. cheap ads", "n/a"))
    assert done(of(seen(coded), "why"))["ben"] == 2
    assert of(seen(coded), "why").to_confirm == 0


def test_a_verdict_settles_a_disagreement(coded: Path) -> None:
    file = coded.with_name("verdicts.csv")
    file.write_text("respondent,question,coder,code\nr2,why,pi,cost/cheap\n")
    with Study.open(coded) as opened:
        import_verdicts(opened.database, file, by="pi")
    assert of(seen(coded), "why").disagreements == 0


def test_flags_memos_and_quotes_are_counted(coded: Path) -> None:
    with Study.open(coded) as opened:
        for coder in ("ana", "ben"):
            session, _ = opened.session(coder, "why")
            session.flag(session.queue()[0])
        session.write_memo(session.queue()[1], "ask")
        clearing, _ = opened.clearing("pi", opened.question("why"))
        clearing.clear(clearing.answer_of("r1"))
        clearing.withhold(clearing.answer_of("r2"))
    state = of(seen(coded), "why")
    assert (state.marked.flagged, state.marked.memos) == (1, 1)
    assert (of(seen(coded, "ana"), "why").marked.flagged) == 1
    assert (of(seen(coded, "ana"), "why").marked.memos) == 0
    assert state.said
    assert (state.said.cleared, state.said.withheld, state.open_quotes) == (1, 1, 1)


def test_a_question_without_a_codebook_says_so(tmp_path: Path) -> None:
    state = of(seen(make(tmp_path, books=())), "why")
    assert state.agreed
    assert state.agreed.reason == "why has no codebook yet"
    assert state.open_quotes == 0


def test_what_was_measured_is_carried_until_it_is_measured_anew(coded: Path) -> None:
    before = seen(coded)
    with Study.open(coded) as opened:
        assert home.carried(home.look(opened.database), before).is_measured
        session, _ = opened.session("ana", "why")
        session.decide(session.queue()[3])
        after = home.carried(home.look(opened.database), before)
    assert not after.is_measured
    assert of(after, "why").agreed == of(before, "why").agreed
    assert done(of(after, "why"))["ana"] == 4


def test_where_one_left_off_is_no_reason_to_measure_anew(coded: Path) -> None:
    before = seen(coded)
    with Study.open(coded) as opened:
        session, _ = opened.session("ana", "why")
        session.remember(session.queue()[2])
    assert seen(coded).as_of == before.as_of


def test_it_is_noticed_that_somebody_else_writes(coded: Path) -> None:
    with Study.open(coded, readonly=True) as opened:
        before = home.version(opened.database)
        assert home.version(opened.database) == before
        with Study.open(coded) as other:
            other.session("new")
        assert home.version(opened.database) != before
        coded.rename(coded.with_name("moved.db"))
        with pytest.raises(QualcodeError, match="was moved or replaced"):
            home.version(opened.database)


def test_the_last_backup_is_named(coded: Path) -> None:
    assert seen(coded).backup is None
    with Study.open(coded) as opened:
        before = home.version(opened.database)
        backups.make(opened, now=datetime(2026, 3, 1, 12, tzinfo=UTC))
        made = backups.make(opened, now=datetime(2026, 3, 2, 12, tzinfo=UTC))
        assert home.version(opened.database) != before
    found = seen(coded, "ana")
    assert found.backup == made
    told = home.as_json(found, {"questions": []})["backup"]
    assert told == {"file": "2026-03-02T120000Z.db", "made": "2026-03-02T12:00:00Z"}


def test_a_coders_progress_is_of_their_assignment_and_counts_what_comes_twice(
    coded: Path,
) -> None:
    with Study.open(coded) as opened:
        plan = assigning.Plan(repeat=0.5)
        assigning.assign(opened.database, ("ana",), [opened.question("why")], plan, by="lead")
        session, _ = opened.session("ana", "why")
        while (opening := session.opening()) is not None:
            session.decide(opening)
    (mine,) = of(seen(coded, "ana"), "why").progress
    assert (mine.coded, mine.to_code) == (6, 6)
    assert of(seen(coded, "ana"), "how").to_code == 5
    everybody = {one.coder: (one.coded, one.to_code) for one in of(seen(coded), "why").progress}
    assert everybody == {"ana": (4, 4), "ben": (3, 4)}
