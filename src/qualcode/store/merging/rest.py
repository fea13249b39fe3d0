"""What else a copy holds: settings, assignments, repeats, queues and draws, places, agreement runs.

Suggestions are not brought in: `qualcode suggest` makes them anew from what everybody coded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.store.merging.context import Merging
    from qualcode.store.merging.matching import Row

_SAID = {
    "design": "the columns of the design",
    "blanks": "what counts as no answer",
    "survey": "how the survey file is read",
    "publication": "what is stated for publication",
    "suggestions": "how codes are suggested",
}


def bring_settings(merging: Merging) -> None:
    """Bring in the settings; of what both sides changed, the later stands."""
    study = merging.study
    listed = "SELECT name, clock, value FROM setting"
    here = {name: (clock, value) for name, clock, value in study.rows(listed)}
    for name, clock, value in merging.copy.rows(listed):
        ours = here.get(name, (-1, ""))
        if ours[1] == value and ours[0] >= clock:
            continue
        if ours[0] >= 0 and ours[1] != value:
            merging.is_unlike = True
            if merging.both_changed(ours[0], clock):
                what = _SAID.get(name, name)
                merging.name("setting", f"{what}: changed on both sides; the later stands")
        later, stands = max(ours, (clock, value))
        study.run(
            "INSERT INTO setting (name, value, clock) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET value = excluded.value, clock = excluded.clock",
            (name, stands, later),
        )


def bring_places(merging: Merging) -> None:
    """Bring in which answer each coder was shown last."""
    merging.study.run_many(
        "INSERT INTO place (coder_id, question_id, response_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET response_id = excluded.response_id, at = excluded.at"
        " WHERE excluded.at > at OR (excluded.at = at AND"
        " (SELECT uid FROM response WHERE id = excluded.response_id)"
        " > (SELECT uid FROM response WHERE id = place.response_id))",
        [
            (
                merging.coders[coder],
                merging.questions[question],
                merging.responses[response],
                at,
            )
            for coder, question, response, at in merging.copy.rows(
                "SELECT coder_id, question_id, response_id, at FROM place"
            )
        ],
    )


def bring_agreement(merging: Merging) -> None:
    """Bring in the agreement runs that were kept."""
    known = {uid for (uid,) in merging.study.rows("SELECT uid FROM agreement_run")}
    merging.study.run_many(
        "INSERT INTO agreement_run (uid, step_id, question_id, coders, codebooks, settings, result)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (uid, merging.steps[step], merging.questions[question], *said)
            for uid, step, question, *said in merging.copy.rows(
                "SELECT uid, step_id, question_id, coders, codebooks, settings, result"
                " FROM agreement_run ORDER BY id"
            )
            if uid not in known
        ],
    )


def bring_queues(merging: Merging) -> None:
    """Bring in queues, and every answer that was drawn for them.

    Queues of one coder, question, kind, seed and code are one.
    """
    study = merging.study
    here = {
        row[:5]: row[5:]
        for row in study.rows(
            "SELECT coder_id, question_id, kind, seed, ifnull(code_id, 0), id, uid, clock,"
            " is_active FROM queue"
        )
    }
    actives = {row[0]: row[3] for row in here.values()}
    for row in merging.copy.rows(
        "SELECT coder_id, question_id, kind, seed, code_id, id, uid, clock, is_active, step_id"
        " FROM queue ORDER BY id"
    ):
        key = (
            merging.coders[row[0]],
            merging.questions[row[1]],
            *row[2:4],
            merging.codes[row[4]] or 0,
        )
        number = _queue(merging, key, row, here.get(key), actives)
        _bring_draws(merging, row[5], number)
    _settle_active(merging, actives)


def _queue(merging: Merging, key: Row, row: Row, ours: Row | None, actives: dict[int, int]) -> int:
    """The number of a queue of the copy; what is active is written when all are known."""
    *_, uid, clock, is_active, step = row[5:]
    study = merging.study
    if ours is None:
        number = study.run(
            "INSERT INTO queue (coder_id, question_id, kind, seed, code_id, uid, clock, step_id,"
            " is_active) VALUES (?, ?, ?, ?, nullif(?, 0), ?, ?, ?, 0)",
            (*key, uid, clock, merging.steps[step]),
        )
        actives[number] = is_active
        return number
    number, our_uid, our_clock, our_active = ours
    later, actives[number] = max((our_clock, our_active), (clock, is_active))
    study.run("UPDATE queue SET clock = ? WHERE id = ?", (later, number))
    if uid < our_uid:
        study.run(
            "UPDATE queue SET uid = ?, step_id = ? WHERE id = ?",
            (uid, merging.steps[step], number),
        )
    return int(number)


def _settle_active(merging: Merging, actives: dict[int, int]) -> None:
    """In use is the queue that was taken up last, unless it was left since."""
    study = merging.study
    latest: dict[Row, Row] = {}
    for number, uid, clock, *whose in study.rows(
        "SELECT id, uid, clock, coder_id, question_id FROM queue"
    ):
        mine = (clock, actives[number], uid, number)
        latest[tuple(whose)] = max(mine, latest.get(tuple(whose), mine))
    study.run("UPDATE queue SET is_active = 0 WHERE is_active = 1")
    study.run_many(
        "UPDATE queue SET is_active = 1 WHERE id = ?",
        [(number,) for _, is_active, _, number in latest.values() if is_active],
    )


_DRAWN = (
    "SELECT response_id, at, rank, how, place, population, probability, is_blind FROM draw"
    " WHERE queue_id = ?"
)


def _bring_draws(merging: Merging, there: int, here: int) -> None:
    """Every answer that was drawn, once and as it was drawn first, in the order of drawing."""
    study = merging.study
    drawn = {row[0]: row for row in study.rows(_DRAWN, (here,))}
    before = dict(drawn)
    for response, *said in merging.copy.rows(_DRAWN, (there,)):
        row = (merging.responses[response], *said)
        other = drawn.get(row[0], row)
        drawn[row[0]] = min(row, other, key=lambda one: (one[1], one[2]))
    if drawn == before:
        return
    uids = {
        number: study.value("SELECT uid FROM response WHERE id = ?", (number,)) for number in drawn
    }
    ordered = sorted(drawn.values(), key=lambda row: (row[1], row[2], uids[row[0]]))
    study.run("DELETE FROM draw WHERE queue_id = ?", (here,))
    study.run_many(
        "INSERT INTO draw (queue_id, rank, response_id, at, how, place, population, probability,"
        " is_blind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (here, rank, response, at, *said)
            for rank, (response, at, _, *said) in enumerate(ordered, start=1)
        ),
    )


_ASSIGNED = (
    "SELECT question_id, respondent_id, assignment.coder_id, step.clock, step.uid, rank, step_id,"
    " probability FROM assignment JOIN step ON step.id = step_id"
)


def bring_assignments(merging: Merging) -> None:
    """Bring in who is to code what: each answer once a coder, as it was assigned first.

    Everybody's queue is in the order of assigning.
    """
    study = merging.study
    here = {row[:3]: row[3:] for row in study.rows(_ASSIGNED)}
    before = dict(here)
    for question, respondent, coder, clock, uid, rank, step, share in merging.copy.rows(_ASSIGNED):
        whose = (
            merging.questions[question],
            merging.respondents[respondent],
            merging.coders[coder],
        )
        row = (clock, uid, rank, merging.steps[step], share)
        here[whose] = min(row, here.get(whose, row))
    if here == before:
        return
    ranks: dict[tuple[int, int], int] = {}
    study.run("DELETE FROM assignment")
    for whose, (*_, step, share) in sorted(here.items(), key=lambda one: one[1][:3]):
        queue = (whose[0], whose[2])
        ranks[queue] = ranks.get(queue, 0) + 1
        study.run(
            "INSERT INTO assignment (question_id, respondent_id, coder_id, rank, step_id,"
            " probability) VALUES (?, ?, ?, ?, ?, ?)",
            (*whose, ranks[queue], step, share),
        )


_REPEATS = (
    "SELECT question_id, respondent_id, repeat.coder_id, step.clock, step.uid, step_id, gap,"
    " probability FROM repeat JOIN step ON step.id = step_id"
)


def bring_repeats(merging: Merging) -> None:
    """Bring in what is coded again: each answer once a coder, as it was drawn first."""
    study = merging.study
    here = {row[:3]: row[3:] for row in study.rows(_REPEATS)}
    for question, respondent, coder, clock, uid, step, *said in merging.copy.rows(_REPEATS):
        whose = (
            merging.questions[question],
            merging.respondents[respondent],
            merging.coders[coder],
        )
        row = (clock, uid, merging.steps[step], *said)
        if whose in here and here[whose] <= row:
            continue
        study.run(
            "INSERT OR REPLACE INTO repeat (question_id, respondent_id, coder_id, step_id, gap,"
            " probability) VALUES (?, ?, ?, ?, ?, ?)",
            (*whose, *row[2:]),
        )
