"""The tables and views of a study file, as numbered migrations.

Every stored study is brought up to date when it is opened to write, a copy of it in memory
when it is only looked at; `PRAGMA user_version` says whether there is anything to do, so that
opening costs nothing when there is not.
"""

from __future__ import annotations

import importlib
import json
import sqlite3
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.store.connection import in_plain_words

if TYPE_CHECKING:
    from types import ModuleType

    from sqlite_utils import Database as Tooling

    from qualcode.store.connection import Database

MIGRATIONS = (
    "m001_study",
    "m002_agreement_runs",
    "m003_suggestions",
    "m004_verdicts",
    "m005_quotes",
    "m006_assignments",
    "m007_merging",
    "m008_queries",
    "m009_repeats",
    "m010_living_codebook",
)
"""The names of the SQL files in `migrations/`, in order."""

VERSION = len(MIGRATIONS)


def is_outdated(database: Database) -> bool:
    """Whether the study was made by an older qualcode."""
    return bool(database.value("PRAGMA user_version") < VERSION)


def migrate(database: Database) -> None:
    """Bring the tables and views of an open study up to date.

    Raises `QualcodeError` if the study was made by a newer qualcode.
    """
    present = database.value("PRAGMA user_version")
    if present == VERSION:
        return
    if present > VERSION:
        raise QualcodeError(
            f"{database.path} was made by a newer qualcode (its tables are version {present},"
            f" this program knows {VERSION})",
            hint="install a newer qualcode",
        )
    tooling = _tooling()
    steps = tooling.Migrations("qualcode")
    for number, name in enumerate(MIGRATIONS, start=1):
        steps(name=name)(_migration(number, name))
    try:
        steps.apply(tooling.Database(database.connection))
    except sqlite3.Error as error:
        raise in_plain_words(error, database.path) from error


def _tooling() -> ModuleType:
    """sqlite-utils, without the numpy that it loads where that is installed.

    It would be loaded to store arrays, of which a study has none; it costs more than the rest.
    """
    absent = "numpy" not in sys.modules
    if absent:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("sqlite_utils")
    finally:
        if absent:
            del sys.modules["numpy"]


class _migration:  # noqa: N801
    """A migration that carries out one SQL file and numbers the study."""

    def __init__(self, number: int, name: str) -> None:
        self.number = number
        self.__name__ = name

    def __call__(self, tooling: Tooling, /) -> None:
        script = (files("qualcode.store") / "migrations" / f"{self.__name__}.sql").read_text(
            "utf-8"
        )
        for statement in statements(script):
            tooling.conn.execute(statement)
        tooling.conn.execute(f"PRAGMA user_version = {self.number}")


def statements(script: str) -> list[str]:
    """The statements of a script in which every statement ends with ``;`` and a blank line."""
    return [part for part in script.split(";\n\n") if part.strip()]


def refresh_respondent_view(database: Database) -> None:
    """Make `v_respondent` anew: one column for each attribute of this study."""
    names = [name for (name,) in database.rows("SELECT name FROM attribute ORDER BY id")]
    columns = "".join(
        f", attributes ->> {_literal(_json_path(name))} AS {_identifier(name)}"
        for name in _free_of(names, taken={"respondent"})
    )
    database.run("DROP VIEW IF EXISTS v_respondent")
    database.run(f"CREATE VIEW v_respondent AS SELECT name AS respondent{columns} FROM respondent")


def _free_of(names: list[str], taken: set[str]) -> list[str]:
    kept = []
    for name in names:
        if name.lower() not in taken and '"' not in name and "\0" not in name:
            taken.add(name.lower())
            kept.append(name)
    return kept


def _json_path(name: str) -> str:
    return f"$.{json.dumps(name, ensure_ascii=False)}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
