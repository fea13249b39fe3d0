"""Makes the same table in every format."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write_delimited(
    path: Path,
    rows: Sequence[Sequence[str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
    **options: object,
) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, **options).writerows(rows)  # type: ignore[arg-type]
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                else:
                    sheet.write(row, column, cell)
    book.close()
    return path


def write_jsonl(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    header, *body = rows
    lines = [json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in body]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    if path.suffix == ".xlsx":
        return write_xlsx(path, {"Answers": rows})
    if path.suffix == ".jsonl":
        return write_jsonl(path, rows)
    return write_delimited(path, rows, "\t" if path.suffix == ".tsv" else ",")
