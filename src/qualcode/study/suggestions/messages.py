"""What the coding screen and the process that suggests tell each other: a line of JSON each.

Nothing heavy is loaded here, so the screen can read it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from qualcode.model import Drawn, Hint, Suggested


@dataclass(frozen=True, slots=True)
class Score:
    """Say what fits these answers; the first is needed first."""

    ids: list[int]


@dataclass(frozen=True, slots=True)
class Learn:
    """The coder has coded: learn from it when there is time."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw so many more answers for a queue of the coder."""

    queue_id: int
    most: int


@dataclass(frozen=True, slots=True)
class Hinted:
    """What fits an answer."""

    hint: Hint


@dataclass(frozen=True, slots=True)
class Learned:
    """There is a model, learned from so many coded answers."""

    labels: int


@dataclass(frozen=True, slots=True)
class Draws:
    """What was drawn for a queue."""

    queue_id: int
    draws: list[Drawn]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there can be no suggestions."""

    reason: str


Message = Score | Learn | Draw | Hinted | Learned | Draws | Refused
_KINDS = {kind.__name__: kind for kind in (Score, Learn, Draw, Hinted, Learned, Draws, Refused)}


def packed(message: Message) -> bytes:
    """A message as one line."""
    line = {"kind": type(message).__name__, **asdict(message)}
    return json.dumps(line).encode() + b"\n"


def unpacked(line: bytes) -> Message:
    """The message of a line."""
    parts: dict[str, Any] = json.loads(line)
    kind = parts.pop("kind")
    if kind == "Hinted":
        hint = parts["hint"]
        hint["suggested"] = tuple(_suggested(one) for one in hint["suggested"])
        return Hinted(Hint(**hint))
    if kind == "Draws":
        return Draws(parts["queue_id"], [Drawn(**draw) for draw in parts["draws"]])
    message: Message = _KINDS[kind](**parts)
    return message


def _suggested(parts: dict[str, Any]) -> Suggested:
    parts["words"] = tuple((start, end) for start, end in parts["words"])
    return Suggested(**parts)
