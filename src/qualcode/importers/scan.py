"""The pass over every row before anything is written: shape, ids, blanks, questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers.blank import Blanks
from qualcode.importers.keys import make_keys
from qualcode.model import STATUSES, PlannedQuestion

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qualcode.importers.body import Body
    from qualcode.importers.columns import Columns
    from qualcode.importers.options import ReadOptions

MOST_QUESTIONS = 500
"""Questions that a long table may hold; more is a column that does not name questions."""

_STATUSES = frozenset(STATUSES)


@dataclass(slots=True)
class Scan:
    """What the rows of a table hold.

    `blanks` counts by place of the column in a wide table, by question as written in a long
    one. `questions` are those of a long table, as written, in order of appearance.
    `has_own_status` says that every value of the column `status` is one that we export.
    """

    n_rows: int = 0
    blanks: Counter[int | str] = field(default_factory=Counter)
    questions: dict[str, None] = field(default_factory=dict)
    has_own_status: bool = False


def scan(body: Body, columns: Columns, blanks: Collection[str]) -> Scan:
    """Every row looked at once, in constant memory.

    Raises InputError for a row of another width, an empty id, and in a long table for an
    empty question and for too many questions.
    """
    found = Scan(has_own_status=columns.status is not None)
    rule = Blanks(blanks)
    for numbers, block in body.blocks():
        if columns.respondent is not None:
            _refuse_empty(body, numbers, block, columns.respondent)
        if columns.question is not None and columns.text is not None:
            _look_long(body, columns, found, rule, (numbers, block))
        for index in columns.texts:
            found.blanks[index] += rule.among([row[index] for row in block]).total()
        found.n_rows += len(block)
    return found


def _look_long(
    body: Body,
    columns: Columns,
    found: Scan,
    rule: Blanks,
    rows: tuple[Sequence[int], list[list[str]]],
) -> None:
    numbers, block = rows
    asked, said, status = columns.question or 0, columns.text or 0, columns.status
    _refuse_empty(body, numbers, block, asked)
    questions = [row[asked] for row in block]
    found.questions.update(dict.fromkeys(questions))
    if len(found.questions) > MOST_QUESTIONS:
        raise InputError(
            f"the rows up to here name more than {MOST_QUESTIONS} different questions",
            source=body.table.path,
            row=numbers[-1],
            column=body.header.names[asked],
            hint="if each row holds all answers of a respondent, say --layout wide",
        )
    texts = [row[said] for row in block]
    if blank := rule.among(texts):
        pairs = zip(questions, texts, strict=True)
        found.blanks.update(question for question, text in pairs if text in blank)
    if status is not None and found.has_own_status:
        found.has_own_status = {row[status] for row in block} <= _STATUSES


def _refuse_empty(body: Body, numbers: Sequence[int], block: list[list[str]], index: int) -> None:
    cells = [row[index] for row in block]
    if all(map(str.strip, cells)):
        return
    at = next(place for place, cell in enumerate(cells) if not cell.strip())
    raise InputError(
        "the cell is empty, and every row needs one",
        source=body.table.path,
        row=numbers[at],
        column=body.header.names[index],
    )


def plan_long(
    body: Body, columns: Columns, found: Scan, options: ReadOptions
) -> tuple[tuple[PlannedQuestion, ...], dict[str, str]]:
    """The questions of a long table, and the key of each question as written.

    Raises InputError for a question of the options that no row names.
    """
    column = body.header.names[columns.question or 0]
    wanted = {text.strip(): key for key, text in options.questions}
    texts = list(dict.fromkeys(map(str.strip, found.questions)))
    for text in wanted:
        if text not in texts:
            raise InputError(
                f"no row names the question “{text}”", source=body.table.path, column=column
            )
    keys = {text.strip(): key for key, text in options.known_questions} | wanted
    others = [text for text in texts if text not in keys]
    keys.update(zip(others, make_keys(others, list(keys.values())), strict=True))
    planned = tuple(PlannedQuestion(keys[text], text, text) for text in texts)
    return planned, {written: keys[written.strip()] for written in found.questions}
