"""SPSS syntax, which PSPP reads too: names of at most 64 bytes, labels of at most 255."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from qualcode.exporters.stubs.names import shortened, usable
from qualcode.model import STATUSES
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qualcode.exporters.stubs import Described, Variable

_LONGEST_NAME, _LONGEST_LABEL = 64, 255
_LINE = 80
_PIECE = 150
"""Bytes of a text on one line; SPSS cuts lines after 256."""

WIDEST_TEXT = 32_767
"""Bytes of the longest text that SPSS holds."""

_WIDEST_NUMBER, _MOST_DECIMALS = 40, 16

MEANINGS = {status: status.replace("_", " ").capitalize() for status in STATUSES}
"""The labels of what an answer can be."""

_TWO = 2
"""A set has at least two variables."""

_MACRO = re.compile(r"(?<=[!&@])(?=\w)")


def render(described: Described) -> str:
    """The syntax: it reads the data, labels them, makes the sets and prints shares."""
    short = names(described)
    lines = [
        _comment(described.about),
        _comment("Run it in the folder that holds the data (see CD)"),
        "SET DECIMAL=DOT.",
        *_reading(described, short),
        *_labels(described.variables, short),
        *_sets(described, short),
        *_shares(described, short),
    ]
    return "\n".join(lines) + "\n"


def names(described: Described) -> dict[str, str]:
    """The names of the columns as SPSS takes them, under their own."""
    own = [each.name for each in described.variables]
    return dict(zip(own, shortened(own, _LONGEST_NAME, size), strict=True))


def _reading(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    yield "GET DATA"
    yield "  /TYPE=TXT"
    yield f"  /FILE={quoted(described.data)}"
    yield "  /ENCODING='UTF8'"
    yield "  /DELCASE=LINE"
    yield "  /ARRANGEMENT=DELIMITED"
    yield "  /DELIMITERS=','"
    yield "  /QUALIFIER='\"'"
    yield "  /FIRSTCASE=2"
    yield "  /VARIABLES="
    yield from (f"    {short[each.name]} {_read_as(each)}" for each in described.variables)
    yield "  ."
    for each in described.variables:
        if each.kind == "number":
            yield f"FORMATS {short[each.name]} ({shown_as(each)})."
    yield "EXECUTE."


def _read_as(variable: Variable) -> str:
    if variable.kind == "number":
        return f"F{_WIDEST_NUMBER}.0"
    return "F1.0" if variable.kind == "code" else f"A{min(variable.width, WIDEST_TEXT)}"


def shown_as(variable: Variable) -> str:
    """The format in which SPSS shows the numbers of a column."""
    decimals = min(variable.decimals, _MOST_DECIMALS)
    return f"F{min(max(variable.width, decimals + 2), _WIDEST_NUMBER)}.{decimals}"


def _labels(variables: Sequence[Variable], short: Mapping[str, str]) -> Iterator[str]:
    yield "VARIABLE LABELS"
    labelled = (f"{short[each.name]} {quoted(each.label)}" for each in variables)
    yield from _slashed(labelled)
    codes = [short[each.name] for each in variables if each.kind == "code"]
    statuses = [short[each.name] for each in variables if each.kind == "status"]
    if codes:
        yield "VALUE LABELS"
        yield from _listed(codes)
        yield "    0 'No' 1 'Yes'."
        yield "VARIABLE LEVEL"
        yield from _listed(codes)
        yield "    (NOMINAL)."
    if statuses:
        meanings = (f"'{each}' '{meaning}'" for each, meaning in MEANINGS.items())
        yield "VALUE LABELS"
        yield from _listed(statuses)
        yield f"    {' '.join(meanings)}."
    texts = [f"{short[each.name]} ('')" for each in variables[1:] if each.kind == "text"]
    if texts:
        yield "MISSING VALUES"
        yield from _slashed(texts)


def _sets(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    keys = shortened([usable(each.key) for each in described.questions], _LONGEST_NAME - 1, size)
    sets = [
        (name, each)
        for name, each in zip(keys, described.questions, strict=True)
        if len(each.themes) >= _TWO
    ]
    if not sets:
        return
    yield "MRSETS"
    for name, asked in sets:
        yield f"  /MDGROUP NAME=${name}"
        yield f"    LABEL={quoted(asked.text or asked.key)}"
        yield "    CATEGORYLABELS=VARLABELS VARIABLES="
        yield from _listed(short[theme] for theme in asked.themes)
        yield "    VALUE=1"
    yield "  /DISPLAY NAME=ALL."


def _shares(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    weight = described.drawn.weight
    if weight:
        yield _comment("For percentages alone: WEIGHT takes weights for numbers of cases")
        yield _comment("Tests and intervals need Complex Samples (CSPLAN ANALYSIS)")
        yield f"WEIGHT BY {short[weight]}."
    for asked in described.questions:
        yield _comment(f"{asked.key}: {asked.about}; the mean is the share of the base")
        if asked.themes:
            yield "DESCRIPTIVES VARIABLES="
            yield from _listed(short[theme] for theme in asked.themes)
            yield "  /STATISTICS=MEAN."
    if weight:
        yield "WEIGHT OFF."


def _listed(names: Iterable[str]) -> list[str]:
    lines = textwrap.wrap(" ".join(names), _LINE, break_long_words=False, break_on_hyphens=False)
    return [f"    {line}" for line in lines]


def _slashed(parts: Iterable[str]) -> Iterator[str]:
    found = list(parts)
    for part in found[:1]:
        yield f"    {part}"
    yield from (f"   /{part}" for part in found[1:])
    yield "  ."


def _comment(text: str) -> str:
    return f"* {one_line(text)[:_LINE].rstrip(' .')}."


def quoted(text: str) -> str:
    """A text as SPSS writes it, at most 255 bytes, on lines that are not too long.

    What looks like the name of a macro is taken apart.
    """
    found = (piece for part in _MACRO.split(label(text)) for piece in pieces(part, _PIECE))
    return " +\n      ".join("'" + piece.replace("'", "''") + "'" for piece in found) or "''"


def label(text: str) -> str:
    """A text as a label: one line of at most 255 bytes."""
    shown = one_line(text)
    if size(shown) <= _LONGEST_LABEL:
        return shown
    return first(shown, _LONGEST_LABEL - len("...")) + "..."


def pieces(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many bytes."""
    while text:
        piece = first(text, most)
        yield piece
        text = text[len(piece) :]


def first(text: str, most: int) -> str:
    """What of a text fits into so many bytes, never half of a character."""
    return text.encode()[:most].decode(errors="ignore")


def size(text: str) -> int:
    """How many bytes a text takes."""
    return len(text.encode())
