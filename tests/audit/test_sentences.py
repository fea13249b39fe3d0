"""What the audit says of single sentences, beside the study's table."""

from __future__ import annotations

import pytest

from qualcode.audit import Known, KnownBase, KnownCell, KnownTheme, audit, read_manuscript

from .made import STUDY, cell, told

BASE = ["warning base"]
SOUND = [
    "Of the 144 asked, 53 (36.8 %) named parking, 38 (26.4 %) named opening hours and 18 (12.5 %) "
    "training and friendly staff.",
    "Parking (36.8 %), opening hours (26.4 %) and quiet rooms (6.3 %) were named by the 144 asked.",
    "Parking and opening hours were named by 36.8 % and 26.4 % of the 144 asked, respectively.",
    "Of the 137 who answered, 38.7 % named parking.",
    "Of the 132 coded answers, 53 (40.2 %) were about parking.",
    "Parking was named by 53 of 144 respondents.",
    "Fifty-three of 144 respondents (36.8 %) named parking.",
    "Thirty-seven per cent of the 144 asked named parking.",
    "Among women, 41.0 % (25 of 61) named parking.",
    "At the harbour, 17 of 38 (44.7 %) named parking; at mill street it was 36 of 106 (34.0 %).",
    "Parking was named by 44.7 % of the 38 harbour visitors.",
    "About 37 % of the 144 respondents named parking.",
    "Over 30 % of the 144 respondents named parking.",
    "Fewer than five respondents named a prayer room.",
    "Participation was 3.8 % (144 of 3,800).",
    "Of the 144 respondents, 76.4 % were men and 23.6 % were women.",
    "Of the 144 respondents, 27 % served up to 25,000 people, 32 % up to 100,000 and 42 % more.",
    "Opportunities were seen by 85, 62 and 48 % of the 144.",
    "Shares ranged from 6.3 % to 36.8 %.",
    "Alpha was .81 (95 % CI .70 to .90), p < .05; agreement was 92.3 %.",
    "Budgets fell by 20 %, 10 % more than in 2012.",
    "Parking (36.8 %, 95 % CI [29.4, 44.9], n = 144) led.",
    "36,8\u202f% [29,4; 44,9] of the 144 asked named parking (53).",
    "Parking was named by 36.8 % (53/144), up from 20 % in 2012.",
    "Compared with 62 % in earlier work [12], 36.8 % of the 144 named parking.",
    "Parking: 36.8 % (53). Opening hours: 26.4 % (38). Base: 144.",
    "Of the 144 asked, 137 answered (95.1 %); of these, 53 (38.7 %) named parking.",
    "144 investigators of 3,800 invited (3.8 %) answered, all of them by mail.",
    "Of the 144, 36.8 % named parking, more at the harbour (odds ratio 1.8, 95 % CI 1.1 to 2.9).",
    "Earlier, 36.9 % were content (Weber, 2014).",
    "The rule was alpha = 5 % and a confidence level of 95 %.",
]
UNSOUND = [
    ("36.8 % named parking.", BASE),
    ("36.8 % were content.", BASE),
    ("36.9 % were content.", ["error grim"]),
    ("In the survey (Spring 2014), 36.9 % were content.", ["error grim"]),
    ("36.9 % named parking.", ["error study"]),
    ("Of the 137 who answered, 36.8 % named parking.", ["error grim"]),
    ("Of the 137 who answered, 37 % named parking.", ["error study"]),
    ("Parking was named by 54 of 144 respondents.", ["error study"]),
    ("Fifty-four respondents named parking.", ["error study"]),
    ("Parking was named by 53 of 150 respondents (35.3 %).", ["error study"]),
    ("Among women, 41.3 % (25 of 61) named parking.", ["error counts"]),
    ("Parking was named by 34.0 % of the 38 harbour visitors.", ["error grim"]),
    ("Parking was named by 39.5 % of the 38 harbour visitors.", ["error study"]),
    (
        "Parking and opening hours were named by 26.4 % and 36.8 % of the 144, respectively.",
        ["error study", "error study"],
    ),
    ("About 45 % of the 144 respondents named parking.", ["error study"]),
    ("Over 40 % of the 144 respondents named parking.", ["error study"]),
    ("Participation was 3.9 % (144 of 3,800).", ["error counts"]),
    ("154 of 144 (106.9 %) named parking.", ["error grim"]),
    ("20 of 0 (50 %) were content.", ["error counts"]),
    ("A prayer room was named by 2.1 % of the 144.", ["error suppressed"]),
    ("Three respondents named a prayer room.", ["error suppressed"]),
    ("Of the 144 respondents, 76.4 % were men and 27.8 % were women.", ["error sum"]),
    (
        "Of the 144 respondents, 27 % served villages, 32 % towns and 45 % cities.",
        ["error sum"],
    ),
    ("Parking (36.8 %, 95 % CI [39.4, 44.9], n = 144) led.", ["error interval"]),
    ("Parking (36.8 %, 95 % CI [29.4, 46.9], n = 144) led.", ["error interval"]),
    ("“Longer loans” was named by 12.5 % (18 of 144).", ["error theme"]),
    (
        "Parking (36.8 %), longer loans (12.5 %) and opening hours (26.4 %) led among all 144.",
        ["error theme"],
    ),
    (
        "36.8 % named parking, 26.4 % named opening hours and 6.3 % named longer loans, of 144.",
        ["error theme"],
    ),
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_sentence_passes(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "checks"), UNSOUND)
def test_an_unsound_sentence_is_found(text: str, checks: list[str]) -> None:
    assert told(text) == checks


