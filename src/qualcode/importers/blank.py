"""Finding blank answers among a million: the sure cases at a glance, the rest by the rule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_NOTHING = frozenset({""})


class _Solid(dict[str, bool]):
    """Whether a character alone is more than space or invisible, found once for each."""

    def __missing__(self, character: str) -> bool:
        self[character] = not is_blank(character, _NOTHING)
        return self[character]


class Blanks:
    """What `text.is_blank` calls blank under `blanks`, looked up fast.

    A text longer than every entry of `blanks` that begins and ends with a visible character
    cannot be blank; only the others are asked about.
    """

    def __init__(self, blanks: Collection[str]) -> None:
        self._blanks = frozenset(blanks)
        self._longest = max(map(len, blanks), default=0)
        self._solid = _Solid()

    def among(self, texts: Iterable[str]) -> Counter[str]:
        """The blank ones of `texts`, each with how often it stands there."""
        longest, solid = self._longest, self._solid
        doubtful = Counter(
            [
                text
                for text in texts
                if len(text) <= longest or not (solid[text[0]] and solid[text[-1]])
            ]
        )
        return Counter({t: n for t, n in doubtful.items() if is_blank(t, self._blanks)})
