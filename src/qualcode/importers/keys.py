"""Keys of questions: the header where it can be one, else Q1, Q2 … in file order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")


def is_key(text: str) -> bool:
    """Whether `text` is 1 to 32 letters, digits, ``-`` and ``_``."""
    return _KEY.fullmatch(text) is not None


def make_keys(names: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """A key for each of the questions called `names`; none of `taken` is given again."""
    used = {name for name in names if is_key(name)} | set(taken)
    keys = []
    for number, name in enumerate(names, 1):
        key = name
        if not is_key(name) or name in taken:
            while f"Q{number}" in used:
                number += 1  # noqa: PLW2901 - the next free one
            key = f"Q{number}"
            used.add(key)
        keys.append(key)
    return keys


def check_keys(keys: Sequence[str]) -> None:
    """Raise InputError for a key that is none or stands twice."""
    for key in keys:
        if not is_key(key):
            raise InputError(
                f"“{key}” cannot be the key of a question",
                hint="a key is 1 to 32 letters a–z, digits, “-” and “_”",
            )
        if list(keys).count(key) > 1:
            raise InputError(f"the key “{key}” is given to two questions")
