"""Scoring every answer to a question: a run that may stop at any moment and goes on later."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.store import suggestions
from qualcode.store.learning import values_of
from qualcode.study.suggestions import configured, held_out, learning
from qualcode.suggest import score_all, suggester
from qualcode.suggest.batch import CHUNK, Answer
from qualcode.suggest.state import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.store.suggestions import Run
    from qualcode.study.suggestions.configured import Configured
    from qualcode.suggest import Scored, Scorer

MODEL = "hybrid"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: at least the `top` codes of each answer are kept.

    `vectors` None: word vectors if they are installed. With `pool`, questions that have the
    very same codes learn together.
    """

    seed: int = 0
    top: int = 5
    vectors: bool | None = None
    pool: bool = False


def load() -> None:
    """Import what learning needs, ahead of it."""
    suggester(MODEL)


@dataclass(frozen=True, slots=True)
class Begun:
    """A run under way, what it scores with, and a remark on how it came to go on or begin.

    `codes` are the ids of what the scorer suggests, in its order. Of a run that needs no scoring
    the scorer is None.
    """

    question: Question
    run: Run
    scorer: Scorer | None
    codes: list[int]
    remark: str = ""


def begin(
    database: Database, question: Question, wish: Wish, *, restart: bool = False, by: str
) -> Begun:
    """Go on with the run on a question that was interrupted, or learn and begin a new one.

    A run goes on if it was begun with the same settings, codebooks and answers. A finished run
    since which nothing has changed, codings included, is left as it is. With `restart` a new one
    begins in any case. Raises `InputError` where there is no code to suggest, `MissingExtra`
    where word vectors are wanted and absent.
    """
    said = configured.read(database)
    codes, books = learning.usable(database, question)
    together = learning.sharing(database, question) if wish.pool else (question,)
    settings = settings_of(together, wish, said, {code.path for code in codes})
    old = suggestions.unfinished(database, question.id)
    remark = _why_anew(database, old, settings, books) if old and not restart else ""
    if old and not restart and not remark:
        scorer = from_bytes(suggestions.model_of(database, old.id))
        place = f"goes on at {old.done:,} of {old.total:,}, as learned from {old.labels:,} labels"
        return Begun(question, old, scorer, _ids(scorer, codes), place)
    done = suggestions.latest(database, question.id)
    if done and not old and not restart and _is_same(database, together, done, settings, books):
        remark = "nothing has changed since the last run; --restart scores again"
        return Begun(question, done, None, [], remark)
    return replace(_learn(database, question, said, settings, by=by), remark=remark)


def _ids(scorer: Scorer, codes: Sequence[Code]) -> list[int]:
    id_of = {code.path: code.id for code in codes}
    return [id_of[path] for path in scorer.classes.paths]


def settings_of(
    together: Sequence[Question], wish: Wish, said: Configured, paths: set[str]
) -> dict[str, Any]:
    """All that a model depends on beside the codebook and the answers."""
    return {
        "model": MODEL,
        "seed": wish.seed,
        "top": wish.top,
        "vectors": learning.has_vectors(wanted=wish.vectors),
        "language": said.language,
        "context": list(learning.context_of(said, together)),
        "together": [question.key for question in together],
        "thresholds": {path: share for path, share in said.thresholds.items() if path in paths},
        "version": __version__,
    }


def _why_anew(
    database: Database, old: Run, settings: dict[str, Any], books: list[tuple[str, int]]
) -> str:
    """Why an interrupted run cannot go on; empty if it can."""
    changed = [name for name, value in settings.items() if old.settings.get(name) != value]
    if changed:
        reason = f"it was begun with other settings ({', '.join(changed)})"
    elif old.codebooks != books or suggestions.has_happened(database, old.as_of, "codebook"):
        reason = "the codebook has changed"
    elif suggestions.has_happened(database, old.as_of, "import", "design"):
        reason = "the answers or the design have changed"
    else:
        return ""
    return f"starts anew instead of going on at {old.done:,} of {old.total:,}: {reason}"


