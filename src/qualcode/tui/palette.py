"""The palette: every command of the coding screen, every theme and every code, by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content

from qualcode.text import one_line
from qualcode.tui.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.command import Hits

    from qualcode.tui.app import CodingWork

Entry: TypeAlias = tuple[str, str, "Callable[[], object]"]
"""A name, what it does, and the deed."""


class Palette(Provider):
    """What can be done on the coding screen; no name is taken for markup."""

    async def discover(self) -> Hits:
        """Everything but the codes, which are found by typing."""
        for name, words, deed in self._commands():
            yield DiscoveryHit(Content(name), deed, name, words)

    async def search(self, query: str) -> Hits:
        """The commands and codes whose names match."""
        matcher = self.matcher(query)
        for name, words, deed in (*self._commands(), *self._codes()):
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), deed, name, Content(words))  # type: ignore[arg-type]

    @property
    def _app(self) -> CodingWork:
        return self.app  # type: ignore[return-value]

    def _commands(self) -> Iterator[Entry]:
        coding = self._app.coding
        for command in COMMANDS:
            if command.id != "palette":
                name = command.id.replace("-", " ").capitalize()
                key = coding.keymap.shown(command.id)
                yield f"{name} ({key})", command.help, partial(coding.carry_out, command.id)
        yield "Theme", "changes the colours, light or dark", self._app.action_change_theme

    def _codes(self) -> Iterator[Entry]:
        coding = self._app.coding
        for code in coding.session.codes:
            if not code.is_retired:
                deed = partial(coding.do, partial(coding.toggle, code.id))
                yield one_line(f"Code: {code.name}"), "puts it on, or takes it off", deed
