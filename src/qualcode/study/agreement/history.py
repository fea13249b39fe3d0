"""Agreement runs that are kept in the study, so that agreement is tracked over time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qualcode.store import agreement_runs
from qualcode.study.agreement.as_json import as_json

if TYPE_CHECKING:
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.agreement.measure import AgreementReport


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run that was kept: when, by whom, of which coders, and its result as `--json` had it."""

    time: str
    by: str
    coders: tuple[str, ...]
    codebooks: tuple[tuple[str, int], ...]
    settings: dict[str, Any]
    result: dict[str, Any]


def save(database: Database, report: AgreementReport, *, by: str) -> int:
    """Keep a run with its date, codebook versions and coders; the number of its step."""
    return agreement_runs.add(
        database,
        report.question,
        coders=report.coders,
        codebooks=report.codebooks,
        settings=asdict(report.settings),
        result=as_json(report),
        by=by,
    )


def history(database: Database, question: Question) -> list[SavedRun]:
    """The runs on a question that were kept, oldest first."""
    return [
        SavedRun(
            time,
            by,
            tuple(json.loads(names)),
            tuple((name, version) for name, version in json.loads(codebooks)),
            json.loads(settings),
            json.loads(result),
        )
        for time, by, names, codebooks, settings, result in agreement_runs.of(database, question.id)
    ]
