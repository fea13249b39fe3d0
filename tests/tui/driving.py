"""The coding screen driven by keys: what it shows, and what is in the file after each key."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import unicodedata
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.strip import Strip

from frames import PATIENCE
from qualcode import Study
from qualcode.tui.app import QualcodeApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from textual.pilot import Pilot
    from textual.screen import Screen

    from qualcode.tui.coding import CodingScreen

QUIET = 5
"""So many turns of the event loop without a message are the end of what a key does."""
NAMES = {" ": "space", "\n": "enter"}
STEERING = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200e\u200f\u2028\u2029"}
STEERING |= {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x2070))}


def rows(study: Path, sql: str, *args: object) -> list[tuple[Any, ...]]:
    """What another program sees in the file now."""
    with closing(sqlite3.connect(study)) as connection:
        return connection.execute(sql, args).fetchall()


def put(study: Path, coder: str = "ana") -> list[str]:
    """The codings of a coder: `respondent code`, with `start-end` where on a clause."""
    return [
        f"{who} {code}" + (f" {start}-{end}" if start is not None else "")
        for who, code, start, end in rows(
            study,
            'SELECT respondent, code, "start", "end" FROM v_coding WHERE coder = ?'
            ' ORDER BY respondent, code, "start"',
            coder,
        )
    ]


def decided(study: Path, coder: str = "ana") -> list[str]:
    """The respondents whose answers a coder has decided."""
    sql = "SELECT respondent FROM v_mark WHERE coder = ? AND is_decided ORDER BY respondent"
    return [who for (who,) in rows(study, sql, coder)]


def steps(study: Path) -> list[str]:
    """The kinds of the steps that coders made, oldest first."""
    sql = "SELECT kind FROM step WHERE coder_id IS NOT NULL ORDER BY id"
    return [kind for (kind,) in rows(study, sql)]


class Seen:
    """An open coding screen."""

    def __init__(self, app: QualcodeApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def coding(self) -> CodingScreen:
        return self.app.coding

    async def press(self, *keys: str) -> None:
        """Press keys: characters, or Textual's names of keys."""
        for key in keys:
            name = NAMES.get(key, key)
            is_dialog = self.app.screen is not self.coding
            await self._press_fast(name)
            if (name[1:] and name[0] == "f") or (is_dialog and name[1:] and name != "space"):
                await self.settle()

    async def _press_fast(self, key: str) -> None:
        """Press a key that opens and closes nothing, without the pilot's 60 ms of waiting."""
        driver: Any = self.app._driver
        name = _character_to_key(key) if len(key) == 1 else key
        driver.send_message(Key(name, " " if key == "space" else key if len(key) == 1 else None))
        screen = self.app.screen
        await self._quiet(screen)
        if self.app.is_running and self.app.screen is not screen:
            await self.pilot.pause()
            await self._quiet(self.app.screen)

    async def _quiet(self, screen: Screen[Any]) -> None:
        quiet = 0
        while quiet < QUIET and self.app.is_running and self.app.screen is screen:
            await asyncio.sleep(0)
            pumps = (self.app, screen, *screen.walk_children())
            quiet = 0 if any(pump.message_queue_size for pump in pumps) else quiet + 1

    async def type(self, text: str) -> None:
        """Press the characters of a text one by one."""
        await self.press(*text)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        for _ in range(500):
            await self.settle()
            if self.app.screen.size == (width, height) == self.app.size:
                break

    async def settle(self) -> None:
        """Wait until nothing is left to draw."""
        for _ in range(2):
            await self.pilot.pause()
            await self._quiet(self.app.screen)

    async def wait_for(self, words: str) -> None:
        """Wait until words are shown."""
        await self.wait_until(lambda: words in self.text)

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for a state, however busy the machine is."""
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"it did not come to that:\n{self.text}"
            await asyncio.sleep(0.01)

    def strips(self) -> list[Strip]:
        """The lines as they go to the terminal, dialogs and what is below them included."""
        screen = self.app.screen
        update: Any = screen._compositor.render_update(
            full=True, screen_stack=self.app._background_screens
        )
        return [Strip.join(chops) for chops in update.strips]

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def pane(self, name: str) -> str:
        """What a pane shows."""
        region = self.coding.query_one(f"#{name}").region
        strips = self.strips()[region.y : region.bottom]
        cut = [strip.crop(region.x, region.right).text.rstrip() for strip in strips]
        return "\n".join(cut).rstrip()

    @property
    def answer(self) -> str:
        return self.pane("answer")

    @property
    def codebook(self) -> str:
        return self.pane("codebook")

    @property
    def status(self) -> str:
        return self.pane("status")

    @property
    def respondent(self) -> str:
        """Whose answer is shown."""
        shown = self.coding.walk.response_id
        return self.coding.session.answer(shown).response.respondent if shown else ""

    def assert_exact(self) -> None:
        """Every line is as wide as the screen, and none holds anything that steers a terminal."""
        width, height = self.app.size
        # The edges of a dialog may cut characters in two, of which half is then missing.
        cut = 2 if self.app.screen.is_modal else 0
        strips = self.strips()
        assert len(strips) == height
        for strip in strips:
            text = "".join(segment.text for segment in strip)
            assert not STEERING & set(text), ascii(text)
            assert not [c for c in text if unicodedata.category(c) == "Cs"], ascii(text)
            assert strip.cell_length == width, ascii(text)
            assert width - cut <= cell_len(text) <= width, ascii(text)


@asynccontextmanager
async def coding(
    study: Path, coder: str = "ana", question: str = "", size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Seen]:
    """Open the coding screen as `qualcode code` does."""
    with Study.open(study) as opened:
        session, remark = opened.session(coder, question)
        app = QualcodeApp(opened, session, remark)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Seen(app, pilot)


async def paste(seen: Seen, text: str) -> None:
    seen.app.focused.post_message(Paste(text))
    await seen.settle()


async def burst(seen: Seen, *keys: str) -> None:
    """Keys that come all at once, faster than any of them can be answered."""
    for key in keys:
        seen.app._driver.send_message(Key(key, key if len(key) == 1 else None))
    for _ in range(4):
        await asyncio.sleep(0.02)
        await seen.settle()
