"""The suggestions that are shown: those of the last finished run on each question."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from qualcode.store.assignments import is_pending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.store.connection import Database

Row = tuple[str, str, str, float, bool, str, str]

SOURCE = (
    "(suggestion_run.settings ->> '$.model') || ', ' || suggestion_run.labels"
    " || iif(suggestion_run.labels = 1, ' label', ' labels')"
)
"""Which model suggests, and how much it had learned; `v_suggestion` has the same."""

_SHOWN = (
    "suggestion_run.id IN (SELECT max(id) FROM suggestion_run WHERE finished IS NOT NULL"
    " GROUP BY question_id)"
)
_IS_USABLE = "code.is_retired = 0 AND code.is_removed = 0"


def exported(database: Database, top: int, *, with_pending: bool = False) -> Iterator[Row]:
    """Respondent, question, code, probability, is calibrated, source, evidence.

    In the order of the file, of each answer the likeliest first: every code above its threshold
    and at least the first `top`. Answers that have changed since the run and codes that have
    been retired since are left out, and unless `with_pending` answers that wait for one of the
    coders who are to code them.
    """
    shown = "" if with_pending else f" AND NOT {is_pending('response')}"
    # The joins stand in the order of an index, so that nothing has to be sorted but one answer.
    rows = database.stream(
        "SELECT response.id, is_above, respondent.name, question.key, code.path, probability,"
        f" is_calibrated, {SOURCE}, evidence"
        " FROM response"
        " CROSS JOIN suggestion_run ON suggestion_run.question_id = response.question_id"
        " CROSS JOIN suggestion"
        " ON suggestion.run_id = suggestion_run.id AND suggestion.response_id = response.id"
        " CROSS JOIN code ON code.id = code_id"
        " CROSS JOIN respondent ON respondent.id = respondent_id"
        " CROSS JOIN question ON question.id = response.question_id"
        f" WHERE {_SHOWN} AND is_current = 1 AND response.status = 'substantive' AND {_IS_USABLE}"
        f"{shown} ORDER BY respondent_id, response.question_id, version, probability DESC,"
        " code.codebook_id, code.position"
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        for rank, (_, is_above, *row) in enumerate(group):
            if is_above or rank < top:
                respondent, question, code, probability, is_calibrated, source, evidence = row
                yield (
                    respondent,
                    question,
                    code,
                    probability,
                    bool(is_calibrated),
                    source,
                    evidence,
                )


def above(database: Database, run: int) -> int:
    """How many suggestions of a run are above the threshold of their code."""
    return int(
        database.value("SELECT count(*) FROM suggestion WHERE run_id = ? AND is_above = 1", (run,))
    )


def unscored(database: Database, question_id: int, run: int) -> int:
    """How many answers to a question as it stands a run does not know."""
    return int(
        database.value(
            "SELECT count(*) FROM response"
            " WHERE question_id = ? AND is_current = 1 AND status = 'substantive' AND NOT EXISTS"
            " (SELECT 1 FROM suggestion WHERE run_id = ? AND response_id = response.id)",
            (question_id, run),
        )
    )


def retired(database: Database) -> Sequence[str]:
    """The codes that are suggested and have been retired since, by path."""
    rows = database.rows(
        f"SELECT path FROM code WHERE NOT ({_IS_USABLE}) AND EXISTS (SELECT 1 FROM suggestion"
        " JOIN suggestion_run ON suggestion_run.id = run_id"
        f" WHERE code_id = code.id AND {_SHOWN}) ORDER BY codebook_id, position"
    )
    return [path for (path,) in rows]
