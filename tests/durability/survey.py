"""A survey in which each answer can be told from every other, and four codes."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CODES = {"a": "access", "b": "boredom", "c": "cost", "n": "nothing"}


def token(number: int) -> str:
    """A word that only the answer with this number holds, beyond what a list has room for."""
    return f"token{number:05}"


def write_survey(path: Path, respondents: int) -> Path:
    words = "it takes too long and costs more than it is worth to most of the people whom we asked "
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "Q1", "region"])
        for number in range(1, respondents + 1):
            rows.writerow([f"R{number:05}", words * 2 + token(number), "north"])
    return path


def write_codebook(path: Path) -> Path:
    lines = ["codebook: Durability", "version: 1", "codes:"]
    for hotkey, key in CODES.items():
        lines += [f"  - key: {key}", f"    name: {key.title()} theme", f"    hotkey: {hotkey}"]
        lines += ["    exclusive: true"] * (key == "nothing")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
