"""Import-linter cannot tell a deferred import from one at the top: these look at what is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("numpy", "sklearn", "spacy", "scipy", "pandas")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys, json\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_command_line_starts_with_click_alone() -> None:
    loaded = loaded_by("import qualcode.cli")

    assert not loaded & {*HEAVY, "textual", "rich", "sqlite_utils", "sqlite3", "yaml"}


def test_the_coding_screen_opens_without_anything_heavy() -> None:
    loaded = loaded_by("import qualcode.study, qualcode.tui.app")

    assert not loaded & {*HEAVY, "sqlite_utils", "yaml", "xlsxwriter", "python_calamine"}


def test_opening_a_study_loads_no_tooling() -> None:
    loaded = loaded_by("from qualcode import Study; Study.open")

    assert not loaded & {*HEAVY, "sqlite_utils", "yaml", "textual", "click"}


def test_only_a_corpus_loads_parquet_and_dask() -> None:
    loaded = loaded_by(
        "import qualcode.cli.suggest, qualcode.study.suggestions.running,"
        " qualcode.study.frequencies.tabulate, qualcode.study.frequencies.machine"
    )

    assert not loaded & {"pyarrow", "dask", "distributed", "qualcode.corpus"}
