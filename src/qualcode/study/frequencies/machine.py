"""Frequencies that use a model: from its counts alone, or corrected by what people coded.

The model learns from the coded answers in parts, so that no answer's own codes are in its
probability, and scores every answer. Corrected shares are of all answers to the question; the
interval says what coding all of them would give. Strata and clusters play no part in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.errors import InputError, QualcodeError
from qualcode.estimation.machine import (
    corrected_by_group,
    machine_by_group,
    machine_scores,
    sample_of,
    still_to_code,
)
from qualcode.estimation.reading import size
from qualcode.store import suggestions
from qualcode.store.learning import values_of
from qualcode.study.frequencies.report import Machined, MachineSide
from qualcode.study.suggestions import configured, learning
from qualcode.suggest.everywhere import fold_models, score_everywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qualcode.estimation.corrected import Corrected
    from qualcode.estimation.machine import MachineScores
    from qualcode.estimation.sampled import Sample
    from qualcode.model import Estimate, Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.groups import Groups
    from qualcode.study.frequencies.report import FrequencyReport
    from qualcode.study.suggestions.learning import Learnable

HALF_WIDTH = 0.03
LEAST_LABELS = 2
_SEED = 0


def with_machine(
    database: Database,
    report: FrequencyReport,
    found: Counted,
    groups: tuple[Groups, ...],
    progress: Callable[[int, int], None],
) -> FrequencyReport:
    """The report with the model's side in it.

    Raises `InputError` for another base than `answered` and where there is nothing to learn
    from, `QualcodeError` where the coded answers are no random sample.
    """
    kind = report.wish.estimate
    check_base(report, found)
    sample = sample_drawn(found) if kind == "corrected" else None
    scores, side = _scored(database, found, kind, progress)
    rows = tuple(
        row if row.cell.is_suppressed else replace(row, machine=machined)
        for row, machined in zip(report.rows, _each(found, scores, sample, groups), strict=True)
    )
    return replace(report, rows=rows, machine=side)


def check_base(report: FrequencyReport, found: Counted) -> None:
    """Raise `InputError` for another base than all who answered."""
    if found.base not in ("answered", "coded") or report.wish.base not in ("", "answered"):
        raise InputError(
            f"a {report.wish.estimate} estimate is of all who answered",
            hint="leave --base out, or say answered",
        )


def sample_drawn(found: Counted) -> Sample:
    """The answers that chance drew and people coded. Raises `QualcodeError` where it drew none."""
    drawn = found.part.drawn if found.part else None
    sample, why = sample_of(found.coded.answers, drawn, found.agreed.coded, found.design.weights)
    if sample is None:
        raise QualcodeError(
            f"no corrected estimate: {why}",
            hint="`qualcode queue STUDY --coder NAME --order half` draws a random half",
        )
    return sample


def _scored(
    database: Database, found: Counted, kind: str, progress: Callable[[int, int], None]
) -> tuple[MachineScores, MachineSide]:
    question = found.coded.question
    known = learning.learnable(database, question, configured.read(database), seed=_SEED)
    given = learning.labels(database, known)
    if len(given) < LEAST_LABELS:
        raise InputError(
            f"the model has too few coded answers to {question.key} to learn from",
            hint="code two at least",
        )
    model = learning.prepared(known, seed=_SEED, vectors=None)
    texts, contexts = learning.columns(given.answers)
    scorers, fold = fold_models(model, texts, given.codes, contexts, seed=_SEED)
    part_of = {answer.id: part for answer, part in zip(given.answers, fold.tolist(), strict=True)}
    total, done = size(found.coded.answers.is_answered), 0

    def scored(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    ids, p = score_everywhere(scorers, part_of, answers_of(database, question, known), scored)
    paths = model.classes_.tolist()
    scores = machine_scores(found.coded.answers, ids, p, paths, found.coded.tree)
    side = MachineSide(kind, total, len(given), len(scorers), model.vectors is not None)
    return scores, side


def answers_of(
    database: Database, question: Question, known: Learnable
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Id, text and context of every answer to a question."""
    which = (question.key,) if len(known.together) > 1 else ()
    context = learning.context_of(known.configured, known.together)
    for number, _, text, attributes in suggestions.answers_after(database, question.id, 0):
        yield number, text, (*which, *values_of(attributes, context))


def _each(
    found: Counted, scores: MachineScores, sample: Sample | None, groups: tuple[Groups, ...]
) -> Iterator[Machined]:
    places = [(one.place, len(one.values)) for one in groups]
    population = found.coded.answers.is_answered
    for code in found.coded.themes:
        if sample is None:
            whole, by = machine_by_group(scores, code, found.design.weights, population, places)
            yield Machined(whole, tuple(map(tuple, by)))
            continue
        present = found.agreed.present(code)
        both, split = corrected_by_group(scores, code, present, sample, population, places)
        by_group = tuple(tuple(one.estimate for one in group) for group in split)
        yield machined(both, by_group)


def machined(both: Corrected, groups: tuple[tuple[Estimate, ...], ...] = ()) -> Machined:
    """A corrected share as a row of the table has it."""
    more = still_to_code(both, HALF_WIDTH)
    return Machined(both.estimate, groups, both.method, both.tuning, more.more, more.by_hand)
