"""The bottom line of a screen: what was done, what can be done, how far one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from qualcode.tui.lines import Line, Lines, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Change, Code
    from qualcode.tui.commands import Keymap
    from qualcode.tui.view import Finding, View


@dataclass(frozen=True, slots=True)
class Status:
    """One moment of the bottom line.

    To the left the first that there is: what is being `typed`, the `message`, or what was `done`
    and the commands `offered`.
    """

    right: str
    offered: tuple[str, ...] = ()
    message: str = ""
    is_error: bool = False
    typed: tuple[Piece, ...] = ()
    done: str = ""


def told(change: Change, code: Code | None) -> str:
    """A step in words."""
    about = f" “{code.name}”" if code else ""
    more = f", {change.acts:,} acts" if change.acts > 1 else ""
    return f"{change.kind}{about}{more} (step {change.step})"


def coding_status(view: View, keymap: Keymap) -> Status:
    """The bottom line of the coding screen."""
    pace = f" · {view.pace}/h" if view.pace else ""
    grouping = "×n · " if view.is_grouping else ""
    table = keymap.table
    is_accepting = view.hint is not None and bool(view.hint.accepted)
    return Status(
        f" {grouping}{view.coder} · {view.coded:,}/{view.substantive:,}{pace} ",
        tuple(
            name
            for name in (table.footer_clause if view.clause else table.footer)
            if name != "accept" or is_accepting
        ),
        view.message,
        view.is_error,
        tuple(_typed(view)),
    )


def _typed(view: View) -> Iterable[Piece]:
    if view.finding is not None:
        yield " / ", "status--key"
        yield view.finding.typed + "▏", "status--message"
        yield _hit(view, view.finding), "status--word"


def _hit(view: View, finding: Finding) -> str:
    if not finding.typed:
        return "  part of a code's name"
    if not finding.hits:
        return "  no such code"
    hit = next(code for code in view.codes if code.id == finding.code_id)
    return f"  {hit.name}  ({finding.chosen + 1} of {len(finding.hits)})"


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
        self._status: Status | None = None

    def show(self, status: Status) -> None:
        """Draw another moment."""
        self._status = status
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """One line."""
        status = self._status
        if status is None:
            return []
        room = width - cell_len(status.right)
        left = list(status.typed)
        if not left and status.message:
            style = "status--error" if status.is_error else "status--message"
            left = [(f" {status.message}", style)]
        elif not left:
            done = f" {status.done} " if status.done else ""
            left = [(done, "status--message"), *self._keys(status.offered, room - cell_len(done))]
        used = sum(cell_len(text) for text, _ in left)
        if used > room:
            return [left]
        right = (status.right, "status--progress")
        return [[*left, (" " * (room - used), "status--word"), right]]

    def _keys(self, offered: Iterable[str], room: int) -> list[Piece]:
        by_id = {command.id: command for command in self._keymap.table.commands}
        pieces: list[Piece] = []
        for command in (by_id[name] for name in offered):
            key = self._keymap.shown(command.id)
            used = cell_len(key) + len(command.footer) + 3
            if used <= room:
                room -= used
                pieces += [(f" {key} ", "status--key"), (f"{command.footer} ", "status--word")]
        return pieces
