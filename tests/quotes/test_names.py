"""What could name somebody is found where it stands, and ordinary words are left alone."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.quotes import Found, common_words, scanner

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = {
    "contact": [
        "Maria Lopez", "Grant, Mark", "Sean O'Neil", "Will", "王伟", "Nguyễn Thị Mai", "Éva Kiss",
        "Li Petrov-Lane", "Piet van der Berg",
    ],
    "mail": ["m.lopez@fulton.example", "zorana@agency.example"],
    "id": ["R001", "77", "2019", "48213", "TF-9"],
}  # fmt: skip
STUDY = scanner(OWN)
PLAIN = scanner({})


def told(text: str, scan: object = PLAIN) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in scan.scan(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ask maria lopez", [("name", "maria lopez")]),
        ("LOPEZ’s boss left", [("name", "LOPEZ")]),
        ("that is Lopez's", [("name", "Lopez")]),
        ("lopezian phones", []),
        ("sean o’neil", [("name", "sean o’neil")]),
        ("nguyen thi MAI", [("name", "nguyen thi MAI")]),
        ("eva and E\u0301va", [("name", "eva"), ("name", "E\u0301va")]),
        ("王伟说我们", [("name", "王伟")]),
        ("mark grant", [("name", "mark grant")]),
        ("they will mark it and may grant it", []),
        ("Will you? Mark my words.", []),
        ("I asked Will and Mark", [("name", "Will"), ("name", "Mark")]),
        ("WE WILL MARK IT", []),
        ("r001, tf 9 and 48213", [("id", "r001"), ("id", "tf 9"), ("id", "48213")]),
        ("77 cases in 2019", []),
        ("M.LOPEZ@FULTON.EXAMPLE", [("mail", "M.LOPEZ@FULTON.EXAMPLE")]),
        ("zorana knows", [("name", "zorana")]),
        ("ask van der berg", [("name", "van der berg")]),
        ("ask petrov-lane", [("name", "petrov-lane")]),
    ],
)
def test_the_studys_own_names_are_found_and_ordinary_words_are_not(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert told(text, STUDY) == found


@given(st.sampled_from([value for values in OWN.values() for value in values if len(value) > 4]))
def test_every_own_value_is_found_whole(value: str) -> None:
    text = f"so we said {value}, twice"
    found = STUDY.scan(text)
    assert found[0].start == 11
    assert found[-1].end == 11 + len(value)
    assert all(one.by.startswith("column ") for one in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to a.b+c@x-y.example.org.", [("mail", "a.b+c@x-y.example.org")]),
        ("ana (at) agency.org", [("mail", "ana (at) agency.org")]),
        ("ana at agency dot org", [("mail", "ana at agency dot org")]),
        ("see https://x.org/a?b=1.", [("link", "https://x.org/a?b=1")]),
        ("on www.agency.gov, ok", [("link", "www.agency.gov")]),
        ("call (404) 555-0142 x12", [("phone", "(404) 555-0142 x12")]),
        ("404.555.0142", [("phone", "404.555.0142")]),
        ("+44 20 7946 0958", [("phone", "+44 20 7946 0958")]),
        ("0170/1234567", [("phone", "0170/1234567")]),
        ("it is @some.body", [("handle", "@some.body")]),
        ("kik: foo.bar99", [("handle", "foo.bar99")]),
        ("from 192.168.0.12", [("number", "192.168.0.12")]),
        ("ssn 123-45-6789", [("number", "123-45-6789")]),
        ("badge #4471", [("number", "#4471")]),
        ("case no. 19-CR-00123", [("number", "19-CR-00123")]),
        ("incident number 881203", [("number", "881203")]),
        ("on 12/03/2019", [("date", "12/03/2019")]),
        ("on March 3rd, 2019", [("date", "March 3rd, 2019")]),
        ("at 12 Elm Street", [("address", "12 Elm Street")]),
        ("Lindenstraße 12b", [("address", "Lindenstraße 12b")]),
        ("Det. Smith said", [("name", "Smith")]),
        ("Dr. van Dyke", [("name", "van Dyke")]),
        ("Sgt O'Neil's unit", [("name", "O'Neil")]),
        ("officer Jones and Mrs X", [("name", "Jones"), ("name", "X")]),
        ("DET SMITH", [("name", "SMITH")]),
        ("Detective Maria Lopez-Garcia", [("name", "Maria Lopez-Garcia")]),
        ("mr. smith", [("name?", "smith")]),
        ("we asked Smith-Lane", [("name?", "Smith-Lane")]),
        ("we asked Piet van der Berg", [("name?", "Piet van der Berg")]),
        ("so de la Cruz and Jo d'Angelo", [("name?", "de la Cruz"), ("name?", "Jo d'Angelo")]),
        ("it was Hyun-woo al-Farsi", [("name?", "Hyun-woo"), ("name?", "al-Farsi")]),
        ("Dr. van der Berg", [("name", "van der Berg")]),
        ("called 'Smith' here", [("name?", "Smith")]),
        ("then Dmitri Le and Ute Black", [("name?", "Dmitri Le"), ("name?", "Ute Black")]),
        ("ana dot k at x dot org", [("mail", "ana dot k at x dot org")]),
        ("my name is ana kowalska and", [("name", "ana kowalska")]),
        ("Ask for Maria", [("name?", "Maria")]),
        ("then Priya Raman came", [("name?", "Priya Raman")]),
        ("Priya Raman came", [("name?", "Priya Raman")]),
        ("in Oakdale County", [("place", "Oakdale County")]),
        ("the City of Oakdale", [("place", "Oakdale")]),
        ("oakdale county", [("place?", "oakdale county")]),
        ("Macon, GA", [("place", "Macon, GA")]),
        ("here in new mexico", [("place", "new mexico")]),
        ("Oakdale Police Department", [("organisation", "Oakdale Police Department")]),
        ("Oak County Sheriff's Office", [("organisation", "Oak County Sheriff's Office")]),
    ],
)
def test_what_has_a_form_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "The Sheriff Department and Officer Safety",
        "We had 10 cases in 2010-2015, and 1,000,000 images at 10:30:15",
        "On Monday I called Google and the FBI about Facebook Messenger",
        "Lack Of Training And Resources For Everyone Here",
        "our county, the county, a neighboring county",
        "$1234567 or 3.14159265",
        "Task Force. Search Warrants! Social Media",
        "we tell them.then we wait",
    ],
)
def test_ordinary_words_are_not_asked_about(text: str) -> None:
    assert told(text) == []


def test_a_word_common_in_the_answers_is_ordinary() -> None:
    answers = ["we use griffin daily"] * 5
    scan = scanner({"tool": ["Griffin"]}, common=common_words(answers))
    assert told("griffin is slow, our Griffin helps", scan) == [("name", "Griffin")]


def test_guesses_can_be_left_out() -> None:
    text = "Wir haben Kollegen gefragt"
    assert told(text, scanner({})) == [("name?", "Kollegen")]
    assert told(text, scanner({}, guess=False)) == []


def test_a_guess_around_a_name_of_the_study_is_sure() -> None:
    text = "then Maria Kowalska came"
    assert STUDY.scan(text) == (Found(5, 19, "name", "column contact"),)
    assert PLAIN.scan(text) == (Found(5, 19, "name?", "pattern capitals"),)


def test_the_longest_wins_and_what_sticks_out_stays_covered() -> None:
    def pipeline(_: str) -> Iterator[tuple[int, int, str]]:
        yield 0, 9, "PERSON"
        yield 6, 24, "ORG"
        yield 0, 5, "ORDINAL"
        yield -1, 3, "PERSON"
        yield 20, 99, "PERSON"

    found = scanner({}, pipeline=pipeline).scan("alpha beta gamma deltas!")
    assert found == (Found(0, 5, "name", "pipeline"), Found(6, 24, "organisation", "pipeline"))


@given(st.text(st.sampled_from("Mari lopez@.#1-(M'’\n\u0301é王伟D"), max_size=80))
def test_finds_are_in_order_and_never_overlap(text: str) -> None:
    found = STUDY.scan(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
def test_whatever_a_source_found_is_covered(spans: list[tuple[int, int]]) -> None:
    text = "abcdefghijklmnopqrst"
    entities = [(start, end, "PERSON") for start, end in spans]
    covered = {
        at
        for one in scanner({}, pipeline=lambda _: entities).scan(text)
        for at in range(one.start, one.end)
    }
    assert covered == {at for start, end in spans for at in range(start, end)}


def test_a_studys_own_patterns_are_used_and_named() -> None:
    text = "see OP-12"
    assert scanner({}, {"operation": r"\bOP-\d+"}).scan(text) == (
        Found(4, 9, "operation", "pattern operation"),
    )


@pytest.mark.parametrize("expression", ["(", "a{99999999999999}", "x*", "", "(?P<found>a)", "a|"])
def test_a_bad_pattern_is_named_in_one_line(expression: str) -> None:
    with pytest.raises(InputError, match="the pattern “unit”") as caught:
        scanner({}, {"unit": expression})
    assert "\n" not in caught.value.message


HOSTILE = [
    "a", "A ", "Aa ", "a.", "a@", "@a", "1", "1-", "(1", "http://", "a-", "A.", "#1", "Det. ",
    "in A", "1 A ", "+1", "[", "A'", "mr ", "1:", " ", "\u0301", "A\u0301", "de ", "a at b dot ",
    "A County ", "R001 ", "de la ", "A-a", "a'A", "-A", "de la A-", "maria ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def took(size: int) -> float:
        text = (unit * size)[:size]
        begun = time.process_time()
        STUDY.scan(text)
        return time.process_time() - begun

    took(1_000)
    assert any(took(20_000) <= 7 * took(5_000) for _ in range(4)), "four times the text"


def test_forty_thousand_hostile_characters_are_no_trouble() -> None:
    def took(size: int) -> float:
        text = "".join(unit * (size // len(HOSTILE) // len(unit)) for unit in HOSTILE)
        begun = time.process_time()
        STUDY.scan(text)
        return time.process_time() - begun

    took(1_000)
    assert any(took(40_000) <= 2.5 * took(20_000) for _ in range(4))


def test_fifty_thousand_values_cost_no_more_than_one() -> None:
    values = [f"Ab{number:x} Cd{number * 7:x}" for number in range(50_000)]
    scan = scanner({"contact": (value.translate(LETTERS) for value in values)}, guess=False)
    begun = time.process_time()
    for _ in range(200):
        scan.scan("they told us that the training of the unit was a long time ago " * 2)
    many = time.process_time() - begun
    begun = time.process_time()
    few = scanner({"contact": ["Ab Cd"]}, guess=False)
    for _ in range(200):
        few.scan("they told us that the training of the unit was a long time ago " * 2)
    assert many <= 4 * (time.process_time() - begun) + 0.05


LETTERS = str.maketrans("0123456789", "ghijklmnop")
