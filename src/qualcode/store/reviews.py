"""Memos and flags of coders as a queue for whoever leads, and which of them are dealt with.

Being dealt with is put and taken back by acts in the journal, whose texts are made and read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database

Kind: TypeAlias = Literal["memo", "flag"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A memo or a flag of a coder on an answer as it stands.

    `id` is the act that put it there. `words` are those of the memo; `about` tells this question
    from an earlier one at the same place: the memo, or when it was flagged. `reviewer` is empty
    where nobody has dealt with it.
    """

    id: int
    kind: Kind
    question: str
    respondent: str
    coder: str
    words: str
    at: str
    text: str
    about: str
    reviewer: str
    note: str
    response_id: int
    coder_id: int
    put: str | None


_MARKED = """
WITH marked AS (
  SELECT response_id, coder_id, 'memo' AS kind, memo AS words FROM mark WHERE memo <> ''
  UNION ALL
  SELECT response_id, coder_id, 'flag', '' FROM mark WHERE is_flagged = 1
), latest AS (
  SELECT max(act.id) AS id, step.coder_id, act.response_id, act.act AS kind
  FROM act JOIN step ON step.id = act.step_id WHERE act.act IN ('memo', 'flag')
    AND act.id NOT IN (SELECT act_id FROM lost)
  GROUP BY step.coder_id, act.response_id, act.act
)
SELECT latest.id, marked.kind, question.key, respondent.name, coder.name, words, step.at,
  response.text, iif(marked.kind = 'memo', words, step.at) AS about,
  ifnull(reviewer.name, ''), ifnull(review.note, ''), marked.response_id, marked.coder_id,
  iif(earlier.kind IS NULL, NULL, json_object('coder', earlier.coder_id, 'kind', earlier.kind,
    'text', earlier.text, 'reviewer', earlier.reviewer_id, 'note', earlier.note))
FROM marked
JOIN latest USING (response_id, coder_id, kind)
JOIN act ON act.id = latest.id
JOIN step ON step.id = act.step_id
JOIN response ON response.id = marked.response_id AND response.is_current = 1
JOIN respondent ON respondent.id = response.respondent_id
JOIN question ON question.id = response.question_id
JOIN coder ON coder.id = marked.coder_id
LEFT JOIN review AS earlier ON earlier.response_id = marked.response_id
  AND earlier.coder_id = marked.coder_id AND earlier.kind = marked.kind
LEFT JOIN review ON review.response_id = marked.response_id AND review.coder_id = marked.coder_id
  AND review.kind = marked.kind AND review.text = iif(marked.kind = 'memo', words, step.at)
LEFT JOIN coder AS reviewer ON reviewer.id = review.reviewer_id
ORDER BY latest.id
"""


def marked(database: Database) -> Iterator[Marked]:
    """Every memo and flag on the answers as they stand, oldest first."""
    for row in database.stream(_MARKED):
        yield Marked(*row)


_FLAGGED_AT = (
    "(SELECT step.at FROM act JOIN step ON step.id = act.step_id WHERE act.act = 'flag'"
    " AND act.response_id = mark.response_id AND step.coder_id = mark.coder_id"
    " AND act.id NOT IN (SELECT act_id FROM lost) ORDER BY act.id DESC LIMIT 1)"
)
_DEALT_WITH = (
    "EXISTS (SELECT 1 FROM review WHERE review.response_id = mark.response_id"
    " AND review.coder_id = mark.coder_id AND kind = '{kind}' AND text = {about})"
)
_OPEN_MEMO = f"(memo <> '' AND NOT {_DEALT_WITH.format(kind='memo', about='memo')})"
_OPEN_FLAG = f"(is_flagged AND NOT {_DEALT_WITH.format(kind='flag', about=_FLAGGED_AT)})"


def waiting(database: Database) -> dict[int, int]:
    """How many memos and flags nobody has dealt with, by question."""
    return dict(
        database.rows(
            f"SELECT question_id, sum({_OPEN_MEMO} + {_OPEN_FLAG}) FROM mark CROSS JOIN response"
            " ON response.id = response_id AND is_current = 1 WHERE is_flagged OR memo <> ''"
            " GROUP BY question_id"
        )
    )


def told(one: Marked, reviewer_id: int, note: str) -> str:
    """What an act keeps of a memo or flag that is dealt with."""
    parts = {
        "coder": one.coder_id,
        "kind": one.kind,
        "text": one.about,
        "reviewer": reviewer_id,
        "note": note,
    }
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def put(database: Database, response_id: int, before: str | None, after: str | None) -> None:
    """Set what is dealt with to what an act says; None takes it away."""
    place = {"response": response_id, **json.loads(after or before or "{}")}
    database.run(
        "DELETE FROM review WHERE response_id = :response AND coder_id = :coder AND kind = :kind",
        place,
    )
    if after is not None:
        database.run(
            "INSERT INTO review (response_id, coder_id, kind, text, reviewer_id, note)"
            " VALUES (:response, :coder, :kind, :text, :reviewer, :note)",
            place,
        )


def clear(database: Database, response_id: int, coder_id: int) -> None:
    """Take away all that is dealt with of a coder on an answer."""
    database.run(
        "DELETE FROM review WHERE response_id = ? AND coder_id = ?", (response_id, coder_id)
    )


def codes_on(database: Database, response_id: int, coder_id: int) -> set[int]:
    """The codes that a coder has on an answer, as they count."""
    rows = database.rows(
        "SELECT code_id FROM v_counted WHERE response_id = ? AND coder_id = ?",
        (response_id, coder_id),
    )
    return {code_id for (code_id,) in rows}
