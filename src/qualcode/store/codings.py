"""What each coder has put on each answer: read it, change it, take a change back.

Every change goes through the journal in the same transaction, so the tables `coding` and
`mark` are always what replaying the journal gives.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from qualcode.errors import Conflict
from qualcode.model import AnswerState, Change, Coding
from qualcode.store import journal, queries, quotes, repeats, responses, reviews, verdicts
from qualcode.store.assignments import is_pending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.store.connection import Database
    from qualcode.store.journal import Act


def state_of(database: Database, coder_id: int, response_id: int) -> AnswerState:
    """Everything that a coder has put on an answer, or on its repeat."""
    if response_id < 0:
        return repeats.answer_state(database, coder_id, -response_id)
    key = (response_id, coder_id)
    codings = database.rows(
        "SELECT code_id, span_start, span_end, source, put_as FROM v_counted"
        " WHERE response_id = ? AND coder_id = ? ORDER BY code_id, span_start, span_end",
        key,
    )
    mark = database.row(
        "SELECT decided IS NOT NULL, is_flagged, memo FROM mark"
        " WHERE response_id = ? AND coder_id = ?",
        key,
    )
    decided, flagged, memo = mark or (0, 0, "")
    return AnswerState(
        tuple(Coding(*coding) for coding in codings), bool(decided), bool(flagged), memo
    )


def perform(
    database: Database,
    coder_id: int,
    kind: str,
    acts: Sequence[Act],
    *,
    by: str,
    detail: dict[str, Any] | None = None,
) -> Change | None:
    """Carry out the acts of one step of a coder; None if there are none, and nothing is written.

    Raises `Conflict` if a code is no longer in the codebook.
    """
    if not acts:
        return None
    with database.transaction():
        if acts[0].response_id < 0:
            versions: dict[int, int] = {}
            done = [_with_version(database, coder_id, act, versions) for act in acts]
            acts = list(repeats.again(database, coder_id, done))
        undo_head, _ = journal.heads(database, coder_id)
        step = journal.add_step(
            database, kind, by=by, coder_id=coder_id, previous=undo_head, detail=detail
        )
        coded = _record(database, coder_id, step, acts)
        journal.set_heads(database, coder_id, step, None)
    return _change(step, kind, acts, coded)


def undo(database: Database, coder_id: int, *, by: str) -> Change | None:
    """Take back the coder's last step that still stands; None if there is none."""
    with database.transaction():
        target, redo_head = journal.heads(database, coder_id)
        if target is None:
            return None
        kind, _, before = journal.step_row(database, target)
        acts = _inverse(journal.standing(database, coder_id, target, passing="undo"))
        step = journal.add_step(
            database, "undo", by=by, coder_id=coder_id, reverses=target, previous=redo_head
        )
        coded = _record(database, coder_id, step, acts)
        journal.set_heads(database, coder_id, before, step)
        told = acts[::-1] or journal.acts_of(database, target)
    return _change(step, kind, told, coded)


def redo(database: Database, coder_id: int, *, by: str) -> Change | None:
    """Take back the coder's last undo, unless something was done since; None if there is none."""
    with database.transaction():
        undo_head, target = journal.heads(database, coder_id)
        if target is None:
            return None
        _, undone, redo_before = journal.step_row(database, target)
        kind = journal.step_row(database, undone or 0)[0]
        acts = _inverse(journal.standing(database, coder_id, target, passing="redo"))
        step = journal.add_step(
            database, "redo", by=by, coder_id=coder_id, reverses=target, previous=undo_head
        )
        coded = _record(database, coder_id, step, acts)
        journal.set_heads(database, coder_id, step, redo_before)
        told = acts or journal.acts_of(database, undone or 0)
    return _change(step, kind, told, coded)


def _inverse(acts: Sequence[Act]) -> list[Act]:
    return [act.inverse() for act in reversed(acts)]


def _change(step: int, kind: str, acts: Sequence[Act], coded: int) -> Change:
    """What a step did, said by its first act and its last code."""
    if not acts:
        return Change(step, kind, acts=0)
    code = next((act.code_id for act in reversed(acts) if act.code_id), 0)
    return Change(step, kind, acts[0].shown, len(acts), coded, code)


def _record(database: Database, coder_id: int, step: int, acts: Sequence[Act]) -> int:
    """Journal the acts and do them; how many answers more count as coded."""
    versions: dict[int, int] = {}
    done = [_with_version(database, coder_id, act, versions) for act in acts]
    for code_id in {code_id for act in done for code_id in _codes_in(act)}:
        _present_version(database, code_id)
    touched = {act.shown for act in done}
    before = _coded_among(database, coder_id, touched)
    journal.add_acts(database, coder_id, step, done)
    for act in done:
        _apply(database, coder_id, act)
    return _coded_among(database, coder_id, touched) - before


def _coded_among(database: Database, coder_id: int, response_ids: Iterable[int]) -> int:
    return sum(
        responses.counts_as_coded(database, coder_id, answer)
        if answer > 0
        else repeats.of(database, coder_id, -answer).is_coded
        for answer in response_ids
    )


def _with_version(database: Database, coder_id: int, act: Act, versions: dict[int, int]) -> Act:
    """The act with the codebook version that a new coding gets or a lost one had."""
    if act.code_id is None or act.name == "again":
        return act
    if act.name == "uncode":
        return replace(act, codebook_version_id=_version_of(database, coder_id, act))
    if act.code_id not in versions:
        versions[act.code_id] = _present_version(database, act.code_id)
    return replace(act, codebook_version_id=act.codebook_version_id or versions[act.code_id])


