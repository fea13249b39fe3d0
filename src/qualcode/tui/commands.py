"""Everything that a key can do on the screens on which something is done, said once.

The same table makes the keys work, writes the help and the footer, and fills the palette, so
none of them can differ. Where answers follow one another a letter is a
code, and never in a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.keys import REPLACED_KEYS, Keys, key_to_character

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """One action: its name in settings, its key, the word in the footer, and its help.

    A key is a printable character or Textual's name of a key. `footer` is empty for a command
    that the footer never shows.
    """

    id: str
    key: str
    help: str
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What the keys of one screen do.

    `footer` and `footer_clause` name what the bottom line offers, as far as there is room, the
    latter while a clause is picked; `others` are keys that are no commands, and their help.
    """

    commands: tuple[Command, ...]
    footer: tuple[str, ...]
    footer_clause: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


COMMANDS = (
    Command("decide", "enter", "decided: takes what stands, and goes to the next answer", "decide"),
    Command("next", "space", "goes to the next answer without deciding", "next"),
    Command("back", "backspace", "back to the answer visited before", "back"),
    Command("find", "/", "finds a code by typing a part of its name", "find"),
    Command("repeat", ".", "puts on the codes of the answer decided last, and stays", "repeat"),
    Command("accept", "=", "puts on the suggestions above the threshold, and stays", "accept"),
    Command("flag", "!", "flags the answer for discussion", "flag"),
    Command("memo", ";", "writes a memo on the answer", "memo"),
    Command("clause-next", "]", "picks the next clause; codes go on it", "clause"),
    Command("clause-previous", "[", "picks the clause before", "clause before"),
    Command("whole", "escape", "the whole answer again", "whole answer"),
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
    Command("agreement", "f4", "agreement between the coders, on answers you have decided"),
    Command("question", "f5", "goes to another question"),
    Command("suggestions", "f6", "shows or hides the suggestions; digits take them"),
    Command("order", "f7", "chooses the order of the answers"),
    Command("frequencies", "f8", "how often you used each code, in all and by an attribute"),
    Command("palette", "ctrl+p", "every command by name"),
    Command("leave", "ctrl+q", "leaves; everything is saved already"),
)

FOOTER: tuple[str, ...] = (
    "decide",
    "next",
    "find",
    "accept",
    "clause-next",
    "help",
    "undo",
    "flag",
    "memo",
    "repeat",
    "filter",
    "back",
)

FOOTER_CLAUSE = ("clause-next", "clause-previous", "whole", "decide", "undo", "help", "next")
CODING = Table(
    COMMANDS,
    FOOTER,
    FOOTER_CLAUSE,
    (("a … Z", "puts the code of that letter on the answer, or takes it off"),),
)
"""The coding screen."""

CLEARING = Table(
    (
        Command(
            "decide", "enter", "clears the quote as it would be printed; on to the next", "clear"
        ),
        Command("next", "space", "goes to the next answer without a word", "next"),
        Command("back", "backspace", "back to the answer visited before", "back"),
        Command("withhold", "-", "keeps the answer in the study; on to the next", "withhold"),
        Command("reopen", "=", "takes back your word: the answer is open again", "reopen"),
        Command("replace-all", "0", "replaces everything that was found", "all of them"),
        Command("words", "/", "replaces words that you type by others in brackets", "words"),
        Command("cut", ".", "leaves the picked clause out, or puts it back", "cut"),
        Command("clause-next", "]", "picks the next clause", "clause"),
        Command("clause-previous", "[", "picks the clause before", "clause before"),
        Command("whole", "escape", "the whole answer again", "whole answer"),
        Command("undo", "ctrl+z", "takes back your last step, whichever answer it was on", "undo"),
        Command("redo", "ctrl+y", "takes back the last undo"),
        Command("up", "up", "the answer above in the list"),
        Command("down", "down", "the answer below in the list"),
        Command("first", "home", "the first answer of the list"),
        Command("last", "end", "the last answer of the list"),
        Command("scroll-up", "pageup", "scrolls a long answer up"),
        Command("scroll-down", "pagedown", "scrolls a long answer down"),
        Command("help", "f1", "explains every key", "help"),
        Command("list", "f2", "shows or hides the list of answers"),
        Command("filter", "f3", "chooses which answers to walk through", "filter"),
        Command("leave", "ctrl+q", "leaves; everything is saved already"),
    ),
    (
        *("decide", "next", "withhold", "replace-all", "clause-next", "help", "undo", "words"),
        *("reopen", "filter", "back"),
    ),
    ("cut", "clause-next", "clause-previous", "whole", "decide", "undo", "help", "next"),
    (("1 … 9", "replaces what was found under that number, or puts it back"),),
)
"""The clearing screen; what both have is called the same, so that one setting moves both."""

