"""Pages as studies write them: groups that are ranges, closed sets, quantifiers, two questions."""

from __future__ import annotations

import pytest

from qualcode.audit import (
    AuditReport,
    Known,
    KnownBase,
    KnownCell,
    KnownTheme,
    audit,
    read_manuscript,
)

from .made import cell

SIZES = ("above 100,000", "up to 25,000", "25,001 to 100,000")
BY_SIZE = {
    ("size", "up to 25,000"): cell(9, 34, 14.6, 43.1),
    ("size", "25,001 to 100,000"): cell(17, 44, 25.7, 53.4),
    ("size", "above 100,000"): KnownCell(n=53, is_suppressed=True),
}
AGENCIES = Known(
    themes=(
        KnownTheme("Resources", cell(40, 131, 23.3, 38.9), "Q5", "resources", BY_SIZE),
        KnownTheme("Technological advances", cell(33, 131, 18.5, 33.3), "Q5", "advances"),
        KnownTheme("Training", cell(19, 131, 9.5, 21.5), "Q5", "training"),
        KnownTheme("Training", cell(40, 126, 24.3, 40.3), "Q6", "training"),
        KnownTheme("Staffing", cell(12, 131, 5.3, 15.3), "Q5", "resources/staffing"),
    ),
    bases=(
        KnownBase("asked", 144, "Q5"),
        KnownBase("answered", 131, "Q5"),
        KnownBase("asked", 144, "Q6"),
        KnownBase("answered", 126, "Q6"),
    ),
    closed=(SIZES, ("affiliate", "task force"), ("rural county", "small town", "large city")),
)
ASKED = "All 144 respondents were asked. "


def page(text: str) -> AuditReport:
    return audit(read_manuscript(text.encode(), "page.md"), AGENCIES)


def told(text: str) -> list[str]:
    return [f"{finding.level} {finding.check}" for finding in page(text).findings]


