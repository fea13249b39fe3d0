"""What a whole study has to tell at a glance: counts by question, each from one statement.

A row that leaves SQLite costs more than one that is looked up there, and grouping by one number
half as much as by two: that is why keys are packed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qualcode.store import queries
from qualcode.store.assignments import is_pending
from qualcode.store.codebook import counted
from qualcode.store.responses import IS_SPLIT, coded_by

if TYPE_CHECKING:
    from qualcode.store.connection import Database

ByCoder: TypeAlias = dict[tuple[int, int], int]
"""A count by the ids of a question and a coder."""

_PACKED = 1 << 32
_CURRENT = "response.id = response_id AND is_current = 1 AND status = 'substantive'"


@dataclass(frozen=True, slots=True)
class Marked:
    """How many answers are flagged, and how many memos there are."""

    flagged: int = 0
    memos: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """How many answers are cleared as quotes, and how many are withheld."""

    cleared: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Cases:
    """How many answers are in dispute, and how many were sent back and wait for a coder."""

    to_settle: int = 0
    sent_back: int = 0


@dataclass(frozen=True, slots=True)
class LastRun:
    """When the last run that scored a question was finished, and how many answers it scored."""

    finished: str
    answers: int


def data_version(database: Database) -> int:
    """A number that changes when another connection writes to the file."""
    return int(database.value("PRAGMA data_version"))


def newest_step(database: Database) -> int:
    """The number of the last step of the journal, 0 if there is none."""
    return database.value("SELECT max(id) FROM step") or 0


def coded(database: Database) -> ByCoder:
    """How many substantive answers, as they stand, each coder has coded."""
    # CROSS JOIN keeps the order of the join: the answers are looked up, not sorted.
    decided = _by_coder(
        database,
        f"SELECT question_id * {_PACKED} + coder_id AS packed, count(*) FROM mark"
        f" CROSS JOIN response ON {_CURRENT} WHERE decided IS NOT NULL GROUP BY packed",
    )
    undecided = _by_coder(
        database,
        f"SELECT question_id * {_PACKED} + coder_id AS packed, count(DISTINCT response_id)"
        f" FROM coding CROSS JOIN response ON {_CURRENT} WHERE NOT EXISTS (SELECT 1 FROM mark"
        " WHERE mark.response_id = coding.response_id AND mark.coder_id = coding.coder_id"
        " AND decided IS NOT NULL) GROUP BY packed",
    )
    places = dict.fromkeys((*decided, *undecided))
    return {place: decided.get(place, 0) + undecided.get(place, 0) for place in places}


def to_confirm(database: Database) -> ByCoder:
    """How many answers have changed since a coder coded them, and wait to be confirmed."""
    return _by_coder(
        database,
        "WITH changed AS MATERIALIZED (SELECT newer.id AS now, older.id AS past, question_id FROM"
        " (SELECT DISTINCT respondent_id, question_id FROM response WHERE version > 1)"
        " CROSS JOIN response AS newer USING (respondent_id, question_id)"
        " CROSS JOIN response AS older USING (respondent_id, question_id)"
        " WHERE newer.is_current = 1 AND newer.status = 'substantive' AND older.is_current = 0),"
        " work AS (SELECT now, question_id, coder_id FROM changed"
        " CROSS JOIN coding ON response_id = past"
        " UNION SELECT now, question_id, coder_id FROM changed"
        " CROSS JOIN mark ON response_id = past AND decided IS NOT NULL)"
        f" SELECT question_id * {_PACKED} + coder_id AS packed, count(*) FROM work"
        f" WHERE NOT {coded_by('now', 'work.coder_id')} GROUP BY packed",
    )


def to_recode(database: Database) -> ByCoder:
    """How many answers still have a code that was split since a coder put it on."""
    # Without a split there is nothing to look for in all answers.
    if not database.value("SELECT EXISTS (SELECT 1 FROM code WHERE split_into <> '[]')"):
        return {}
    return _by_coder(
        database,
        f"SELECT question_id * {_PACKED} + coder_id AS packed, count(DISTINCT response_id)"
        f" FROM coding CROSS JOIN response ON {_CURRENT} WHERE {IS_SPLIT} GROUP BY packed",
    )


def _by_coder(database: Database, sql: str) -> ByCoder:
    return {divmod(packed, _PACKED): count for packed, count in database.rows(sql)}


def marked(database: Database, coder_id: int | None) -> dict[int, Marked]:
    """Flagged answers and memos of a coder, or of everybody, by question."""
    return {
        question: Marked(flagged, memos)
        for question, flagged, memos in database.rows(
            "SELECT question_id, count(DISTINCT iif(is_flagged, response_id, NULL)),"
            f" sum(memo <> '') FROM mark CROSS JOIN response ON {_CURRENT}"
            " WHERE (is_flagged = 1 OR memo <> '') AND coder_id = ifnull(?, coder_id)"
            " GROUP BY question_id",
            (coder_id,),
        )
    }


def said_of_quotes(database: Database) -> dict[int, Said]:
    """What people together say of answers as quotes, by question: a veto outweighs the rest."""
    return {
        question: Said(cleared, withheld)
        for question, cleared, withheld in database.rows(
            "SELECT question_id, sum(is_cleared AND NOT is_withheld), sum(is_withheld) FROM"
            " (SELECT response_id, max(state = 'cleared') AS is_cleared,"
            " max(state = 'withheld') AS is_withheld FROM quote GROUP BY response_id)"
            f" CROSS JOIN response ON {_CURRENT} GROUP BY question_id"
        )
    }


def last_runs(database: Database) -> dict[int, LastRun]:
    """The last finished run of suggestions on each question."""
    return {
        question: LastRun(finished, done)
        for question, finished, done in database.rows(
            "SELECT question_id, finished, done FROM suggestion_run WHERE id IN"
            " (SELECT max(id) FROM suggestion_run WHERE finished IS NOT NULL GROUP BY question_id)"
        )
    }


def _differing(database: Database) -> str:
    """SQL for the answers without a verdict on which some coders have a code and some not."""
    return (
        "SELECT DISTINCT coding.response_id FROM (SELECT response_id, count(*) AS coders"
        " FROM v_coded GROUP BY response_id HAVING count(*) > 1) AS seen"
        f" CROSS JOIN {counted(database)} AS coding ON coding.response_id = seen.response_id"
        " WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE response_id = seen.response_id)"
        " GROUP BY coding.response_id, code_id HAVING count(DISTINCT coder_id) < max(coders)"
    )


def disagreements(database: Database) -> dict[int, int]:
    """How many answers coders coded differently and nobody has settled, by question.

    Answers that wait for one of their coders are left out, as everywhere.
    """
    return dict(
        database.rows(
            f"SELECT question_id, count(*) FROM ({_differing(database)})"
            f" CROSS JOIN response ON {_CURRENT} WHERE NOT {is_pending('response')}"
            " GROUP BY question_id"
        )
    )


def cases(database: Database) -> dict[int, Cases]:
    """What there is to adjudicate, by question; no answer that waits for one of its coders."""
    asked = f"SELECT DISTINCT response_id FROM query WHERE {queries.is_open('query')}"
    return {
        question: Cases(to_settle, sent_back)
        for question, to_settle, sent_back in database.rows(
            f"WITH asked AS MATERIALIZED ({asked})"
            " SELECT question_id, sum(response_id NOT IN asked), sum(response_id IN asked)"
            f" FROM ({_differing(database)} UNION SELECT response_id FROM asked)"
            f" CROSS JOIN response ON {_CURRENT} WHERE NOT {is_pending('response')}"
            " GROUP BY question_id"
        )
    }
