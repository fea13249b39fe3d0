"""Finds the labels of groups in a text: by their words, or as a range however it is put."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.audit.names import Finder, Found, stems
from qualcode.audit.ranges import range_of, ranges
from qualcode.audit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.audit.ranges import Range

_VAGUE = frozenset({"yes", "no", "true", "false", "other", "none", "missing", "unknown", "na"})
_FEWEST_LETTERS = 3


class Labels(Finder):
    """Looks for groups; “up to 25,000”, “under 25,000” and “25,000 or fewer” are one label."""

    def __init__(self, labels: Iterable[str]) -> None:
        """Take the labels; one that cannot be told from an ordinary word is never met."""
        labels = tuple(label for label in dict.fromkeys(labels) if is_telling(label))
        self._ranges: dict[Range, str] = {}
        for label in labels:
            if found := range_of(label):
                self._ranges.setdefault(found, label)
        self._every = {stems(label): label for label in reversed(labels)}
        ranged = set(self._ranges.values())
        super().__init__((one, one) for one in labels if one not in ranged)

    def find(self, text: str) -> list[Found]:
        """The labels in `text`, in order."""
        named = super().find(text)
        for span in ranges(text) if self._ranges else ():
            label = self._ranged(span.range) if span.range.is_telling else ""
            if label and not any(one.start < span.end and span.start < one.end for one in named):
                named.append(Found(label, span.start, span.end))
        return sorted(named, key=lambda one: one.start)

    def exactly(self, text: str) -> str:
        """The label that `text` is, empty if it is none."""
        if label := self._every.get(stems(text), ""):
            return label
        found = range_of(plain(text))
        return self._ranged(found) if found else ""

    def _ranged(self, wanted: Range) -> str:
        return next((label for one, label in self._ranges.items() if wanted.is_like(one)), "")


def is_telling(label: str) -> bool:
    """Whether a label can be told from an ordinary word when it is met in a text."""
    return range_of(label) is not None or any(
        len(word) >= _FEWEST_LETTERS and not word.isdigit() and word not in _VAGUE
        for word in stems(label)
    )
