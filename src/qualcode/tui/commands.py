"""Everything that a key can do on the coding screen, said once.

The same table makes the keys work, writes the help and the footer, and fills the palette, so
none of them can differ. A letter is always a code and never in this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """One action: its name in settings, its key, the word in the footer, and its help.

    A key is a printable character or Textual's name of a key. `footer` is empty for a command
    that the footer does not show.
    """

    id: str
    key: str
    help: str
    footer: str = ""


COMMANDS = (
    Command("decide", "enter", "decided: takes what stands, and goes to the next answer", "decide"),
    Command("next", "space", "goes to the next answer without deciding", "next"),
    Command("back", "backspace", "back to the answer visited before", "back"),
    Command("find", "/", "finds a code by typing a part of its name", "find"),
    Command("repeat", ".", "puts on the codes of the answer decided last, and stays", "repeat"),
    Command("flag", "!", "flags the answer for discussion", "flag"),
    Command("memo", ";", "writes a memo on the answer", "memo"),
    Command("clause-next", "]", "picks the next clause", "clause"),
    Command("clause-previous", "[", "picks the clause before"),
    Command("whole", "escape", "the whole answer again"),
    Command("undo", "ctrl+z", "takes back your last step, whichever answer it was on", "undo"),
    Command("redo", "ctrl+y", "takes back the last undo"),
    Command("confirm", "+", "takes over your codes from before the answer changed"),
    Command("group", "~", "codes identical answers along, or stops doing so"),
    Command("up", "up", "the answer above in the list"),
    Command("down", "down", "the answer below in the list"),
    Command("first", "home", "the first answer of the list"),
    Command("last", "end", "the last answer of the list"),
    Command("scroll-up", "pageup", "scrolls a long answer up"),
    Command("scroll-down", "pagedown", "scrolls a long answer down"),
    Command("codes-up", "ctrl+up", "scrolls the codebook up"),
    Command("codes-down", "ctrl+down", "scrolls the codebook down"),
    Command("help", "f1", "explains every key", "help"),
    Command("list", "f2", "shows or hides the list of answers"),
    Command("filter", "f3", "chooses which answers to walk through", "filter"),
    Command("question", "f5", "goes to another question"),
    Command("palette", "ctrl+p", "every command by name"),
    Command("leave", "ctrl+q", "leaves; everything is saved already"),
)

FOOTER = (
    "decide",
    "next",
    "find",
    "undo",
    "help",
    "back",
    "repeat",
    "flag",
    "memo",
    "clause-next",
    "filter",
)
"""What the bottom line offers, as far as there is room."""

_KEY_NAMES = {
    "enter": "Enter",
    "space": "Space",
    "backspace": "Bksp",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
}


def shown_key(key: str) -> str:
    """A key as the help and the footer write it."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    if key.startswith("ctrl+"):
        return "^" + _KEY_NAMES.get(key[5:], key[5:])
    return key.upper() if len(key) > 1 else key


class Keymap:
    """Which key does what, after what the settings say.

    Raises `InputError` naming the settings file for an unknown command, a letter or a digit
    (they are codes and suggestions), or a key that two commands would share.
    """

    def __init__(self, remapped: Mapping[str, str] | None = None, *, source: str = "") -> None:
        remapped = remapped or {}
        known = {command.id for command in COMMANDS}
        self.key_of = {command.id: remapped.get(command.id, command.key) for command in COMMANDS}
        for command_id, key in remapped.items():
            if command_id not in known:
                raise InputError(
                    f"there is no command “{command_id}” to remap",
                    source=source,
                    hint=f"the commands are {', '.join(sorted(known))}",
                )
            if not key or (len(key) == 1 and key.isalnum()):
                raise InputError(
                    f"“{key}” cannot be the key of {command_id}: letters are codes,"
                    " digits are suggestions",
                    source=source,
                )
        self.command_at: dict[str, str] = {}
        for command_id, key in self.key_of.items():
            if key in self.command_at:
                raise InputError(
                    f"the key {shown_key(key)} would do both {self.command_at[key]}"
                    f" and {command_id}",
                    source=source,
                    hint="give one of them another key",
                )
            self.command_at[key] = command_id

    def shown(self, command_id: str) -> str:
        """The key of a command as the help writes it."""
        return shown_key(self.key_of[command_id])