ADJUDICATING = Table(
    (
        Command("decide", "enter", "takes the verdict as it stands; on to the next", "settled"),
        Command("next", "space", "goes to the next case without a word", "next"),
        Command("back", "backspace", "back to the case visited before", "back"),
        Command("accept", "=", "takes what more than half of the coders put on it", "majority"),
        Command("find", "/", "finds a code by name, for the verdict", "find"),
        Command("reason", ".", "says why the coders differed, from a short list", "reason"),
        Command("memo", ";", "writes a memo on the verdict", "memo"),
        Command("ask", "?", "sends the case back to its coders with a question", "ask"),
        Command("take-back", "-", "takes back the verdict, or the question", "take back"),
        Command("learn", "+", "makes a settled answer an example or a rule", "example"),
        Command("undo", "ctrl+z", "takes back your last step, whichever answer it was on", "undo"),
        Command("redo", "ctrl+y", "takes back the last undo"),
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
        Command("filter", "f3", "chooses which cases to walk through", "filter"),
        Command("leave", "ctrl+q", "leaves; everything is saved already"),
    ),
    (
        *("decide", "next", "accept", "ask", "reason", "help", "undo", "memo", "take-back"),
        *("learn", "filter", "find", "back"),
    ),
    (),
    (
        ("1 … 9", "takes all that this coder put on it, and nothing else"),
        ("a … Z", "puts the code of that letter into the verdict, or takes it out"),
    ),
)
"""The adjudication screen."""

HOME = Table(
    (
        Command("code", "enter", "codes the question", "code"),
        Command("clear-quotes", "q", "clears quotes of the question", "quotes"),
        Command("adjudicate", "s", "settles what the coders of the question disagree on", "settle"),
        Command("asked", "w", "codes the answers that you are asked about", "asked about"),
        Command("see-agreement", "a", "agreement between the coders on the question", "agreement"),
        Command("see-disagreements", "d", "the answers that coders coded differently", "differing"),
        Command("see-frequencies", "f", "how often each code was used", "frequencies"),
        Command("review", "r", "what coders noted and flagged, for the lead", "review"),
        Command("recode", "n", "codes anew the answers that a split left open", "after a split"),
        Command("back-up", "b", "makes a backup of the study", "backup"),
        Command("who", "c", "chooses whose work is shown: one coder's, or the whole study", "who"),
        Command("up", "up", "the question above"),
        Command("down", "down", "the question below"),
        Command("first", "home", "the first question"),
        Command("last", "end", "the last question"),
        Command("scroll-up", "pageup", "scrolls the coders up"),
        Command("scroll-down", "pagedown", "scrolls the coders down"),
        Command("theme", "t", "changes the colours, light or dark"),
        Command("help", "f1", "explains every key", "help"),
        Command("leave", "ctrl+q", "leaves; on a screen opened from here, comes back", "leave"),
    ),
    (
        *("code", "asked", "recode", "see-agreement", "see-disagreements", "adjudicate"),
        *("see-frequencies", "clear-quotes", "review", "back-up", "who", "help", "leave"),
    ),
    (),
    (),
)
"""The home screen. Nothing is coded there: letters are free to be commands."""

_REMAPPABLE = {
    command.id for table in (CODING, CLEARING, ADJUDICATING, HOME) for command in table.commands
}

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


_SAME_KEY = {
    "return": "enter",
    "ctrl+m": "enter",
    "ctrl+i": "tab",
    "ctrl+h": "backspace",
    "ctrl+[": "escape",
}
"""What a terminal cannot tell apart."""

_NAMED = frozenset(str(key.value) for key in Keys if not str(key.value).startswith("<"))


def shown_key(key: str) -> str:
    """A key as the help and the footer write it."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    if key.startswith("ctrl+"):
        return "^" + _KEY_NAMES.get(key[5:], key[5:])
    return key.upper() if len(key) > 1 else key


def plain_key(key: str) -> str:
    """The one spelling of a key that may have several: “Slash”, “slash” and “/” are “/”.

    Empty if there is no such key.
    """
    if len(key) != 1:
        key = key.strip().lower()
    key = "space" if key == " " else _SAME_KEY.get(key, key)
    if len(key) == 1:
        return key if key.isprintable() else ""
    character = key_to_character(REPLACED_KEYS.get(key, key))
    if character and character.isprintable() and character != " ":
        return character
    modifiers, _, base = key.rpartition("+")
    is_plain = set(modifiers.split("+")) <= {"", "ctrl", "shift", "alt"}
    is_known = key in _NAMED or base in _NAMED or (len(base) == 1 and modifiers != "shift")
    return key if is_plain and is_known else ""


class Keymap:
    """Which key does what on a screen, after what the settings say of all screens.

    Raises `InputError` naming the settings file for an unknown command or key, a letter or a
    digit (they are codes and suggestions), or a key that two commands would share.
    """

    def __init__(
        self,
        remapped: Mapping[str, str] | None = None,
        *,
        source: str = "",
        table: Table = CODING,
    ) -> None:
        self._source = source
        self.table = table
        self.key_of = {command.id: command.key for command in table.commands}
        for command_id, key in (remapped or {}).items():
            checked = self._checked(command_id, key)
            if command_id in self.key_of:
                self.key_of[command_id] = checked
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

    def _checked(self, command_id: str, key: str) -> str:
        if command_id not in _REMAPPABLE:
            raise InputError(
                f"there is no command “{command_id}” to remap",
                source=self._source,
                hint=f"the commands are {', '.join(sorted(_REMAPPABLE))}",
            )
        plain = plain_key(key)
        if not plain:
            raise InputError(
                f"“{key}”, for {command_id}, is not a key",
                source=self._source,
                hint="a key is a character or a name such as f7, ctrl+t, insert, shift+up",
            )
        if len(plain) == 1 and plain.isalnum():
            raise InputError(
                f"“{key}” cannot be the key of {command_id}: letters are codes,"
                " digits are suggestions",
                source=self._source,
            )
        return plain

    def shown(self, command_id: str) -> str:
        """The key of a command as the help writes it."""
        return shown_key(self.key_of[command_id])
