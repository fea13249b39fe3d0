"""Suggestions for a batch of answers, and what the machine says of them in sum."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.everywhere import in_parts
from qualcode.suggest.ranking import selected
from qualcode.text import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qualcode.corpus.model import Model, QuestionModel
    from qualcode.corpus.reading import Row

UNIT = 1_000_000
"""Probabilities have six digits. They are summed as whole numbers: no order of adding matters."""

DIGITS = 6
_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 200
_MOST_CHARACTERS = 1_000_000

Key = tuple[str, tuple[str, ...]]
Known = tuple["NDArray[np.float32]", "NDArray[np.int64]"]
"""The scores of the codes, and those of the families by the models in parts, in millionths."""

Suggestions = dict[str, list[object]]
"""The columns of what is written."""

_one_at_a_time = threading.Lock()
"""A model remembers what it has seen, so two threads of a worker must not use it at once."""


@dataclass
class Sums:
    """What the machine says of `answers` in sum: of each family of codes, and of its squares."""

    answers: int = 0
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    squares: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, other: Sums) -> None:
        """Take in what is known of other answers."""
        self.answers += other.answers
        for path in other.sums:
            self.sums[path] += other.sums[path]
            self.squares[path] += other.squares[path]


def families(paths: Sequence[str]) -> dict[str, list[int]]:
    """Of every code and everything above it, which of the codes are it or below it."""
    found: dict[str, list[int]] = {}
    for place, path in enumerate(paths):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            found.setdefault("/".join(parts[:depth]), []).append(place)
    return found


def of_families(p: NDArray[np.floating], members: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """The probability that any code of each family fits, n × families (1 − Π(1 − p))."""
    none = 1 - p.astype(np.float64)
    return np.column_stack([1 - none[:, list(each)].prod(axis=1) for each in members])


class Scoring:
    """Scores the answers of one piece; what it has scored it remembers."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[str, dict[Key, Known]] = defaultdict(dict)
        self._families = {
            key: families(one.scorer.classes.paths) for key, one in model.questions.items()
        }
        self.sums: dict[str, Sums] = {key: Sums() for key in model.questions}

    def score(self, rows: Sequence[Row]) -> Suggestions:
        """The suggestions for answers, in their order and of each from the best down."""
        by_question: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            by_question[row.question].append(place)
        with _one_at_a_time:
            found = [
                self._of_question(key, [rows[i] for i in places], np.array(places))
                for key, places in by_question.items()
            ]
        return _in_order(rows, found)

    def _of_question(
        self, key: str, rows: Sequence[Row], places: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], list[str], NDArray[np.float64], list[bool], list[str]]:
        one = self._model.questions[key]
        keys = [(bare(row.text), (*one.which, *row.context)) for row in rows]
        known = self._looked_up(key, one, keys)
        p = np.array([known[each][0] for each in keys], dtype=np.float64)
        if one.parts:
            self._sum_up(key, np.array([known[each][1] for each in keys]))
        self.sums[key].answers += len(rows)
        scorer = one.scorer
        answer, code, probability, _ = selected(
            p, scorer.classes, scorer.thresholds, self._model.top
        )
        paths = [scorer.classes.paths[i] for i in code.tolist()]
        count = len(paths)
        return (
            places[answer],
            paths,
            probability.round(DIGITS),
            [scorer.is_calibrated] * count,
            [one.source] * count,
        )

    def _looked_up(self, key: str, one: QuestionModel, keys: Sequence[Key]) -> dict[Key, Known]:
        remembered = self._known[key]
        distinct = dict.fromkeys(keys)
        known = {each: remembered[each] for each in distinct if each in remembered}
        new = [each for each in distinct if each not in known]
        if len(remembered) + len(new) > _REMEMBERED:
            remembered.clear()
        for some in _by_length(new):
            scores, shares = self._fresh(key, one, some)
            for place, each in enumerate(some):
                known[each] = scores[place], shares[place]
                if len(each[0]) <= _LONGEST_REMEMBERED:
                    remembered[each] = scores[place].copy(), shares[place].copy()
        return known

    def _fresh(
        self, key: str, one: QuestionModel, keys: Sequence[Key]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        texts = [text for text, _ in keys]
        contexts = [context for _, context in keys] if keys[0][1] else ()
        rows = one.scorer.features.transform(texts, contexts)
        hits = one.scorer.keywords.hits(texts)
        scores, *_ = in_parts([one.scorer], rows, hits)
        members = list(self._families[key].values())
        shares = np.zeros((len(keys), len(members)), np.int64)
        if one.parts:
            mean = np.mean(in_parts(one.parts, rows, hits), axis=0).astype(np.float32)
            shares = np.rint(of_families(mean, members) * UNIT).astype(np.int64)
        return scores.astype(np.float32), shares

    def _sum_up(self, key: str, shares: NDArray[np.int64]) -> None:
        found = self.sums[key]
        totals, squares = shares.sum(axis=0).tolist(), (shares**2).sum(axis=0).tolist()
        for path, total, square in zip(self._families[key], totals, squares, strict=True):
            found.sums[path] += total
            found.squares[path] += square


def _by_length(keys: Sequence[Key]) -> Iterator[list[Key]]:
    """In parts that are not too long to be held."""
    part: list[Key] = []
    characters = 0
    for key in keys:
        part.append(key)
        characters += len(key[0])
        if characters >= _MOST_CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part


def _in_order(
    rows: Sequence[Row],
    found: Sequence[tuple[NDArray[np.intp], list[str], NDArray[np.float64], list[bool], list[str]]],
) -> Suggestions:
    place = np.concatenate([each[0] for each in found]) if found else np.zeros(0, np.intp)
    order = np.argsort(place, kind="stable").tolist()
    columns = [[value for each in found for value in each[i]] for i in range(1, 5)]
    codes, probabilities, are_calibrated, sources = (
        [column[i] for i in order] for column in columns
    )
    answered = [rows[int(place[i])] for i in order]
    return {
        "respondent": [row.respondent for row in answered],
        "question": [row.question for row in answered],
        "code": codes,
        "probability": probabilities,
        "calibrated": are_calibrated,
        "source": sources,
    }
