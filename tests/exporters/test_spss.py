"""A matrix as a file of SPSS: read back, it is what it was, with its labels."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exporters.test_documents_hostile import HOSTILE
from exporters.test_stubs import FULL
from qualcode import Study
from qualcode.errors import Conflict, InputError, MissingExtra
from qualcode.exporters import Table
from qualcode.exporters.spss import write_sav
from qualcode.exporters.stubs import Described, Drawn, Variable
from qualcode.study.matrix import matrix
from qualcode.text import visible

pyreadstat = pytest.importorskip("pyreadstat")

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (
    ("r1", "1.5", "n", "a", "North", "999", "substantive", 1, 0, 0),
    ("r2", "", "s", "b", "", "", "not_asked", None, None, None),
)
LONG = "Q1__resources_training_and_technical_assistance"


def table(rows: tuple[tuple[Any, ...], ...], described: Described) -> Table:
    return Table("matrix", tuple(each.name for each in described.variables), iter(rows))


def read(path: Path) -> tuple[dict[str, list[Any]], Any]:
    found, about = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    return {name: list(column) for name, column in found.items()}, about


def texts(*variables: str) -> Described:
    return Described("m.csv", "about", tuple(Variable(v, v) for v in variables), (), Drawn())


@pytest.fixture
def full(tmp_path: Path) -> tuple[dict[str, list[Any]], Any]:
    written = write_sav(tmp_path / "m.sav", table(ROWS, FULL), FULL)
    assert (written.rows, written.cut_cells) == (2, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["m.sav"]
    return read(tmp_path / "m.sav")


def test_numbers_and_codes_are_numbers_and_empty_cells_are_missing(
    full: tuple[dict[str, list[Any]], Any],
) -> None:
    columns, _ = full
    assert list(columns) == [each.name for each in FULL.variables]
    assert columns["respondent"] == ["r1", "r2"]
    assert columns["region"] == ["North", ""]
    assert columns["Q1_status"] == ["substantive", "not_asked"]
    for name, value in {"weight": 1.5, "population": 999.0, "Q1__access": 1.0, LONG: 0.0}.items():
        first, second = columns[name]
        assert first == value
        assert second is None


def test_variables_and_values_have_their_labels_measures_and_formats(
    full: tuple[dict[str, list[Any]], Any],
) -> None:
    _, about = full
    labels = about.column_names_to_labels
    assert labels["Q1__access"] == "Q1: access (Access)"
    assert labels["region"] == "Region “North” & $South"
    assert about.variable_value_labels["Q1__access"] == {0.0: "No", 1.0: "Yes"}
    assert about.variable_value_labels["Q1_status"]["not_asked"] == "Not asked"
    assert about.variable_measure["weight"] == "scale"
    assert about.variable_measure["Q1__access"] == about.variable_measure["region"] == "nominal"
    assert about.original_variable_types["weight"] == "F5.3"
    assert about.original_variable_types["Q1__access"] == "F1.0"
    assert about.file_encoding == "UTF-8"


def test_an_empty_text_is_missing_but_for_the_name_of_a_respondent(
    full: tuple[dict[str, list[Any]], Any],
) -> None:
    _, about = full
    assert sorted(about.missing_ranges) == ["psu", "region", "stratum"]
    assert about.missing_ranges["region"] == [{"lo": "", "hi": ""}]


def test_the_notes_say_what_cells_stand_for_and_which_column_is_the_weight(
    full: tuple[dict[str, list[Any]], Any],
) -> None:
    notes = " ".join(full[1].notes)
    assert "Q1: Rule majority, base answered" in notes
    assert "The survey weight is weight, and is not on" in notes


@pytest.mark.parametrize("text", [t for t in HOSTILE.values() if len(t) < 1000])
def test_a_hostile_text_is_a_text(text: str, tmp_path: Path) -> None:
    described = Described(
        text,
        text,
        (Variable("respondent", text), Variable("a", text), Variable("q__a", text, "code")),
        (),
        Drawn(),
    )
    write_sav(tmp_path / "m.sav", table(((text, text, 1),), described), described)
    columns, about = read(tmp_path / "m.sav")
    assert columns["respondent"] == columns["a"] == [visible(text).rstrip(" ")]
    label = visible(text).replace("\n", " ").replace("\t", " ").rstrip(" ")
    assert about.column_labels == [label] * 3


def test_a_text_longer_than_spss_holds_is_cut_and_says_so(tmp_path: Path) -> None:
    described = texts("respondent", "a")
    rows = (("r1", "é" * 20_000), ("r2", "x" * 32_767))
    written = write_sav(tmp_path / "m.sav", table(rows, described), described)
    cut, whole = read(tmp_path / "m.sav")[0]["a"]
    assert written.cut_cells == 1
    assert cut.endswith("é… [cut, 20000 characters]")
    assert 32_760 <= len(cut.encode()) <= 32_767
    assert whole == "x" * 32_767


def test_long_names_and_labels_are_shortened_to_what_spss_takes(tmp_path: Path) -> None:
    names = [f"q__{'é' * 60}_{n}" for n in range(3)]
    variables = (Variable("respondent", "r"), *(Variable(n, "ü" * 300, "code") for n in names))
    described = Described("m.csv", "x" * 200, variables, (), Drawn())
    write_sav(tmp_path / "m.sav", table((("r", 1, 0, None),), described), described)
    columns, about = read(tmp_path / "m.sav")
    assert len(columns) == 4
    assert all(len(name.encode()) <= 64 for name in columns)
    assert all(len(label.encode()) <= 255 for label in about.column_labels)
    assert about.column_labels[1].endswith("...")


def test_a_matrix_without_respondents_is_a_file(tmp_path: Path) -> None:
    assert write_sav(tmp_path / "m.sav", table((), FULL), FULL).rows == 0
    columns, _ = read(tmp_path / "m.sav")
    assert all(column == [] for column in columns.values())


def test_the_matrix_of_a_study_reads_back(small: Path, tmp_path: Path) -> None:
    with Study.open(small, readonly=True) as opened:
        found = matrix(opened.database)
        rows = list(found.table.rows)
        written = write_sav(tmp_path / "m.sav", found.table, found.described("m.sav"))
    columns, _ = read(tmp_path / "m.sav")
    assert written.rows == len(rows) == 6
    assert columns["respondent"] == [row[0] for row in rows]
    for place, name in enumerate(found.table.columns):
        for cell, value in zip((row[place] for row in rows), columns[name], strict=True):
            if isinstance(value, str):
                assert value == cell
            else:
                assert value == (None if cell in {None, ""} else float(cell))


@pytest.mark.parametrize("name", ["pyreadstat", "pandas"])
def test_without_the_extra_one_line_says_what_to_install(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra) as error:
        write_sav(tmp_path / "m.sav", table(ROWS, FULL), FULL)
    assert error.value.hint == "pip install 'qualcode[spss]'"
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_file(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "m.sav"
    path.write_bytes(b"old")
    wide = replace(FULL, variables=FULL.variables * 4000)
    with pytest.raises(InputError, match="32,767 columns"):
        write_sav(path, table(ROWS, FULL), wide)
    assert path.read_bytes() == b"old"
    with pytest.raises(Conflict, match="is a study"):
        write_sav(small, table(ROWS, FULL), FULL)


@pytest.mark.skipif(not shutil.which("pspp"), reason="PSPP is not installed")
def test_pspp_reads_it(full: object, tmp_path: Path) -> None:  # noqa: ARG001
    script = "GET FILE='m.sav'.\nDISPLAY DICTIONARY.\nLIST.\nDISPLAY DOCUMENTS.\n"
    (tmp_path / "m.sps").write_text(script)
    said = subprocess.run(
        ["pspp", "-O", "format=csv", "m.sps"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.decode()
    assert "error" not in said
    assert "warning" not in said
    assert "Q1: access (Access)" in said
    assert "Not asked" in said
    assert "r1,1.500,n,a,North,999,substantive,1,0,0" in said
    assert "r2,.,s,b,,.,not_asked,.,.,." in said.replace(" ", "")
