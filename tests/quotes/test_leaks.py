"""A text shows no run of an answer that nobody cleared, and cleared ones are no leaks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.quotes import Leak, leaks
from qualcode.quotes.words import plain_words, words

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

ANSWER = "we never have enough trained people to look at all the phones"
VOCABULARY = [
    "phone",
    "can't",
    "élan",
    "Straße",
    "we",
    "ﬁle",
    "42",
    "данные",
    "no",
    "O’Neil",
    "ÎLE",
]
GAPS = [
    " ",
    ", ",
    "\n",
    " – ",
    "\u00a0",
    " | ",
    "<br>",
    "</td><td>",
    "&nbsp;",
    "… ",
    ".** _",
    "\r\n> ",
]

some_words = st.lists(st.sampled_from(VOCABULARY), min_size=6, max_size=20)
gaps = st.lists(st.sampled_from(GAPS), min_size=40, max_size=40)


def joined(told: list[str], between: list[str]) -> str:
    return "".join(word + gap for word, gap in zip(told, between, strict=False)).rstrip()


def disguised(word: str, way: int) -> str:
    return {
        0: word,
        1: word.upper(),
        2: "\u00ad".join(word),
        3: word[0] + "\u200b\u034f" + word[1:],
        4: "“" + word + "”",
        5: word.replace("a", "ａ"),
        6: f"[{word[0]}]{word[1:]}" if word[1:2].isalpha() else word,
        7: f"<b>{word[0]}</b>{word[1:]}",
        8: word + "²",
    }[way]


@given(
    st.text(), some_words, gaps, st.lists(st.integers(0, 8), min_size=20, max_size=20), st.text()
)
def test_a_planted_run_is_found_whatever_it_is_dressed_in(
    before: str, told: list[str], between: list[str], ways: list[int], after: str
) -> None:
    before, after = before.replace("<", " ").replace("&", " "), after.replace(">", " ")
    planted = joined([disguised(w, way) for w, way in zip(told, ways, strict=False)], between)
    found = leaks(f"{before}\n\n{planted}\n\n{after}", [(7, " ".join(told))], [])
    assert found
    assert {leak.answer for leak in found} == {7}


@given(
    st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), some_words, st.integers(1, 5)
)
def test_runs_of_fewer_words_are_no_leaks(letters: list[str], told: list[str], most: int) -> None:
    pieces = [told[at : at + most] for at in range(0, len(told), most)]
    text = " ".join(
        f"{' '.join(piece)} x{number}{letter}"
        for number, (piece, letter) in enumerate(zip(pieces, letters * 20, strict=False))
    )
    assert leaks(text, [(1, " ".join(told))], []) == []


@given(st.lists(some_words, max_size=4), st.lists(some_words, max_size=3), some_words)
def test_what_is_allowed_is_never_reported_and_nothing_else_is_missed(
    answers: list[list[str]], allowed: list[list[str]], text: list[str]
) -> None:
    told = [" ".join(answer) for answer in answers]
    may = [" ".join(one) for one in allowed]
    printed = " ".join(text)
    found = leaks(printed, enumerate(told), may)
    for leak in found:
        assert not any(_holds(one, leak.words) for one in may)
        assert len(plain_words(leak.words)) >= 6
        assert printed[leak.at :].startswith(leak.words)
    for number, answer in enumerate(told):
        for at in range(len(text) - 5):
            run = " ".join(text[at : at + 6])
            if _holds(answer, run) and not any(_holds(one, run) for one in may):
                assert any(one.answer == number and _holds(one.words, run) for one in found)


def _holds(text: str, run: str) -> bool:
    return f" {' '.join(plain_words(run))} " in f" {' '.join(plain_words(text))} "


def test_one_leak_is_given_for_each_unbroken_run() -> None:
    text = f"As one said, “{ANSWER}”. Others: never have enough trained people to see."
    assert leaks(text, [(1, "no words of it are here at all"), (2, ANSWER)], []) == [
        Leak(2, ANSWER, 14),
        Leak(2, "never have enough trained people to", text.rindex("never")),
    ]


def test_a_bracketed_replacement_cuts_a_run_in_two() -> None:
    answer = "please ask at the front desk for Maria Lopez who has the keys to the lab"
    text = "“please ask at the front desk for [name] who has the keys to the lab”"
    assert [leak.words for leak in leaks(text, [(1, answer)], [])] == [
        "please ask at the front desk for",
        "who has the keys to the lab",
    ]
    assert leaks(text, [(1, answer)], [text]) == []


def test_words_put_in_brackets_do_not_hide_a_run() -> None:
    text = "we never have [sic] enough trained [and sworn] people to look"
    assert [leak.words for leak in leaks(text, [(1, ANSWER)], [])] == [text]


def test_a_cleared_quote_allows_nothing_beyond_it() -> None:
    cleared = "never have enough trained people to look"
    assert leaks(f"They {cleared} today", [(1, ANSWER)], [cleared]) == []
    found = leaks(f"They {cleared} at all the phones", [(1, ANSWER)], [cleared])
    assert [leak.words for leak in found] == ["enough trained people to look at all the phones"]


@pytest.mark.parametrize(
    "text",
    [
        "we never have\nenough trained\n\npeople to look",
        "we never have enough trai-\n  ned people to look",
        "| we never have | enough trained |\n| people | to look |",
        "<td>we never have</td><td>enough trained</td><p>people<br/>to look",
        "W\u0308e n\u00ade\u200bv\ufeffer HAVE en\u2060ough trained people",
        "we never have <!-- page 2 --> enough (sic) trained people",
        "&ldquo;we&nbsp;never have enough&mdash;trained people",
        "\\emph{we never have enough trained people}",
        "**we** never *have* _enough_ trained[^1] people to [look](https://x.org)",
    ],
)
def test_lines_cells_markup_and_invisible_marks_hide_nothing(text: str) -> None:
    assert [leak.answer for leak in leaks(text, [(3, ANSWER)], [])] == [3]


def test_markup_in_an_answer_hides_nothing() -> None:
    answer = "we never have<br>enough trained&nbsp;people to look"
    assert leaks("we never have enough trained people", [(1, answer)], [])


def test_twelve_characters_without_spaces_are_as_long_as_six_words() -> None:
    answer = "我们没有足够的受过训练的人来检查手机"
    assert leaks(f"有人说{answer[2:14]}。", [(1, answer)], [])
    assert not leaks(f"有人说{answer[2:13]}。", [(1, answer)], [])


def test_answers_are_read_once_and_not_kept() -> None:
    def stream() -> Iterator[tuple[int, str]]:
        for number in range(2_000):
            yield number, f"{ANSWER} {number}"

    assert len(leaks(ANSWER, stream(), [])) == 2_000


def test_time_grows_no_faster_than_what_is_read() -> None:
    def took(size: int) -> float:
        hostile = "a " * size + "<a" * size + "[" * size + "&a<!--" * size
        begun = time.process_time()
        leaks(hostile, [(1, hostile)], ["b " * size])
        return time.process_time() - begun

    took(2_000)
    assert min(took(20_000) for _ in range(3)) <= 3 * min(took(10_000) for _ in range(3)) + 0.02


def test_a_run_has_a_word() -> None:
    with pytest.raises(ValueError, match="at least one word"):
        leaks("a", [(1, "a")], [], run=0)


@given(st.text())
def test_words_stand_where_they_say(text: str) -> None:
    found = list(words(text))
    assert [word.text for word in found] == plain_words(text)
    assert all(word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=8), st.randoms())
def test_words_are_compared_without_case(told: list[str], chance: random.Random) -> None:
    changed = [chance.choice((str.upper, str.title, str.casefold, str))(word) for word in told]
    assert plain_words(" ".join(told)) == plain_words(" ".join(changed))
