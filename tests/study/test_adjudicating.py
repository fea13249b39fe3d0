"""Adjudication settles what coders disagree on, beside their codings and never in their place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coded import TWO
from qualcode import Study
from qualcode.codebooks import append_item, parse
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.store import codings, verdicts
from qualcode.study import assigning, exports
from qualcode.study.adjudication.summary import UNSAID, summarise
from qualcode.study.agreement import measure
from qualcode.study.frequencies import Wish, tabulate
from qualcode.study.quotes.leaks import leaked
from qualcode.study.verdicts import import_verdicts
from studies import BOOK, SURVEY, content, errors, make, plant, read_csv, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.study.adjudication.session import AdjudicationSession


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Of the four answers to `why`, r1 is in dispute on cheap, r2 on reach and cost."""
    path = make(tmp_path)
    take_in_codings(path, *TWO)
    with Study.open(path) as opened:
        opened.session("lea")
    return path


@pytest.fixture
def opened(study: Path) -> Iterator[Study]:
    with Study.open(study) as found:
        yield found


def adjudicating(opened: Study, person: str = "lea") -> AdjudicationSession:
    return opened.adjudicating(person, "why")


def letter_of(session: AdjudicationSession, answer: int, coder: str) -> str:
    return next(one.letter for one in session.case(answer).sides if one.coder.name == coder)


def ids(opened: Study, *paths: str) -> set[int]:
    by_path = opened.codebooks[0].by_path()
    return {by_path[path].id for path in paths}


def test_only_answers_on_which_two_differ_are_cases(opened: Study) -> None:
    session = adjudicating(opened)
    found = {session.case(one).response.respondent for one in session.queue("open")}
    assert found == {"r1", "r2"}
    assert session.counts() == {"open": 2, "settled": 0, "sent back": 0}


def test_an_unknown_coder_is_not_made(study: Path) -> None:
    before = content(study)
    with Study.open(study) as opened, pytest.raises(NotFound, match="no coder “zoe”") as found:
        adjudicating(opened, "zoe")
    assert "assign" in found.value.hint
    assert content(study) == before


