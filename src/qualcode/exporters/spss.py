"""A matrix as a data file of SPSS, with labels and measures, by the extra ``spss``.

Names, labels and formats are those of the script in `stubs.spss`. Control characters are shown as
visible ones, and a text longer than SPSS holds is cut and says so.
"""

from __future__ import annotations

import textwrap
from array import array
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, MissingExtra, QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.stubs import spss
from qualcode.exporters.table import Written, as_text
from qualcode.text import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qualcode.exporters.stubs import Described, Variable
    from qualcode.exporters.table import Cell, Table

ENDING = ".sav"

_NOTE, _FILE_LABEL = 80, 64
"""Bytes of a line of the file's notes, and of its label."""

_NARROWEST, _WIDEST = 8, 30
"""Characters that a column of texts is shown with at the least and at the most."""

_MOST_COLUMNS = 32_767
_NUMBERS = frozenset({"number", "code"})
_CODED = {0: "No", 1: "Yes"}


def write_sav(path: Path, table: Table, described: Described) -> Written:
    """Write `table`, whose columns `described` tells, and count the cells that were cut.

    An empty cell is missing: a system-missing number, an empty text that counts as missing. The
    notes of the file say what its cells stand for and which column is the weight; weighting is
    left to whoever opens it. Raises MissingExtra where pyreadstat or pandas is not installed,
    InputError for more columns than a file of SPSS has; else as `exporters.write_table`.
    """
    if any(find_spec(name) is None for name in ("pyreadstat", "pandas")):
        raise MissingExtra(f"a file {ENDING}", "spss")
    if len(described.variables) > _MOST_COLUMNS:
        raise InputError(f"{_MOST_COLUMNS:,} columns are the most in {ENDING}", hint="use .csv")
    pyreadstat = import_module("pyreadstat")
    with replacing(path) as file, TemporaryDirectory(prefix="qualcode-") as folder:
        columns, rows, cut = _columns(table, described)
        written = Path(folder) / "matrix.sav"
        try:
            pyreadstat.write_sav(_frame(columns, described), written, **_labels(described))
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
            raise QualcodeError(f"{path} cannot be written: {error}", hint="use .csv") from error
        with written.open("rb") as made:
            copyfileobj(made, file)
    return Written(rows, cut)


def _columns(table: Table, described: Described) -> tuple[list[Any], int, int]:
    """Read the rows into columns; give these, how many rows there are, and the cells cut."""
    kinds = [each.kind in _NUMBERS for each in described.variables]
    columns: list[Any] = [array("d") if is_number else [] for is_number in kinds]
    rows = cut = 0
    for row in table.rows:
        rows += 1
        for column, cell, is_number in zip(columns, row, kinds, strict=True):
            if is_number:
                column.append(_number(cell))
            else:
                text, was_cut = _fitting(visible(as_text(cell)))
                column.append(text)
                cut += was_cut
    return columns, rows, cut


def _number(cell: Cell) -> float:
    return float("nan") if cell is None or cell == "" else float(cell)


def _fitting(text: str) -> tuple[str, bool]:
    """A text that SPSS can hold, and whether it had to be cut."""
    if spss.size(text) <= spss.WIDEST_TEXT:
        return text, False
    note = f"… [cut, {len(text)} characters]"
    return spss.first(text, spss.WIDEST_TEXT - spss.size(note)) + note, True


def _frame(columns: list[Any], described: Described) -> Any:
    pandas = import_module("pandas")
    names = spss.names(described)
    return pandas.DataFrame(
        {
            names[each.name]: pandas.Series(
                column, dtype="float64" if each.kind in _NUMBERS else "string"
            )
            for each, column in zip(described.variables, columns, strict=True)
        }
    )


def _labels(described: Described) -> dict[str, Any]:
    names = spss.names(described)
    variables = {names[each.name]: each for each in described.variables}
    texts = [name for name, each in variables.items() if each.kind == "text"]
    return {
        "file_label": spss.first(one_line(described.about), _FILE_LABEL),
        "note": [*_notes(described, names)],
        "column_labels": {name: spss.label(each.label) for name, each in variables.items()},
        "variable_value_labels": {
            name: meanings for name, each in variables.items() if (meanings := _meanings(each))
        },
        "missing_ranges": {name: [""] for name in texts if name != next(iter(variables))},
        "variable_measure": {
            name: "scale" if each.kind == "number" else "nominal"
            for name, each in variables.items()
        },
        "variable_display_width": {
            name: min(max(each.width, _NARROWEST), _WIDEST)
            for name, each in variables.items()
            if each.kind not in _NUMBERS
        },
        "variable_format": {
            name: spss.shown_as(each) if each.kind == "number" else "F1.0"
            for name, each in variables.items()
            if each.kind in _NUMBERS
        },
    }


def _meanings(variable: Variable) -> Mapping[Any, str]:
    if variable.kind == "code":
        return _CODED
    return dict(spss.MEANINGS) if variable.kind == "status" else {}


def _notes(described: Described, names: Mapping[str, str]) -> Iterator[str]:
    texts = [described.about, *(f"{each.key}: {each.about}" for each in described.questions)]
    if weight := described.drawn.weight:
        texts.append(
            f"The survey weight is {names[weight]}, and is not on: WEIGHT BY {names[weight]} is"
            " for percentages alone; tests and intervals need Complex Samples."
        )
    for text in texts:
        for line in textwrap.wrap(one_line(text), _NOTE):
            yield from spss.pieces(line, _NOTE)
