"""Frequencies in a corpus beyond the study, from its scores and the codes of a random sample.

The study's answers are a random sample of the corpus, those that chance drew in the study one of
the study's; so they are one of the corpus, and what people and machine differ by on them corrects
the machine's mean over the corpus. What can be checked of that is checked here, and the corpus is
refused where it does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.corpus import record as records
from qualcode.corpus.looking import said_of
from qualcode.corpus.model import Model
from qualcode.corpus.reading import Row
from qualcode.corpus.scoring import UNIT, Scoring
from qualcode.errors import InputError, QualcodeError
from qualcode.estimation.beyond import FAR_APART, Beyond, CorpusSums, is_equal, taught_answers
from qualcode.estimation.machine import machine_scores
from qualcode.privacy import quoted
from qualcode.store import queues
from qualcode.study.frequencies.machine import answers_of, check_base, machined, sample_drawn
from qualcode.study.frequencies.report import Machined, MachineSide
from qualcode.study.suggestions import corpus as corpora
from qualcode.study.suggestions.running import Wish
from qualcode.suggest.everywhere import score_everywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from qualcode.corpus.looking import Said
    from qualcode.estimation.arrays import BoolArray
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.report import FrequencyReport
    from qualcode.study.suggestions.corpus import Learned, Lesson

_AGAIN = "`qualcode suggest STUDY --input` scores the corpus again"
_SAME = 0.01
"""Machines calculate alike, not exactly; other words give other probabilities."""


def with_corpus(
    database: Database,
    report: FrequencyReport,
    found: Counted,
    folder: Path,
    progress: Callable[[int, int], None],
) -> FrequencyReport:
    """The report with the shares of a corpus that was scored into a folder.

    Raises `NotFound` for a missing folder, `InputError` where it holds no output of this study as
    it is now, for another base than `answered` and for a weighted study, `QualcodeError` where the
    coded answers are no random sample or the study is none of the corpus.
    """
    check_base(report, found)
    record = records.read(folder)
    scored, sums = _scored(record, found, folder)
    lesson = _lesson(database, found.coded.question, scored, folder)
    if report.wish.estimate == "machine":
        paths = found.coded.tree.paths
        each = {code: Machined(sums.alone(paths[code])) for code in found.coded.themes}
    else:
        asked = _Asked(database, found, record, folder, lesson)
        each = _corrected(asked, sums, progress)
    rows = tuple(
        row if row.cell.is_suppressed else replace(row, machine=each[code])
        for row, code in zip(report.rows, found.coded.themes, strict=True)
    )
    side = MachineSide(
        report.wish.estimate,
        scored.answers,
        len(lesson.given),
        scored.machine.parts if scored.machine else 0,
        bool(scored.settings["vectors"]),
        str(folder),
    )
    return replace(report, rows=rows, machine=side)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of a study, and the output that is to say something of it."""

    database: Database
    found: Counted
    record: records.Record
    folder: Path
    lesson: Lesson

    @property
    def question(self) -> Question:
        return self.found.coded.question


def _corrected(
    asked: _Asked, sums: CorpusSums, progress: Callable[[int, int], None]
) -> dict[int, Machined]:
    """The corrected share of each theme, by its place, after all that can be checked."""
    found = asked.found
    if not is_equal(found.design.weights):
        raise InputError(
            "the answers of a corpus have no weights, those of this study have",
            hint="--unweighted, if the study was drawn from the corpus with equal chances",
        )
    sample = sample_drawn(found)
    learned = corpora.learn(asked.lesson)
    _check_answers(asked, learned, progress)
    beyond = _beyond(asked, sums, learned)
    study = found.coded.answers.is_answered
    _check_alike(asked, beyond, study)
    return {
        code: machined(beyond.correct(code, found.agreed.present(code), sample, study))
        for code in found.coded.themes
    }


def _scored(
    record: records.Record, found: Counted, folder: Path
) -> tuple[records.Scored, CorpusSums]:
    key = found.coded.question.key
    scored = record.question(key)
    if scored is None or not scored.answers:
        raise InputError(f"{folder} holds no answers to {key}")
    if tuple(scored.codebooks) != found.coded.codebooks:
        raise InputError(
            f"{folder} was scored with another codebook or version of it than the study has now",
            hint=_AGAIN,
        )
    if scored.machine is None:
        raise InputError(
            f"the model that scored {folder} had too few coded answers to learn from",
            hint="code two at least, and score the corpus again",
        )
    side = scored.machine
    return scored, CorpusSums(scored.answers, side.sums, side.squares, UNIT)


