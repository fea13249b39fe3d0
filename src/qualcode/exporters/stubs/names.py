"""Names of columns that R, SPSS and Stata take as they are."""

from __future__ import annotations

import unicodedata
from string import digits
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RESERVED = frozenset(
    (
        *(
            "all",
            "and",
            "by",
            "eq",
            "ge",
            "gt",
            "le",
            "lt",
            "ne",
            "not",
            "or",
            "to",
            "with",
        ),  # SPSS
        *("byte", "double", "float", "if", "in", "int", "long", "strl", "using"),  # Stata
        *("else", "repeat", "while", "function", "for", "next", "break", "true", "false"),  # R
        *("null", "inf", "nan", "na"),
    )
)
"""Words of SPSS, Stata and R, in lower case; none of the names here begins with ``_``."""


def usable(text: str) -> str:
    """A name out of `text`: letters, digits and ``_``, a letter first, no word of a language."""
    shown = (
        each if unicodedata.category(each)[0] == "L" or each in digits else "_"
        for each in unicodedata.normalize("NFC", text)
    )
    name = "".join(shown)
    if not name[:1].isalpha():
        name = f"x{name}"
    return f"{name}_" if name.lower() in _RESERVED or _is_string_type(name) else name


def _is_string_type(name: str) -> bool:
    """Whether Stata reads the name as a type: str1 to str2045."""
    return name[:3] == "str" and name[3:].isdigit()


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once whatever the case: one that repeats gets ``_2``, then ``_3``."""
    return _unique(names, lambda name, ending: f"{name}{ending}")


def shortened(names: Sequence[str], most: int, size: Callable[[str], int]) -> tuple[str, ...]:
    """Unique names of at most `most` by `size`; a longer one loses what is in its middle."""
    return _unique(
        [fitting(name, "", most, size) for name in names],
        lambda name, ending: fitting(name, ending, most, size),
    )


def _unique(names: Sequence[str], joined: Callable[[str, str], str]) -> tuple[str, ...]:
    given = {name.casefold() for name in names}
    used: dict[str, str] = {}
    for name in names:
        free, number = name, 1
        while free.casefold() in used or (number > 1 and free.casefold() in given):
            number += 1
            free = joined(name, f"_{number}")
        used[free.casefold()] = free
    return tuple(used.values())


def fitting(name: str, ending: str, most: int, size: Callable[[str], int]) -> str:
    """Give `name` with its ending, its first third and what fits of its end."""
    if size(name + ending) <= most:
        return name + ending
    head = name
    while size(head) > most // 3:
        head = head[:-1]
    tail = name
    while size(f"{head}__{tail}{ending}") > most:
        tail = tail[1:]
    return f"{head.rstrip('_')}__{tail.lstrip('_')}{ending}"
