"""Why a code is suggested: the words that carry it, and the nearest example.

The scores are linear in the TF-IDF of the n-grams, so what a word adds is the sum over the
n-grams that it is in. Only words whose removal really lowers the probability are shown: each
is checked by scoring the answer again without it. Negation still fools the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualcode.errors import NotFound
from qualcode.suggest.grams import normalise, part_grams, word_grams
from qualcode.suggest.words import is_stop_word, tokens
from qualcode.text import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.features import TextFeatures
    from qualcode.suggest.hybrid import Suggester
    from qualcode.suggest.words import Span

_TRIED = 8
_LEAST_DROP = 0.005


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the answer, ``[start, end)``; without it the probability falls by `drop`."""

    start: int
    end: int
    drop: float


@dataclass(frozen=True, slots=True)
class Example:
    """A text near the answer that has the code: a coded answer, or words of the codebook."""

    text: str
    similarity: float
    source: Literal["answer", "codebook"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why `code` is suggested: words in order of the text, keywords found, nearest example."""

    code: str
    words: tuple[Word, ...]
    keywords: tuple[Span, ...]
    example: Example | None


def explain(
    model: Suggester, text: str, code: str, context: Sequence[str] = (), most: int = 4
) -> Evidence:
    """Find the evidence of one code in one answer, at most so many words.

    Raises `NotFound` for a code that the model does not know.
    """
    paths = model.scorer_.classes.paths
    if code not in paths:
        raise NotFound(f"no code {code}", wanted=code, there_are=paths)
    number = paths.index(code)
    found = model.scorer_.keywords.find(text).get(number, [])
    carrying = _carrying_words(model, text, number, context, most)
    return Evidence(code, carrying, tuple(found), nearest(model, text, number, context))


def _carrying_words(
    model: Suggester, text: str, number: int, context: Sequence[str], most: int
) -> tuple[Word, ...]:
    spans = [
        span
        for span in tokens(text, model.language)
        if not is_stop_word(text[slice(*span)], model.language)
    ]
    if not spans:
        return ()
    scorer = model.scorer_
    learned = scorer.cold if scorer.learned is None else scorer.learned.weights + scorer.cold
    added = _contributions(scorer.features, text, spans, learned[:, number])
    likely = [spans[i] for i in np.argsort(-added, kind="stable")[:_TRIED]]
    without = [text[:start] + " " + text[end:] for start, end in likely]
    contexts = [context] * (1 + len(without)) if context else ()
    p = scorer.predict_proba([text, *without], contexts)[:, number]
    drops = (p[0] - p[1:]).tolist()
    words = [Word(start, end, drop) for (start, end), drop in zip(likely, drops, strict=True)]
    kept = sorted((word for word in words if word.drop >= _LEAST_DROP), key=lambda w: -w.drop)
    return tuple(sorted(kept[:most], key=lambda word: word.start))


def _contributions(
    features: TextFeatures, text: str, spans: Sequence[Span], weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """What each word adds to a linear score: its own n-grams, and half of those with others."""
    row = features.transform([text]).sparse.tocsr()
    score = dict(zip(row.indices.tolist(), (row.data * weights[row.indices]).tolist(), strict=True))
    whole = normalise(text)
    pairs = [gram for gram in word_grams(whole) if " " in gram]
    added = np.zeros(len(spans))
    for place, (start, end) in enumerate(spans):
        word = normalise(text[start:end])
        own = {features.word_column(gram) for gram in word_grams(word)}
        own |= {features.part_column(gram) for gram in part_grams(word)}
        shared = {features.word_column(pair) for pair in pairs if word in pair.split(" ")}
        added[place] = sum(score.get(column, 0.0) for column in own)
        added[place] += sum(score.get(column, 0.0) for column in shared) / 2
    return added


def nearest(
    model: Suggester, text: str, number: int, context: Sequence[str] = ()
) -> Example | None:
    """The coded answer or the words of the codebook nearest to a text that have a code.

    Another answer that says the very same is no example.
    """
    row = model.scorer_.features.transform([text], [context] if context else ())
    best: Example | None = None
    for candidates, texts, source in model.examples(number):
        if not texts:
            continue
        near = row.gram(candidates)[0]
        near[[bare(other) == bare(text) for other in texts]] = 0
        place = int(near.argmax())
        if near[place] > 0 and (best is None or near[place] > best.similarity):
            best = Example(texts[place], float(near[place]), source)
    return best
