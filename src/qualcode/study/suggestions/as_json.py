"""Runs and evaluations of suggestions as JSON, at full precision."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qualcode.store import suggested
from qualcode.study.suggestions.held_out import FIGURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.store.suggestions import Run
    from qualcode.study.suggestions.evaluating import Evaluation
    from qualcode.study.suggestions.people import Shared
    from qualcode.suggest import CodeQuality, Quality

TOO_FEW = "too_few"


def run_as_json(
    database: Database, question: Question, run: Run, notes: Sequence[str]
) -> dict[str, Any]:
    """A finished run; `threshold` is that of every code which has none of its own."""
    own = run.settings["thresholds"]
    common = [share for path, share in run.thresholds.items() if path not in own]
    return {
        "question": question.key,
        "run": run.id,
        "finished": run.finished,
        "answers": run.done,
        "labels": run.labels,
        "calibrated": run.is_calibrated,
        "codebooks": _codebooks(run.codebooks),
        "threshold": common[0] if common else None,
        "thresholds": run.thresholds,
        "above": suggested.above(database, run.id),
        "settings": run.settings,
        "figures": run.figures,
        "notes": list(notes),
    }


def evaluation_as_json(found: Evaluation) -> dict[str, Any]:
    """The whole evaluation; where a figure cannot be given it is null and `reason` says why."""
    return {
        "question": found.question.key,
        "labels": {
            "rule": "majority",
            "n": found.n,
            "coders": found.people.coders,
            "taken_over": found.taken_over,
        },
        "folds": found.folds,
        "seed": found.seed,
        "codebooks": _codebooks(found.codebooks),
        "together": list(found.together),
        "context": list(found.context),
        "vectors": found.vectors,
        "models": [_model(name, quality) for name, quality in found.models.items()],
        "people": {
            **_shared(found.people.together),
            "pairs": [
                {"coders": list(pair), **_shared(shared)}
                for pair, shared in found.people.pairs.items()
            ],
        },
        "codes": [_code(code) for code in found.models[found.subject].codes],
        "calibration": {
            "error": found.models[found.subject].calibration_error,
            "bins": [asdict(each) for each in found.bins],
        },
    }


def _codebooks(books: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"name": name, "version": version} for name, version in books]


def _model(name: str, quality: Quality) -> dict[str, Any]:
    return {
        "model": name,
        "n": quality.n,
        "n_coded": quality.n_coded,
        **{figure: getattr(quality, figure) for figure in FIGURES},
        "codes": [_code(code) for code in quality.codes],
    }


def _code(code: CodeQuality) -> dict[str, Any]:
    return {
        "code": code.code,
        "n": code.n,
        "suggested": code.suggested,
        "precision": code.precision,
        "recall": code.recall,
        "f1": code.f1,
        "reason": code.reason or None,
    }


def _shared(shared: Shared) -> dict[str, Any]:
    return {
        "n": shared.n,
        "micro_f1": shared.micro_f1,
        "macro_f1": shared.macro_f1,
        "codes": [
            {
                "code": code.code,
                "n": code.n,
                "f1": code.f1,
                "reason": TOO_FEW if code.f1 is None else None,
            }
            for code in shared.codes
        ],
    }
