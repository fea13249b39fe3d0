"""Lives of a coder, each ended by SIGKILL at a random moment; the file is checked after each.

`python -m durability.killing STUDY SEED LIVES` forks the lives off one process that has
everything imported, so that a life is spent coding and not starting. Prints how many steps were
acknowledged in all. Every second life is given until its first is told and a while more; the
others may end before it.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from durability.checking import Told, has_all, is_whole
from durability.coder import acts
from qualcode import Study

LONGEST = 0.15
NAME = "ana"


def live(path: Path, seed: int, told: int) -> None:
    """Code for ever; say each step once its verb has returned."""
    with Study.open(path) as study:
        session, _ = study.session(NAME)
        for change in acts(session, seed):
            os.write(told, f"{change.step} {change.response_id} {change.acts}\n".encode())


def one_life(path: Path, seed: int, span: float, *, is_told: bool) -> list[Told]:
    """What was acknowledged in a life of `span` seconds, counted from the first if `is_told`."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            live(path, seed, writing)
        finally:
            os._exit(1)
    os.close(writing)
    if is_told:
        select.select([reading], [], [])
    time.sleep(span)
    os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as lines:
        # An undo and a redo are told as the step that they are, like any other.
        told = [Told(NAME, *map(int, line.split())) for line in lines]
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        sys.exit("a life ended by itself")
    return told


def main() -> None:
    path, seed, lives = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    everything: list[Told] = []
    for number in range(lives):
        span = draw.uniform(0, LONGEST)
        everything += one_life(path, draw.getrandbits(32), span, is_told=number % 2 > 0)
        is_whole(path)
        has_all(path, everything)
    json.dump({"acknowledged": len(everything)}, sys.stdout)


if __name__ == "__main__":
    main()
