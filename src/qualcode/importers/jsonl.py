"""JSON Lines: one object a line; its keys are the columns."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError
from qualcode.importers.encoding import MARK, MARKING, find_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_MOST_COLUMNS = 20_000


class JsonLines:
    """A file with one JSON object a line; the header is every key in order of appearance."""

    sheet = ""
    size = 0

    def __init__(self, path: Path) -> None:
        self.path = path
        encoding = find_encoding(path, self._bad_line, may_be_old=False)
        self._codec = encoding.codec
        self.notes = (encoding.note,) if encoding.note else ()
        header: dict[str, None] = {}
        for number, record in self._records():
            if not header.keys() >= record.keys():
                header.update(dict.fromkeys(record))
                if len(header) > _MOST_COLUMNS:
                    message = f"more than {_MOST_COLUMNS:,} different keys"
                    raise InputError(message, source=path, row=number)
        self.header = tuple(header)

    def rows(self) -> Iterator[list[str]]:
        """Every line; a key that a line has not is an empty cell, a blank line an empty row.

        Raises InputError with the line that is no JSON object or holds half a character.
        """
        for _, record in self._records():
            yield [record.get(name, "") for name in self.header] if record else []

    def _records(self) -> Iterator[tuple[int, dict[str, str]]]:
        with self.path.open(encoding=self._codec) as file:
            for number, line in enumerate(file, 1):
                yield number, self._record(number, line) if line.strip() else {}

    def _record(self, number: int, line: str) -> dict[str, str]:
        try:
            record = _STRICT.decode(line)
            if type(record) is not dict:
                raise InputError("this is not a JSON object", source=self.path, row=number)
            if _ESCAPED_SURROGATE.search(line):
                self._refuse_half_characters(number, record)
            if any(type(value) is not str for value in record.values()):
                exact = _PLAIN.decode(line)
                for name, value in record.items():
                    if type(value) is not str:
                        record[name] = _as_text(exact[name])
        except json.JSONDecodeError as error:
            message = f"this is not JSON: {error.msg} at character {error.pos + 1}"
            raise InputError(message, source=self.path, row=number) from None
        except _RepeatedKeyError as error:
            raise InputError(
                "the key stands twice in this row", source=self.path, row=number, column=str(error)
            ) from None
        except (ValueError, RecursionError) as error:
            message = f"this JSON cannot be read: {error}"
            raise InputError(message, source=self.path, row=number) from None
        return record

    def _refuse_half_characters(self, number: int, record: dict[str, Any]) -> None:
        for name, value in record.items():
            try:
                f"{name}{value}".encode()
            except UnicodeEncodeError:
                raise InputError(
                    "half a character (a lone surrogate) that no text may hold",
                    source=self.path,
                    row=number,
                    column=name.encode("ascii", "backslashreplace").decode(),
                ) from None

    def _bad_line(self, codec: str) -> tuple[int | None, str | None]:
        with self.path.open(encoding=codec, errors=MARKING) as file:
            return next((n for n, line in enumerate(file, 1) if MARK in line), None), None


class _RepeatedKeyError(Exception):
    """A key stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return record


def _no_number(name: str) -> str:
    raise ValueError(f"{name} is not a JSON number")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_no_number
)
_PLAIN = json.JSONDecoder()