def test_a_missing_base_names_those_that_would_fit() -> None:
    report = audit(read_manuscript(b"36.5 % were content.", "page.txt"), STUDY)
    assert [finding.right for finding in report.findings] == [
        "say the base; 50 of 137 (answered, Q1) would fit"
    ]


def test_a_wrong_base_is_told_with_the_study_s_own() -> None:
    report = audit(read_manuscript(b"53 of 137 (36.8 %) named parking.", "page.txt"), STUDY)
    (finding,) = report.findings
    assert finding.wrong == "53 of 137 is 38.7 %"
    assert "53 of 144 asked (36.8 %), 53 of 137 answered (38.7 %)" in finding.right


def test_digits_that_were_cut_off_are_an_error_only_where_others_are_rounded() -> None:
    assert told("38 of the 144 asked (26.3 %) named opening hours.") == ["warning grim"]
    rounds = " Quiet rooms were named by 9 of 144 (6.3 %)."
    assert told("38 of the 144 asked (26.3 %) named opening hours." + rounds) == ["error grim"]


WORDS = [
    ("Most respondents named parking.", False),
    ("Nearly all respondents named parking.", False),
    ("About half of the respondents named parking.", False),
    ("Few respondents named parking.", False),
    ("Only one respondent named quiet rooms.", False),
    ("Parking was named by most.", False),
    ("Parking was mentioned by more than half of the respondents.", False),
    ("Two thirds of respondents mentioned parking.", False),
    ("Nobody mentioned parking.", False),
    ("Most respondents (36.8 %; 53 of 144) were women.", False),
    ("At mill street, most respondents named parking.", False),
    ("Some respondents named parking.", True),
    ("Many respondents named parking, a few respondents named quiet rooms.", True),
    ("A third of respondents mentioned parking.", True),
    ("Fewer than half of all visitors asked for opening hours.", True),
    ("Most respondents (63.2 %; 91 of 144) were women.", True),
]


@pytest.mark.parametrize(("text", "is_right"), WORDS)
def test_quantifiers_are_held_against_the_share(text: str, is_right: bool) -> None:  # noqa: FBT001
    report = audit(read_manuscript(text.encode(), "page.md"), STUDY)
    assert [f.check for f in report.findings] == ([] if is_right else ["quantifier"])
    assert report.counts.quantifiers > 0
    assert all("(" in finding.right for finding in report.findings)  # the source of the rule


@pytest.mark.parametrize(
    "text",
    [
        "Most of the 144 respondents did not name parking.",
        "One respondent wrote about parking: “It is a nightmare to find a place.”",
        "Most often, respondents named parking; at most 40 % of the 144 named it.",
        "All respondents were asked what they would change, such as parking.",
        "Most of those who named parking also named opening hours.",
        "Among teachers, most respondents named parking.",
    ],
)
def test_quantifiers_of_something_else_are_left_alone(text: str) -> None:
    assert told(text) == []


TWO = Known(
    themes=(
        KnownTheme("Training", cell(53, 144, 29.4, 44.9), "Q1"),
        KnownTheme("Training", cell(9, 45, 10.9, 33.8), "Q2"),
    ),
    bases=(KnownBase("asked", 144, "Q1"), KnownBase("asked", 45, "Q2")),
)


def test_a_theme_of_two_questions_is_that_of_the_heading() -> None:
    text = (
        "# Q1\n\nOf the 144 asked, 36.8 % named training.\n\n# Q2\n\nOf the 45, {} named training."
    )
    assert told(text.format("20.0 %"), TWO) == []
    assert told(text.format("26.7 %"), TWO) == ["error study"]


WEIGHTED = Known(
    (KnownTheme("Training", KnownCell(53, 144, 36.8056, 29.4, 44.9, 38.21, 30.0, 47.1), "Q1"),),
    (KnownBase("asked", 144, "Q1"),),
)


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("Weighted, 38.2 % named training (n = 144).", []),
        ("Weighted, 36.8 % named training (n = 144).", ["error study"]),
        ("38.2 % [30.0, 47.1] of the 144 named training.", []),
        ("38.2 % [30.0, 48.1] of the 144 named training.", ["error interval"]),
        ("36.8 % (53 of 144) named training, weighted 38.2 %.", []),
        ("All percentages are weighted. Of the 144, 41.3 % were content.", ["error grim"]),
    ],
)
def test_weighted_percentages_are_compared_and_not_tested(text: str, checks: list[str]) -> None:
    assert told(text, WEIGHTED) == checks
