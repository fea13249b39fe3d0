"""What holds for .csv, .tsv and .txt."""

from __future__ import annotations

import csv
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.importers import ReadOptions, read_survey

from .files import write_delimited

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ("respondent_id", "region", "What would help?", "Why?")
QUESTIONS = ReadOptions(questions=(("A", "What would help?"), ("B", "Why?")))
DELIMITERS = pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])


def refused(path: Path, content: str | bytes, options: ReadOptions | None = None) -> InputError:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_survey(path, options or ReadOptions())
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@DELIMITERS
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=20)] * 2), min_size=1, max_size=6
    )
)
def test_hostile_texts_come_back_as_they_were_written(
    tmp_path: Path, delimiter: str, encoding: str, texts: list[tuple[str, str]]
) -> None:
    rows = [(f"respondent-{n}", "a region", *pair) for n, pair in enumerate(texts)]
    padding = [(f"more-{n}", "another region", "plain words", "and more") for n in range(20)]
    path = write_delimited(tmp_path / "s.csv", [HEADER, *padding, *rows], delimiter, encoding)
    read = list(read_survey(path, QUESTIONS).rows())
    assert [row[2] for row in read][len(padding) :] == texts


@DELIMITERS
def test_windows_1252_is_read_and_said(tmp_path: Path, delimiter: str) -> None:
    rows = [HEADER, ("1", "n", "café – “très”", "10 €")]
    survey = read_survey(write_delimited(tmp_path / "s.csv", rows, delimiter, "cp1252"), QUESTIONS)
    assert [row[2] for row in survey.rows()] == [("café – “très”", "10 €")]
    assert any("1252" in note for note in survey.plan.notes)


def test_a_byte_of_no_encoding_names_its_cell(tmp_path: Path) -> None:
    error = refused(tmp_path / "s.csv", b'id;why\n1;"two\nlines"\n2;caf\x81\n')
    assert (error.row, error.column) == (3, "why")
    assert "0x81" in str(error)


def test_one_broken_byte_does_not_turn_utf8_into_another_encoding(tmp_path: Path) -> None:
    error = refused(tmp_path / "s.csv", "id,why\n1,é ü\n".encode() + b"2,\xff\n")
    assert (error.row, error.column) == (3, "why")


def test_a_cut_utf16_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "s.csv", "id,why\n1,because\n".encode("utf-16")[:-1]).row == 2


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        ("id,age,why\n1,5,because\n2,6\n", 3, "why"),
        ("id,age,why\n1,5,because\n2,6,so,more\n", 3, "D"),
        ('id,age,why\n1,5,"two\nlines"\n2,6\n', 3, "why"),
        ("id,age,why\n\n1,5\n", 3, "why"),
    ],
)
def test_a_ragged_row_is_refused(tmp_path: Path, content: str, row: int, column: str) -> None:
    error = refused(tmp_path / "s.csv", content)
    assert (error.row, error.column) == (row, column)


def test_an_open_quote_names_the_row_where_it_opens(tmp_path: Path) -> None:
    error = refused(tmp_path / "s.csv", 'id,why\n1,"a\nb"\n2,"never\n3,closed\n')
    assert (error.row, error.column) == (3, "why")
    assert "never closed" in str(error)


def test_text_after_a_closing_quote_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path / "s.csv", 'id,age,why\n1,5,x\n2,"a" b,y\n')
    assert (error.row, error.column) == (3, "age")


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path) -> None:
    rows = [("id", "why"), ("1", "long, " * 200_000)]
    survey = read_survey(write_delimited(tmp_path / "s.csv", rows))
    assert next(survey.rows())[2] == rows[1][1:]


def test_a_file_under_another_name_is_recognised(tmp_path: Path) -> None:
    assert "zip" in str(refused(tmp_path / "s.csv", b"PK\x03\x04" + bytes(100)))


def test_a_file_of_one_column_is_legal(tmp_path: Path) -> None:
    path = tmp_path / "s.txt"
    path.write_text("answer\nyes, because it is good\nno\n", encoding="utf-8")
    survey = read_survey(path)
    assert list(survey.rows()) == [
        (2, "1", ("yes, because it is good",), ()),
        (3, "2", ("no",), ()),
    ]
    assert any("numbered" in note for note in survey.plan.notes)


def test_a_delimiter_at_every_end_is_tolerated_where_the_header_has_it(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,why,\n1,because,\n2,so\n", encoding="utf-8")
    survey = read_survey(path)
    assert [row[2] for row in survey.rows()] == [("because",), ("so",)]
    assert any("1 column without name" in note for note in survey.plan.notes)


def test_empty_rows_are_skipped_and_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,why\n\n1,because\n,\n2,so\n,\n\n", encoding="utf-8")
    survey = read_survey(path)
    assert [row[0] for row in survey.rows()] == [3, 5]
    assert "4 empty rows skipped" in survey.plan.notes


def test_what_excel_writes_about_the_delimiter_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("sep=|\nid|why\n1|a, b; c\n", encoding="utf-8")
    assert list(read_survey(path).rows()) == [(3, "1", ("a, b; c",), ())]


def test_a_sheet_of_a_text_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "s.csv", "id,why\n1,because\n", ReadOptions(sheet="Data"))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.binary(max_size=80), st.text('id,why"\n\r;1é\x00', max_size=60)))
def test_any_bytes_give_rows_or_one_clear_error(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        survey = read_survey(path, ReadOptions())
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert len(list(survey.rows())) == survey.plan.n_rows


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"

    def peak(n_rows: int) -> int:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "region", "why"))
            writer.writerows((n, "north", f"because of {n} " + "x" * 100) for n in range(n_rows))
        tracemalloc.start()
        for _ in read_survey(path).rows():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(40_000) < 1.3 * peak(10_000)
