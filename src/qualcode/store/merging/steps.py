"""The journal of a copy: every step and act that the study does not have, in the order of time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qualcode.store.merging.beside import ACT, STEP
from qualcode.store.merging.context import next_id
from qualcode.store.merging.matching import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.store.connection import Database
    from qualcode.store.merging.context import Merging


class _Steps(Numbers):
    """The numbers of steps, looked up one by one: few but acts ask for them."""

    def __init__(self, study: Database) -> None:
        super().__init__()
        self._study = study

    def __missing__(self, number: int) -> int:
        here = self._study.value("SELECT here FROM temp.step_here WHERE there = ?", (number,))
        return number if here is None else int(here)


def bring_steps(merging: Merging) -> None:
    """Bring in the steps of a copy that the study does not have."""
    study, place = merging.study, merging.place
    first = next_id(study, "step")
    study.run("DELETE FROM temp.step_here")
    study.run(
        "INSERT INTO temp.step_here SELECT came.id, step.id FROM temp.came_step AS came"
        " JOIN step USING (uid) WHERE copy = ?",
        (place,),
    )
    study.run(
        "INSERT INTO temp.step_here SELECT id, ? + row_number() OVER (ORDER BY clock, uid)"
        " FROM temp.came_step WHERE copy = ? AND id NOT IN (SELECT there FROM temp.step_here)",
        (first - 1, place),
    )
    _write(study, "coder", merging.coders)
    study.run(
        f"INSERT INTO step (id, {STEP}) SELECT step.here, uid, clock, at, by_name, kind, detail,"
        f" {_here('coder', 'coder_id')}, {_here('step', 'reverses')}, {_here('step', 'previous')}"
        " FROM temp.came_step AS came JOIN temp.step_here AS step ON step.there = came.id"
        " WHERE copy = ? AND step.here >= ? ORDER BY step.here",
        (place, first),
    )
    merging.steps = _Steps(study)
    merging.first_step = first
    merging.brought.steps = next_id(study, "step") - first


def bring_acts(merging: Merging) -> None:
    """Bring in the acts of the new steps, each with what it builds on."""
    study, place = merging.study, merging.place
    first = next_id(study, "act")
    study.run("DELETE FROM temp.act_here")
    study.run(
        "INSERT INTO temp.act_here SELECT came.id, ? + row_number() OVER (ORDER BY here, came.id)"
        " FROM temp.came_act AS came JOIN temp.step_here ON there = step_id"
        " WHERE copy = ? AND here >= ?",
        (first - 1, place, merging.first_step),
    )
    _write(study, "response", merging.responses)
    _write(study, "code", merging.codes)
    _write(study, "version", merging.versions)
    _translate(merging)
    study.run(
        f"INSERT INTO act (id, step_id, {ACT}) SELECT act.here, {_here('step', 'step_id')}, uid,"
        f" act, source, span_start, span_end, before, after, {_here('response', 'response_id')},"
        f" {_here('code', 'code_id')}, {_here('version', 'codebook_version_id')},"
        " ifnull((SELECT here FROM temp.act_here WHERE there = came.base),"
        " (SELECT id FROM act WHERE uid = came.base_uid))"
        " FROM temp.came_act AS came JOIN temp.act_here AS act ON act.there = came.id"
        " WHERE copy = ? ORDER BY act.here",
        (place,),
    )
    merging.brought.acts = next_id(study, "act") - first


def _write(study: Database, name: str, numbers: Numbers) -> None:
    """Let SQL know the numbers of rows that are others in the study than in the copy."""
    study.run(f"DELETE FROM temp.{name}_here")
    study.run_many(
        f"INSERT INTO temp.{name}_here VALUES (?, ?)",
        (pair for pair in numbers.items() if pair[0] != pair[1]),
    )


def _here(name: str, column: str) -> str:
    """SQL for the number in the study of what a column of the copy means."""
    return f"ifnull((SELECT here FROM temp.{name}_here WHERE there = {column}), {column})"


def _translate(merging: Merging) -> None:
    """Put the numbers of the study into the texts of acts that hold numbers."""
    study = merging.study
    names = ", ".join(f"'{name}'" for name in _IN_NUMBERS)
    for row, name, *texts in study.rows(
        f"SELECT rowid, act, before, after FROM temp.came_act WHERE copy = ? AND act IN ({names})",
        (merging.place,),
    ):
        before, after = (text and _IN_NUMBERS[name](merging, text) for text in texts)
        study.run(
            "UPDATE temp.came_act SET before = ?, after = ? WHERE rowid = ?", (before, after, row)
        )


def _verdict(merging: Merging, text: str) -> str:
    """The text of a verdict with the numbers of the study."""
    parts: dict[str, Any] = json.loads(text)
    parts["adjudicator"] = merging.coders[parts["adjudicator"]]
    parts["codes"] = sorted(merging.codes[code] for code in parts["codes"])
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


_IN_NUMBERS: dict[str, Callable[[Merging, str], str]] = {"adjudicate": _verdict}
"""The acts that say something by numbers of rows."""
