"""The journal of a copy: every step and act that the study does not have, in the order of time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qualcode.store.merging.context import next_id
from qualcode.store.merging.matching import match

if TYPE_CHECKING:
    from qualcode.store.merging.context import Merging
    from qualcode.store.merging.matching import Row


def bring_steps(merging: Merging) -> list[int]:
    """Bring in the steps of a copy; the new ones, by their numbers in the copy."""
    study = merging.study
    listed = "SELECT id, uid FROM step ORDER BY id"
    found = match(study.stream(listed), merging.copy.stream(listed))
    merging.steps = found.numbers
    new = {number for number, _ in found.new}
    rows = [
        row
        for row in merging.copy.stream(
            "SELECT id, uid, clock, at, by_name, kind, detail, coder_id, reverses, previous"
            " FROM step WHERE id > ? ORDER BY clock, uid",
            (found.numbers.shared,),
        )
        if row[0] in new
    ]
    first = next_id(study, "step")
    for number, row in enumerate(rows, start=first):
        merging.steps[row[0]] = number
    study.run_many(
        "INSERT INTO step (id, uid, clock, at, by_name, kind, detail, coder_id, reverses,"
        " previous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                merging.steps[row[0]],
                *row[1:7],
                merging.coders.of(row[7]),
                merging.steps.of(row[8]),
                merging.steps.of(row[9]),
            )
            for row in rows
        ),
    )
    merging.brought.steps = len(rows)
    return [row[0] for row in rows]


def bring_acts(merging: Merging, new_steps: list[int]) -> None:
    """Bring in the acts of the new steps, each with what it builds on."""
    study = merging.study
    wanted = set(new_steps)
    rows = [
        row
        for row in merging.copy.stream(
            "SELECT act.id, act.step_id, act.uid, act.act, act.source, act.span_start,"
            " act.span_end, act.before, act.after, act.response_id, act.code_id,"
            " act.codebook_version_id, act.base, base.uid FROM act"
            " LEFT JOIN act AS base ON base.id = act.base WHERE act.step_id > ?",
            (merging.steps.shared,),
        )
        if row[1] in wanted
    ]
    rows.sort(key=lambda row: (merging.steps[row[1]], row[0]))
    numbers = {row[0]: number for number, row in enumerate(rows, start=next_id(study, "act"))}
    study.run_many(
        "INSERT INTO act (id, step_id, uid, act, source, span_start, span_end, before, after,"
        " response_id, code_id, codebook_version_id, base)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_here(merging, row, numbers) for row in rows],
    )
    merging.brought.acts = len(rows)


def _here(merging: Merging, row: Row, numbers: dict[int, int]) -> Row:
    """An act of a copy with the numbers of the study."""
    number, step, *said, before, after, response, code, version, base, base_uid = row
    if said[1] == "adjudicate":
        before, after = _verdict(merging, before), _verdict(merging, after)
    below = None if base is None else numbers.get(base) or _known(merging, base_uid)
    return (
        numbers[number],
        merging.steps[step],
        *said,
        before,
        after,
        merging.responses.of(response),
        merging.codes.of(code),
        merging.versions.of(version),
        below,
    )


def _known(merging: Merging, uid: bytes) -> int:
    return int(merging.study.value("SELECT id FROM act WHERE uid = ?", (uid,)))


def _verdict(merging: Merging, text: str | None) -> str | None:
    """The text of a verdict with the numbers of the study."""
    if text is None:
        return None
    parts: dict[str, Any] = json.loads(text)
    parts["adjudicator"] = merging.coders[parts["adjudicator"]]
    parts["codes"] = sorted(merging.codes[code] for code in parts["codes"])
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
