"""The rows of a piece as plain values, each of them checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.corpus.parquet import opened, pa
from qualcode.errors import InputError
from qualcode.privacy import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qualcode.corpus.pieces import Piece

RESPONDENT, QUESTION, TEXT = "respondent", "question", "text"
BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What a corpus is read for.

    `context` names for each question that is scored the columns that its model reads beside the
    text. Rows of `others`, or with `is_partial` of any other question, are passed over. `blanks`
    say nothing, in lower case. Of a study that `is_private` no message quotes a cell.
    """

    context: dict[str, tuple[str, ...]]
    others: frozenset[str]
    blanks: frozenset[str]
    is_partial: bool = False
    is_private: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns that have to be there."""
        attributes = (name for names in self.context.values() for name in names)
        return list(dict.fromkeys([RESPONDENT, QUESTION, TEXT, *attributes]))


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of a corpus; `number` is its row in the file, from 1 on."""

    number: int
    respondent: str
    question: str
    text: str
    context: tuple[str, ...]


def batches(
    piece: Piece, expected: Expected, tell: Callable[[int], None] = lambda _: None
) -> Iterator[list[Row]]:
    """The rows of the questions that are scored, in order; `tell` hears of all that are read.

    Raises `InputError` for a file that is damaged, for columns that are absent or hold neither
    text nor whole numbers, and for the first row without respondent or question or of a question
    that nobody knows.
    """
    with opened(piece.path) as file:
        _check(file.schema_arrow, expected, piece.path)
        number = piece.first
        groups = list(range(*piece.groups))
        for batch in file.iter_batches(
            BATCH, row_groups=groups, columns=expected.columns, use_threads=False
        ):
            batch.validate(full=True)
            yield list(_rows(batch, number, expected, piece.path))
            number += batch.num_rows
            tell(batch.num_rows)


def _check(schema: Any, expected: Expected, path: str) -> None:
    for name in expected.columns:
        places = schema.get_all_field_indices(name)
        if len(places) != 1:
            raise InputError(
                "this column stands there twice" if places else "there is no such column",
                source=path,
                column=name,
                hint="a corpus has the columns " + ", ".join(expected.columns),
            )
        kind = schema.field(places[0]).type
        if not _is_readable(kind):
            raise InputError(
                f"it holds {kind}, neither text nor whole numbers"[:200], source=path, column=name
            )


def _is_readable(kind: Any) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    return bool(is_text or types.is_integer(kind) or types.is_null(kind))


def _rows(batch: Any, first: int, expected: Expected, path: str) -> Iterator[Row]:
    columns = {name: batch.column(name).to_pylist() for name in expected.columns}
    each = zip(columns[RESPONDENT], columns[QUESTION], columns[TEXT], strict=True)
    for place, (respondent, question, text) in enumerate(each):
        number = first + place + 1
        who, key = _cell(respondent), _cell(question)
        if not key.strip():
            raise InputError("it is empty", source=path, row=number, column=QUESTION)
        if key not in expected.context:
            if key in expected.others or expected.is_partial:
                continue
            raise InputError(
                f"the study has no question {quoted(key[:80])}",
                source=path,
                row=number,
                column=QUESTION,
                hint=f"it has {', '.join(expected.context)}; --question scores one alone",
            )
        if not who.strip():
            raise InputError("it is empty", source=path, row=number, column=RESPONDENT)
        context = tuple(_cell(columns[name][place]) for name in expected.context[key])
        yield Row(number, who, key, _cell(text), context)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
