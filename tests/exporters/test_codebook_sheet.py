"""A codebook as the appendix of a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import NotFound
from qualcode.exporters.documents import render
from qualcode.model import Code, Codebook
from qualcode.study.codebook_sheet import Version, codebook_document, of_study
from studies import BOOK, apply_book

if TYPE_CHECKING:
    from pathlib import Path

CODES = (
    Code("reach", "Wider reach", "r", "Mentions of reach", include=("more people", "new people")),
    Code("cost", "Costs", "c", examples=("cheap", "dear"), keywords=("cost", "fee")),
    Code("nothing", "Nothing", "n", is_exclusive=True),
    Code("dk", "Don’t know", "d", status="dont_know", is_retired=True),
)
SMALL = Codebook("Small", 2, CODES, ("why",))


def cells(book: Codebook) -> dict[str, list[str]]:
    grid = codebook_document([book]).sections[0].grid
    assert grid is not None
    return {name: list(column) for name, *column in zip(grid.columns, *grid.rows, strict=True)}


def test_every_code_stands_in_its_order_with_what_says_when_to_use_it() -> None:
    assert cells(SMALL) == {
        "code": ["reach", "cost", "nothing", "dk"],
        "name": ["Wider reach", "Costs", "Nothing", "Don’t know"],
        "definition": ["Mentions of reach", "", "", ""],
        "include": ["• more people\n• new people", "", "", ""],
        "examples": ["", "“cheap”\n“dear”", "", ""],
        "keywords": ["", "cost, fee", "", ""],
        "use": ["", "", "exclusive", "don’t know, retired"],
    }


def test_a_column_that_no_code_fills_is_left_out() -> None:
    assert list(cells(Codebook("Bare", 1, (Code("a", "A", "k"),)))) == ["code", "name"]
    assert list(cells(Codebook("Empty", 1, ()))) == ["code"]


def test_title_version_and_questions_are_told() -> None:
    document = codebook_document([SMALL])
    assert document.title == "Codebook: Small"
    assert document.sections[0].heading == "Small, version 2"
    assert document.sections[0].paragraphs == (
        "3 codes, and 1 retired.",
        "For the questions why.",
    )
    assert codebook_document([SMALL, SMALL]).title == "Codebooks"
    assert codebook_document([]).sections == ()


def test_a_first_version_alone_has_no_changelog() -> None:
    first = Version("Small", 1, "2026-01-01", is_first=True, added=("reach",))
    assert len(codebook_document([SMALL], [first]).sections) == 1


def test_the_changelog_says_what_each_version_did() -> None:
    log = (
        Version("Small", 1, "2026-01-01", is_first=True, added=("reach", "cost")),
        Version("Other", 1, "2026-01-02", is_first=True),
        Version("Small", 2, "2026-01-03", added=("dk",), moved=(("a", "b/a"),), removed=("x", "y")),
        Version("Small", 2, "2026-01-04"),
    )
    grid = codebook_document([SMALL], log).sections[1].grid
    assert grid is not None
    assert grid.rows == (
        ("1", "2026-01-01", "first version, 2 codes"),
        ("2", "2026-01-03", "added: dk; moved: a → b/a; removed: x, y"),
        ("2", "2026-01-04", "wording outside the codes"),
    )


def test_a_study_knows_its_versions(small: Path) -> None:
    raised = BOOK.replace("version: 1", "version: 2").replace("name: Costs", "name: Money")
    apply_book(small, raised)
    with Study.open(small, readonly=True) as opened:
        document = of_study(opened.database)
    text = render(document, "text")
    assert "Small, version 2" in text
    assert "first version, 6 codes" in text
    assert "changed: cost" in text


def test_a_changelog_names_no_coder(small: Path) -> None:
    apply_book(small, BOOK + "# more\n")
    with Study.open(small, readonly=True) as opened:
        by = opened.database.value("SELECT by_name FROM step ORDER BY id DESC LIMIT 1")
        grids = [section.grid for section in of_study(opened.database, "Small").sections]
    assert len(grids) == 2
    assert by not in {cell for grid in grids if grid for row in grid.rows for cell in row}


def test_an_unknown_codebook_is_not_found(small: Path) -> None:
    with Study.open(small, readonly=True) as opened, pytest.raises(NotFound, match="Smal"):
        of_study(opened.database, "Smal")
