"""What holds for .jsonl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.errors import InputError
from qualcode.importers import read_survey

if TYPE_CHECKING:
    from pathlib import Path


def test_values_are_the_text_that_json_writes(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(
        '{"id": 1, "why": "a b c d", "n": 1.50, "x": null, "y": [1, {"é": 2}], "z": true}\r\n\r\n'
        '{"id": 2, "why": "c\\r\\n\\u0000d", "late": "q"}\n',
        encoding="utf-8-sig",
    )
    survey = read_survey(path)
    assert survey.plan.attributes == ("n", "x", "y", "z", "late")
    assert list(survey.rows()) == [
        (1, "1", ("a b c d",), ("1.50", "", '[1,{"é":2}]', "true", "")),
        (3, "2", ("c\r\n\x00d",), ("", "", "", "", "q")),
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (b'{"id": 2, "why": "half \\ud83d"}', "why"),
        (b'{"id": 2, "id": 3}', "id"),
        (b'{"id": 2', None),
        (b'["id", 2]', None),
        (b"{" * 3, None),
        (b"[" * 100_000, None),
        (b'{"id": NaN}', None),
        (b'{"id": "\xff"}', None),
        (b'{"id": "raw \x01 control"}', None),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, column: str | None) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b'{"id": 1, "why": "because it is"}\n' + line + b"\n")
    with pytest.raises(InputError) as caught:
        read_survey(path)
    assert (caught.value.row, caught.value.column) == (2, column)


def test_both_halves_of_a_character_are_one(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"id": 1, "why": "so \\ud83d\\ude00 it is"}\n', encoding="utf-8")
    assert next(read_survey(path).rows())[2] == ("so 😀 it is",)
