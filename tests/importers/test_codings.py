"""Codings made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.errors import InputError
from qualcode.importers import CodingRow, extensions, read_codings

from .files import write

if TYPE_CHECKING:
    from pathlib import Path

EVERY = pytest.mark.parametrize("ending", extensions())


@EVERY
def test_long_codings_arrive_as_written(tmp_path: Path, ending: str) -> None:
    rows = (
        ("respondent", "question", "coder", "code", "start", "end"),
        ("1", "Q1", "ana", "access/parking", "", ""),
        ("1", "Q1", "ana", "space", "0", "12"),
        ("2", "Q1", "ana", "", "", ""),
    )
    first = 1 if ending == ".jsonl" else 2
    assert list(read_codings(write(tmp_path / f"c{ending}", rows))) == [
        CodingRow(first, "1", "Q1", "ana", "access/parking"),
        CodingRow(first + 1, "1", "Q1", "ana", "space", 0, 12),
        CodingRow(first + 2, "2", "Q1", "ana", ""),
    ]


@EVERY
def test_wide_codings_are_a_row_for_each_code(tmp_path: Path, ending: str) -> None:
    rows = (
        ("respondent_id", "question", "coder", "access/parking", "dont-know"),
        ("1", "Q1", "ana", "1", "1"),
        ("2", "Q1", "ben", "0", "0"),
        ("3", "Q1", "ben", "", "1"),
    )
    read = list(read_codings(write(tmp_path / f"c{ending}", rows)))
    assert [(c.respondent, c.coder, c.code) for c in read] == [
        ("1", "ana", "access/parking"),
        ("1", "ana", "dont-know"),
        ("2", "ben", ""),
        ("3", "ben", "dont-know"),
    ]


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("respondent,question,coder,a,b", "1,Q1,ana,1,yes", "b"),
        ("respondent,question,coder,a", ",Q1,ana,1", "respondent"),
        ("respondent,question,coder,a", "1,Q1, ,1", "coder"),
        ("respondent,question,coder,code,start,end", "1,Q1,ana,a,x,4", "start"),
        ("respondent,question,coder,code,start,end", "1,Q1,ana,a,1,", "end"),
        ("respondent,question,coder,code,start,end", "1,Q1,ana,a,-1,4", "start"),
        ("respondent,question,coder,code,start,end", "1,Q1,ana,a,4,4", "end"),
        ("respondent,question,coder,code,start,end", "1,Q1,ana,,1,4", "code"),
        ("respondent,question,coder,code,start", "1,Q1,ana,a,1", "code"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, header: str, row: str, column: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(read_codings(path))
    assert (caught.value.row, caught.value.column) == (2, column)


@pytest.mark.parametrize("header", ["respondent,coder,code", "question,coder,code", "a,b"])
def test_a_missing_column_is_named(tmp_path: Path, header: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no such column"):
        read_codings(path)


def test_codings_without_a_code_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("respondent,question,coder\n1,Q1,ana\n", encoding="utf-8")
    with pytest.raises(InputError, match="code"):
        read_codings(path)
