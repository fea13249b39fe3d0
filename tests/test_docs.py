from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qualcode.store import connection, schema

if TYPE_CHECKING:
    import sqlite3

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def empty_study(tmp_path: Path) -> sqlite3.Connection:
    database = connection.create(tmp_path / "study.db", tmp_path / "study.db")
    schema.migrate(database)
    return database.connection


def test_every_view_is_documented_with_every_column(empty_study: sqlite3.Connection) -> None:
    page = (ROOT / "docs" / "study-file.md").read_text("utf-8")
    views = empty_study.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()

    for (view,) in views:
        row = next((line for line in page.splitlines() if line.startswith(f"| `{view}` |")), "")
        assert row, f"{view} is not in docs/study-file.md"
        for _, column, *_ in empty_study.execute(f"PRAGMA table_info({view})"):
            assert column in row, f"{view}.{column}"


def test_every_table_is_documented(empty_study: sqlite3.Connection) -> None:
    page = (ROOT / "docs" / "study-file.md").read_text("utf-8")
    tables = empty_study.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*sqlite*'"
    ).fetchall()

    for (table,) in tables:
        assert f"`{table}`" in page, table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
