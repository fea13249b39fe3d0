"""What stands by the journal: all that coders put on answers, and what undo takes back.

Acts on an answer form a chain, each naming the one that stood last when it was written. Where
copies of a study went apart and were merged, a chain can fork: then the branch with the latest
act counts as a whole, and the acts of the others are `lost`. They stay in the journal. So what
stands is always something that its coder has seen, and depends on the acts alone, not on the
order in which copies were merged. Questions to coders are no chain: each stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.store import queries
from qualcode.store.journal import LAYER, OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database

# With max() in a group, SQLite gives the other columns of the row that has the greatest value.

KEPT = "act.id NOT IN (SELECT act_id FROM lost)"
"""SQL for the acts that count."""


def _last(names: str, value: str, by: str, among: str) -> str:
    return (
        f"SELECT coder_id, response_id, {value} AS value FROM (SELECT step.coder_id, act.*,"
        " max(act.id) FROM act JOIN step ON step.id = act.step_id"
        f" WHERE act IN ({names}) AND {among} GROUP BY {by})"
    )


def _last_of_coder(names: str, value: str, among: str) -> str:
    rows = _last(names, value, "step.coder_id, response_id", among)
    return f"SELECT * FROM ({rows}) WHERE value IS NOT NULL"


def codings(among: str = KEPT) -> str:
    """SQL for what the acts `among` put on answers: the columns of `coding` but its id."""
    return (
        "SELECT coder_id, response_id, code_id, span_start, span_end, source, codebook_version_id"
        " FROM (SELECT step.coder_id, act.*, max(act.id) FROM act"
        f" JOIN step ON step.id = act.step_id WHERE act IN ('code', 'uncode') AND {among}"
        " GROUP BY step.coder_id, response_id, code_id, span_start, span_end) WHERE act = 'code'"
    )


def decisions(among: str = KEPT) -> str:
    """SQL for coder, answer, and from what the coder decided it."""
    return _last_of_coder("'decide', 'undecide'", "iif(act = 'decide', source, NULL)", among)


def flags(among: str = KEPT) -> str:
    """SQL for coder, answer and “1” where it is flagged."""
    return _last_of_coder("'flag', 'unflag'", "iif(act = 'flag', '1', NULL)", among)


def memos(among: str = KEPT) -> str:
    """SQL for coder, answer and memo."""
    return _last_of_coder("'memo'", "nullif(after, '')", among)


def quotes(among: str = KEPT) -> str:
    """SQL for coder, answer and what the coder said of it as a quote."""
    return _last_of_coder("'clear'", "after", among)


def repeats(among: str = KEPT) -> str:
    """SQL for coder, answer and what the coder made of it the second time."""
    return _last_of_coder("'again'", "after", among)


def verdicts(among: str = KEPT) -> str:
    """SQL for answer and verdict."""
    rows = _last("'adjudicate'", "after", "response_id", among)
    return f"SELECT response_id, value FROM ({rows}) WHERE value IS NOT NULL"


def reviews(among: str = KEPT) -> str:
    """SQL for answer and how a memo or flag on it was dealt with."""
    item = "ifnull(after, before) ->> '{}'"
    return (
        "SELECT response_id, value FROM (SELECT response_id, after AS value, max(act.id) FROM act"
        f" WHERE act = 'review' AND {among}"
        f" GROUP BY response_id, {item.format('coder')}, {item.format('kind')})"
        " WHERE value IS NOT NULL"
    )


IS_ASKING = f"act.act IN ({', '.join(repr(name) for name in queries.ACTS)})"
"""SQL for an act about a question that was put to a coder."""


def asked(among: str = "true") -> str:
    """SQL for answer, question as an act keeps it, and whether it was answered.

    Of what was done to a question the last counts, whoever did it; none of it is ever lost.
    """
    times = ", ".join(f"max(iif(act = '{name}', nth, 0)) AS {name}" for name in queries.ACTS)
    return (
        "SELECT response_id, said, answer > max(unanswer, ask) AS is_answered FROM"
        f" (SELECT response_id, said, {times} FROM (SELECT response_id, act,"
        " ifnull(after, before) AS said, row_number() OVER (ORDER BY clock, step.uid, act.id)"
        f" AS nth FROM act JOIN step ON step.id = step_id WHERE {IS_ASKING} AND {among})"
        " GROUP BY response_id, said) WHERE ask > unask"
    )


@dataclass
class Stack:
    """What undo and redo of a coder would take back, the next one last."""

    undo: dict[int, None] = field(default_factory=dict)
    redo: dict[int, None] = field(default_factory=dict)

    def take(self, step: int, kind: str, reverses: int | None) -> None:
        """Go on by one step."""
        if kind == "undo":
            self.undo.pop(reverses or 0, None)
            self.redo[step] = None
            return
        if kind == "redo":
            self.redo.pop(reverses or 0, None)
        else:
            self.redo.clear()
        self.undo[step] = None


_IS_LOST = (
    "SELECT step_id FROM lost JOIN act ON act.id = act_id GROUP BY step_id"
    " HAVING count(*) = (SELECT count(*) FROM act AS every WHERE every.step_id = act.step_id)"
)


def stacks(database: Database) -> dict[int, Stack]:
    """What undo and redo would take back, by coder: a function of the steps in their order.

    Steps of which every act is lost are left out.
    """
    found: dict[int, Stack] = {}
    for step, coder_id, kind, reverses in database.stream(
        "SELECT id, coder_id, kind, reverses FROM step WHERE coder_id IS NOT NULL"
        f" AND id NOT IN ({_IS_LOST}) ORDER BY clock, uid"
    ):
        found.setdefault(coder_id, Stack()).take(step, kind, reverses)
    return found


def settle_stacks(database: Database) -> None:
    """Write down what undo and redo would take back, as the steps say."""
    written = dict(database.rows("SELECT id, previous FROM step WHERE coder_id IS NOT NULL"))
    database.run("DELETE FROM undo_order")
    database.run("UPDATE coder SET undo_head = NULL, redo_head = NULL")
    for coder_id, stack in stacks(database).items():
        for steps in (stack.undo, stack.redo):
            order = list(steps)
            database.run_many(
                "INSERT INTO undo_order (step_id, previous) VALUES (?, ?)",
                (
                    (step, previous)
                    for step, previous in zip(order, [None, *order], strict=False)
                    if written[step] != previous
                ),
            )
        heads = (next(reversed(steps), None) for steps in (stack.undo, stack.redo))
        database.run(
            "UPDATE coder SET undo_head = ?, redo_head = ? WHERE id = ?", (*heads, coder_id)
        )


def broken_stacks(database: Database) -> Iterator[str]:
    """Where what undo and redo would take back is not what the steps say."""
    for step in database.rows(
        "SELECT step.id FROM step JOIN step AS other ON other.id = step.reverses"
        " WHERE other.coder_id IS NOT step.coder_id OR (other.kind = 'undo')"
        " <> (step.kind = 'redo')"
    ):
        yield f"step {step[0]} does not follow from the one before it"
    before = dict(
        database.rows(
            "SELECT step.id, iif(step_id IS NULL, step.previous, undo_order.previous)"
            " FROM step LEFT JOIN undo_order ON step_id = step.id WHERE coder_id IS NOT NULL"
        )
    )
    found = stacks(database)
    for coder_id, name, *heads in database.rows("SELECT id, name, undo_head, redo_head FROM coder"):
        stack = found.get(coder_id, Stack())
        for head, steps in zip(heads, (stack.undo, stack.redo), strict=True):
            walked = head
            for step in reversed(steps):
                if walked != step:
                    break
                walked = before[step]
            else:
                if walked is None:
                    continue
            yield f"{name} would undo or redo another step than the journal says"
            break


_CHAINED = (
    f"SELECT act.id, base, response_id, {OWNER} AS owner, {LAYER} AS layer, clock,"
    " step.uid AS step_uid, act.id IN (SELECT act_id FROM lost) AS is_lost"
    " FROM act JOIN step ON step.id = step_id"
    f" WHERE response_id IS NOT NULL AND NOT {IS_ASKING}"
)
_PLACE = "PARTITION BY response_id, owner, layer"


def broken_chains(database: Database) -> Iterator[str]:
    """Where the acts that count are not the chain of the latest act at their place."""
    for (act,) in database.rows(
        f"SELECT id FROM (SELECT id, base, lag(id) OVER ({_PLACE} ORDER BY id) AS before"
        f" FROM ({_CHAINED}) WHERE NOT is_lost) WHERE base IS NOT before"
    ):
        yield f"act {act} does not build on the one before it"
    latest = (
        f"SELECT response_id, owner, layer, id FROM (SELECT *, row_number() OVER ({_PLACE}"
        f" ORDER BY clock DESC, step_uid DESC, id DESC) AS age FROM ({_CHAINED})) WHERE age = 1"
    )
    heads = "SELECT response_id, coder_id, layer, act_id FROM head"
    for one, other in ((latest, heads), (heads, latest)):
        for *_, act in database.rows(f"{one} EXCEPT {other}"):
            yield f"act {act} is, or should be, the latest at its place"
    for (act,) in database.rows("SELECT act_id FROM head JOIN lost USING (act_id)"):
        yield f"act {act} is the latest at its place and counts as lost"
