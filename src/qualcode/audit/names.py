"""Finds names of themes and groups in a text, whatever their case, number and punctuation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = re.compile(r"[.;:!?()\[\]“”\"|]")
_SHORT = 3


def stems(text: str) -> tuple[str, ...]:
    """The words of a name in lower case, without “and”, possessives and the s of a plural."""
    return tuple(stem for word in _WORD.findall(text) if (stem := _stem(word)))


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, from `start` to `end`; `name` is how it was given."""

    name: str
    start: int
    end: int


class Finder:
    """Looks for many names at once; where several begin at a word the longest is taken."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take pairs of what to look for and the name that it stands for."""
        self._names: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for written, name in names:
            if words := stems(written):
                entry = (words, name, bool(_STOP.search(written)))
                self._names.setdefault(words[0], []).append(entry)
        self._words = {
            word
            for entries in self._names.values()
            for words, _, _ in entries
            for word in words
            if len(word) > _SHORT
        }
        for entries in self._names.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: str) -> list[Found]:
        """The names in `text`, in order; none of them overlap."""
        if not self._names:
            return []
        words = [
            (stem, match.start(), match.end())
            for match in _WORD.finditer(text)
            if (stem := _stem(match[0]))
        ]
        found: list[Found] = []
        at = 0
        while at < len(words):
            there = self._at(text, words, at)
            if there:
                name, length = there
                found.append(Found(name, words[at][1], words[at + length - 1][2]))
                at += length
            else:
                at += 1
        return found

    def exactly(self, text: str) -> str:
        """The name that `text` is, empty if it is none."""
        words = stems(text)
        entries = self._names.get(words[0], []) if words else []
        return next((name for wanted, name, _ in entries if wanted == words), "")

    def knows_word(self, stem: str) -> bool:
        """Whether a word of more than three letters is part of any name."""
        return stem in self._words

    def nearest(self, text: str) -> str:
        """The name that is most like `text`, empty if none is."""
        names = {name for entries in self._names.values() for _, name, _ in entries}
        return next(iter(get_close_matches(text, sorted(names), n=1, cutoff=0.6)), "")

    def _at(self, text: str, words: list[tuple[str, int, int]], at: int) -> tuple[str, int] | None:
        for wanted, name, has_stops in self._names.get(words[at][0], ()):
            here = words[at : at + len(wanted)]
            if tuple(word for word, _, _ in here) != wanted:
                continue
            if has_stops or not _STOP.search(text, here[0][1], here[-1][2]):
                return name, len(wanted)
        return None


def _stem(word: str) -> str:
    word = word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
    if word == "and":
        return ""
    if len(word) > _SHORT and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
