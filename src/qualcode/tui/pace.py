"""How fast a coder goes, for that coder's eyes only."""

from __future__ import annotations

import time
from collections import deque

WINDOW = 600.0
"""Seconds that are looked back."""
LEAST = 5
"""Fewer decisions make no pace."""
SHORTEST = 60.0
"""Nor do fewer seconds."""


class Pace:
    """Decisions an hour over the last ten minutes."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def decided(self) -> None:
        """Count a decision that was made now."""
        self._times.append(time.monotonic())

    def an_hour(self) -> int:
        """Decisions an hour, 0 while there are too few to tell."""
        now = time.monotonic()
        while self._times and now - self._times[0] > WINDOW:
            self._times.popleft()
        if len(self._times) < LEAST or now - self._times[0] < SHORTEST:
            return 0
        return round((len(self._times) - 1) / (now - self._times[0]) * 3600)
