"""Reading questions, respondents and answers."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from qualcode.model import STATUSES, Filter, FilterKind, ListedResponse, Question, Response
from qualcode.store import journal, queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.model import Status
    from qualcode.store.connection import Database


def coded_by(response: str, coder: str) -> str:
    """SQL that says whether a coder has coded an answer, by two looks into an index."""
    return (
        f"(EXISTS (SELECT 1 FROM coding WHERE response_id = {response} AND coder_id = {coder})"
        f" OR EXISTS (SELECT 1 FROM mark WHERE response_id = {response} AND coder_id = {coder}"
        " AND decided IS NOT NULL))"
    )


_IS_CODED = coded_by("response.id", ":coder")


def questions(database: Database) -> tuple[Question, ...]:
    """The questions in their order."""
    return tuple(
        Question(key, text, asked_if, question_id)
        for question_id, key, text, asked_if in database.rows(
            "SELECT id, key, text, asked_if FROM question ORDER BY id"
        )
    )


def attributes(database: Database) -> tuple[str, ...]:
    """The names of the attributes in their order."""
    return tuple(name for (name,) in database.rows("SELECT name FROM attribute ORDER BY id"))


def respondents(database: Database) -> Iterator[tuple[str, dict[str, str]]]:
    """Every respondent with their attributes, in the order of the file."""
    for name, known in database.stream("SELECT name, attributes FROM respondent ORDER BY id"):
        yield name, json.loads(known)


def substantive_of(database: Database, question_id: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The respondents, with attributes, who gave a substantive answer to a question."""
    for name, known in database.stream(
        "SELECT name, attributes FROM response JOIN respondent ON respondent.id = respondent_id"
        " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'"
        " ORDER BY respondent_id",
        (question_id,),
    ):
        yield name, json.loads(known)


def respondent_count(database: Database) -> int:
    """How many respondents the study has."""
    return int(database.value("SELECT count(*) FROM respondent"))


def uid_of(database: Database, response_id: int) -> bytes:
    """The global id of a version of an answer."""
    return bytes(database.value("SELECT uid FROM response WHERE id = ?", (response_id,)))


def status_counts(database: Database) -> dict[str, dict[Status, int]]:
    """How many answers of each status every question has."""
    counts = {question.key: dict.fromkeys(STATUSES, 0) for question in questions(database)}
    # The substantive ones stand in an index; sorting a million takes a second and 16 MB.
    for key, status, count in database.rows(
        "SELECT key, status, count(*) FROM response JOIN question ON question.id = question_id"
        " WHERE is_current = 1 AND status = 'substantive' GROUP BY question_id"
        " UNION ALL"
        " SELECT key, status, count(*) FROM response JOIN question ON question.id = question_id"
        " WHERE is_current = 1 AND status <> 'substantive' GROUP BY question_id, status"
    ):
        counts[key][status] = count
    return counts


def progress(database: Database) -> dict[tuple[str, str], int]:
    """How many answers each coder has coded, by question and coder."""
    return {
        (question, coder): coded
        for question, coder, coded in database.rows("SELECT question, coder, coded FROM v_progress")
    }


def to_confirm(database: Database, question_id: int) -> int:
    """How many codings lie on earlier versions of answers that their coder has not coded anew."""
    return int(
        database.value(
            "SELECT count(*) FROM response AS newer"
            " JOIN response AS older USING (respondent_id, question_id)"
            " JOIN coding AS waiting ON waiting.response_id = older.id"
            " WHERE newer.question_id = ? AND newer.version > 1 AND newer.is_current = 1"
            " AND newer.status = 'substantive' AND older.is_current = 0"
            " AND NOT EXISTS (SELECT 1 FROM response AS later"
            " WHERE later.respondent_id = older.respondent_id"
            " AND later.question_id = older.question_id AND later.version > older.version"
            f" AND {coded_by('later.id', 'waiting.coder_id')})",
            (question_id,),
        )
    )


def to_recode(database: Database, question_id: int) -> dict[str, int]:
    """How many answers still have a code that was split since, by the coder who put it on."""
    # Without a split there is nothing to look for in all answers.
    if not database.value("SELECT EXISTS (SELECT 1 FROM code WHERE split_into <> '[]')"):
        return {}
    return dict(
        database.rows(
            "SELECT coder.name, count(DISTINCT response_id) FROM coding"
            " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id"
            " WHERE question_id = ? AND is_current = 1 AND response.status = 'substantive'"
            f" AND {IS_SPLIT} GROUP BY coder.id ORDER BY coder.id",
            (question_id,),
        )
    )


