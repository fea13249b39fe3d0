"""What every format promises about cells."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from qualcode.errors import InputError
from qualcode.exporters import Table, extensions, write_table
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = (
    "=1+1",
    "@cmd",
    "+1",
    "-1",
    "0",
    "007",
    "1e5",
    "http://example.org",
    "mailto:a@b.c",
    "{=SUM(A1)}",
    "a\0b",
    "\x1b[31mred",
    "\u202eabc",
    "a\r\nb\rc\nd",
    'say "x", or\ty',
    "  spaces  ",
    "\n",
    "'",
    "<r>foo</r>",
    "<r><t>x</t></r>",
    "<b>&amp;</b>",
    "]]>",
    "_x0041_",
    "_x000D_",
    "\ufeffbom",
    "\u2028\u2029\x85",
    "\ufffe\uffff",
    "😀",
    "true",
    "#N/A",
    ",",
    "\\N",
    "\x7f\x9f",
)


GOLDEN_JSONL = """\
{"respondent": "r1", "text": "Cheaper, \\"wider\\" reach"}
{"respondent": "r2", "text": "naïve 😀"}
{"respondent": "r3", "text": null}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def read_csv(path: Path) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def read_xlsx(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def table(*rows: tuple[Any, ...], name: str = "codings") -> Table:
    width = len(rows[0]) if rows else 2
    return Table(name, tuple(f"c{n}" for n in range(width)), iter(rows))


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
rows_of_texts = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=6)
)


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@given(rows=rows_of_texts)
@settings(deadline=None)
def test_separated_text_reads_back_exactly(rows: list[list[str]], ending: str, place: Path) -> None:
    path = place / f"t{ending}"
    columns = tuple(rows[0])
    write_table(path, Table("t", columns, (tuple(row) for row in rows)))
    assert read_csv(path) == [rows[0], *rows]


@given(rows=rows_of_texts)
@settings(deadline=None)
def test_jsonl_reads_back_exactly(rows: list[list[str]], place: Path) -> None:
    path = place / "t.jsonl"
    write_table(path, table(*map(tuple, rows)))
    lines = path.read_text("utf-8").split("\n")
    assert lines.pop() == ""
    assert [list(json.loads(line).values()) for line in lines] == rows


