"""How soon the agreement screen is there, with 20,000 answers, 50 codes and four coders.

The coding screen runs in a pseudo-terminal and F4 is pressed. The first frame is there with the
last byte drawn before a terminal emulator shows the heading of the screen, the numbers with the
last byte before it shows a code with its alpha. `first` is the first F4 of a new process, which
has to load numpy and the engine too; `again` are the later ones in the same process. All four
coders have coded every answer, so all of them are the coder's to see.
"""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

from agreement_study import CODERS, CODES, screen, study
from harness import Report, arguments, note
from synthetic import token
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

F4, ESCAPE = "\x1bOS", "\x1b"
FRAME_GOAL, NUMBERS_GOAL = 300.0, 1500.0
PATIENCE = 30.0
HEADING = "Agreement on"
AGAIN = 2
_A_CODE = re.compile(r"theme-\d\d +[\d,]+ +-?[01]\.\d{3}")


def wait(terminal: Terminal, begun: float, is_there: Callable[[str], object]) -> float:
    """Milliseconds from `begun` until the terminal shows what has to be there."""
    while not is_there(terminal.text()):
        if not terminal.read(PATIENCE):
            sys.exit(f"it did not come within {PATIENCE:.0f} s:\n{terminal.text()}")
        end = time.perf_counter()
    return (end - begun) * 1000


def press(terminal: Terminal) -> tuple[float, float]:
    """Open the screen and leave it: milliseconds to the first frame, and to the numbers."""
    begun = time.perf_counter()
    terminal.write(F4)
    frame = wait(terminal, begun, lambda text: HEADING in text)
    numbers = wait(terminal, begun, _A_CODE.search)
    terminal.settle(0.3)
    terminal.write(ESCAPE)
    wait(terminal, begun, lambda text: HEADING not in text)
    terminal.settle(0.5)
    return frame, numbers


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__, runs=7, size=20_000).parse_args()
    path = study(chosen.cache, chosen.size)
    report = Report("The agreement screen")
    report.about["study"] = f"{chosen.size:,} answers, {len(CODES)} codes, {len(CODERS)} coders"
    report.about["a time"] = "from writing F4 to the byte that completes what has to be shown"
    first, again = [], []
    for number in range(chosen.runs):
        note(f"run {number + 1} of {chosen.runs}")
        with Terminal(screen(path)) as terminal:
            terminal.wait_for(token(1))
            terminal.settle(1.0)
            first.append(press(terminal))
            again += [press(terminal) for _ in range(AGAIN)]
    for name, times in (("first", first), ("again", again)):
        frames, numbers = zip(*times, strict=True)
        report.add(f"frame, {name}", "ms", frames, goal=FRAME_GOAL)
        report.add(f"numbers, {name}", "ms", numbers, goal=NUMBERS_GOAL)
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
