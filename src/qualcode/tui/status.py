"""The bottom line of the coding screen: what was done, what can be done, how far one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from qualcode.tui.commands import COMMANDS, FOOTER, FOOTER_CLAUSE
from qualcode.tui.lines import Line, Lines, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Change, Code
    from qualcode.tui.commands import Keymap
    from qualcode.tui.view import View

_BY_ID = {command.id: command for command in COMMANDS}


def told(change: Change, code: Code | None) -> str:
    """A step in words."""
    about = f" “{code.name}”" if code else ""
    more = f", {change.acts:,} acts" if change.acts > 1 else ""
    return f"{change.kind}{about}{more} (step {change.step})"


def _is_of_use(command: str, view: View) -> bool:
    return command != "accept" or (view.hint is not None and bool(view.hint.accepted))


class StatusLine(Lines):
    """Keys to the left, progress and the coder's own pace to the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status--key",
        "status--word",
        "status--progress",
        "status--message",
        "status--error",
    }
    margin_right = 0

    def __init__(self, keymap: Keymap, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keymap = keymap
        self.view: View | None = None

    def show(self, view: View) -> None:
        """Draw another moment."""
        self.view = view
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """One line."""
        view = self.view
        if view is None:
            return []
        right = self._right(view)
        room = width - cell_len(right)
        if view.finding is not None:
            left: list[Piece] = [
                (" / ", "status--key"),
                (view.finding.typed + "▏", "status--message"),
                (self._hit(view), "status--word"),
            ]
        elif view.message:
            left = [(f" {view.message}", "status--error" if view.is_error else "status--message")]
        else:
            offered = FOOTER_CLAUSE if view.clause else FOOTER
            left = self._keys((name for name in offered if _is_of_use(name, view)), room)
        used = sum(cell_len(text) for text, _ in left)
        if used > room:
            return [left]
        return [[*left, (" " * (room - used), "status--word"), (right, "status--progress")]]

    def _right(self, view: View) -> str:
        pace = f" · {view.pace}/h" if view.pace else ""
        grouping = "×n · " if view.is_grouping else ""
        return f" {grouping}{view.coder} · {view.coded:,}/{view.substantive:,}{pace} "

    def _hit(self, view: View) -> str:
        finding = view.finding
        if finding is None or not finding.typed:
            return "  part of a code's name"
        if not finding.hits:
            return "  no such code"
        hit = next(code for code in view.codes if code.id == finding.code_id)
        return f"  {hit.name}  ({finding.chosen + 1} of {len(finding.hits)})"

    def _keys(self, commands: Iterable[str], room: int) -> list[Piece]:
        pieces: list[Piece] = []
        for command in (_BY_ID[name] for name in commands):
            key = self._keymap.shown(command.id)
            used = cell_len(key) + len(command.footer) + 3
            if used <= room:
                room -= used
                pieces += [(f" {key} ", "status--key"), (f"{command.footer} ", "status--word")]
        return pieces
