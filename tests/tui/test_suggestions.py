"""Suggestions on the coding screen: people code, the machine suggests, and no key waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qualcode.model import Drawn, Hint, Suggested
from qualcode.study.suggestions.messages import Draws, Hinted, Learned, Refused, Score
from tui.driving import coding, decided, put, rows, steps

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study.suggestions.messages import Message
    from tui.driving import Seen


def hint(
    seen: Seen, *suggested: tuple[str, float, bool], at: int = 0, labels: int = 60, **why: Any
) -> Hint:
    """A hint for the answer at a place of the queue: codes by key, the likeliest first."""
    ids = {code.key: code.id for code in seen.coding.session.codes}
    return Hint(
        seen.coding.walk.queue[at],
        labels,
        labels >= 50,
        tuple(
            Suggested(ids[key], p, "likely" if above else "possible", above, False, **why)
            for key, p, above in suggested
        ),
    )


async def say(seen: Seen, *messages: Message) -> None:
    """Let the process that suggests say something."""
    for message in messages:
        seen.coding.suggesting.hear(message)
    await seen.settle()


def sources(study: Path) -> list[tuple[Any, ...]]:
    return rows(
        study,
        "SELECT act, code, source FROM v_journal WHERE coder = 'ana'"
        " AND act <> 'new-coder' ORDER BY id",
    )


RANKED = (("cheap", 0.91, True), ("reach", 0.55, True), ("old", 0.2, False))


async def test_digits_take_the_ranked_suggestions_and_the_journal_says_so(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("1", "3")
    assert put(study) == ["p01 cost/cheap", "p01 old"]
    assert sources(study) == [("code", "cost/cheap", "suggestion"), ("code", "old", "suggestion")]
    about = [json.loads(row[0]) for row in rows(study, "SELECT detail FROM step ORDER BY id")[-2:]]
    assert about == [
        {"labels": 60, "calibrated": True, "suggested": [{"rank": 1, "probability": 0.91}]},
        {"labels": 60, "calibrated": True, "suggested": [{"rank": 3, "probability": 0.2}]},
    ]


async def test_a_digit_takes_off_again_what_it_put_on(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("1", "1")
    assert put(study) == []


async def test_a_letter_is_the_coders_own_hand_also_where_the_code_is_suggested(
    study: Path,
) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("a")
    assert sources(study) == [("code", "cost/cheap", "")]


async def test_accepting_puts_on_all_above_the_threshold_in_one_step(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("=")
        assert put(study) == ["p01 cost/cheap", "p01 reach"]
        assert seen.respondent == "p01"
        assert steps(study) == ["accept"]
        await seen.press("ctrl+z")
        assert put(study) == []


async def test_the_footer_offers_to_accept_only_where_something_is_sure(study: Path) -> None:
    async with coding(study) as seen:
        assert "accept" not in seen.status
        await say(seen, Hinted(hint(seen, *RANKED)), Hinted(hint(seen, ("old", 0.2, False), at=1)))
        assert "= accept" in seen.status
        await seen.press(" ")
        assert "accept" not in seen.status


async def test_accepting_never_decides_and_never_codes_without_a_key(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, *(Hinted(hint(seen, *RANKED, at=place)) for place in range(7)))
        await seen.press(" ", " ", "=")
    assert put(study) == ["p04 cost/cheap", "p04 reach"]
    assert decided(study) == []


async def test_accepting_where_nothing_is_sure_says_so_and_does_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("=")
        assert "nothing is suggested with enough confidence" in seen.status
        await say(seen, Hinted(hint(seen, ("old", 0.2, False))))
        await seen.press("=")
        assert "nothing is suggested with enough confidence" in seen.status
    assert steps(study) == []


async def test_an_exclusive_suggestion_clears_the_other_codes(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, ("nothing", 0.9, True))))
        await seen.press("r", "=")
    assert put(study) == ["p01 nothing"]


async def test_words_stand_for_percentages_until_there_are_fifty_labels(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, ("reach", 0.55, True), labels=49)))
        assert "likely  Wider reach" in seen.answer
        assert "%" not in seen.answer
        await seen.press(" ")
        await say(seen, Hinted(hint(seen, ("reach", 0.55, True), at=1, labels=50)))
        assert "55%  Wider reach" in seen.answer


async def test_digits_and_bars_stand_in_place_in_the_codebook(study: Path) -> None:
    async with coding(study) as seen:
        before = [line.split()[1:2] for line in seen.codebook.splitlines()]
        await say(seen, Hinted(hint(seen, *RANKED)))
        lines = seen.codebook.splitlines()
        assert [line.split()[1:2] for line in lines] == before
        assert lines[2].split()[-2:] == ["━━━╸", "1"]
        assert lines[0].split()[-1] == "2"
        assert lines[1].split()[-1] == "Costs"


async def test_the_words_that_carry_it_are_underlined_and_the_example_is_named(
    study: Path,
) -> None:
    async with coding(study) as seen:
        why = hint(seen, ("cheap", 0.9, True), words=((8, 13),), example="it costs them nothing")
        await say(seen, Hinted(why))
        underlined = [
            segment.text
            for strip in seen.strips()
            for segment in strip
            if segment.style and segment.style.underline and segment.text.strip()
        ]
        assert underlined == ["cheap"]
        assert "like “it costs them nothing”" in seen.answer


async def test_what_a_digit_means_never_changes_while_an_answer_is_shown(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, ("cheap", 0.9, True))))
        await say(seen, Hinted(hint(seen, ("reach", 0.9, True))))
        await seen.press("1")
        assert put(study) == ["p01 cost/cheap"]
        await seen.press(" ", "backspace", "1")
    assert put(study) == ["p01 cost/cheap", "p01 reach"]


async def test_a_new_model_is_asked_again_about_what_comes_next(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with coding(study) as seen:
        suggesting, queue = seen.coding.suggesting, seen.coding.walk.queue
        said: list[Message] = []
        monkeypatch.setattr(suggesting, "_tell", said.append)
        await seen.press(" ")
        assert said == [Score([queue[6]])], "the others were asked for before"
        await say(seen, Learned(12))
        assert said[1:] == [Score(list(queue[1:7]))]


async def test_a_digit_without_a_suggestion_does_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("4")
        assert "no suggestion 4 here" in seen.status
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("0", "4")
        assert "no suggestion 4 here" in seen.status
    assert steps(study) == []


async def test_a_coder_can_hide_suggestions_and_they_stay_hidden(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        await seen.press("f6")
        assert "suggestions are hidden" in seen.status
        assert "91%" not in seen.text
        await seen.press("1", "=")
        assert put(study) == []
    async with coding(study) as seen:
        await say(seen, Hinted(hint(seen, *RANKED)))
        assert "91%" not in seen.text
        await seen.press("f6")
        assert "91%" in seen.text


async def test_the_end_of_the_process_is_said_and_coding_goes_on(study: Path) -> None:
    async with coding(study) as seen:
        await say(seen, Refused("their process ended"))
        assert "no suggestions: their process ended; coding goes on" in seen.status
        await seen.press("r", "enter")
    assert put(study) == ["p01 reach"]


async def test_a_suggested_code_that_is_gone_is_no_longer_offered(study: Path) -> None:
    async with coding(study) as seen:
        gone = Suggested(999, 0.95, "likely", True, False)
        known = hint(seen, *RANKED)
        await say(seen, Hinted(Hint(known.response_id, 60, True, (gone, *known.suggested))))
        await seen.press("1")
        assert "no suggestion 1 here" in seen.status
        await seen.press("=")
    assert put(study) == ["p01 cost/cheap", "p01 reach"]


def drawn(seen: Seen, place: int, *, blind: bool) -> Drawn:
    ids = seen.coding.session.queue()
    how = "random" if blind else "uncertain"
    return Drawn(ids[place], how, place, len(ids), 0.5 if blind else None, blind)


async def take_up(seen: Seen, *places: tuple[int, bool]) -> None:
    """Choose half-and-half and let these answers be drawn."""
    await seen.press("f7", "down", "enter")
    queue = seen.coding.session.drawn_queue
    assert queue is not None
    await say(seen, Draws(queue.id, [drawn(seen, at, blind=blind) for at, blind in places]))


async def test_a_queue_is_walked_in_the_order_in_which_it_was_drawn(study: Path) -> None:
    async with coding(study) as seen:
        await take_up(seen, (4, True), (1, False), (6, True))
        shown = [seen.respondent]
        for _ in range(2):
            await seen.press("r", "enter")
            shown.append(seen.respondent)
        assert shown == ["p07", "p02", "p09"]
        assert "half random, half uncertain" in seen.answer
    async with coding(study) as seen:
        assert seen.respondent == "p09"
        await seen.press("f7", "enter")
        assert "in the order of the file" in seen.status
        assert "of 8" in seen.answer


async def test_each_drawn_answer_keeps_how_it_was_drawn_and_how_probably(study: Path) -> None:
    async with coding(study) as seen:
        await take_up(seen, (4, True), (1, False))
    assert rows(
        study,
        "SELECT respondent, queue, how, place, population, probability, is_blind FROM v_draw"
        " ORDER BY rank",
    ) == [("p07", "half", "random", 4, 8, 0.5, 1), ("p02", "half", "uncertain", 1, 8, None, 0)]
    assert ("queue", None, "") in sources(study)


async def test_a_blind_answer_shows_no_suggestion_until_it_is_decided(study: Path) -> None:
    async with coding(study) as seen:
        await take_up(seen, (6, True), (7, False))
        asked = set(seen.coding.suggesting._known)
        assert seen.coding.walk.response_id not in asked
        assert seen.coding.walk.queue[1] in asked
        await say(seen, Hinted(hint(seen, *RANKED)))
        assert "blind: suggestions show once you have decided" in seen.answer
        assert "91%" not in seen.text
        await seen.press("1", "=")
        assert put(study) == []
        await seen.press("r", "enter", "backspace")
        assert "91%" in seen.text
        assert seen.coding.walk.response_id in seen.coding.suggesting._known


async def test_a_queue_that_grows_leaves_the_coder_where_they_are(study: Path) -> None:
    async with coding(study) as seen:
        await take_up(seen, (4, True), (1, False))
        await seen.press("enter")
        queue = seen.coding.session.drawn_queue
        await say(seen, Draws(queue.id, [drawn(seen, 0, blind=True), drawn(seen, 1, blind=True)]))
        assert seen.respondent == "p02"
        assert "2 of 3" in seen.answer


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_it_fits_every_size(study: Path, size: tuple[int, int]) -> None:
    async with coding(study, size=size) as seen:
        await say(seen, Hinted(hint(seen, *RANKED, example="näher \u202eansehen " * 40)))
        seen.assert_exact()
        assert "91%" in seen.answer


async def test_hostile_examples_reach_the_terminal_as_text(study: Path) -> None:
    async with coding(study) as seen:
        await say(
            seen, Hinted(hint(seen, *RANKED, example="\x1b[2J[bold]\x07\u202e", words=((0, 9999),)))
        )
        seen.assert_exact()
        assert "[bold]" in seen.answer
