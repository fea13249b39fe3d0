"""Where merged and split codes lead: to codes that there are, of the same kind, never in a ring."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NoReturn

from qualcode.codebooks.nodes import quoted
from qualcode.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qualcode.codebooks.nodes import Node, Place
    from qualcode.model import Code


@dataclass(frozen=True, slots=True)
class Links:
    """Checks the `merged_into` and `split_into` of a codebook; a fault is named with its line."""

    source: str
    by_path: Mapping[str, Code]
    places: Mapping[str, Place]

    def check(self) -> None:
        """Raise InputError for the first fault."""
        linked = [code for code in self.by_path.values() if code.merged_into or code.split_into]
        for code in linked:
            self._check_merge(code)
            self._check_split(code)
        leads = {code.path: (code.merged_into or code.path, *code.split_into) for code in linked}
        ways = {path: set(to) - {path} for path, to in leads.items()}
        try:
            TopologicalSorter(ways).prepare()
        except CycleError as error:
            ring = error.args[1][::-1]
            self._fail(ring[0], f"{' → '.join(map(quoted, ring))} leads in a ring")

    def _check_merge(self, code: Code) -> None:
        if not code.merged_into:
            return
        if code.split_into:
            self._fail(code.path, "a code is merged or split, not both")
        if code.merged_into not in self.by_path:
            self._missing(code, "merged_into", code.merged_into)
        if fault := why_not_merged(code, self.by_path[code.merged_into]):
            self._fail(code.path, fault, "merged_into")

    def _check_split(self, code: Code) -> None:
        for path in code.split_into:
            if path not in self.by_path:
                self._missing(code, "split_into", path)
            if path == code.path:
                self._fail(code.path, "a code cannot be split into itself", "split_into")

    def _missing(self, code: Code, field: str, path: str) -> NoReturn:
        near = NotFound("", wanted=path, there_are=self.by_path).hint
        self._fail(code.path, f"`{field}`: there is no code {quoted(path)}", field, near)

    def _fail(self, path: str, message: str, field: str = "key", hint: str = "") -> NoReturn:
        node: Node = self.places[path].node.entries[field][1]
        raise InputError(message, source=self.source, row=node.line, hint=hint)


def why_not_merged(code: Code, into: Code) -> str:
    """Say why a code cannot count as another; empty if it can."""
    if code.path == into.path:
        return f"{quoted(code.path)} cannot be merged into itself"
    if into.path.startswith(f"{code.path}/"):
        return f"{quoted(code.path)} cannot be merged into a code below it"
    if (code.status, code.is_exclusive) != (into.status, into.is_exclusive):
        kinds = f"{quoted(code.path)} is {_kind(code)}, {quoted(into.path)} is {_kind(into)}"
        return f"{kinds}: they cannot count as one"
    return ""


def _kind(code: Code) -> str:
    if code.status:
        return f"the status {code.status}"
    return "an exclusive theme" if code.is_exclusive else "a theme"
