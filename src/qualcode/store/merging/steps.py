"""The journal of a copy: every step and act that the study does not have, in the order of time."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from qualcode.store.merging.context import next_id
from qualcode.store.merging.matching import Numbers, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.store.merging.context import Merging
    from qualcode.store.merging.matching import Row


def bring_steps(merging: Merging) -> set[int]:
    """Bring in the steps of a copy; the new ones, by their numbers in the copy."""
    study = merging.study
    behind = shared(study, merging.copy, "step")
    known = dict(study.stream("SELECT uid, id FROM step WHERE id > ?", (behind,)))
    numbers = Numbers()
    numbers.shared = behind
    first = next_id(study, "step")
    rows = []
    for row in merging.copy.stream(
        "SELECT uid, id, clock, at, by_name, kind, detail, coder_id, reverses, previous FROM step"
        " WHERE id > ?",
        (behind,),
    ):
        here = known.get(row[0])
        if here is None:
            rows.append(row)
        else:
            numbers[row[1]] = here
    rows.sort(key=itemgetter(2, 0))
    numbers |= {row[1]: number for number, row in enumerate(rows, start=first)}
    coders = merging.coders
    study.run_many(
        "INSERT INTO step (uid, id, clock, at, by_name, kind, detail, coder_id, reverses,"
        " previous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (row[0], numbers[row[1]], *row[2:7], coders[row[7]], numbers[row[8]], numbers[row[9]])
            for row in rows
        ),
    )
    merging.steps = numbers
    merging.brought.steps = len(rows)
    return {row[1] for row in rows}


def bring_acts(merging: Merging, new_steps: set[int]) -> None:
    """Bring in the acts of the new steps, each with what it builds on."""
    steps = merging.steps
    rows = [
        row
        for row in merging.copy.stream(
            "SELECT step_id, id, uid, act, source, span_start, span_end, before, after,"
            " response_id, code_id, codebook_version_id, base FROM act WHERE step_id > ?",
            (steps.shared,),
        )
        if row[0] in new_steps
    ]
    rows.sort(key=lambda row: (steps[row[0]], row[1]))
    numbers = Numbers()
    numbers |= {
        row[1]: number for number, row in enumerate(rows, start=next_id(merging.study, "act"))
    }
    for base in {row[12] for row in rows} - numbers.keys():
        numbers[base] = _known(merging, base)
    merging.study.run_many(
        "INSERT INTO act (step_id, id, uid, act, source, span_start, span_end, before, after,"
        " response_id, code_id, codebook_version_id, base)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _here(merging, rows, numbers),
    )
    merging.brought.acts = len(rows)


def _here(merging: Merging, rows: Iterable[Row], numbers: Numbers) -> Iterator[Row]:
    """Acts of a copy with the numbers of the study."""
    steps, responses = merging.steps, merging.responses
    codes, versions = merging.codes, merging.versions
    for row in rows:
        step, act, uid, name, source, start, end, before, after = row[:9]
        if name == "adjudicate":
            before, after = _verdict(merging, before), _verdict(merging, after)
        elif name == "review":
            before, after = _review(merging, before), _review(merging, after)
        response, code, version, base = row[9:]
        yield (
            steps[step],
            numbers[act],
            uid,
            name,
            source,
            start,
            end,
            before,
            after,
            responses[response],
            codes[code],
            versions[version],
            numbers[base],
        )


def _known(merging: Merging, act: int) -> int:
    """The number of an act of the copy that the study has already."""
    uid = merging.copy.value("SELECT uid FROM act WHERE id = ?", (act,))
    return int(merging.study.value("SELECT id FROM act WHERE uid = ?", (uid,)))


def _verdict(merging: Merging, text: str | None) -> str | None:
    """The text of a verdict with the numbers of the study."""
    if text is None:
        return None
    parts: dict[str, Any] = json.loads(text)
    parts["adjudicator"] = merging.coders[parts["adjudicator"]]
    parts["codes"] = sorted(merging.codes[code] for code in parts["codes"])
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _review(merging: Merging, text: str | None) -> str | None:
    """The text of a review with the numbers of the study."""
    if text is None:
        return None
    parts: dict[str, Any] = json.loads(text)
    for whose in ("coder", "reviewer"):
        parts[whose] = merging.coders[parts[whose]]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
