"""References, figures and quotes in every form of a document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pytest

from exporters.test_documents_hostile import local, parts_of
from qualcode.exporters.documents import Document, Grid, Quote, Ref, Section, render, write_document
from qualcode.exporters.figures import Chart, Flow, Point, Series, Stage, alt_text

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree import ElementTree as ET

TOLD = ("It was ", Ref("30.0 %", "themes-cost"), " of all.")
GRID = Grid(("theme", "%"), (("Access", "12.0"), ("Cost", "30.0")), names=((1, 1, "themes-cost"),))
CHART = Chart(
    "bars",
    "What people need",
    ("Access", "Cost"),
    (Series("all", (Point(12.0, 9.5, 15.0), Point(30.0, None, None, "hidden"))),),
    "% of respondents",
    "%",
    marks=((20.0, "last year"),),
)
FLOW = Flow("Who was counted", (Stage("Asked", 10), Stage("Answered", 8, (("blank", 2),))))
QUOTES = (
    Quote("Access", "too far\naway", "woman, North"),
    Quote("Access", "no road", ""),
    Quote("Cost", "1. too dear", "man"),
)


def one(section: Section, form: str) -> str:
    return render(Document("Report", (section,)), form)


def test_in_html_a_reference_leads_to_the_cell_of_its_name() -> None:
    page = one(Section("Themes", (TOLD,), GRID), "html")
    assert '<p dir="auto">It was <a href="#themes-cost">30.0 %</a> of all.</p>' in page
    assert '<td id="themes-cost" class="number">30.0</td>' in page
    assert page.count('id="') == 1


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_where_nothing_leads_a_reference_is_its_text(form: str) -> None:
    assert re.search(r"It was 30\.0 \\?% of all\.", one(Section("Themes", (TOLD,), GRID), form))


def test_in_html_a_figure_stands_with_its_caption_and_its_data_folded() -> None:
    page = one(Section("Needs", figure=CHART), "html")
    figure = page[page.index("<figure>") : page.index("</figure>")]
    assert '<figcaption dir="auto">What people need</figcaption>' in figure
    assert figure.count("<svg ") == 1
    assert "<?xml" not in figure
    details = figure[figure.index("<details>") :]
    assert "Access" in details
    assert '<td class="number">12.0</td>' in details
    # The caption is not drawn a second time.
    assert "What people need" not in figure[figure.index("<svg") : figure.index("</svg>")]


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
@pytest.mark.parametrize("figure", [CHART, FLOW])
def test_where_nothing_is_drawn_a_figure_is_its_words_and_its_data(
    form: str, figure: Chart | Flow
) -> None:
    shown = " ".join(one(Section("Needs", figure=figure), form).replace("\\", "").split())
    assert " ".join(alt_text(figure).split())[:60] in shown
    assert ("12.0" if figure is CHART else "blank") in shown


def test_csv_has_the_data_of_figures_and_the_quotes() -> None:
    section = Section("Needs", ("words",), GRID, figure=CHART, quotes=QUOTES)
    tables = one(section, "csv").split("\n\n")
    assert [table.split("\n")[0] for table in tables] == ["Needs", "What people need", "Needs"]
    assert "all,Cost,30.0,,,hidden" in tables[1]
    assert tables[2].startswith('Needs\ntheme,quote,by\nAccess,"too far\naway","woman, North"\n')


def test_quotes_under_the_same_words_stand_under_one_heading() -> None:
    page = one(Section("Quotes", quotes=QUOTES), "html")
    assert re.findall(r'<h3 dir="auto">(.*?)</h3>', page) == ["Access", "Cost"]
    assert page.count("<blockquote>") == 3
    assert page.count("<footer") == 2


def test_a_quote_in_markdown_keeps_its_lines_and_makes_no_list() -> None:
    text = one(Section("Quotes", quotes=QUOTES), "markdown")
    assert "> too far\\\n> away\n>\n> — woman, North\n\n<!-- -->\n\n> no road\n" in text
    assert "### Cost\n\n> 1\\. too dear\n" in text


def test_quotes_in_plain_text_are_set_in() -> None:
    lines = one(Section("Quotes", quotes=QUOTES), "text").split("\n")
    assert lines[5:] == [
        *("Access", "  “too far", "  away”", "    — woman, North", "  “no road”"),
        *("Cost", "  “1. too dear”", "    — man", ""),
    ]


def test_quotes_in_latex_have_their_environment() -> None:
    text = one(Section("Quotes", quotes=QUOTES[2:]), "latex")
    assert "\\begin{quote}\n1. too dear\n\n\\hfill --- man\n\\end{quote}" in text


def cells(sheet: ET.Element) -> dict[str, ET.Element]:
    return {each.attrib["r"]: each for each in sheet.iter() if local(each) == "c"}


def chart_of(path: Path, **changed: Any) -> dict[str, ET.Element]:
    figure = replace(CHART, **changed)
    write_document(path, Document("Report", (Section("Needs", figure=figure),)))
    return parts_of(path)


def test_a_workbook_has_the_values_of_a_chart_as_numbers(tmp_path: Path) -> None:
    parts = chart_of(tmp_path / "t.xlsx")
    found = cells(parts["xl/worksheets/sheet1.xml"])
    values = {
        place: "".join(each.itertext()) for place, each in found.items() if "t" not in each.attrib
    }
    assert values == {"B2": "12", "C2": "9.5", "D2": "15", "E2": "2.5", "F2": "3", "B3": "30"}
    assert {found[place].get("t") for place in ("A2", "A3", "B1", "G3")} == {"s"}


@pytest.mark.parametrize(
    ("kind", "tag"), [("bars", "barChart"), ("dots", "lineChart"), ("lines", "lineChart")]
)
def test_a_workbook_draws_a_chart_with_its_intervals_and_its_words(
    kind: Literal["bars", "dots", "lines"], tag: str, tmp_path: Path
) -> None:
    parts = chart_of(tmp_path / "t.xlsx", kind=kind)
    chart = parts["xl/charts/chart1.xml"]
    tags = [local(each) for each in chart.iter()]
    assert tag in tags
    bars = next(each for each in chart.iter() if local(each) == "errBars")
    ranges = [each.text for each in bars.iter() if local(each) == "f"]
    assert ranges == ["'Figure Needs'!$F$2:$F$3", "'Figure Needs'!$E$2:$E$3"]
    drawing = parts["xl/drawings/drawing1.xml"]
    described = [each.get("descr") for each in drawing.iter() if each.get("descr")]
    assert described == [alt_text(replace(CHART, kind=kind))]


def test_values_that_are_no_numbers_are_left_out_of_a_workbook(tmp_path: Path) -> None:
    series = (Series("all", (Point(float("nan"), 1.0, float("inf")), Point(None))),)
    parts = chart_of(tmp_path / "t.xlsx", series=series)
    sheet = cells(parts["xl/worksheets/sheet1.xml"])
    assert [place for place, each in sheet.items() if "t" not in each.attrib] == ["C2"]


@pytest.mark.parametrize("empty", [{"categories": (), "series": ()}, {"series": ()}])
def test_a_chart_of_nothing_is_no_error_in_a_workbook(
    empty: dict[str, object], tmp_path: Path
) -> None:
    assert "xl/charts/chart1.xml" not in chart_of(tmp_path / "t.xlsx", **empty)


def test_the_quotes_of_a_workbook_have_their_own_sheet(tmp_path: Path) -> None:
    section = Section("Needs", grid=GRID, quotes=QUOTES, figure=FLOW)
    written = write_document(tmp_path / "t.xlsx", Document("Report", (section,)))
    book = parts_of(tmp_path / "t.xlsx")["xl/workbook.xml"]
    names = [each.get("name") for each in book.iter() if local(each) == "sheet"]
    assert names == ["Needs", "Who was counted", "Quotes Needs", "Notes"]
    assert written.rows == 2


def test_the_same_document_is_the_same_workbook(tmp_path: Path) -> None:
    document = Document("Report", (Section("Needs", (TOLD,), GRID, figure=CHART),))
    for name in ("a.xlsx", "b.xlsx"):
        write_document(tmp_path / name, document)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
