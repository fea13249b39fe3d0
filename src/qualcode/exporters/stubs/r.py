"""R, with the package ``survey``: all but the comments is plain ASCII, the same in any locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.model import STATUSES
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.exporters.stubs import Asked, Described, Drawn, Variable

_CLASSES = {"text": "character", "number": "numeric", "status": "character", "code": "integer"}
_LONELY = {"error": "fail", "certainty": "certainty", "centered": "adjust"}


def render(described: Described) -> str:
    """The script: it leaves `data`, `design`, and in `shares` and `tests` what it has printed."""
    return "\n".join(_lines(described)) + "\n"


def _lines(described: Described) -> Iterator[str]:
    yield from reading(described)
    yield "shares <- list()"
    yield "tests <- list()"
    for asked in described.questions:
        yield ""
        yield from _tables(asked, described)


def reading(described: Described) -> Iterator[str]:
    """The lines that leave the matrix in `data` and the survey's design in `design`."""
    yield f"# {one_line(described.about)}"
    yield "# Run it in the folder that holds the data."
    yield "library(survey)"
    yield ""
    classes = vector(_CLASSES[each.kind] for each in described.variables)
    yield f"data <- read.csv({quoted(described.data)}, header = TRUE, check.names = FALSE,"
    yield f'  na.strings = "", encoding = "UTF-8", colClasses = {classes})'
    yield f"names(data) <- {vector(each.name for each in described.variables)}"
    for variable in described.variables:
        yield from _labelled(variable)
    yield ""
    yield from _design(described.drawn)


def _labelled(variable: Variable) -> Iterator[str]:
    name = f"data[[{quoted(variable.name)}]]"
    if variable.kind == "status":
        levels = ", ".join(map(quoted, STATUSES))
        yield f"{name} <- factor({name}, levels = c({levels}))"
    yield f'attr({name}, "label") <- {quoted(variable.label)}'


def _design(drawn: Drawn) -> Iterator[str]:
    parts = [
        f"ids = ~{drawn.psu or 1}",
        f"strata = ~{drawn.stratum}" if drawn.stratum else "",
        f"weights = ~{drawn.weight}" if drawn.weight else "weights = rep(1, nrow(data))",
        f"fpc = make.formula({quoted(drawn.fpc)})" if drawn.fpc else "",
        "nest = TRUE" if drawn.psu and drawn.stratum else "",
        "data = data",
    ]
    yield f'options(survey.lonely.psu = "{_LONELY[drawn.lonely]}")'
    yield f"design <- svydesign({', '.join(part for part in parts if part)})"


def _tables(asked: Asked, described: Described) -> Iterator[str]:
    yield f"# {one_line(asked.key)}: {one_line(asked.text)}"
    yield f"# {one_line(asked.about)}. Who is outside the base stays in the design."
    yield f"for (code in {vector(asked.themes)}) {{"
    yield "  if (length(unique(na.omit(data[[code]]))) < 2) next # nothing varies"
    yield '  shares[[code]] <- svyciprop(make.formula(code), design, method = "logit")'
    yield "  print(shares[[code]])"
    if described.group:
        yield from _by(described.group, is_simple=described.drawn.is_simple)
    yield "}"


def _by(group: str, *, is_simple: bool) -> Iterator[str]:
    group = quoted(group)
    yield f"  print(try(svyby(make.formula(code), make.formula({group}), design, svymean,"
    yield "    na.rm = TRUE)))"
    if is_simple:
        yield f"  counts <- table(data[[code]], data[[{group}]])"
        yield "  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)"
        yield "  tests[[code]] <- try(if (any(expected < 5)) fisher.test(counts)"
        yield "    else chisq.test(counts, correct = FALSE))"
    else:
        yield f"  tests[[code]] <- try(svychisq(make.formula(c(code, {group})), design,"
        yield '    statistic = "F"))'
    yield "  print(tests[[code]])"


def vector(texts: Iterable[str]) -> str:
    """Texts as R writes a vector of them."""
    listed = ",\n  ".join(map(quoted, texts))
    return f"c(\n  {listed}\n)"


def quoted(text: str) -> str:
    """A text as R writes it."""
    shown = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(map(_ascii, shown))}"'


def _ascii(character: str) -> str:
    point = ord(character)
    if point < 0x80:  # noqa: PLR2004 - what ASCII holds
        return character
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004