def changed_since_coded(database: Database, coder_id: int, question_id: int) -> list[int]:
    """The answers that changed after the coder had coded them, and are open again."""
    candidates = database.rows(
        "SELECT id FROM response WHERE question_id = :question AND is_current = 1"
        f" AND status = 'substantive' AND version > 1 AND NOT {_IS_CODED} ORDER BY respondent_id",
        {"question": question_id, "coder": coder_id},
    )
    return [answer for (answer,) in candidates if earlier_coded(database, coder_id, answer)]


def response(database: Database, response_id: int) -> tuple[Response, dict[str, str]]:
    """An answer and its respondent's attributes."""
    row = database.row(
        "SELECT response.id, respondent.name, question.key, response.text, response.status,"
        " response.version, respondent.attributes FROM response"
        " JOIN respondent ON respondent.id = response.respondent_id"
        " JOIN question ON question.id = response.question_id WHERE response.id = ?",
        (response_id,),
    )
    return Response(*row[:6]), json.loads(row[6])


def newest(database: Database) -> int:
    """The id of the version of an answer that came last, 0 if there is none."""
    return database.value("SELECT max(id) FROM response") or 0


def question_of(database: Database, response_id: int) -> str:
    """The key of the question that an answer belongs to."""
    key: str = database.value(
        "SELECT question.key FROM response JOIN question ON question.id = response.question_id"
        " WHERE response.id = ?",
        (response_id,),
    )
    return key


def current_version(database: Database, response_id: int) -> int:
    """The answer as it stands now: the same, or the version that took its place."""
    return int(
        database.value(
            "SELECT newer.id FROM response AS older JOIN response AS newer"
            " USING (respondent_id, question_id) WHERE older.id = ? AND newer.is_current = 1",
            (response_id,),
        )
    )


def earlier_coded(database: Database, coder_id: int, response_id: int) -> int:
    """The newest earlier version of the answer that the coder coded, 0 if none."""
    return (
        database.value(
            "SELECT older.id FROM response AS newer JOIN response AS older"
            " USING (respondent_id, question_id)"
            " WHERE newer.id = :id AND older.version < newer.version"
            f" AND {coded_by('older.id', ':coder')} ORDER BY older.version DESC LIMIT 1",
            {"id": response_id, "coder": coder_id},
        )
        or 0
    )


_IS_FLAGGED = (
    "EXISTS (SELECT 1 FROM mark WHERE response_id = response.id AND coder_id = :coder"
    " AND is_flagged = 1)"
)
IS_SPLIT = (
    "coding.code_id IN (SELECT code.id FROM code"
    " JOIN code AS standing ON standing.id = ifnull(code.counts_as, code.id)"
    " WHERE standing.split_into <> '[]' AND standing.is_removed = 0)"
)
"""SQL for a coding with a code that was split since."""
_CONDITIONS: dict[FilterKind, str] = {
    "all": "status = 'substantive'",
    "uncoded": f"status = 'substantive' AND NOT {_IS_CODED}",
    "coded": _IS_CODED,
    "flagged": _IS_FLAGGED,
    "blank": "status = 'blank'",
    "not_asked": "status = 'not_asked'",
    "code": "EXISTS (SELECT 1 FROM v_counted WHERE response_id = response.id"
    " AND coder_id = :coder AND code_id = :code)",
    "split": "status = 'substantive' AND EXISTS (SELECT 1 FROM coding"
    f" WHERE response_id = response.id AND coder_id = :coder AND {IS_SPLIT})",
    "text": "status = 'substantive' AND instr(casefold(text), :text) > 0",
    "queue": "status = 'substantive' AND EXISTS (SELECT 1 FROM draw"
    " WHERE queue_id = :queue AND response_id = response.id)",
}
_CONDITIONS["asked"] = f"status = 'substantive' AND {queries.has_open('response.id', ':coder')}"
_ORDERS: dict[FilterKind, str] = {
    "queue": "(SELECT rank FROM draw WHERE queue_id = :queue AND response_id = response.id)"
}


def queue(database: Database, coder_id: int, question_id: int, wanted: Filter) -> array[int]:
    """The ids of the answers that a filter lets through, in its order.

    Those that are assigned are in `store.assignments`. Eight bytes an answer: a million of them
    are walked without a million objects.
    """
    if wanted.kind == "text":
        database.connection.create_function("casefold", 1, str.casefold, deterministic=True)
    cursor = database.connection.execute(
        "SELECT id FROM response WHERE question_id = :question AND is_current = 1"
        f" AND {_CONDITIONS[wanted.kind]}"
        f" ORDER BY {_ORDERS.get(wanted.kind, 'respondent_id')}",
        {
            "question": question_id,
            "coder": coder_id,
            "queue": wanted.queue_id,
            "code": wanted.code_id,
            "text": wanted.text.casefold(),
        },
    )
    return array("q", (row[0] for row in cursor))