WHOLE = [
    "38 of 144 (26.4 %) came from places of up to 25,000 people, 46 (31.9 %) from 25,001 to "
    "100,000 and 60 ({}) from above 100,000.",
    "26.4 % served at most 25,000 people, 31.9 % 25,001–100,000 and {} more than 100,000.",
    "Places of up to 25,000 people (26.4 %), between 25,001 and 100,000 (31.9 %) and over 100,000 "
    "({}) took part.",
    "Of them 26.4 % lived in places below 25,000. Another 31.9 % came from 25,000 to 100,000. The "
    "other {} came from 100,001 or more.",
    "By size:\n\n- up to 25,000: 38 (26.4 %)\n- 25,001 to 100,000: 46 (31.9 %)\n"
    "- above 100,000: 60 ({})",
    "There were 26.4 % from rural counties, 31.9 % from small towns and {} from large cities.",
    "Counties made up 26.4 %, towns 31.9 % and cities {}.",
    "26.4 % worked in a county, 31.9 % in a town, {} in a city.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_shares_of_all_values_of_an_attribute_are_a_closed_set(text: str) -> None:
    sound = page(ASKED + text.format("41.7 %"))
    assert [str(finding) for finding in sound.findings] == []
    assert sound.counts.closed_sets == 1
    (wrong,) = page(ASKED + text.format("45.8 %").replace("60 (", "66 (")).findings
    assert (wrong.level, wrong.check) == ("error", "sum")
    assert "exclude each other and add to 104.1 %" in wrong.wrong


@pytest.mark.parametrize(
    "text",
    [
        "Resources were named by 30.5 % of the 131 who answered. It was 26.5 % of places of up to "
        "25,000 people (n = 34) and 38.6 % of those of 25,001 to 100,000 (n = 44).",
        ASKED + "Of the affiliates, 50.0 % had a unit, of the task forces 48.6 %.",
        ASKED + "It was 50.0 % among affiliates and 52.8 % among task forces.",
        "By agency, 31.6 % of 98 affiliates and 69.7 % of 33 task forces named resources.",
    ],
)
def test_shares_within_groups_are_no_closed_set(text: str) -> None:
    report = page(text)
    assert report.counts.closed_sets == 0
    assert "sum" not in {finding.check for finding in report.findings}


NO_BASES = [
    "Of those from places of up to 25,000 people, 26.5 % (9 of 34) named resources.",
    "In places of 25,001 to 100,000 people resources were named by 38.6 % (17 of 44).",
    "Between 25,001 and 100,000 people: resources 38.6 % (n = 44).",
    "Of agencies from above 100,000, many were asked. Of the 131 who answered, 40 (30.5 %) named "
    "resources.",
    "For 25,000 euros, from 18 to 65 years, in the spring of 2014: 40 of the 131 who answered "
    "(30.5 %) named resources.",
    "Among more than 100,000 officers, 131 answered; of these, 30.5 % named resources.",
]


@pytest.mark.parametrize("text", NO_BASES)
def test_numbers_of_labels_and_ranges_are_neither_counts_nor_bases(text: str) -> None:
    assert told(text) == []


def test_groups_that_are_ranges_are_those_of_the_table() -> None:
    table = (
        "| theme | all (n = 131) | up to 25,000 (n = 34) | 25,001–100,000 (n = 44) | over 100,000 |"
        "\n|---|---|---|---|---|\n| Resources | 30.5 (40) | 26.5 (9) | {} | s |\n"
        "| Staffing | 9.2 (12) | | | |\n\n*Percentage of the group, and how many.*"
    )
    assert told(table.format("38.6 (17)")) == []
    assert told(table.format("36.4 (16)")) == ["error study"]
    assert told("Of places of 25,001 to 100,000, 36.4 % (16 of 44) named resources.") == [
        "error study"
    ]


QUANTIFIED = [
    ("{} of the 131 who answered named resources (40, 30.5 %).", "error"),
    ("{}, 40 of 131 (30.5 %), named resources.", "error"),
    ("{} (40 of 131; 30.5 %) spoke of resources.", "error"),
    ("{} of the 131 named resources.", "error"),
    ("Resources were named by {} of the 131.", "error"),
    ("{} of the 131 had a concern about resources.", "warning"),
    ("Resources were a concern for {} of the 131 who answered.", "warning"),
    ("{} respondents were men (30.5 %; 40 of 131).", "error"),
    ("{} of the 131 who answered were affiliates (40, 30.5 %).", "error"),
]


@pytest.mark.parametrize(("text", "level"), QUANTIFIED)
def test_quantifiers_are_checked_in_several_wordings(text: str, level: str) -> None:
    assert told(text.format("Most")) == [f"{level} quantifier"]
    for word in ("Some", "Many", "Fewer than half"):
        if word != "Fewer than half" or "respondents" not in text:
            right = page(text.format(word))
            assert right.findings == ()
            assert right.counts.quantifiers == 1


@pytest.mark.parametrize(
    "text",
    [
        "In all, 40 of 131 (30.5 %) named resources.",
        "Resources were named most (40 of 131, 30.5 %).",
        "Some 30.5 % of the 131 who answered named resources.",
        "Most agencies were asked by mail, and 40 of 131 (30.5 %) named resources.",
        "Most agencies were of a kind that 30.5 % of the 131 belong to.",
        "Most did not name resources (40 of 131, 30.5 %, did).",
    ],
)
def test_other_uses_of_the_words_are_left_alone(text: str) -> None:
    assert told(text) == []


NAMED = [
    "# Summary\n\nOf the 131 who answered, 40 (30.5 %) named resources, 33 (25.2 %) technological "
    "advances and 16 (12.2 %) {}.",
    "# Summary\n\nOf the 131 who answered, 40 (30.5 %) named resources. {} was named "
    "by 16 (12.2 %).",
    "Of the 131, resources were named by 40 (30.5 %), and {} was named by 16 (12.2 %).",
    "N = 131:\n\n- Resources: 40 (30.5 %)\n- Technological advances: 33 (25.2 %)\n"
    "- {}: 16 (12.2 %)",
    "Resources (40 of 131, 30.5 %), technological advances (33, 25.2 %) and {} (16, 12.2 %) led.",
    "Of the 131 who answered, 16 (12.2 %) named “{}”.",
    "| theme | k | n |\n|---|---|---|\n| Resources | 40 | 131 |\n| Training | 19 | 131 |\n"
    "| {} | 16 | 131 |",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_name_that_stands_like_a_theme_and_is_none_is_found(text: str) -> None:
    assert told(text.format("Leadership")) == ["error theme"]
    (finding,) = page(text.format("Leadership")).findings
    assert finding.shown == "Leadership"
    sound = text.format("Staffing").replace("16", "12").replace("12.2 %", "9.2 %")
    assert told(sound) == []


def test_a_theme_that_does_not_exist_is_found_by_its_words_and_its_heading() -> None:
    assert told("The theme Leadership came last.") == ["error theme"]
    assert told("# Methods\n\nThe theme Leadership was dropped.") == []
    assert told("The theme Training came last, the theme “Staffing” before.") == []
    headings = "# Results\n\n## Resources\n\nR.\n\n## Staffing\n\nS.\n\n## {}\n\nT.\n"
    assert told(headings.format("Leadership")) == ["warning theme"]
    assert told(headings.format("Training")) == told(headings.format("Other results")) == []


def test_a_message_speaks_of_the_question_that_the_context_tells() -> None:
    for text in (
        "Of the 131 who answered, 21 (16.0 %) named training.",
        "131 answered. Training was named by 16.8 %.",
        "Resources were named by 40 of 131 (30.5 %).\n\nTraining was named by 16.8 %.",
        "# Q5\n\nTraining was named by 16.8 %.",
    ):
        finding = page(text).findings[0]
        assert finding.level == "error"
        assert "19 of 131" in finding.right
        assert "40 of 126" not in finding.right
    (both,) = page("Training was named by 16.8 % of all.").findings
    assert "Training (Q5): 19 of 131" in both.right
    assert "Training (Q6): 40 of 126" in both.right


def test_a_share_of_another_question_is_wrong_where_the_base_tells_the_question() -> None:
    assert told("Of the 126 who answered, 31.7 % named training.") == []
    assert told("The 131 answered. Training was named by 31.7 %.") == ["error study"]


FIGURE = """
| series | category | value | low | high | words |
| --- | --- | ---: | ---: | ---: | --- |
| up to 25,000 (n = 34) | Resources | 26.47058823529412 | 14.6 | 43.1 | {} |
| 25,001 to 100,000 (n = 44) | Resources | 38.63636363636364 | 25.7 | 53.4 | 38.6 % |
| above 100,000 (n = 53) | Resources |  |  |  | suppressed |
"""


def test_the_data_of_a_figure_are_read_as_themes_in_groups() -> None:
    sound = page(FIGURE.format("26.5 %"))
    assert sound.findings == ()
    assert sound.counts.by_study == 2
    assert told(FIGURE.format("29.4 %")) == ["error study"]


LIST = """# Highlights

- Resources: 30.5 % (40 of 131)
- Technological advances: 25.2 % (33 of 131)
- Training: 14.5 % (19 of 131)

# Sample

144 people were asked (38 affiliates, 26.4 %; 106 task forces, 73.6 %), and 131 answered (91.0 %).
"""
APA = """# Results

Of the 144 agencies, 131 answered (91.0%). Technological advances were named by 33 respondents
(25.2%, 95% CI [18.5, 33.3]), resources by 40 (30.5%, 95% CI [23.3, 38.9]), and training by 19
(14.5%, 95% CI [9.5, 21.5]; n = 131). Some respondents (n = 12, 9.2%) mentioned staffing. Places of
25,001 to 100,000 people (38.6%, n = 17 of 44) named resources more often than those of up to 25,000
(26.5%, n = 9 of 34), χ²(1) = 1.27, p = .26.
"""
WEIGHTED = """# Results

All percentages are weighted unless we say so; k and n are not. Of the 131 who answered, 31.5 %
[23.0, 41.5] named resources (unweighted 30.5 %, 40 of 131). Fewer than half named resources.
"""


@pytest.mark.parametrize("text", [LIST, APA, WEIGHTED])
def test_correct_pages_of_other_styles_pass_without_a_finding(text: str) -> None:
    resources = KnownCell(40, 131, 30.534, 23.3, 38.9, 31.5, 23.0, 41.5)
    first = KnownTheme("Resources", resources, "Q5", "resources", BY_SIZE)
    known = AGENCIES if text != WEIGHTED else Known((first, *AGENCIES.themes[1:]), AGENCIES.bases)
    report = audit(read_manuscript(text.encode(), "page.md"), known)
    assert [str(finding) for finding in report.findings] == []
    assert report.counts.confirmed > 0
