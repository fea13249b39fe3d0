"""A do-file for Stata 14 or newer: names of at most 32 characters, labels of at most 80.

Stata expands macros in quoted texts, too. A text that holds anything but plain characters is
therefore put together by Mata, which takes the others by their numbers; nothing is expanded there.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from qualcode.exporters.stubs.names import shortened, usable
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qualcode.exporters.stubs import Asked, Described, Variable

_LONGEST_NAME, _LONGEST_LABEL, _LINE = 32, 80, 80
_LONELY = {"error": "missing", "certainty": "certainty", "centered": "centered"}
_STRATUM, _PSU, _GROUP, _BASE = "stratum id", "psu id", "group id", " base"
"""Columns that the do-file adds; no column of the data is called so, with a space."""

_READ = re.compile(r"[\"`'$\\]|(?<=[/*])[/*]|[/*](?=[/*])")
"""What Stata reads as more than a character, in quotes or not: ``//`` and ``/*`` open comments."""

_SPECIAL = re.compile(r"([\"`'$\\/*])")


def render(described: Described) -> str:
    """The do-file: it reads the data, labels them, sets the design and prints shares."""
    short = _names(described)
    lines = [
        _comment(described.about),
        _comment("Run it in the folder that holds the data (see cd)"),
        "version 14",
        "clear",
        *_reading(described, short),
        *(line for each in described.variables for line in _labelled(each, short[each.name])),
        *_codes_labelled(described, short),
        *_design(described, short),
        *(line for asked in described.questions for line in _tables(asked, described, short)),
    ]
    return "\n".join(lines) + "\n"


def _names(described: Described) -> dict[str, str]:
    names = [each.name for each in described.variables]
    names += [_STRATUM, _PSU, _GROUP, *(asked.key + _BASE for asked in described.questions)]
    short = shortened([usable(name) for name in names], _LONGEST_NAME, len)
    return dict(zip(names, short, strict=True))


def _reading(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    data = f'"{one_line(described.data)}"'
    if _READ.search(described.data):
        yield f'mata: st_local("data", {_by_mata(described.data)})'
        data = "`\"`macval(data)'\"'"
    texts: list[str] = []
    numbers: list[str] = []
    for place, each in enumerate(described.variables, 1):
        (numbers if each.kind in {"number", "code"} else texts).append(str(place))
    yield f"import delimited using {data}, ///"
    yield '    delimiters(",") varnames(nonames) rowrange(2) encoding("utf-8") ///'
    yield "    bindquote(strict) maxquotedrows(unlimited) ///"
    yield f"    stringcols( ///\n{_continued(texts)} ///\n    ) ///"
    yield f"    numericcols( ///\n{_continued(numbers)} ///\n    )"
    read_as = [f"v{place}" for place in range(1, len(described.variables) + 1)]
    yield f"rename ( ///\n{_continued(read_as)} ///"
    yield f"    ) ( ///\n{_continued(short[each.name] for each in described.variables)} ///\n    )"


def _labelled(variable: Variable, name: str) -> Iterator[str]:
    label = one_line(variable.label)
    is_cut = len(label) > _LONGEST_LABEL
    shown = label[: _LONGEST_LABEL - 1] + "…" if is_cut else label
    if _READ.search(shown):
        yield f'mata: st_varlabel("{name}", {_by_mata(shown)})'
    else:
        yield f'label variable {name} "{shown}"'
    if is_cut:
        yield f'mata: st_global("{name}[label]", {_by_mata(label)})'


def _codes_labelled(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    codes = [short[each.name] for each in described.variables if each.kind == "code"]
    if codes:
        yield 'label define no_yes 0 "No" 1 "Yes"'
        yield f"label values ///\n{_continued(codes)} ///\n    no_yes"


def _design(described: Described, short: Mapping[str, str]) -> Iterator[str]:
    drawn = described.drawn
    options = []
    if drawn.stratum:
        yield f"egen long {short[_STRATUM]} = group({short[drawn.stratum]})"
        options.append(f"strata({short[_STRATUM]})")
    if drawn.psu:
        yield f"egen long {short[_PSU]} = group({short[drawn.psu]})"
    if drawn.fpc:
        options.append(f"fpc({short[drawn.fpc]})")
    weight = f" [pweight={short[drawn.weight]}]" if drawn.weight else ""
    options.append(f"singleunit({_LONELY[drawn.lonely]})")
    yield f"svyset {short[_PSU] if drawn.psu else '_n'}{weight}, {' '.join(options)}"
    if described.group:
        yield f"egen long {short[_GROUP]} = group({short[described.group]}), label"


def _tables(asked: Asked, described: Described, short: Mapping[str, str]) -> Iterator[str]:
    yield _comment(f"{asked.key}: {asked.text}")
    yield _comment(f"{asked.about}. Who is outside the base stays in the design")
    if not asked.themes:
        return
    base = short[asked.key + _BASE]
    yield f"generate byte {base} = !missing({short[asked.themes[0]]})"
    yield f"foreach code of varlist ///\n{_continued(short[name] for name in asked.themes)} ///"
    yield "    {"
    yield f"    capture noisily svy, subpop({base}): proportion `code'"
    if described.group:
        table = f"tabulate {short[_GROUP]} `code', row percent"
        yield f"    capture noisily svy, subpop({base}): {table}"
    yield "}"


def _continued(names: Iterable[str]) -> str:
    lines = textwrap.wrap(" ".join(names), _LINE, break_long_words=False, break_on_hyphens=False)
    return " ///\n".join(f"    {line}" for line in lines)


def _comment(text: str) -> str:
    return f"* {_READ.sub(' ', one_line(text))}".rstrip()


def _by_mata(text: str) -> str:
    """A text as an expression of Mata that no macro and no comment can be seen in."""
    parts = (part for part in _SPECIAL.split(one_line(text)) if part)
    return " + ".join(
        f"char({ord(part)})" if _SPECIAL.fullmatch(part) else f'"{part}"' for part in parts
    )