def _lesson(database: Database, question: Question, scored: records.Scored, folder: Path) -> Lesson:
    """What the models that scored the corpus have learned from, if that is still so."""
    settings = scored.settings
    is_pooled = len(settings["together"]) > 1
    wish = Wish(seed=settings["seed"], vectors=settings["vectors"], pool=is_pooled)
    lesson = corpora.lesson(database, question, wish)
    if lesson.digest != scored.digest:
        raise InputError(
            f"{folder} was scored by another study, or this one has been changed or coded since",
            hint=_AGAIN,
        )
    return lesson


def _beyond(asked: _Asked, sums: CorpusSums, learned: Learned) -> Beyond:
    known, given, answers = asked.lesson.known, asked.lesson.given, asked.found.coded.answers
    own = given.answers[: given.own]
    part_of = {answer.id: part for answer, part in zip(given.answers, learned.fold, strict=True)}
    of_study = answers_of(asked.database, asked.question, known)
    everything = score_everywhere(learned.parts, part_of, of_study)
    coded = ((answer.id, answer.text, answer.context) for answer in own)
    shared = score_everywhere(learned.parts, {}, coded)
    paths, tree = list(learned.scorer.classes.paths), asked.found.coded.tree
    return Beyond(
        sums,
        machine_scores(answers, *everything, paths, tree),
        machine_scores(answers, *shared, paths, tree),
        taught_answers(answers, [answer.id for answer in own]),
    )


def _check_answers(asked: _Asked, learned: Learned, progress: Callable[[int, int], None]) -> None:
    """Raise `QualcodeError` unless every answer of the study is in the corpus, coded ones alike."""
    record, folder, key = asked.record, asked.folder, asked.question.key
    ids, names = queues.population(asked.database, asked.question.id)
    name_of = dict(zip(ids, names, strict=True))
    given = asked.lesson.given
    rows = [
        Row(0, name_of[answer.id], key, answer.text, answer.context)
        for answer in given.answers[: given.own]
    ]
    closely = {row.respondent for row in rows}
    present, said = said_of(folder, record, key, names, closely, progress)
    missing = [name for name in names if name not in present]
    if missing:
        raise QualcodeError(
            f"{len(missing):,} of the {len(names):,} answers of the study to {key} are not in"
            f" {folder}, first that of {quoted(missing[0])}: the study is no sample of the corpus",
            hint="a study drawn from the corpus has the same respondents",
        )
    for name, codes in _expected(rows, record.top, learned):
        if _are_apart(codes, said[name]):
            raise QualcodeError(
                f"the answer of {quoted(name)} to {key} is another one in {folder} than in the"
                " study",
                hint="score the corpus that the study was drawn from, with the same words",
            )


def _expected(
    rows: list[Row], top: int, learned: Learned
) -> Iterator[tuple[str, dict[str, float]]]:
    """What the model that scored the corpus says of answers of the study."""
    one = replace(corpora.model_of(learned), parts=(), which=())
    key = learned.lesson.known.question.key
    columns = Scoring(Model({key: one}, top)).score(rows)
    said: Said = {}
    for name, code, probability in zip(
        columns["respondent"], columns["code"], columns["probability"], strict=True
    ):
        said.setdefault(str(name), {})[str(code)] = float(str(probability))
    yield from said.items()


def _are_apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether probabilities are not the same; the last of a list may be another by a hair."""
    both = one.keys() & other.keys()
    least = min(one.values()) + _SAME
    alone = [p for said in (one, other) for code, p in said.items() if code not in both]
    return any(abs(one[code] - other[code]) > _SAME for code in both) or any(
        p > least for p in alone
    )


def _check_alike(asked: _Asked, beyond: Beyond, study: BoolArray) -> None:
    """Raise `QualcodeError` where the machine finds a theme far more or less often in the study."""
    for code in asked.found.coded.themes:
        apart = beyond.apart(code, study)
        if abs(apart) > FAR_APART:
            name, how = asked.found.coded.codes[code].name, "more" if apart > 0 else "less"
            raise QualcodeError(
                f"the machine sees {name} far {how} often in the study than in {asked.folder}"
                f" ({abs(apart):.0f} standard errors): the study is no random sample of the corpus",
                hint="draw the answers of the study from the corpus by chance",
            )
