"""Corpora in Parquet, and what is in the folders that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from topics import answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

COLUMNS = ("respondent", "question", "code", "probability", "calibrated", "source")


def table(texts: Sequence[Any], *, first: int = 0, **others: Sequence[Any]) -> pa.Table:
    """Answers to `why` by c0, c1 …; `others` are further columns, or other values of these."""
    count = range(first, first + len(texts))
    columns: Mapping[str, Any] = {
        "respondent": [f"c{i}" for i in count],
        "question": ["why"] * len(texts),
        "text": texts,
    }
    return pa.table({**columns, **others})


def write(path: Path, texts: Sequence[Any], **others: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(table(texts, **others), path)
    return path


def corpus(folder: Path, n: int, files: int, *, seed: int = 5) -> str:
    """A corpus of made-up answers in so many files; the pattern of these."""
    texts = [text for text, _ in answers(n, seed)]
    size = n // files
    for number in range(files):
        first = number * size
        write(folder / f"{number:03}.parquet", texts[first : first + size], first=first)
    return str(folder / "*.parquet")


def rows(folder: Path) -> list[tuple[Any, ...]]:
    """Every row of an output, in the order of its parts."""
    found = parquet.read_table(folder).to_pydict()
    assert tuple(found) == COLUMNS
    return list(zip(*found.values(), strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def left_in(folder: Path, *known: str) -> list[str]:
    """What lies in a folder beside what is known to."""
    return sorted(path.name for path in folder.iterdir() if path.name not in known)


def respondents(found: Iterable[tuple[Any, ...]]) -> list[str]:
    """Whose answers there are, in order."""
    return list(dict.fromkeys(row[0] for row in found))
