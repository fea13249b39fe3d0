"""What the coding screen has shown as done is in the file, whenever the screen is killed."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING

import pytest

from durability.checking import is_whole
from durability.screen import CodingScreen
from durability.survey import CODES, token
from qualcode import Study

if TYPE_CHECKING:
    from pathlib import Path

NAME = "ana"
KILLS = 5
MOST_ANSWERS = 12
TOKEN = re.compile(r"token(\d{5})")
THEMES = {hotkey: f"{key.title()} theme" for hotkey, key in CODES.items()}


def shown_answer(screen: CodingScreen) -> int:
    """The number of the answer that the screen shows."""
    screen.wait_until(lambda text: TOKEN.search(text) is not None)
    found = TOKEN.search(screen.text)
    assert found
    return int(found[1])


def code_until_killed(study: Path, draw: random.Random) -> dict[int, tuple[str, bool]]:
    """What was seen to be done, by answer: its code, and whether it was decided."""
    seen: dict[int, tuple[str, bool]] = {}
    with CodingScreen(study, NAME) as screen:
        answer = shown_answer(screen)
        for _ in range(draw.randint(1, MOST_ANSWERS)):
            key = draw.choice(list(THEMES))
            # The frame that shows a code names it once more than the one before: on the answer.
            before = screen.text.count(THEMES[key])
            screen.press(key)
            screen.wait_until(lambda text: text.count(THEMES[key]) > before)  # noqa: B023
            seen[answer] = CODES[key], False
            screen.press("\r")
            if draw.random() < 1 / MOST_ANSWERS:
                break
            screen.wait_until(lambda text: token(answer + 1) in text)  # noqa: B023
            seen[answer] = CODES[key], True
            answer += 1
        screen.press(draw.choice(list(THEMES)) + "\r" * draw.randint(0, 3))
        time.sleep(draw.uniform(0, 0.03))
    return seen


def in_the_file(study: Path) -> dict[int, tuple[frozenset[str], bool]]:
    """The codes of each answer, and whether it was decided."""
    with Study.open(study, readonly=True) as opened:
        session, _ = opened.session(NAME)
        paths = {code.id: code.path for code in session.codes}
        answers = [session.answer(where) for where in session.queue()]
    return {
        int(answer.response.respondent[1:]): (
            frozenset(paths[code] for code in answer.state.whole),
            answer.state.is_decided,
        )
        for answer in answers
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_seen_is_in_the_file(study: Path, seed: int) -> None:
    draw = random.Random(seed)
    seen: dict[int, tuple[str, bool]] = {}
    for _ in range(KILLS):
        seen |= code_until_killed(study, draw)
        kept = in_the_file(study)
        for answer, (code, is_decided) in seen.items():
            assert code in kept[answer][0]
            assert kept[answer][1] or not is_decided
        is_whole(study)
    assert len(seen) > KILLS
