"""Rules over the attributes of a respondent, such as ``years >= 5 and unit in ("a", "b")``.

::

    rule        = part ("or" part)*
    part        = factor ("and" factor)*
    factor      = "not" factor | "(" rule ")" | comparison
    comparison  = value ("==" | "!=" | "<" | "<=" | ">" | ">=") value
                | value ["not"] "in" "(" value ("," value)* ")"
    value       = name | `name with spaces` | "text" | 'text' | number

Two values are compared as numbers where both are finite ones ("5.0" equals 5), else as text,
case and spaces included. An attribute that a respondent has not is the empty text.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeAlias

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Compare: TypeAlias = Callable[[Any, Any], bool]

LONGEST = 10_000
"""Characters that a rule may have."""
DEEPEST = 50
"""Parentheses and negations that may stand inside each other."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<quoted>`[^`]+`)
    | (?P<name>[^\W\d]\w*)
    | (?P<sign>==|!=|<=|>=|<|>|\(|\)|,)
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*", re.ASCII)
_SIGNS: dict[str, Compare] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS = frozenset({"and", "or", "not", "in"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A rule that was understood; `names` are the attributes in it, each once, in order."""

    text: str
    names: tuple[str, ...]
    _rule: _Node

    def evaluate(self, attributes: Mapping[str, str]) -> bool:
        """Whether the rule holds for a respondent with these `attributes`."""
        return self._rule.holds(attributes)


def parse(text: str) -> Expression:
    """The rule that `text` writes.

    Raises InputError with the position, counted from 1, of what cannot be understood.
    """
    if len(text) > LONGEST:
        raise InputError(f"a rule may have at most {LONGEST:,} characters")
    parser = _Parser(text)
    rule = parser.rule(0)
    parser.expect_end()
    return Expression(text, tuple(dict.fromkeys(parser.names)), rule)


class _Node(Protocol):
    def holds(self, attributes: Mapping[str, str]) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Value:
    """A literal, or the attribute called `content`."""

    content: str
    is_name: bool = False

    def of(self, attributes: Mapping[str, str]) -> str:
        return attributes.get(self.content, "") if self.is_name else self.content


@dataclass(frozen=True, slots=True)
class _Comparison:
    left: _Value
    compare: Compare
    right: _Value

    def holds(self, attributes: Mapping[str, str]) -> bool:
        return _compared(self.compare, self.left.of(attributes), self.right.of(attributes))


@dataclass(frozen=True, slots=True)
class _Membership:
    left: _Value
    choices: tuple[_Value, ...]

    def holds(self, attributes: Mapping[str, str]) -> bool:
        left = self.left.of(attributes)
        return any(_compared(operator.eq, left, each.of(attributes)) for each in self.choices)


@dataclass(frozen=True, slots=True)
class _Not:
    part: _Node

    def holds(self, attributes: Mapping[str, str]) -> bool:
        return not self.part.holds(attributes)


@dataclass(frozen=True, slots=True)
class _Joined:
    """All or any of `parts`."""

    parts: tuple[_Node, ...]
    needs_all: bool

    def holds(self, attributes: Mapping[str, str]) -> bool:
        each = (part.holds(attributes) for part in self.parts)
        return all(each) if self.needs_all else any(each)


def _compared(compare: Compare, left: str, right: str) -> bool:
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return compare(one, other)
    return compare(left, right)


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class _Parser:
    """Reads a rule from left to right; `names` gathers the attributes."""

    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        self._text = text
        self._tokens = list(self._split())
        self._at = 0

    def rule(self, depth: int) -> _Node:
        """Parts joined by ``or``."""
        parts = [self._part(depth)]
        while self._take("or"):
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else _Joined(tuple(parts), needs_all=False)

    def expect_end(self) -> None:
        """Raise InputError if something is left."""
        if self._next.kind != "end":
            self._fail("“and”, “or” or the end")

    def _part(self, depth: int) -> _Node:
        parts = [self._factor(depth)]
        while self._take("and"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else _Joined(tuple(parts), needs_all=True)

    def _factor(self, depth: int) -> _Node:
        if depth > DEEPEST:
            self._fail(f"no more than {DEEPEST} parentheses inside each other")
        if self._take("not"):
            return _Not(self._factor(depth + 1))
        if self._take("("):
            inner = self.rule(depth + 1)
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> _Node:
        left = self._value()
        if self._take("in"):
            return self._membership(left)
        if self._take("not"):
            self._need("in")
            return _Not(self._membership(left))
        compare = _SIGNS.get(self._next.text) if self._next.kind == "sign" else None
        if compare is None:
            self._fail("a comparison (== != < <= > >= in)")
        self._at += 1
        return _Comparison(left, compare, self._value())

    def _membership(self, left: _Value) -> _Node:
        self._need("(")
        choices = [self._value()]
        while self._take(","):
            choices.append(self._value())
        self._need(")")
        return _Membership(left, tuple(choices))

    def _value(self) -> _Value:
        token = self._next
        if token.kind == "number":
            value = _Value(token.text)
        elif token.kind == "text":
            value = _Value(token.text[1:-1])
        elif token.kind in {"name", "quoted"}:
            value = _Value(token.text.strip("`"), is_name=True)
            self.names.append(value.content)
        else:
            self._fail("an attribute, a text in quotes or a number")
        self._at += 1
        return value

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, word: str) -> bool:
        token = self._next
        is_there = token.text == word and token.kind in {"sign", "word"}
        self._at += is_there
        return is_there

    def _need(self, word: str) -> None:
        if not self._take(word):
            self._fail(f"“{word}”")

    def _split(self) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while at < len(self._text):
            match = _TOKEN.match(self._text, at)
            if match is None:
                self._refuse(at)
            kind, content = match.lastgroup or "", match[0]
            if kind == "name" and content in _WORDS:
                kind = "word"
            if kind != "space":
                tokens.append(_Token(kind, content, at))
            at = match.end()
        return [*tokens, _Token("end", "", len(self._text))]

    def _refuse(self, at: int) -> NoReturn:
        character = self._text[at]
        if character in "\"'`":
            raise InputError(f"rule, position {at + 1}: the quote {character} is never closed")
        hint = "a comparison is written ==" if character == "=" else ""
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        raise InputError(f"rule, position {at + 1}: “{shown}” is not understood", hint=hint)

    def _fail(self, wanted: str) -> NoReturn:
        token = self._next
        found = f"“{token.text[:40]}”" if token.text else "the end"
        found = " ".join(found.split())
        raise InputError(f"rule, position {token.position + 1}: {wanted} expected, not {found}")