def _present_version(database: Database, code_id: int) -> int:
    """The present version of a code's codebook. Raises `Conflict` if the code is not in it."""
    path, is_removed, version = database.row(
        "SELECT path, is_removed, version_id FROM code"
        " JOIN codebook ON codebook.id = code.codebook_id WHERE code.id = ?",
        (code_id,),
    )
    if is_removed:
        raise Conflict(
            f"the code {path} is no longer in the codebook",
            hint="put it back with `qualcode codebook apply`, then try again",
        )
    return int(version)


def _codes_in(act: Act) -> set[int]:
    """The codes in the text of an act that keeps codes as a text."""
    if act.after and act.name == "adjudicate":
        return set(verdicts.codes_in(act.after))
    if act.after and act.name == "again":
        return {code for code, *_ in repeats.State.read(act.after).codings}
    return set()


_THE_CODING = (
    " FROM coding WHERE response_id = ? AND coder_id = ? AND code_id = ?"
    " AND ifnull(span_start, -1) = ifnull(?, -1) AND ifnull(span_end, -1) = ifnull(?, -1)"
)


def _version_of(database: Database, coder_id: int, act: Act) -> int | None:
    version: int | None = database.value(
        "SELECT codebook_version_id" + _THE_CODING,
        (act.response_id, coder_id, act.code_id, act.start, act.end),
    )
    return version


def _apply(database: Database, coder_id: int, act: Act) -> None:
    place = (act.response_id, coder_id)
    match act.name:
        case "code":
            database.run(
                "INSERT INTO coding (response_id, coder_id, code_id, span_start, span_end, source,"
                " codebook_version_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*place, act.code_id, act.start, act.end, act.source, act.codebook_version_id),
            )
        case "uncode":
            database.run(
                "DELETE" + _THE_CODING,
                (*place, act.code_id, act.start, act.end),
            )
        case "decide" | "undecide":
            _set_mark(database, place, "decided", act.source if act.name == "decide" else None)
        case "flag" | "unflag":
            _set_mark(database, place, "is_flagged", int(act.name == "flag"))
        case "memo":
            _set_mark(database, place, "memo", act.after or "")
        case _:
            _put_text(database, place, act)


def _put_text(database: Database, place: tuple[int, int], act: Act) -> None:
    match act.name:
        case "adjudicate":
            verdicts.put(database, act.response_id, act.after)
        case "clear":
            quotes.put(database, place, act.after)
        case "again":
            repeats.put(database, place, act.after)
        case "review":
            reviews.put(database, act.response_id, act.before, act.after)
        case name if name in queries.ACTS:
            queries.put(database, act.response_id, name, act.text)


def _set_mark(
    database: Database, place: tuple[int, int], column: str, value: str | int | None
) -> None:
    database.run(
        f"INSERT INTO mark (response_id, coder_id, {column}) VALUES (?, ?, ?)"
        f" ON CONFLICT DO UPDATE SET {column} = excluded.{column}",
        (*place, value),
    )
    database.run(
        "DELETE FROM mark WHERE response_id = ? AND coder_id = ?"
        " AND decided IS NULL AND is_flagged = 0 AND memo = ''",
        place,
    )


def last_decided(database: Database, coder_id: int, question_id: int) -> int:
    """The answer of a question that the coder decided last, 0 if none."""
    return (
        database.value(
            "SELECT act.response_id FROM act CROSS JOIN step ON step.id = act.step_id"
            " JOIN response ON response.id = act.response_id"
            " WHERE step.coder_id = ? AND act.act = 'decide' AND response.question_id = ?"
            " ORDER BY act.id DESC LIMIT 1",
            (coder_id, question_id),
        )
        or 0
    )


def exported(
    database: Database, *, with_pending: bool = False
) -> Iterator[tuple[str, str, str, str, int | None, int | None]]:
    """Respondent, question, coder, code, start, end of all that counts.

    In the order of the file, then of the coders' names, so that a study made from it exports
    the same. An answer decided without a code has the empty code. Codings of an answer that
    has changed since are left out, and unless `with_pending` those of answers that wait for one of
    their coders. What counts as the same code at one place comes once.
    """
    shown = "" if with_pending else f" WHERE NOT {is_pending('response')}"
    rows = database.stream(
        "SELECT respondent.name, question.key, coder.name, ifnull(code.path, ''),"
        " coding.span_start, coding.span_end"
        " FROM v_coded JOIN response ON response.id = v_coded.response_id AND response.is_current"
        " JOIN respondent ON respondent.id = response.respondent_id"
        " JOIN question ON question.id = response.question_id"
        " JOIN coder ON coder.id = v_coded.coder_id"
        " LEFT JOIN v_counted AS coding ON coding.response_id = v_coded.response_id"
        " AND coding.coder_id = v_coded.coder_id"
        " LEFT JOIN code ON code.id = coding.code_id"
        f" LEFT JOIN codebook ON codebook.id = code.codebook_id{shown}"
        " ORDER BY question.id, respondent.id, coder.folded, codebook.name, code.position,"
        " coding.span_start, coding.span_end"
    )
    return (row for row, _ in groupby(rows))
