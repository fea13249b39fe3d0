"""The values of a mapping, each of the kind that it has to be."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from qualcode.codebooks.nodes import Node, quoted
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Fields:
    """Takes values out of mappings; each method raises InputError with the line of a fault."""

    source: str

    def fail(self, node: Node, message: str, hint: str = "") -> NoReturn:
        """Raise an InputError that names the line of `node`."""
        raise InputError(message, source=self.source, row=node.line, hint=hint)

    def check_fields(self, node: Node, known: tuple[str, ...], what: str) -> None:
        """Check that `node` is a mapping whose keys are all `known`."""
        if node.kind != "mapping":
            self.fail(node, f"{what} is written as `key: value` lines; here is a {node.kind}")
        for key, _ in node.entries.values():
            if key.value not in known:
                self.fail(key, f"unknown key {quoted(key.value)}", near(key.value, known))

    def flag(self, node: Node, name: str) -> bool:
        """Return a yes or no, False where the field is missing."""
        value = node.get(name)
        if value is None:
            return False
        if value.kind != "text" or value.style or value.value not in _BOOLEANS:
            self.fail(value, f"`{name}` is true or false")
        return _BOOLEANS[value.value]

    def text(self, node: Node, name: str) -> str:
        """Return a text as it is written, empty where it is missing or null."""
        value = node.get(name)
        if value is None or value.is_null:
            return ""
        if value.kind != "text":
            self.fail(value, f"`{name}` is a text; here is a {value.kind}", _quote_it(value))
        return value.value

    def texts(self, node: Node, name: str) -> tuple[str, ...]:
        """Return a list of texts, a single text as a list of one; empty items are left out."""
        value = node.get(name)
        if value is None or value.is_null:
            return ()
        if value.kind == "mapping":
            self.fail(value, f"`{name}` is a list of texts; here is a mapping", _quote_it(value))
        items = value.items if value.kind == "list" else [value]
        for item in items:
            if item.kind != "text":
                self.fail(
                    item, f"`{name}` is a list of texts; in it is a {item.kind}", _quote_it(item)
                )
        return tuple(item.value for item in items if not item.is_empty)


def near(word: str, known: Iterable[str]) -> str:
    """Ask for the one of `known` that is closest to `word`; empty where none is close."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean “{close[0]}”?" if close else ""


def _quote_it(node: Node) -> str:
    return "put a text with “: ” in it in quotes" if node.kind == "mapping" else ""
