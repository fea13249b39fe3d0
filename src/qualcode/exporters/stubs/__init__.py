"""Scripts that read a 0/1 matrix into R, SPSS and Stata: types, labels, design, first tables.

A language is a module of this package with ``render(described) -> str``. Whatever comes from
elsewhere, a file's name or a label, stands there as a text of that language and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.exporters import write_text

if TYPE_CHECKING:
    from pathlib import Path

Kind: TypeAlias = Literal["text", "number", "status", "code"]
Lonely: TypeAlias = Literal["error", "certainty", "centered"]

_LANGUAGES = {".R": "r", ".sps": "spss", ".do": "stata"}
ENDINGS = tuple(_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the matrix: a text, a number, the status of an answer, or a code as 0 and 1.

    `width` is how many bytes its longest cell takes, `decimals` how many of them a number has
    after its point. With `has_breaks` some cell has several lines.
    """

    name: str
    label: str
    kind: Kind = "text"
    width: int = 1
    decimals: int = 0
    has_breaks: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the columns of its themes, without those that say what an answer is.

    `about` says in a line what their cells stand for.
    """

    key: str
    text: str
    about: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The columns that say how respondents were drawn, empty where the study has none."""

    weight: str = ""
    stratum: str = ""
    psu: str = ""
    fpc: str = ""
    lonely: Lonely = "error"

    @property
    def is_simple(self) -> bool:
        """Whether this is a simple random sample without weights."""
        return not (self.weight or self.stratum or self.psu or self.fpc)


@dataclass(frozen=True, slots=True)
class Described:
    """A matrix as its readers have to know it: all of its columns, in their order.

    `data` is the name of the file, `about` says in a line what it holds; `group` is a column by
    which tables can be made, empty where none has a few values.
    """

    data: str
    about: str
    variables: tuple[Variable, ...]
    questions: tuple[Asked, ...]
    drawn: Drawn
    group: str = ""


def write_stubs(path: Path, described: Described) -> tuple[Path, ...]:
    """Write a script for each language beside the matrix at `path`, and say where.

    Each replaces at once what was there; fails as `exporters.write_text`.
    """
    written = {path.with_suffix(ending): name for ending, name in _LANGUAGES.items()}
    for stub, name in written.items():
        write_text(stub, import_module(f"{__name__}.{name}").render(described))
    return tuple(written)
