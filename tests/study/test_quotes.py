"""Quotes leave a study only when a person has cleared them, as that person saw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coded import TWO
from qualcode import Study
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.quotes import Replacement
from qualcode.store.quotes import Clearing, Said
from qualcode.study import exports
from qualcode.study.frequencies import Wish, tabulate
from qualcode.study.quotes import stated
from qualcode.study.quotes.cleared import cleared, together
from qualcode.study.quotes.leaks import leaked, refuse_leaks
from qualcode.study.quotes.names import columns
from qualcode.study.quotes.printing import printed_quotes
from studies import SURVEY, content, errors, make, read_csv, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.study.quotes.clearing import ClearingSession

LONG = "Ads are cheap, and nobody is watching them"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = make(tmp_path)
    take_in_codings(path, *TWO)
    return path


@pytest.fixture
def opened(study: Path) -> Iterator[Study]:
    with Study.open(study) as found:
        yield found


def clearing(opened: Study, person: str = "pi", **options: object) -> ClearingSession:
    return opened.clearing(person, opened.question("why"), **options)[0]


def printed(opened: Study) -> dict[str, str]:
    found = cleared(opened.database, opened.question("why"))
    return {one.respondent: one.printed for one in found.values()}


def test_nothing_is_cleared_before_somebody_clears_it(opened: Study) -> None:
    session = clearing(opened)
    assert len(session.queue()) > 1
    assert list(session.queue("open")) == list(session.queue())
    assert printed(opened) == {}


def test_a_cleared_answer_is_printed_word_for_word(opened: Study) -> None:
    session = clearing(opened)
    session.clear(session.answer_of("r1"))
    assert printed(opened) == {"r1": LONG}
    assert session.answer_of("r1") in session.queue("cleared")
    assert session.answer_of("r1") not in session.queue("open")


def test_what_is_replaced_is_not_printed_and_the_rest_stays_verbatim(opened: Study) -> None:
    session = clearing(opened)
    answer = session.answer_of("r1")
    session.replace(answer, "nobody", "no agency")
    session.cut(answer, 0, 14)
    session.clear(answer)
    assert printed(opened) == {"r1": "[…] and [no agency] is watching them"}


def test_to_replace_something_after_it_was_cleared_opens_it_again(opened: Study) -> None:
    session = clearing(opened)
    answer = session.answer_of("r1")
    session.clear(answer)
    session.replace(answer, "Ads", "[notices]")
    assert printed(opened) == {}
    assert session.quotable(answer).own.state == "open"


def test_cutting_twice_and_restoring_put_the_words_back(opened: Study) -> None:
    session = clearing(opened)
    answer = session.answer_of("r1")
    session.cut(answer, 0, 3)
    session.cut(answer, 0, 3)
    assert session.quotable(answer).printed == LONG
    session.replace(answer, "Ads", "x")
    session.restore(answer)
    assert session.quotable(answer).printed == LONG


def test_whole_words_are_replaced_and_parts_only_where_no_word_is_whole(tmp_path: Path) -> None:
    path = make(tmp_path, SURVEY.replace("Ads are cheap", "Ann saw the Annual fair"))
    take_in_codings(path, "r1,why,ana,reach,,")
    with Study.open(path) as opened:
        session = clearing(opened)
        answer = session.answer_of("r1")
        session.replace(answer, "Ann", "name")
        assert session.quotable(answer).printed.startswith("[name] saw the Annual fair")
        session.replace(answer, "nnua", "x")
        assert session.quotable(answer).printed.startswith("[name] saw the A[x]l fair")


@pytest.mark.parametrize("words", ["police", ""])
def test_words_that_are_not_there_cannot_be_replaced(opened: Study, words: str) -> None:
    session = clearing(opened)
    with pytest.raises(InputError, match="does not hold"):
        session.replace(session.answer_of("r1"), words, "x")


def test_one_who_withholds_outweighs_all_who_clear(opened: Study) -> None:
    first, second = clearing(opened, "ana"), clearing(opened, "ben")
    answer = first.answer_of("r1")
    first.clear(answer)
    second.withhold(answer)
    assert printed(opened) == {}
    first.clear(answer)
    assert printed(opened) == {}
    second.reopen(answer)
    assert printed(opened) == {"r1": LONG}


def test_what_two_people_replace_stays_replaced(opened: Study) -> None:
    first, second = clearing(opened, "ana"), clearing(opened, "ben")
    answer = first.answer_of("r1")
    first.replace(answer, "Ads are", "[they]")
    first.clear(answer)
    second.replace(answer, "are cheap", "[sold]")
    assert printed(opened) == {"r1": "[…], and nobody is watching them"}


def test_undo_and_redo_go_step_by_step_for_each_person(opened: Study) -> None:
    first, second = clearing(opened, "ana"), clearing(opened, "ben")
    answer = first.answer_of("r1")
    first.replace(answer, "Ads", "x")
    first.clear(answer)
    second.withhold(answer)
    first.undo()
    assert first.quotable(answer).own == Clearing("open", ((0, 3, "[x]"),))
    first.undo()
    assert first.quotable(answer).own == Clearing()
    assert second.quotable(answer).own == Clearing("withheld")
    first.redo()
    first.redo()
    second.undo()
    assert printed(opened) == {"r1": "[x] are cheap, and nobody is watching them"}
    assert errors(opened.path) == []


def test_a_changed_answer_has_to_be_cleared_anew(study: Path) -> None:
    with Study.open(study) as opened:
        session = clearing(opened)
        session.clear(session.answer_of("r1"))
    take_in(study, SURVEY.replace("nobody is watching", "somebody is watching"))
    with Study.open(study) as opened:
        assert printed(opened) == {}


def test_the_machine_and_a_respondent_who_is_none_clear_nothing(opened: Study) -> None:
    session = clearing(opened)
    with pytest.raises(NotFound):
        session.answer_of("r99")
    with pytest.raises(InputError, match="did not answer"):
        session.answer_of("r3")


def test_the_queue_holds_exemplars_of_every_theme_and_of_one_theme_all_answers(
    opened: Study,
) -> None:
    everything = set(clearing(opened, count=1).queue())
    codes = {code.path: code for book in opened.codebooks for code in book.codes}
    reach = clearing(opened, code=codes["reach"], rule="any")
    assert everything <= set(clearing(opened, count=9).queue())
    names = {reach.quotable(one).response.respondent for one in reach.queue()}
    assert names == {"r1", "r2"}


def test_a_withheld_answer_is_no_exemplar(opened: Study) -> None:
    codes = {code.path: code for book in opened.codebooks for code in book.codes}
    session = clearing(opened)
    for name in ("r1", "r2", "r5", "r6"):
        session.withhold(session.answer_of(name))
    assert list(clearing(opened, count=5).queue("open")) == []
    assert len(clearing(opened, code=codes["reach"], rule="any").queue("withheld")) == 4


def test_respondents_and_what_is_named_by_hand_are_searched_for(opened: Study) -> None:
    stated.change(opened.database, columns=["region"], patterns={"case": r"case \d+"}, by="pi")
    assert set(columns(opened.database)) == {"respondent", "region"}
    stated.change(opened.database, columns=["region"], patterns={"case": ""}, by="pi")
    assert set(columns(opened.database)) == {"respondent"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["nosuch"], "patterns": {}}, "there is no column"),
        ({"patterns": {"p": "("}}, "no regular expression"),
        ({"invited": 3, "patterns": {}}, "3 were invited, but 6 answered"),
    ],
)
def test_what_cannot_be_stated_changes_nothing(
    opened: Study, options: dict[str, object], message: str
) -> None:
    before = content(opened.path)
    with pytest.raises(QualcodeError, match=message):
        stated.change(opened.database, by="pi", **options)
    assert content(opened.path) == before


def test_six_words_of_an_answer_leak_until_it_is_cleared(opened: Study) -> None:
    text = f"One said: {LONG.upper()}."
    (found,) = leaked(opened.database, text)
    assert (found.respondent, found.question) == ("r1", "why")
    with pytest.raises(QualcodeError, match="nobody cleared"):
        refuse_leaks(opened.database, text, "r.html")
    session = clearing(opened)
    session.clear(session.answer_of("r1"))
    assert leaked(opened.database, text) == []


def test_what_was_cut_from_a_cleared_quote_still_leaks(opened: Study) -> None:
    session = clearing(opened)
    session.replace(session.answer_of("r1"), "nobody", "x")
    session.clear(session.answer_of("r1"))
    assert leaked(opened.database, "Ads are cheap, and [x] is watching them") == []
    assert len(leaked(opened.database, LONG)) == 1


def test_an_earlier_version_of_an_answer_leaks_too(study: Path) -> None:
    take_in(study, SURVEY.replace("nobody is watching", "somebody is watching"))
    with Study.open(study) as opened:
        assert len(leaked(opened.database, LONG)) == 1


def test_each_quote_is_printed_once_under_its_deepest_theme(opened: Study) -> None:
    session = clearing(opened)
    for name in ("r1", "r2", "r6"):
        session.clear(session.answer_of(name))
    report = tabulate(opened.database, opened.question("why"), Wish(rule="any"))
    quotes = printed_quotes(opened.database, report, 3)
    assert [(one.under, one.text) for one in quotes] == [
        ("Wider reach", LONG),
        ("Wider reach", "same"),
        ("Costs", "wide reach. cheap ads"),
    ]


def test_a_voice_is_described_only_where_ten_are_alike(tmp_path: Path) -> None:
    people = [f"p{n},{'north' if n < 12 else 'south'},yes,1,cheap {n},x" for n in range(15)]
    path = make(tmp_path, "\n".join(("id,region,asked,weight,why,how", *people)) + "\n")
    take_in_codings(path, *(f"p{n},why,ana,reach,," for n in range(15)))
    with Study.open(path) as opened:
        session = clearing(opened)
        for n in range(15):
            session.clear(session.answer_of(f"p{n}"))
        report = tabulate(opened.database, opened.question("why"), Wish())
        quotes = printed_quotes(opened.database, report, 15, ["region"])
    assert {(one.by, int(one.text.split()[1]) < 12) for one in quotes} == {
        ("north", True),
        ("", False),
    }


def test_exports_name_no_respondent(opened: Study, tmp_path: Path) -> None:
    session = clearing(opened)
    session.replace(session.answer_of("r1"), "Ads", "notices")
    session.clear(session.answer_of("r1"))
    exports.export_quotes(opened.database, tmp_path / "q.csv", "any")
    exports.export_redactions(opened.database, tmp_path / "r.csv")
    header, *quotes = read_csv(tmp_path / "q.csv")
    assert header == ["quote", "question", "code", "text", "cleared_by"]
    assert [row[2:] for row in quotes] == [
        ["reach", "[notices] are cheap, and nobody is watching them", "pi"],
        ["cost/cheap", "[notices] are cheap, and nobody is watching them", "pi"],
    ]
    assert read_csv(tmp_path / "r.csv")[1:] == [
        [quotes[0][0], "why", "0", "3", "[notices]", "3", "pi"]
    ]
    assert "Ads" not in (tmp_path / "r.csv").read_text()
    assert "r1" not in (tmp_path / "q.csv").read_text() + (tmp_path / "r.csv").read_text()


def test_nothing_cleared_is_one_clear_line(opened: Study, tmp_path: Path) -> None:
    for export in (exports.export_redactions, lambda d, p: exports.export_quotes(d, p, "")):
        with pytest.raises(QualcodeError, match="nothing is cleared yet"):
            export(opened.database, tmp_path / "q.csv")
    assert not (tmp_path / "q.csv").exists()


WORDS = st.builds(
    Said,
    st.just(1),
    st.sampled_from(["ana", "ben", "eva"]),
    st.builds(
        Clearing,
        st.sampled_from(["open", "cleared", "withheld"]),
        st.lists(
            st.tuples(st.integers(0, 20), st.integers(1, 5), st.sampled_from(["[a]", "[b]"])).map(
                lambda one: (one[0], one[0] + one[1], one[2])
            ),
            max_size=3,
        ).map(tuple),
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=4), st.randoms())
def test_what_people_say_together_does_not_depend_on_their_order(
    said: list[Said], chance: object
) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = together(said), together(shuffled)
    assert (one.state, one.replacements) == (other.state, other.replacements)
    covered = {n for one in said for s, e, _ in one.clearing.replaced for n in range(s, e)}
    assert {n for each in one.replacements for n in range(each.start, each.end)} == covered
    assert all(isinstance(each, Replacement) for each in one.replacements)
