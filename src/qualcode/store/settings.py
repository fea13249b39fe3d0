"""The few facts about a study that are not rows: kept as JSON in the table `setting`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode.store.connection import Database


def read(database: Database, name: str, default: Any = None) -> Any:
    """The value of a setting, or `default`."""
    text = database.value("SELECT value FROM setting WHERE name = ?", (name,))
    return default if text is None else json.loads(text)


def write(database: Database, name: str, value: Any, *, clock: int = 0) -> None:
    """Set a setting; `clock` is that of the step that changes it."""
    database.run(
        "INSERT INTO setting (name, value, clock) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value, clock = excluded.clock"
        " WHERE value <> excluded.value",
        (name, json.dumps(value, ensure_ascii=False), clock),
    )
