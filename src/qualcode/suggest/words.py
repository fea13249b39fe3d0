"""Words as a person sees them, and the codebook's keywords in an answer: spaCy's part.

Only ``spacy.blank`` is used: rules for tokens and stop words, nothing that is downloaded.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import InputError
from qualcode.suggest.grams import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Span = tuple[int, int]


@cache
def pipeline(language: str) -> Any:
    """The blank pipeline of a language (``en``, ``de``, ``xx`` for any), loaded once.

    Raises `InputError` where spaCy does not know the language or cannot cut its words.
    """
    spacy = importlib.import_module("spacy")
    try:
        return spacy.blank(language)
    except ImportError as error:
        raise InputError(
            f"spaCy cannot cut words of the language “{language}”", hint="xx works for any"
        ) from error


def tokens(text: str, language: str = "en") -> list[Span]:
    """The words of a text, half-open and in order, without punctuation and white space.

    Each character of a script that puts no space between words is a word.
    """
    found: list[Span] = []
    for token in pipeline(language).make_doc(text):
        start, end = token.idx, token.idx + len(token.text)
        if not any(mark.isalnum() for mark in token.text):
            continue
        if UNSPACED.search(token.text):
            found += [(i, i + 1) for i in range(start, end) if text[i].isalnum()]
        else:
            found.append((start, end))
    return found


@cache
def stop_words(language: str = "en") -> frozenset[str]:
    """Words that every text of a language has, by spaCy; empty where it names none.

    Their file is read by itself: to load spaCy would cost each scoring process 70 MB.
    """
    found = importlib.util.find_spec("spacy")
    folder = Path(str(found.origin)).parent if found is not None else Path()
    path = folder / "lang" / language / "stop_words.py"
    if not language.isalpha() or not path.is_file():
        return frozenset()
    given = importlib.util.spec_from_file_location(f"stop_words_{language}", path)
    assert given is not None  # noqa: S101 - the file is there
    assert given.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(given)
    given.loader.exec_module(module)
    return frozenset(module.STOP_WORDS)


def is_stop_word(word: str, language: str = "en") -> bool:
    """Whether a word is one that every text has."""
    return word.lower() in stop_words(language)


class Keywords:
    """The keywords of codes, found in answers as whole words and without case."""

    def __init__(self, keywords: Sequence[Sequence[str]], language: str = "en") -> None:
        """Take the keywords of each code, in the order of the codes."""
        self.keywords = tuple(tuple(words) for words in keywords)
        self.language = language
        self._matcher: Any = None

    def __bool__(self) -> bool:
        return any(self.keywords)

    def find(self, text: str) -> dict[int, list[Span]]:
        """Where the keywords of each code stand; only codes with any, by number."""
        found: dict[int, set[Span]] = {}
        if not self:
            return {}
        doc = pipeline(self.language).make_doc(text)
        for name, start, end in self._phrases()(doc):
            part = doc[start:end]
            number = int(doc.vocab.strings[name])
            found.setdefault(number, set()).add((part.start_char, part.end_char))
        for number, words in enumerate(self.keywords):
            for word in filter(UNSPACED.search, words):
                if (start := text.find(word)) >= 0:
                    found.setdefault(number, set()).add((start, start + len(word)))
        return {number: sorted(spans) for number, spans in found.items()}

    def hits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Texts × codes, 1 where a keyword of the code stands in the text."""
        table = np.zeros((len(texts), len(self.keywords)))
        if self:
            for row, text in enumerate(texts):
                table[row, list(self.find(text))] = 1
        return table

    def _phrases(self) -> Any:
        if self._matcher is None:
            language = pipeline(self.language)
            matching = importlib.import_module("spacy.matcher")
            self._matcher = matching.PhraseMatcher(language.vocab, attr="LOWER")
            for number, words in enumerate(self.keywords):
                if words:
                    self._matcher.add(str(number), [language.make_doc(word) for word in words])
        return self._matcher