def is_coded(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether the coder has coded the answer."""
    return bool(
        database.value(
            f"SELECT {_IS_CODED} FROM response WHERE id = :id",
            {"coder": coder_id, "id": response_id},
        )
    )


def counts_as_coded(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether the answer is one that is to be coded, and the coder has coded it."""
    return bool(
        database.value(
            f"SELECT {_IS_CODED} FROM response"
            " WHERE id = :id AND is_current = 1 AND status = 'substantive'",
            {"coder": coder_id, "id": response_id},
        )
    )


def first_open(
    database: Database, coder_id: int, question_id: int, *, after: int = 0
) -> int | None:
    """The first answer not coded yet that stands after the answer `after`."""
    value: int | None = database.value(
        "SELECT id FROM response WHERE question_id = :question AND is_current = 1"
        " AND status = 'substantive'"
        " AND respondent_id > ifnull((SELECT respondent_id FROM response WHERE id = :after), 0)"
        f" AND NOT {_IS_CODED} ORDER BY respondent_id LIMIT 1",
        {"question": question_id, "coder": coder_id, "after": after},
    )
    return value


def coded_count(database: Database, coder_id: int, question_id: int) -> int:
    """How many substantive answers of a question the coder has coded."""
    return int(
        database.value(
            "SELECT count(*) FROM (SELECT response_id FROM coding WHERE coder_id = :coder"
            " UNION SELECT response_id FROM mark WHERE coder_id = :coder AND decided IS NOT NULL)"
            " JOIN response ON response.id = response_id"
            " WHERE question_id = :question AND is_current = 1 AND status = 'substantive'",
            {"question": question_id, "coder": coder_id},
        )
    )


def listed(
    database: Database, coder_id: int, ids: Sequence[int], *, width: int
) -> list[ListedResponse]:
    """A few answers as a list shows them, in the order asked for."""
    marks = ",".join("?" * len(ids))
    found = {
        row[0]: ListedResponse(row[0], row[1], row[2], bool(row[3]), bool(row[4]))
        for row in database.rows(
            f"SELECT response.id, respondent.name, substr(text, 1, {int(width)}),"
            f" {_IS_CODED.replace(':coder', str(int(coder_id)))},"
            f" {_IS_FLAGGED.replace(':coder', str(int(coder_id)))}"
            f" FROM response JOIN respondent ON respondent.id = respondent_id"
            f" WHERE response.id IN ({marks})",
            list(ids),
        )
    }
    return [found[response_id] for response_id in ids if response_id in found]


def place(database: Database, coder_id: int, question_id: int) -> int:
    """The answer that the coder was shown last, 0 if none."""
    return (
        database.value(
            "SELECT response_id FROM place WHERE coder_id = ? AND question_id = ?",
            (coder_id, question_id),
        )
        or 0
    )


def last_question(database: Database, coder_id: int) -> str:
    """The key of the question that the coder worked on last, empty if none."""
    return (
        database.value(
            "SELECT question.key FROM place JOIN question ON question.id = place.question_id"
            " WHERE coder_id = ? ORDER BY at DESC LIMIT 1",
            (coder_id,),
        )
        or ""
    )


def set_place(database: Database, coder_id: int, question_id: int, response_id: int) -> None:
    """Remember which answer the coder is shown."""
    database.run(
        "INSERT INTO place (coder_id, question_id, response_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET response_id = excluded.response_id, at = excluded.at",
        (coder_id, question_id, response_id, journal.now()),
    )


RESPONSE_COLUMNS = ("respondent", "question", "status", "text")


def exported(database: Database) -> Iterator[tuple[str, ...]]:
    """Every answer as it stands, as `RESPONSE_COLUMNS`, then the attributes in their order."""
    names = attributes(database)
    for respondent, question, status, text, known in database.stream(
        "SELECT respondent.name, question.key, status, response.text, respondent.attributes"
        " FROM response JOIN respondent ON respondent.id = respondent_id"
        " JOIN question ON question.id = question_id"
        " WHERE is_current = 1 ORDER BY respondent_id, question_id"
    ):
        values = json.loads(known)
        yield (respondent, question, status, text, *(values.get(name, "") for name in names))


def find(database: Database, respondent: str, question_id: int) -> tuple[int, str, str] | None:
    """Id, status and text of a respondent's answer to a question as it stands, or None."""
    found: tuple[int, str, str] | None = database.row(
        "SELECT response.id, status, text FROM response"
        " JOIN respondent ON respondent.id = respondent_id"
        " WHERE respondent.name = ? AND question_id = ? AND is_current = 1",
        (respondent, question_id),
    )
    return found
