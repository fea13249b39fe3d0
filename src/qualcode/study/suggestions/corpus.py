"""A corpus beyond the study, scored with what the study has taught: it only reads the study."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.corpus import output, record
from qualcode.corpus.engines import Local
from qualcode.corpus.model import Model, QuestionModel, packed
from qualcode.corpus.pieces import files_of, pieces_of
from qualcode.corpus.reading import Expected
from qualcode.corpus.running import Corpus, Result, examine, score
from qualcode.corpus.scoring import Sums
from qualcode.errors import InputError
from qualcode.store import settings as stored
from qualcode.study import design
from qualcode.study.suggestions import configured, learning
from qualcode.study.suggestions.running import MODEL, Wish, settings_of
from qualcode.suggest.everywhere import fold_models
from qualcode.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qualcode.corpus.engines import Engine
    from qualcode.corpus.pieces import Piece
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.suggestions.learning import Labels, Learnable
    from qualcode.suggest import Scorer

LEAST_LABELS = 2
"""So many coded answers it takes to hold some out by turns."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be scored and where to: files that can be read, a place that can be written."""

    files: list[Path]
    pieces: list[Piece]
    expected: Expected
    place: Path | None


def plan(
    database: Database,
    questions: Sequence[Question],
    others: Sequence[Question],
    patterns: Sequence[str],
    target: Path | None,
    *,
    is_partial: bool,
) -> Plan:
    """Look at what was asked for, and read no row of it yet.

    Rows of the `others`, and if `is_partial` of all but the `questions`, are passed over. Raises
    `NotFound` for a pattern that no file matches, `InputError` for a file that is no Parquet; as
    `output.checked` does for the target.
    """
    files = files_of(patterns)
    place = output.checked(target, patterns) if target else None
    said = configured.read(database)
    expected = Expected(
        {question.key: said.context_of(question.key) for question in questions},
        frozenset(question.key for question in others),
        design.blanks(database),
        is_partial,
        bool(stored.read(database, "sensitive")),
    )
    return Plan(files, pieces_of(files), expected, place)


def checked(planned: Plan, engine: Engine | None, progress: Callable[[int, int], None]) -> Corpus:
    """The corpus, read from end to end. Raises `InputError` for the first that is wrong in it."""
    return examine(engine or Local(), planned.pieces, planned.expected, progress)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """All that the model of one question is made from, and the `digest` of it."""

    known: Learnable
    given: Labels
    settings: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The model of one question from all coded answers, and from all but one part of them each.

    `fold` is the part of each coded answer.
    """

    lesson: Lesson
    scorer: Scorer
    parts: tuple[Scorer, ...]
    fold: tuple[int, ...]


def lesson(database: Database, question: Question, wish: Wish) -> Lesson:
    """Read what a model is made from; the same is learned from the same digest."""
    said = configured.read(database)
    codes, _ = learning.usable(database, question)
    together = learning.sharing(database, question) if wish.pool else (question,)
    settings = settings_of(together, wish, said, {code.path for code in codes})
    known = learning.learnable(database, question, said, seed=wish.seed, pool=wish.pool)
    given = learning.labels(database, known)
    return Lesson(known, given, settings, _digest(known, given, settings))


def _digest(known: Learnable, given: Labels, settings: dict[str, Any]) -> str:
    found = hashlib.sha256()
    for part in (
        {name: value for name, value in settings.items() if name != "top"},
        known.codebooks,
        [asdict(replace(code, id=0, hotkey="")) for code in known.codes],
        [(text.text, text.context) for text in known.pool],
        [(text.text, text.context) for text in given.answers],
        [sorted(codes) for codes in given.codes],
    ):
        found.update(json.dumps(part, sort_keys=True).encode())
    return found.hexdigest()


def learn(of: Lesson) -> Learned:
    """Learn it. Raises `MissingExtra` where word vectors are wanted and absent."""
    seed = of.settings["seed"]
    model = learning.prepared(of.known, MODEL, seed=seed, vectors=of.settings["vectors"])
    texts, contexts = learning.columns(of.given.answers)
    scorer: Scorer = learning.taught(model, of.given).scorer_
    parts, fold = fold_models(model, texts, of.given.codes, contexts, seed=seed)
    is_enough = len(of.given) >= LEAST_LABELS
    return Learned(of, scorer, tuple(parts) if is_enough else (), tuple(fold.tolist()))


@dataclass(frozen=True, slots=True)
class Known:
    """What stays to be told of a model when it is packed."""

    key: str
    codebooks: list[tuple[str, int]]
    digest: str
    labels: int
    calibrated: bool
    settings: dict[str, Any]
    thresholds: dict[str, float]
    parts: int


@dataclass(frozen=True, slots=True)
class Taught:
    """Models of questions, `packed` to be sent anywhere, and what is known of them."""

    packed: bytes
    questions: list[Known]
    top: int


def taught(database: Database, questions: Sequence[Question], wish: Wish) -> Taught:
    """Learn what a corpus is to be scored with; the models themselves are not kept."""
    learned = [learn(lesson(database, question, wish)) for question in questions]
    models = {one.lesson.known.question.key: model_of(one) for one in learned}
    return Taught(packed(Model(models, wish.top)), [_known(one) for one in learned], wish.top)


def model_of(one: Learned) -> QuestionModel:
    """What scores the answers of a corpus to a question."""
    known, labels = one.lesson.known, one.scorer.labels
    which = (known.question.key,) if len(known.together) > 1 else ()
    source = f"{MODEL}, {labels} label{'' if labels == 1 else 's'}"
    return QuestionModel(one.scorer, one.parts, which, source)


def _known(one: Learned) -> Known:
    known, scorer = one.lesson.known, one.scorer
    return Known(
        known.question.key,
        known.codebooks,
        one.lesson.digest,
        scorer.labels,
        scorer.is_calibrated,
        {name: each for name, each in one.lesson.settings.items() if name != "top"},
        dict(zip(scorer.classes.paths, scorer.thresholds.tolist(), strict=True)),
        len(one.parts),
    )


def write(
    corpus: Corpus,
    taught: Taught,
    place: Path,
    engine: Engine,
    progress: Callable[[int, int], None],
) -> record.Record:
    """Score a corpus into a folder, and say what it is. Raises what `running.score` raises."""
    told: list[record.Record] = []

    def describe(folder: Path, result: Result) -> None:
        told.append(_record(corpus, taught, result))
        record.write(folder, told[0])

    score(engine, corpus, taught.packed, place, describe, progress)
    return told[0]


def _record(corpus: Corpus, taught: Taught, result: Result) -> record.Record:
    parts = [
        record.Part(
            each.piece.part,
            each.piece.path.replace("\\", "/").rpartition("/")[2],
            sum(one.answers for one in each.sums.values()),
            each.rows,
            each.size,
        )
        for each in result.parts
    ]
    questions = [_scored(corpus, one, result) for one in taught.questions]
    return record.Record(__version__, taught.top, questions, parts)


def _scored(corpus: Corpus, one: Known, result: Result) -> record.Scored:
    found = result.sums.get(one.key, Sums())
    if found.answers != corpus.answers.get(one.key, 0):
        raise InputError("the corpus was changed while it was being scored")
    machine = None
    if one.parts:
        machine = record.MachineSide(one.parts, dict(found.sums), dict(found.squares))
    return record.Scored(
        key=one.key,
        codebooks=one.codebooks,
        digest=one.digest,
        labels=one.labels,
        calibrated=one.calibrated,
        settings=one.settings,
        thresholds=one.thresholds,
        answers=found.answers,
        blank=corpus.blanks.get(one.key, 0),
        machine=machine,
    )
