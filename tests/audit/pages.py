"""A page without an error, and what to change in it for one error of each kind."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .made import Block

CORRECT: list[Block] = [
    ("#", "Abstract"),
    (
        "",
        "We asked 144 visitors of two libraries what would bring them back. Of the 144 asked, "
        "36.8 % named parking (95 % CI 29.4 to 44.9) and 26.4 % named opening hours. Some "
        "respondents named training and friendly staff (18 of 144; 12.5 %).",
    ),
    ("#", "Methods"),
    (
        "",
        "In 2014, 144 of 3,800 invited visitors answered (3.8 %). Two coders coded 29 of the 144 "
        "answers twice (20.1 %) and agreed in 92 % of their decisions; alpha was .81, and tests "
        "were made at the 5 % level with 80 % power. Percentages do not add to 100 % because an "
        "answer may hold several themes. Earlier work found 62 % (Doe & Roe, 2009).",
    ),
    ("#", "Results"),
    (
        "",
        "Parking was the most frequent theme (53 of 144, 36.8 %, [29.4, 44.9]), more so at the "
        "harbour (17 of 38, 44.7 %) than at mill street (34.0 %; n = 36 of 106). Fewer than half "
        "of the respondents named parking. Thirty-eight respondents (26.4 %) spoke of opening "
        "hours, and 12.5 % (n = 18) of training and friendly staff. A few respondents asked for "
        "quiet rooms (9; 6.3 %). A few respondents named a prayer room (<5).",
    ),
    ("", "“In nine of ten cases, that is 90 %, there is no place to park,” one respondent wrote."),
    (
        "",
        "Of the 144 respondents, 27.1 % came from towns of up to 25,000 people, 31.9 % from "
        "towns of up to 100,000 and 41.0 % from cities.",
    ),
    ("", "Table 1. Themes, percent of the 144 respondents asked"),
    [
        ["Theme", "k", "%", "95 % CI"],
        ["Parking", "53", "36.8", "29.4–44.9"],
        ["Opening hours", "38", "26.4", "19.9–34.1"],
        ["Training & friendly staff", "18", "12.5", "8.1–18.9"],
        ["Quiet rooms", "9", "6.3", "3.3–11.5"],
        ["Prayer room", "<5", "s", ""],
        ["Don’t know", "4", "2.8", "1.1–6.9"],
    ],
    ("", "Note. Several answers were possible."),
    ("", "Table 2. Size of the town"),
    [
        ["People", "n", "%"],
        ["Up to 25,000", "39", "27.1"],
        ["25,001 to 100,000", "46", "31.9"],
        ["More than 100,000", "59", "41.0"],
        ["Total", "144", "100.0"],
    ],
    ("", "Table 3. Parking by branch"),
    [
        ["Theme", "Harbour (n = 38)", "Mill Street (n = 106)"],
        ["Parking", "44.7 %", "34.0 %"],
    ],
    ("#", "References"),
    ("", "Roe, B. (2009). Why 62 % of visitors stay away. Journal of Visits, 12, 1–9."),
]

PLANTED: list[tuple[list[tuple[str, str]], str]] = [
    ([("36.8 % named parking (95 % CI", "36.9 % named parking (95 % CI")], "grim"),
    ([("(18 of 144; 12.5 %)", "(18 of 137; 12.5 %)")], "counts"),
    ([("(17 of 38, 44.7 %)", "(18 of 38, 47.4 %)")], "study"),
    ([("Thirty-eight respondents (26.4 %)", "Forty-one respondents (28.5 %)")], "study"),
    ([("Some respondents named training", "Most respondents named training")], "quantifier"),
    ([("a prayer room (<5)", "a prayer room (3; 2.1 %)")], "suppressed"),
    ([("41.0 % from cities", "45.1 % from cities")], "sum"),
    ([("[29.4, 44.9]), more", "[29.4, 44.2]), more")], "interval"),
    ([("| 59", "65"), ("| 41.0", "45.1")], "sum"),
    ([("| Quiet rooms", "Longer loans")], "theme"),
    ([("| <5", "3")], "suppressed"),
    ([("| 34.0 %", "36.8 %")], "study"),
]
"""What stands on the page and what to put there, in a cell after a bar; the check that finds it.

65 of 144 is 45.1 %, so that each row is sound and only the sum of the set is not.
"""


def changed(changes: list[tuple[str, str]]) -> list[Block]:
    """The page with the first place of each text, or the first such cell, replaced."""
    page = deepcopy(CORRECT)
    for old, new in changes:
        if not any(_replace(page, place, old, new) for place in range(len(page))):
            raise AssertionError(old)
    return page


def _replace(page: list[Block], place: int, old: str, new: str) -> bool:
    block = page[place]
    if isinstance(block, tuple):
        page[place] = block[0], block[1].replace(old, new, 1)
        return page[place] != block
    for row in block:
        if old.removeprefix("| ") in row and old.startswith("| "):
            row[row.index(old.removeprefix("| "))] = new
            return True
    return False
