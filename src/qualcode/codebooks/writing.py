"""From a codebook to new YAML text, for a codebook that was never a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Code, Codebook

_WIDTH = 100
_PLAIN = re.compile(r"[^\W_](?:[\w '()\"/.;!?%+*=–—’“”…,#-]|:(?! ))*")
_NOT_IN_LISTS = re.compile("[,?]")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_NUMERIC = re.compile(r"[0-9][0-9a-fA-FxXoO.:eE+\-_ tTzZ]*")
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def render(codebook: Codebook) -> str:
    """`codebook` as YAML: what `parse` makes of it is `codebook` again, but for its ids.

    Raises ValueError for a code whose parent is not among the codes.
    """
    lines = [f"codebook: {scalar(codebook.name)}", f"version: {codebook.version}"]
    lines += _texts("questions", codebook.questions, "")
    below: dict[str, list[Code]] = {}
    for code in codebook:
        below.setdefault(code.parent, []).append(code)
    if missing := below.keys() - {"", *(code.path for code in codebook)}:
        raise ValueError(f"codes without a parent: {sorted(missing)}")
    lines += ["codes:" if codebook.codes else "codes: []"]
    for code in below.get("", ()):
        lines += _code(code, below, "  ")
    return "\n".join(lines) + "\n"


def scalar(text: str, *, in_list: bool = False) -> str:
    """`text` as a YAML scalar on one line, plain where every reader of YAML takes it as text.

    `in_list` is for one that stands in ``[…]``.
    """
    is_plain = (
        _PLAIN.fullmatch(text)
        and " #" not in text
        and not text.endswith((":", " "))
        and text.lower() not in _WORDS
        and not _NUMERIC.fullmatch(text)
        and not (in_list and _NOT_IN_LISTS.search(text))
    )
    return text if is_plain else f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def code_lines(code: Code, indent: str) -> list[str]:
    """The lines of one code, without those below it, as an item of a list."""
    return list(_code(code, {}, indent))


def _code(code: Code, below: dict[str, list[Code]], indent: str) -> Iterator[str]:
    inner = indent + "  "
    yield f"{indent}- key: {scalar(code.key)}"
    yield f"{inner}name: {scalar(code.name)}"
    if code.hotkey:
        yield f"{inner}hotkey: {scalar(code.hotkey)}"
    if code.definition:
        yield from _definition(code.definition, inner)
    for field in ("include", "exclude", "examples", "keywords"):
        yield from _texts(field, getattr(code, field), inner)
    if code.is_exclusive:
        yield f"{inner}exclusive: true"
    if code.status:
        yield f"{inner}status: {code.status}"
    if code.is_retired:
        yield f"{inner}retired: true"
    if code.merged_into:
        yield f"{inner}merged_into: {scalar(code.merged_into)}"
    yield from _texts("split_into", code.split_into, inner)
    if children := below.get(code.path):
        yield f"{inner}children:"
        for child in children:
            yield from _code(child, below, inner + "  ")


def _definition(text: str, indent: str) -> Iterator[str]:
    is_literal = "\n" in text and not text.endswith("\n\n") and not text[0].isspace()
    if not is_literal or _CONTROL.search(text):
        yield f"{indent}definition: {scalar(text)}"
        return
    yield f"{indent}definition: |" + ("" if text.endswith("\n") else "-")
    for line in text.removesuffix("\n").split("\n"):
        yield f"{indent}  {line}" if line else ""


def _texts(field: str, texts: tuple[str, ...], indent: str) -> Iterator[str]:
    if not texts:
        return
    line = f"{indent}{field}: [{', '.join(scalar(text, in_list=True) for text in texts)}]"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{indent}{field}:"
    for text in texts:
        yield f"{indent}  - {scalar(text)}"
