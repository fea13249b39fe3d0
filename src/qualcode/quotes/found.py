"""What a scan finds in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a text that could name somebody; offsets are code points, half-open.

    `kind` is name, id, mail, phone, link, handle, number, date, address, place, organisation or
    group, or the name of a study's own pattern; with a question mark it is a guess. `by` says what
    found it: ``column contact``, ``pattern e-mail``, ``spaCy en_core_web_sm``.
    """

    start: int
    end: int
    kind: str
    by: str

    @property
    def is_guess(self) -> bool:
        """Whether only a capital or a small word before it speaks for it."""
        return self.kind.endswith("?")
