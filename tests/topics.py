"""Studies of made-up answers about eight topics, for the tests on suggestions."""

from __future__ import annotations

import csv
import io
import random
from typing import TYPE_CHECKING

from studies import make, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TOPICS = {
    "staff": (("staff", "nurses", "doctor", "team"), ("kind", "friendly", "rude", "caring")),
    "waiting": (("waiting", "queue", "delay", "hours"), ("long", "endless", "slow", "late")),
    "food": (("food", "meals", "lunch", "soup"), ("cold", "tasty", "bland", "warm")),
    "parking": (("parking", "car", "space", "ticket"), ("expensive", "full", "far", "free")),
    "noise": (("noise", "night", "sleep", "ward"), ("loud", "quiet", "shouting", "alarm")),
    "access": (("ramp", "lift", "door", "stairs"), ("broken", "narrow", "steep", "wide")),
}
FILL = ("the", "was", "very", "and", "on", "my", "visit", "today", "again", "really", "it")
BOOK = """\
codebook: Topics
version: 1
codes:
  - key: staff
    name: Staff
    definition: What people say of staff and nurses, kind or not.
  - key: waiting
    name: Waiting
    definition: What people say of waiting and queues, long or not.
  - key: food
    name: Food
    definition: What people say of food and meals.
  - key: parking
    name: Parking
    definition: What people say of parking a car.
  - key: noise
    name: Noise
    definition: What people say of noise at night.
  - key: access
    name: Access
    definition: Ramps, lifts and doors.
  - key: nothing
    name: Nothing
    definition: Nothing to add, no comment.
    exclusive: true
"""
CODES = (*TOPICS, "nothing")


def answers(n: int, seed: int = 1) -> list[tuple[str, tuple[str, ...]]]:
    """So many answers, most of them different, each with its codes."""
    draw = random.Random(seed)
    found = []
    for number in range(n):
        topics: tuple[str, ...] = ()
        words = ["nothing", "no", "comment"]
        if draw.random() > 0.08:
            topics = tuple(draw.sample(list(TOPICS), 1 + (draw.random() < 0.3)))
            words = [draw.choice(part) for topic in topics for part in TOPICS[topic]]
        words += draw.choices(FILL, k=draw.randint(2, 7))
        draw.shuffle(words)
        found.append((" ".join((*words, str(number % 997))), topics or ("nothing",)))
    return found


def survey(texts: Sequence[str]) -> str:
    """A survey file with one question, `why`, and a column `region`."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(("id", "region", "why"))
    out.writerows((f"r{i}", ("north", "south")[i % 2], text) for i, text in enumerate(texts))
    return file.getvalue()


def topics(folder: Path, n: int = 150, *, labels: int = 60, seed: int = 1) -> Path:
    """A study of so many answers, the first ones coded by ana and, nearly as she did, by ben."""
    found = answers(n, seed)
    study = make(folder, survey([text for text, _ in found]), [BOOK], questions=(("why", "why"),))
    rows = [
        f"r{i},why,{coder},{code},,"
        for i, (_, codes) in enumerate(found[:labels])
        for coder in ("ana", "ben")
        for code in (("nothing",) if coder == "ben" and i % 10 == 0 else codes)
    ]
    if rows:
        take_in_codings(study, *rows)
    return study
