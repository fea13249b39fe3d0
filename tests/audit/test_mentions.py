"""How percentages are written, and what stands beside them."""

from __future__ import annotations

import pytest

from qualcode.audit.beside import beside, stated
from qualcode.audit.intervals import is_interval
from qualcode.audit.percents import percentages
from qualcode.audit.words import count_value, plain


def found(text: str) -> list[str]:
    """Each percentage of a sentence with its count, its base and its interval."""
    text = plain(text)
    hits = percentages(text)
    told = []
    for hit, own in zip(hits, beside(text, hits), strict=True):
        k = own.k if own.either is None else f"{own.either}?"
        interval = f" [{hit.interval[0]}, {hit.interval[1]}]" if hit.interval else ""
        told.append(f"{hit.printed} ({k}/{own.n}){interval}".replace("None", "-"))
    return told


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("36.8 %", ["36.8 (-/-)"]),
        ("36.8% and 37 per cent and 38 percent", ["36.8 (-/-)", "37 (-/-)", "38 (-/-)"]),
        ("thirty-seven per cent", ["37 (-/-)"]),
        ("36,8\u202f% und ３７％", ["36.8 (-/-)", "37 (-/-)"]),
        ("85, 62 and 48 %", ["85 (-/-)", "62 (-/-)", "48 (-/-)"]),
        ("(38; 26.4 %)", ["26.4 (38/-)"]),
        ("38 of 144 (26.4%)", ["26.4 (38/144)"]),
        ("38 of the 144 respondents asked (26.4 %)", ["26.4 (38/144)"]),
        ("38/144 (26.4 %), 53/144 (36.8 %)", ["26.4 (38/144)", "36.8 (53/144)"]),
        ("26.4% (n = 38)", ["26.4 (38?/-)"]),
        ("26.4% (N = 144)", ["26.4 (-/144)"]),
        ("26.4 % (k = 38, n = 144)", ["26.4 (38/144)"]),
        ("26.4 % (38 of the 144 asked)", ["26.4 (38/144)"]),
        ("26.4 % of the 144 asked", ["26.4 (-/144)"]),
        ("26.4 % named opening hours (38)", ["26.4 (38/-)"]),
        ("36.8 % (53), 26.4 % (38)", ["36.8 (53/-)", "26.4 (38/-)"]),
        ("36.8 %, n = 53; 26.4 %, n = 38", ["36.8 (53?/-)", "26.4 (38?/-)"]),
        ("Thirty-eight of 144 (26.4 %)", ["26.4 (38/144)"]),
        ("9 of 45, or 20 %", ["20 (9/45)"]),
        ("144 investigators of 3,800 invited (3.8 %)", ["3.8 (144/3800)"]),
        ("137 answered (95.1 %)", ["95.1 (137/-)"]),
        ("26.4 % [19.9, 34.1]", ["26.4 (-/-) [19.9, 34.1]"]),
        ("26.4 % (19.9–34.1)", ["26.4 (-/-) [19.9, 34.1]"]),
        ("26,4 % [19,9; 34,1]", ["26.4 (-/-) [19.9, 34.1]"]),
        ("26.4 % (38/144; 95 % CI: 19.9 to 34.1)", ["26.4 (38/144) [19.9, 34.1]"]),
        (
            "26.4 %, with a 95 % confidence interval from 19.9 % to 34.1 %",
            ["26.4 (-/-) [19.9, 34.1]"],
        ),
        ("26.4 % of respondents [12, 13]", ["26.4 (-/-)"]),
        ("In 2014 (26.4 %), table 2 (30 %)", ["26.4 (-/-)", "30 (-/-)"]),
        ("more than 20 years (12 %), up to 25,000 people (27 %)", ["12 (-/-)", "27 (-/-)"]),
        ("one third (33.3 %), 5 percentage points, 5 %-points, A36%", ["33.3 (-/-)"]),
    ],
)
def test_what_stands_beside_a_percentage(text: str, mentions: list[str]) -> None:
    assert found(text) == mentions


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("36.8 % named it", ["share"]),
        ("the 95 % CIs and the 95% confidence level", ["level", "level"]),
        ("at the 5 % level, alpha = 5 %, 80 % power", ["level", "level", "level"]),
        ("an increase of 20 %, 10 % more than before, −3.2 %", ["change", "change", "change"]),
        ("they add to more than 100 %", ["sum"]),
        ("percent agreement was 92 %", ["agreement"]),
    ],
)
def test_other_uses_of_the_sign_are_told_apart(text: str, uses: list[str]) -> None:
    assert [hit.use for hit in percentages(plain(text))] == uses


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("<5 %", ["under"]),
        ("about 40 %, nearly 50 %, just over 20 %", ["about", "nearly", "just over"]),
        ("at least 40 %, up to 50 %, more than 60 %", ["at least", "at most", "over"]),
    ],
)
def test_words_that_widen_a_number_are_kept(text: str, hedges: list[str]) -> None:
    assert [hit.hedge for hit in percentages(plain(text))] == hedges


def test_both_ends_of_a_range_are_known_as_such() -> None:
    for text in ("15–85 %", "15 % to 85 %", "between 15 and 85 %", "between 15 % and 85 %"):
        assert [(str(hit.printed), hit.is_range) for hit in percentages(plain(text))] == [
            ("15", True),
            ("85", True),
        ]


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("Of the 144 respondents asked, many", [144]),
        ("among the forty-five who were asked", [45]),
        ("(N = 144)", [144]),
        ("Base: 144 respondents", [144]),
        ("shares of the 144.", [144]),
        ("of 20 years, of 38 %, for 3 weeks", []),
    ],
)
def test_bases_that_a_sentence_states(text: str, bases: list[int]) -> None:
    assert stated(plain(text)).firm == bases


def test_small_readings() -> None:
    assert count_value("three hundred and forty-two") == 342
    assert count_value("3,800") == 3800
    bounds = is_interval("24.2–39.2".replace("–", "-"))
    assert bounds is not None
    assert [str(end) for end in bounds] == ["24.2", "39.2"]
    assert stated("Of these, 53 named it").refers_back
