"""How soon a key is answered in the coding screen, with 50,000 and with 1,000,000 answers.

The screen runs in a pseudo-terminal. The time of a key goes from writing it to the last byte of
what it makes the screen draw: the last one before 60 ms of silence in which a terminal emulator,
fed with all of them, shows what has to be there: after Enter and Space the text of the next
answer, after a code another picture than before. At the end the codings are counted in the file.
Each answer gets a code key, then Enter; Space is pressed on its own afterwards. A held key is 60
Spaces written at once: the screen has to stand exactly 60 answers further.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coding_study import screen, study
from harness import Report, arguments, environment, note
from synthetic import token
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUIET = 0.06
PATIENCE = 5.0
WARM_UP = 20
HELD = 60
MEMORY_GOAL = 150.0
KEY_GOAL = 50.0
MEGABYTE = 1 << 20
CODES = "abcdefghijkl"


@dataclass
class Session:
    """A coder who presses keys; `times` are milliseconds by key."""

    terminal: Terminal
    position: int = 1
    decided: int = 0
    times: dict[str, list[float]] = field(
        default_factory=lambda: {"code": [], "Enter": [], "Space": []}
    )

    def press(self, keys: str, is_there: Callable[[str], bool]) -> float:
        """Milliseconds from writing the keys to the last byte drawn for them."""
        begun = time.perf_counter()
        self.terminal.write(keys)
        while self.terminal.read(PATIENCE):
            end = self.terminal.settle(QUIET)
            if is_there(self.terminal.text()):
                return (end - begun) * 1000
        sys.exit(f"{keys!r} did not do what it should:\n{self.terminal.text()}")

    def code(self) -> None:
        """Put a code on the answer; the picture has to change."""
        before = self.terminal.text()
        key = CODES[self.position % len(CODES)]
        self.times["code"].append(self.press(key, lambda text: text != before))

    def go_on(self, name: str, keys: str, steps: int = 1) -> None:
        """Go to a later answer; its text has to be shown."""
        self.position += steps
        self.decided += name == "Enter"
        wanted = token(self.position)
        took = self.press(keys, lambda text: wanted in text)
        self.times.setdefault(name, []).append(took)

    def forget(self) -> None:
        """Leave the warm-up out."""
        for times in self.times.values():
            times.clear()


def press_keys(terminal: Terminal, presses: int) -> Session:
    """Every kind of key so often, after a warm-up."""
    session = Session(terminal)
    terminal.wait_for(token(1))
    terminal.settle(1.0)
    for number in range(WARM_UP + presses):
        if number == WARM_UP:
            session.forget()
        session.code()
        session.go_on("Enter", "\r")
    for _ in range(presses):
        session.go_on("Space", " ")
    for _ in range(3):
        session.go_on("held Space", " " * HELD, HELD)
        terminal.settle(0.5)
        if token(session.position) not in terminal.text():
            sys.exit(f"a held key went too far:\n{terminal.text()}")
    return session


def check_saved(path: Path, session: Session) -> None:
    """Count in the file what was pressed."""
    done = subprocess.run(
        [sys.executable, "-m", "qualcode", "info", str(path), "--json"],
        env=environment(),
        capture_output=True,
        check=True,
    )
    coded = json.loads(done.stdout)["questions"][0]["coders"]["x"]
    if coded != session.decided:
        sys.exit(f"{session.decided} answers were decided, {coded} are in the file")


def measure(report: Report, answers: int, chosen_runs: int, path: Path) -> Session:
    """All figures of a study of one size."""
    note(f"pressing keys in {answers:,} answers")
    with Terminal(screen(path)) as terminal:
        session = press_keys(terminal, chosen_runs)
        peak, share = terminal.memory()
        check_saved(path, session)
    for name, times in session.times.items():
        goal = None if name == "held Space" else KEY_GOAL
        report.add(f"{name}, {answers:,} answers", "ms", times, goal=goal, judged="p95")
    goal = MEMORY_GOAL if answers >= 1_000_000 else None
    report.add(f"peak RSS, {answers:,} answers", "MB", [peak / MEGABYTE], goal=goal)
    report.add(f"PSS, {answers:,} answers", "MB", [share / MEGABYTE], goal=goal)
    return session


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__, runs=200, size=1_000_000).parse_args()
    report = Report("Keys of the coding screen")
    report.about["a key's time"] = "from writing it to the last byte drawn for it"
    small, large = min(50_000, chosen.size // 2), chosen.size
    p95: dict[str, list[float]] = {}
    for answers in (small, large):
        first = len(report.figures)
        measure(report, answers, chosen.runs, study(chosen.cache, answers))
        for figure in report.figures[first:]:
            p95.setdefault(figure.name.partition(",")[0], []).append(figure.p95)
    for name in ("code", "Enter", "Space", "held Space"):
        few, many = p95[name]
        report.add(f"{name}: p95 at {large:,} / at {small:,}", "times", [many / few])
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
