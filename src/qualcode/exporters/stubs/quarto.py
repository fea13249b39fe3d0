"""A document for Quarto or R Markdown that makes the tables of themes anew, with R's ``survey``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.exporters.documents.markdown import escaped
from qualcode.exporters.stubs import Drawn
from qualcode.exporters.stubs.r import quoted, reading, vector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.stubs import Asked, Described

_TABLE = """\
wilson <- function(k, n) {
  z <- qnorm(0.975)
  centre <- (k + z^2 / 2) / (n + z^2)
  half <- z / (n + z^2) * sqrt(k * (n - k) / n + z^2 / 4)
  c(centre - half, centre + half)
}

themes <- function(codes) {
  rows <- lapply(codes, function(code) {
    answers <- data[[code]]
    n <- sum(!is.na(answers))
    k <- sum(answers == 1, na.rm = TRUE)
    row <- data.frame(theme = attr(answers, "label"), k = k, n = n, percent = 100 * k / n)
    if (is_simple) {
      ends <- wilson(k, n)
    } else {
      share <- 100 * as.numeric(svymean(make.formula(code), design, na.rm = TRUE))
      row$weighted <- share
      ends <- if (k == 0 || k == n) c(NA, NA)
        else as.numeric(confint(svyciprop(make.formula(code), design,
          method = if (k < 5 || min(share, 100 - share) < 2) "beta" else "logit")))
    }
    row$low <- 100 * ends[1]
    row$high <- 100 * ends[2]
    row
  })
  do.call(rbind, rows)
}"""


def render(
    described: Described,
    title: str,
    questions: Sequence[Asked],
    *,
    is_quarto: bool,
    is_unweighted: bool = False,
) -> str:
    """The document; every question has its table, made when the document is."""
    if is_unweighted:
        described = replace(described, drawn=Drawn())
    output = "format: html" if is_quarto else "output: html_document"
    parts = [
        f"---\ntitle: {json.dumps(title, ensure_ascii=True)}\n{output}\n---",
        (
            "The tables below are made from the matrix of codes when this document is rendered."
            f" The matrix lies beside it, as {_code(described.data)}; it holds data on persons and"
            " is not to be handed on. Small cells are not hidden here."
        ),
        _chunk("setup", is_quarto=is_quarto, lines=_setup(described)),
    ]
    for number, asked in enumerate(questions, start=1):
        parts += [
            f"## {escaped(asked.key)}: {escaped(asked.text)}",
            f"{escaped(asked.about)}.",
            _chunk(f"themes-{number}", is_quarto=is_quarto, lines=_shown(asked)),
        ]
    return "\n\n".join(parts) + "\n"


def _chunk(label: str, *, is_quarto: bool, lines: Iterator[str]) -> str:
    body = "\n".join(lines)
    if is_quarto:
        return f"```{{r}}\n#| label: {label}\n#| echo: false\n#| message: false\n{body}\n```"
    return f"```{{r {label}, echo=FALSE, message=FALSE}}\n{body}\n```"


def _setup(described: Described) -> Iterator[str]:
    yield from reading(described)
    yield f"is_simple <- {'TRUE' if described.drawn.is_simple else 'FALSE'}"
    yield ""
    yield _TABLE


def _shown(asked: Asked) -> Iterator[str]:
    yield f"table <- themes({vector(asked.themes)})"
    yield f"knitr::kable(table, digits = 1, caption = {quoted(f'Themes of {asked.key}')})"


def _code(name: str) -> str:
    return escaped(name)
