"""A survey file as a plan and a stream of rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from qualcode.errors import InputError, QualcodeError
from qualcode.importers.body import Body
from qualcode.importers.columns import Columns, choose_columns
from qualcode.importers.header import find_header
from qualcode.importers.options import ReadOptions
from qualcode.importers.registry import open_tables
from qualcode.importers.scan import Scan, plan_long, scan
from qualcode.model import SurveyPlan
from qualcode.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qualcode.importers.table import Table

SurveyRow: TypeAlias = tuple[int, str, tuple[str, ...], tuple[str, ...]]
"""Row of the file, respondent, texts in the order of the questions, values of the attributes."""

LongRow: TypeAlias = tuple[int, str, str, str, tuple[str, ...]]
"""Row of the file, respondent, key of the question, text, values of the attributes."""

SAMPLE = 2000
"""Rows from which the parts of the columns are told."""

_DEFAULTS = ReadOptions()


class Survey:
    """A survey file that was read through once; `plan` says what will be made of it."""

    def __init__(
        self, plan: SurveyPlan, body: Body, columns: Columns, keys: dict[str, str]
    ) -> None:
        self.plan = plan
        self._body = body
        self._columns = columns
        self._keys = keys

    @property
    def is_long(self) -> bool:
        """Whether each row holds one answer; then the rows are `LongRow`."""
        return self.plan.layout == "long"

    def rows(self, progress: Callable[[int], None] | None = None) -> Iterator[Any]:
        """The rows of answers: a `SurveyRow` each, or a `LongRow` each where `is_long`.

        `progress` is told now and then how many rows are done. Can be called again.
        """
        return self.long_rows(progress) if self.is_long else self.wide_rows(progress)

    def wide_rows(self, progress: Callable[[int], None] | None = None) -> Iterator[SurveyRow]:
        """The rows of a wide table."""
        columns = self._columns
        texts, attributes = _picker(columns.texts), _picker(columns.attributes)
        done = 0
        for numbers, block in self._body.blocks():
            who = (
                map(str, count(done + 1))
                if columns.respondent is None
                else map(itemgetter(columns.respondent), block)
            )
            yield from zip(numbers, who, map(texts, block), map(attributes, block), strict=False)
            done += len(block)
            if progress:
                progress(done)

    def long_rows(self, progress: Callable[[int], None] | None = None) -> Iterator[LongRow]:
        """The rows of a long table."""
        columns = self._columns
        who, which = itemgetter(columns.respondent), itemgetter(columns.question)
        text, attributes = itemgetter(columns.text), _picker(columns.attributes)
        done = 0
        for numbers, block in self._body.blocks():
            yield from zip(
                numbers,
                map(who, block),
                map(self._keys.__getitem__, map(which, block)),
                map(text, block),
                map(attributes, block),
                strict=True,
            )
            done += len(block)
            if progress:
                progress(done)


def _picker(places: tuple[int, ...]) -> Callable[[list[str]], tuple[str, ...]]:
    """A function that takes the cells at `places` out of a row."""
    if len(places) > 1:
        return cast("Callable[[list[str]], tuple[str, ...]]", itemgetter(*places))
    if not places:
        return lambda _: ()
    place = places[0]
    return lambda row: (row[place],)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One table with the parts of its columns told."""

    body: Body
    columns: Columns
    sample: list[list[str]]

    @property
    def rank(self) -> tuple[int, int]:
        """Higher where it looks more like a survey."""
        if self.columns.respondent is None:
            return 1, self.body.table.size
        return 2, 0


def read_survey(path: Path, options: ReadOptions = _DEFAULTS) -> Survey:
    """The survey in the file at `path`, after one pass that looks at every row.

    Memory does not grow with the rows of a text file. Repeated ids are not looked for: that
    needs all of them at once, and the study does it.

    Raises InputError with row and column for everything that cannot be read as it stands,
    NotFound where there is no such file or sheet.
    """
    options.check()
    tables = open_tables(path, options.sheet)
    chosen = _choose(tables, options)
    body, columns = chosen.body, chosen.columns
    found = scan(body, columns, options.blanks)
    others = [table.sheet for table in tables if table is not body.table]
    notes = _notes(body, columns, found, others)
    questions, keys = columns.questions, dict[str, str]()
    blanks = {q.key: found.blanks[i] for q, i in zip(questions, columns.texts, strict=True)}
    if columns.question is not None:
        questions, keys = plan_long(body, columns, found, options)
        blanks = dict.fromkeys([question.key for question in questions], 0)
        for written, key in keys.items():
            blanks[key] += found.blanks[written]
        columns = _without_status(columns, found)
    names = body.header.names
    plan = SurveyPlan(
        source=str(path),
        layout=columns.layout,
        id_column="" if columns.respondent is None else names[columns.respondent],
        questions=questions,
        attributes=tuple(names[index] for index in columns.attributes),
        dropped=tuple(names[index] for index in columns.dropped),
        sheet=body.table.sheet,
        header_row=body.header.row,
        n_rows=found.n_rows,
        blanks=blanks,
        notes=notes,
    )
    return Survey(plan, body, columns, keys)


def _choose(tables: Sequence[Table], options: ReadOptions) -> _Candidate:
    """The first table with an id and questions, else the largest with questions.

    Raises what is wrong with the largest where none can be read.
    """
    candidates: list[_Candidate] = []
    problems: list[tuple[int, QualcodeError]] = []
    for table in tables:
        try:
            candidates.append(_candidate(table, options))
        except QualcodeError as error:
            problems.append((table.size, error))
    if not candidates:
        raise max(problems, key=itemgetter(0))[1]
    return max(candidates, key=lambda candidate: candidate.rank)


def _candidate(table: Table, options: ReadOptions) -> _Candidate:
    header = find_header(table, options.header_row)
    body = Body(table, header)
    sample = body.sample(SAMPLE)
    if not sample:
        raise InputError("there is a header and no row under it", source=table.path)
    return _Candidate(body, choose_columns(body, sample, options), sample)


def _without_status(columns: Columns, found: Scan) -> Columns:
    if not found.has_own_status:
        return columns
    attributes = tuple(index for index in columns.attributes if index != columns.status)
    return Columns(
        columns.respondent,
        attributes,
        columns.dropped,
        question=columns.question,
        text=columns.text,
        status=columns.status,
    )


def _notes(body: Body, columns: Columns, found: Scan, others: list[str]) -> tuple[str, ...]:
    """What a person should know about how the file was read."""
    header = body.header
    notes = [*body.table.notes]
    if others:
        shown = ", ".join(f"“{name}”" for name in others)
        notes.append(f"sheet “{body.table.sheet}” read, not {shown}; --sheet NAME picks another")
    notes += header.notes
    if columns.respondent is None:
        notes.append("no id column was found: the respondents are numbered in file order")
    if header.unnamed:
        notes.append(f"{counted(len(header.unnamed), 'column')} without name and data left out")
    if columns.dropped:
        notes.append("columns dropped: " + ", ".join(header.names[i] for i in columns.dropped))
    if body.skipped:
        notes.append(f"{counted(body.skipped, 'empty row')} skipped")
    if found.has_own_status:
        name = header.names[columns.status or 0]
        notes.append(
            f"column “{name}” ignored: the rules of the study give every answer its status"
        )
    return tuple(notes)