def test_a_verdict_lies_beside_the_codings_and_counts_as_adjudicated(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r1")
    before = opened.database.rows("SELECT * FROM coding")
    session.take(answer, letter_of(session, answer, "ana"))
    session.explain(answer, "missed")
    session.write_memo(answer, "ben did not see it")
    case = session.case(answer)
    assert {code.path for code in case.of(case.verdict.codes)} == {"reach", "cost/cheap"}
    assert (case.state, case.adjudicator) == ("settled", "lea")
    assert opened.database.rows("SELECT * FROM coding") == before
    wish = Wish(rule="adjudicated", is_internal=True)
    table = tabulate(opened.database, opened.question("why"), wish)
    assert {row.code.path: row.cell.k for row in table.rows}["cost/cheap"] == 1


def test_codes_that_stand_alone_stand_alone_in_a_verdict(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r1")
    with pytest.raises(InputError, match="cannot stand beside"):
        session.settle(answer, ids(opened, "reach", "nothing"))
    for path, held in (("nothing", {"nothing"}), ("uncodable", {"uncodable"}), ("cost", {"cost"})):
        session.toggle(answer, *ids(opened, path))
        assert set(session.case(answer).verdict.codes) == ids(opened, *held)


def test_nothing_is_said_twice_and_nothing_without_a_verdict(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r1")
    for verb in (session.explain, session.write_memo):
        with pytest.raises(Conflict, match="settle it first"):
            verb(answer, "missed")
    assert session.take(answer, "A")
    assert session.take(answer, "a") is None
    assert session.explain(answer, "missed")
    assert session.explain(answer, "missed") is None
    with pytest.raises(InputError, match="is no reason"):
        session.explain(answer, "bad luck")
    with pytest.raises(NotFound, match="no “C”"):
        session.take(answer, "C")
    assert session.take_back(answer)
    assert session.take_back(answer) is None


def test_a_verdict_without_any_code_is_one(opened: Study) -> None:
    session = adjudicating(opened)
    assert session.settle(session.answer_of("r2"), ())
    assert session.case(session.answer_of("r2")).state == "settled"


def test_a_changed_answer_is_no_case_any_more(study: Path) -> None:
    with Study.open(study) as opened:
        session = adjudicating(opened)
        answer = session.answer_of("r1")
        take_in(study, SURVEY.replace("Ads are cheap", "Ads are dear"))
        with pytest.raises(Conflict, match="has changed since"):
            session.take(answer, "A")
        assert session.notice_changes()
        assert answer not in session.queue()


def test_what_waits_for_a_coder_is_hidden(tmp_path: Path) -> None:
    path = make(tmp_path)
    with Study.open(path) as opened:
        question = opened.question("why")
        plan = assigning.Plan(1.0, 2, 0)
        assigning.assign(opened.database, ["ana", "ben"], (question,), plan, by="lea")
        ana, ben = (opened.session(name, "why")[0] for name in ("ana", "ben"))
        answer = ana.queue()[0]
        ana.toggle(answer, ana.codes[0].id)
        ana.decide(answer)
        ben.toggle(answer, ben.codes[1].id)
        assert not adjudicating(opened, "ana").queue()
        session = adjudicating(opened, "ana")
        with pytest.raises(NotFound, match="is not in dispute"):
            session.answer_of(session_respondent(opened, answer))
        ben.decide(answer)
        session = adjudicating(opened, "ana")
        assert list(session.queue()) == [answer]
        session.send_back(answer, "why?")
        ben.undo()
        assert not adjudicating(opened, "ana").queue(), "neither one that was sent back"
        ben.redo()
        session.take(answer, "A")
        ben.undo()
        assert not adjudicating(opened, "ana").queue(), "nor one that was settled"
        found = summarise(opened.database, question)
        assert (found.n, found.cases["settled"]) == (0, 0)


def session_respondent(opened: Study, answer: int) -> str:
    return opened.session("ana", "why")[0].answer(answer).response.respondent


# -- asking


def test_a_question_waits_until_each_has_decided_again(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r2")
    session.send_back(answer, "what is “same”?")
    assert session.counts() == {"open": 1, "settled": 0, "sent back": 1}
    assert opened.info()["questions"][0]["asked_about"] == {"ana": 1, "ben": 1}
    ana, ben = (opened.session(name, "why")[0] for name in ("ana", "ben"))
    assert ana.answer(answer).asked == ("what is “same”?",)
    ana.decide(answer)
    assert ana.answer(answer).asked == ()
    assert session.counts()["sent back"] == 1
    change = ben.decide(answer)
    assert session.counts() == {"open": 2, "settled": 0, "sent back": 0}
    assert change.kind == "decide", "imported codings are not decided"
    ben.undo()
    assert ben.answer(answer).asked == ("what is “same”?",)
    ben.redo()
    session.send_back(answer, "and now?")
    assert ben.decide(answer).kind == "answer"
    assert not errors(opened.path)


def test_to_answer_by_agreeing_ends_the_dispute(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r2")
    session.send_back(answer, f"{letter_of(session, answer, 'ben')}: is it not reach?")
    ben = opened.session("ben", "why")[0]
    for path in ("cost", "reach"):
        ben.toggle(answer, *ids(opened, path))
    ben.decide(answer)
    assert answer not in adjudicating(opened).queue()


@pytest.mark.parametrize("text", ["", "  ", "A:", "b:  "])
def test_nobody_is_asked_nothing(opened: Study, text: str) -> None:
    session = adjudicating(opened)
    with pytest.raises(InputError, match="no question to ask"):
        session.send_back(session.answer_of("r1"), text)


def test_an_adjudicator_who_codes_is_not_asked_with_the_others(opened: Study) -> None:
    session = adjudicating(opened, "ana")
    answer = session.answer_of("r1")
    session.send_back(answer, "why?")
    asked = opened.database.rows("SELECT coder FROM v_query")
    assert asked == [("ben",)]


def test_undo_in_any_order_leaves_what_the_journal_says(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r1")
    ana = opened.session("ana", "why")[0]
    session.send_back(answer, "one")
    ana.decide(answer)
    session.undo()
    assert opened.database.rows("SELECT * FROM query") == []
    ana.undo()
    assert opened.database.rows("SELECT * FROM query") == []
    session.redo()
    assert ana.answer(answer).asked == ("one",)
    ana.redo()
    assert ana.answer(answer).asked == ()
    assert errors(opened.path) == []


@pytest.mark.parametrize(
    "sql", ["DELETE FROM query", "UPDATE query SET is_answered = 1", "UPDATE query SET text = 'x'"]
)
def test_doctor_compares_questions_with_the_journal(study: Path, sql: str) -> None:
    with Study.open(study) as opened:
        session = adjudicating(opened)
        session.send_back(session.answer_of("r1"), "why \x07 “not”\n?")
    assert errors(study) == []
    plant(study, sql)
    assert errors(study)


# -- the codebook


def test_an_example_changes_its_line_and_the_version_alone(opened: Study) -> None:
    session = adjudicating(opened)
    answer = session.answer_of("r1")
    [cheap] = ids(opened, "cost/cheap")
    with pytest.raises(Conflict, match="settle it first"):
        session.add_to_codebook(answer, cheap, "examples", "x")
    session.take(answer, "A")
    with pytest.raises(InputError, match="no words"):
        session.add_to_codebook(answer, cheap, "examples", " \n ")
    for field in ("examples", "include", "exclude"):
        added = session.add_to_codebook(answer, cheap, field, f"ads: “cheap”, #1\n{field}")
        assert added.is_quote == (field == "examples")
    assert added.version == 4
    assert (
        session.add_to_codebook(answer, cheap, "exclude", "ads: “cheap”, #1 exclude").version == 0
    )
    text = exports_codebook(opened)
    diff = list(difflib.ndiff(BOOK.splitlines(), text.splitlines()))
    assert [line for line in diff if line.startswith("- ")] == ["- version: 1"]
    assert len([line for line in diff if line.startswith("+ ")]) == 4
    assert parse(text).by_path()["cost/cheap"].examples == ("ads: “cheap”, #1 examples",)


LONG = "nobody told us that we could ever ask the company for those records"


def test_a_rule_in_words_of_an_answer_is_still_a_leak(tmp_path: Path) -> None:
    path = make(tmp_path, survey=SURVEY.replace("Ads are cheap", LONG))
    take_in_codings(path, *TWO)
    with Study.open(path) as opened:
        opened.session("lea")
        session = adjudicating(opened)
        answer = session.answer_of("r1")
        [reach] = ids(opened, "reach")
        session.take(answer, "A")
        assert session.add_to_codebook(answer, reach, "include", f"also: {LONG}").is_quote
        assert not session.add_to_codebook(answer, reach, "include", "records of firms").is_quote
        assert [str(one) for one in leaked(opened.database, LONG)] != []
        words = LONG.replace("records", "files")
        assert leaked(opened.database, words), "a part of it, too"


def exports_codebook(opened: Study) -> str:
    target = opened.path.with_name("book.out.yaml")
    exports.export_codebook_text(opened.database, "", target)
    return target.read_text("utf-8")


LISTS = """\
codebook: Lists
version: 1
codes:
  - key: one   # a comment
    name: One
    examples: [a, "b, c"]  # kept
    include: []
    exclude:
      - first
      # between
      - second
    children:
      - {key: two, name: Two}
      - key: three
        examples:
"""


@given(
    path=st.sampled_from(["one", "one/two", "one/three"]),
    field=st.sampled_from(["examples", "include", "exclude", "keywords"]),
    words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)
def test_any_words_go_into_any_list(path: str, field: str, words: str) -> None:
    item = " ".join(words.split())
    if not item:
        return
    text = append_item(LISTS, path, field, item)
    before, after = parse(LISTS).by_path()[path], parse(text).by_path()[path]
    assert getattr(after, field) == (*getattr(before, field), item)
    kept = [line for line in LISTS.splitlines() if line not in text.splitlines()]
    assert len(kept) <= 2, "the version and the one line"


# -- the summary


def test_the_summary_says_what_settling_changes(opened: Study) -> None:
    question = opened.question("why")
    before = measure(opened.database, question).overall.mean_alpha.value
    session = adjudicating(opened)
    session.take(session.answer_of("r1"), letter_of(session, session.answer_of("r1"), "ana"))
    session.explain(session.answer_of("r1"), "missed")
    session.send_back(session.answer_of("r2"), "why")
    found = summarise(opened.database, question)
    assert found.cases == {"open": 0, "settled": 1, "sent back": 1}
    assert (found.n, found.n_settled) == (4, 1)
    assert found.before.value == pytest.approx(before)
    assert found.after.value > before
    assert [(one.reason, one.n) for one in found.reasons] == [("missed", 1)]
    assert found.reasons[0].mean_alpha == found.after
    codes = {one.code: (one.disputed, one.settled, one.holds) for one in found.codes}
    assert codes == {"reach": (1, 0, 0), "cost": (1, 0, 0), "cost/cheap": (1, 1, 1)}
    match = {one.coder: (one.n, one.exact_match.value) for one in found.coders}
    assert match == {"ana": (1, 1.0), "ben": (1, 0.0)}


def test_all_settled_is_full_agreement(opened: Study) -> None:
    session = adjudicating(opened)
    for answer in session.queue():
        session.take(answer, "A")
    found = summarise(opened.database, opened.question("why"))
    assert found.after.value == pytest.approx(1.0)
    assert [(one.reason, one.n) for one in found.reasons] == [(UNSAID, 2)]


def test_a_question_without_anything_has_a_summary(opened: Study) -> None:
    found = summarise(opened.database, opened.question("how"))
    assert (found.n, found.before.value, found.coders) == (0, None, ())


# -- what came from a file


def test_imported_verdicts_are_settled_cases(opened: Study) -> None:
    session = adjudicating(opened)
    [reach] = ids(opened, "reach")
    answer = session.answer_of("r1")
    session.settle(answer, [reach])
    taken = verdicts.of(opened.database, answer)
    assert taken.adjudicator == session.person.id
    session.undo()
    assert verdicts.of(opened.database, answer) is None
    assert codings.redo(opened.database, session.person.id, by="lea")
    source = opened.path.with_name("verdicts.csv")
    source.write_text("respondent,question,coder,code\nr1,why,ana,cost\nr6,why,ana,cost\n")
    assert import_verdicts(opened.database, source, by="lea").changed == 2
    session = adjudicating(opened)
    found = {session.case(one).response.respondent for one in session.queue("settled")}
    assert found == {"r1", "r6"}, "also where nobody differed"
    assert session.case(answer).adjudicator == "ana"
    out = opened.path.with_name("codings.out.csv")
    exports.export_codings(opened.database, out, wide=False)
    assert len(read_csv(out)) == len(TWO) + 1