@given(text=st.text(min_size=1, max_size=60))
@settings(deadline=None, max_examples=60)
def test_xlsx_reads_back_as_it_is_seen(text: str, place: Path) -> None:
    path = place / "t.xlsx"
    write_table(path, table((text, "x")))
    seen = visible(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert read_xlsx(path)[1] == [seen, "x"]


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_hostile_cells_read_back_from_separated_text(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    write_table(path, table(*((text, "x") for text in HOSTILE)))
    assert [row[0] for row in read_csv(path)[1:]] == list(HOSTILE)


def test_hostile_cells_are_inert_strings_in_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, table(*((text, "x") for text in HOSTILE)))
    seen = [
        visible(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for text in HOSTILE
    ]
    got = [row[0] for row in read_xlsx(path)[1:]]
    assert got == seen
    assert not any(character in "".join(got) for character in "\0\x1b\r\u202e\x7f")


def test_a_hostile_header_is_inert_too(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, Table("t", ("=1+1", "<r>x</r>", "a\rb"), [("1", "2", "3")]))
    assert read_xlsx(path) == [["=1+1", "<r>x</r>", "a␍b"], ["1", "2", "3"]]


def test_xlsx_cells_are_strings_whatever_they_were(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, table((1, 0.1, True, False, None, "", float("nan"), "x")))
    assert read_xlsx(path)[1] == ["1", "0.1", "true", "false", "", "", "", "x"]


def test_numbers_keep_full_precision_and_are_never_nan(tmp_path: Path) -> None:
    row = (1, 0.1 + 0.2, True, False, None, float("nan"), float("inf"), "")
    for ending in (".csv", ".jsonl"):
        write_table(tmp_path / f"t{ending}", table(row))
    assert (tmp_path / "t.csv").read_text().split("\n")[1] == "1,0.30000000000000004,true,false,,,,"
    values = json.loads((tmp_path / "t.jsonl").read_text()).values()
    assert list(values) == [1, 0.1 + 0.2, True, False, None, None, None, ""]


@pytest.mark.parametrize(
    ("ending", "golden"),
    [
        (".csv", 'respondent,text\nr1,"Cheaper, ""wider"" reach"\nr2,naïve 😀\nr3,\n'),
        (".tsv", 'respondent\ttext\nr1\t"Cheaper, ""wider"" reach"\nr2\tnaïve 😀\nr3\t\n'),
        (".jsonl", GOLDEN_JSONL),
    ],
)
def test_the_bytes_are_utf8_without_a_mark_and_with_plain_newlines(
    ending: str, golden: str, tmp_path: Path
) -> None:
    rows = [("r1", 'Cheaper, "wider" reach'), ("r2", "naïve 😀"), ("r3", None)]
    path = tmp_path / f"t{ending}"
    assert write_table(path, Table("responses", ("respondent", "text"), rows)).rows == 3
    assert path.read_bytes() == golden.encode()


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_an_empty_cell_that_is_alone_in_its_row_is_still_a_row(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    write_table(path, table(("",), (None,), ("x",)))
    assert read_csv(path) == [["c0"], [""], [""], ["x"]]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".xlsx"])
def test_a_table_without_rows_is_written(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    assert write_table(path, table()).rows == 0
    assert path.exists()


def test_equal_columns_are_all_kept_in_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    write_table(path, Table("t", ("text", "text", "text_2", "text"), [("a", "b", "c", "d")]))
    assert json.loads(path.read_text()) == {
        "text": "a",
        "text_3": "b",
        "text_2": "c",
        "text_4": "d",
    }


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_a_surrogate_is_refused_with_its_row(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    with pytest.raises(InputError, match=r"row [23].*surrogate"):
        write_table(path, table(("fine",), ("\ud800",)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("character", ["a", "é", "😀", "\0"])
def test_a_cell_too_long_for_excel_is_cut_and_says_so(
    character: str, before: int, tmp_path: Path
) -> None:
    path = tmp_path / "t.xlsx"
    text = "x" * before + character * 40_000
    written = write_table(path, table((text, "y")))
    assert (written.rows, written.cut_cells) == (1, 1)
    cell = read_xlsx(path)[1][0]
    units = len(cell.encode("utf-16-le")) // 2
    assert 32_766 <= units <= 32_767
    assert cell.endswith(f"… [cut, {len(text)} characters]")
    kept = cell.removesuffix(f"… [cut, {len(text)} characters]")
    assert visible(text).startswith(kept)


@pytest.mark.parametrize(
    ("text", "cut"), [("a" * 32_767, 0), ("a" * 32_768, 1), ("😀" * 16_383, 0), ("😀" * 16_384, 1)]
)
def test_a_cell_is_cut_only_beyond_the_limit(text: str, cut: int, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert write_table(path, table((text, "y"))).cut_cells == cut
    assert (read_xlsx(path)[1][0] == text) is not bool(cut)


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("codings", "codings"),
        ("a/b[c]:*?\\", "a_b_c_____"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
        ("'quoted'", "quoted"),
        ("n" * 40, "n" * 31),
        ("😀" * 40, "😀" * 15),
        ("a\x1b\nb", "a␛_b"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(name: str, sheet: str, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, table(("x",), name=name))
    assert CalamineWorkbook.from_path(path).sheet_names == [sheet]


def test_more_rows_than_a_sheet_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.exporters.xlsx.MAX_ROWS", 3)
    assert write_table(tmp_path / "t.xlsx", table(("a",), ("b",))).rows == 2
    with pytest.raises(InputError, match="rows") as error:
        write_table(tmp_path / "u.xlsx", table(("a",), ("b",), ("c",)))
    assert ".csv" in error.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


def test_more_columns_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="columns"):
        write_table(tmp_path / "t.xlsx", table(tuple("x" * 16_385)))


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx"])
def test_rows_are_streamed_and_read_once(ending: str, tmp_path: Path) -> None:
    asked: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(5):
            asked.append(number)
            yield (number,)

    write_table(tmp_path / f"t{ending}", Table("t", ("n",), rows()))
    assert asked == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["t.doc", "t", ".csv", "t.csv.bak"])
def test_an_unknown_ending_names_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        write_table(tmp_path / name, table(("x",)))
    assert all(ending in error.value.hint for ending in extensions())


def test_the_endings_are_those_of_the_contract() -> None:
    assert extensions() == (".csv", ".jsonl", ".tsv", ".xlsx")


def test_an_ending_may_be_in_capitals(tmp_path: Path) -> None:
    write_table(tmp_path / "T.CSV", table(("x",)))
    write_table(tmp_path / "T.TSV", table(("x", "y")))
    assert (tmp_path / "T.TSV").read_text() == "c0\tc1\nx\ty\n"
