"""The quality of the suggestions, held out, beside simple models and beside people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.store.learning import taken_over
from qualcode.study.suggestions import configured, held_out, learning
from qualcode.study.suggestions.people import people
from qualcode.study.suggestions.running import MODEL
from qualcode.suggest import names, suggester
from qualcode.suggest.evaluation import SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.suggestions.held_out import HeldOut
    from qualcode.study.suggestions.people import People
    from qualcode.suggest import Quality

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The codes shown with a probability in [`low`, `high`): how many, and what came of them.

    `said` is their mean probability, `observed` the share of them that people had given.
    """

    low: float
    high: float
    n: int
    said: float
    observed: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was judged and how good it is; the models learned from the questions `together`.

    `models` are the qualities by name; the codes and the calibration are shown of the first,
    the `subject`. `bins` are empty where its scores are no probabilities. `taken_over` codings
    came from suggestions, which flatters the figures.
    """

    question: Question
    n: int
    folds: int
    seed: int
    codebooks: tuple[tuple[str, int], ...]
    together: tuple[str, ...]
    context: tuple[str, ...]
    vectors: bool
    models: dict[str, Quality]
    bins: tuple[Bin, ...]
    people: People
    taken_over: int

    @property
    def subject(self) -> str:
        """The name of the model that is judged."""
        return next(iter(self.models))


def evaluate(
    database: Database,
    question: Question,
    *,
    wanted: Sequence[str] = (),
    folds: int = held_out.FOLDS,
    seed: int = 0,
    vectors: bool | None = None,
    pool: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Judge the models that are `wanted` (all there are, unless said), each by held-out answers.

    The labels are the codes that most coders of an answer gave. With `pool` the models learn
    from the other questions with the same codes too. Raises `InputError` where there
    is no code to suggest, `NotFound` for a model that there is not, `MissingExtra` where word
    vectors are wanted and absent, `QualcodeError` where too few answers are coded.
    """
    chosen = tuple(dict.fromkeys(wanted)) or names()
    for name in chosen:
        suggester(name)
    said = configured.read(database)
    known = learning.learnable(database, question, said, seed=seed, pool=pool)
    given = learning.labels(database, known)
    found: dict[str, HeldOut] = {}
    for name in chosen:
        if progress:
            progress(len(found), len(chosen))
        model = learning.prepared(known, name, seed=seed, vectors=vectors)
        judged = held_out.held_out(model, name, given, folds=folds, seed=seed)
        if judged is None:
            raise QualcodeError(
                f"too few different answers to {question.key} are coded to judge suggestions by",
                hint="code at least two, better fifty; suggestions work before that",
            )
        found[name] = judged
    first = next(iter(found.values()))
    paths = [code.path for code in known.codes if not code.is_retired]
    is_shown = first.quality.calibration_error is not None
    return Evaluation(
        question,
        first.quality.n,
        folds,
        seed,
        tuple(known.codebooks),
        tuple(each.key for each in known.together),
        learning.context_of(said, known.together),
        MODEL in found and learning.has_vectors(wanted=vectors),
        {name: each.quality for name, each in found.items()},
        bins(first, paths) if is_shown else (),
        people(database, question, {c.id: c.path for c in known.codes if not c.is_retired}),
        taken_over(database, question.id),
    )


def bins(found: HeldOut, paths: Sequence[str]) -> tuple[Bin, ...]:
    """The best codes of each answer by their probability: ten even bins, without empty ones."""
    said: list[list[float]] = [[] for _ in range(_BINS)]
    hits = [0] * _BINS
    for scores, codes in zip(found.scores, found.codes, strict=True):
        for place in sorted(range(len(paths)), key=lambda i: -scores[i])[:SHOWN]:
            number = min(int(scores[place] * _BINS), _BINS - 1)
            said[number].append(scores[place])
            hits[number] += paths[place] in codes
    return tuple(
        Bin(i / _BINS, (i + 1) / _BINS, len(all_), sum(all_) / len(all_), hits[i] / len(all_))
        for i, all_ in enumerate(said)
        if all_
    )