def _is_same(
    database: Database,
    together: Sequence[Question],
    done: Run,
    settings: dict[str, Any],
    books: list[tuple[str, int]],
) -> bool:
    return (
        done.settings == settings
        and done.codebooks == books
        and not suggestions.has_happened(database, done.as_of, "codebook", "import", "design")
        and not any(
            suggestions.is_coded_since(database, question.id, done.as_of) for question in together
        )
    )


def _learn(
    database: Database,
    question: Question,
    said: Configured,
    settings: dict[str, Any],
    *,
    by: str,
) -> Begun:
    as_of = suggestions.last_step(database)
    seed, vectors = settings["seed"], settings["vectors"]
    pool = len(settings["together"]) > 1
    known = learning.learnable(database, question, said, seed=seed, pool=pool)
    given = learning.labels(database, known)
    model = learning.prepared(known, MODEL, seed=seed, vectors=vectors)
    found = held_out.held_out(model, MODEL, given, folds=held_out.FOLDS, seed=seed)
    scorer: Scorer = learning.taught(model, given).scorer_
    run = suggestions.begin(
        database,
        question,
        as_of=as_of,
        settings=settings,
        labels=scorer.labels,
        is_calibrated=scorer.is_calibrated,
        codebooks=known.codebooks,
        thresholds=dict(zip(scorer.classes.paths, scorer.thresholds.tolist(), strict=True)),
        figures=held_out.figures(found),
        model=to_bytes(scorer),
        by=by,
    )
    return Begun(question, run, scorer, _ids(scorer, known.codes))


def _say_nothing(done: int, total: int) -> None:
    """Nobody is looking."""


def score(
    database: Database,
    begun: Begun,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] = _say_nothing,
    should_stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Score the answers that are left, and show the suggestions once all are scored.

    Where it `should_stop` the run that comes back is not finished and can go on. Raises
    `Conflict` if another process goes on with the same run, `QualcodeError` if one of the
    scoring processes dies.
    """
    run = begun.run
    if begun.scorer:
        run = _score(database, begun, begun.scorer, jobs, progress, should_stop)
    if run.finished:
        suggestions.sweep(database, begun.question.id, should_stop)
    return run


def _score(
    database: Database,
    begun: Begun,
    scorer: Scorer,
    jobs: int,
    progress: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> Run:
    run = begun.run
    reached, done = run.reached, run.done
    answers = _answers(database, begun)
    jobs = max(1, min(jobs, (run.total - done) // CHUNK))  # None that would have nothing to do.
    with closing(score_all(scorer, answers, top=run.settings["top"], jobs=jobs)) as parts:  # type: ignore[type-var]
        progress(done, run.total)
        for part in parts:
            if should_stop():
                return suggestions.run(database, run.id)
            behind, reached = reached, _place(part)
            suggestions.add(
                database,
                run.id,
                _rows(part, begun.codes),
                scored=len(part.ids),
                behind=behind,
                reached=reached,
            )
            done += len(part.ids)
            progress(done, run.total)
    return suggestions.finish(database, run.id, reached=reached)


def _answers(database: Database, begun: Begun) -> Iterator[Answer]:
    settings = begun.run.settings
    which = (begun.question.key,) if len(settings["together"]) > 1 else ()
    for number, place, text, attributes in suggestions.answers_after(
        database, begun.question.id, begun.run.reached
    ):
        context = (*which, *values_of(attributes, settings["context"]))
        yield Answer((number, place), text, context)


def _place(part: Scored) -> int:
    place: int = part.ids[-1][1]  # type: ignore[index]
    return place


def _rows(part: Scored, codes: list[int]) -> Iterator[tuple[int, int, float, bool, str]]:
    columns = (part.row, part.code, part.probability, part.is_above)
    for row, code, probability, is_above, evidence in zip(
        *(column.tolist() for column in columns), part.evidence, strict=True
    ):
        yield part.ids[row][0], codes[code], round(probability, _DIGITS), is_above, evidence
