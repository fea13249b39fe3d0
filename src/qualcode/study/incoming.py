"""Codings from a file into the study: checked row by row, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers import read_codings
from qualcode.model import standing
from qualcode.privacy import quoted, shown
from qualcode.store import codebook, coders, codings, responses
from qualcode.store.journal import Act

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qualcode.importers import CodingRow
    from qualcode.model import AnswerState, Code
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class ImportedCodings:
    """What a file of codings brought."""

    rows: int
    new_acts: int
    coders: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def import_codings(
    database: Database,
    path: Path,
    *,
    by: str,
    progress: Callable[[int, int], None] | None = None,
) -> ImportedCodings:
    """Take in codings as `export` writes them, whole or not at all.

    What is there already is left alone, nothing is taken away, so a file may come twice.
    Each coder's part is one step of that coder. Raises `InputError` naming row and column.
    """
    with database.transaction():
        incoming = _Incoming(database, str(path))
        for row in read_codings(path):
            incoming.take(row)
            if progress and incoming.rows % 1000 == 0:
                progress(incoming.rows, 0)
        return incoming.finish(by=by)


class Places:
    """Finds what the rows of a file name in the study; raises `InputError` with row and column.

    `names` are the coders that it named, by their ids; `remarks` are on names near others, and
    `on_empty` counts rows on answers that are blank or not asked.
    """

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source
        self.names: dict[int, str] = {}
        self.remarks: list[str] = []
        self.on_empty = 0
        self.code_by_id: dict[int, Code] = {}
        self._questions = {question.key: question for question in responses.questions(database)}
        self._codes: dict[str, dict[str, Code]] = {}
        self._coders: dict[str, int] = {}

    @property
    def file(self) -> str:
        """The name of the file without its folder."""
        return self._source.replace("\\", "/").rpartition("/")[2]

    def wrong(self, row: CodingRow, message: str, column: str, hint: str = "") -> InputError:
        """The error about a cell of a row."""
        return InputError(message, source=self._source, row=row.row, column=column, hint=hint)

    def coder(self, row: CodingRow) -> int:
        """The id of the coder whom a row names, made if need be."""
        if row.coder not in self._coders:
            try:
                coder, remark = coders.find_or_add(self._database, row.coder)
            except InputError as error:
                raise self.wrong(row, error.message, "coder") from None
            if remark:
                self.remarks.append(remark)
            self._coders[row.coder] = coder.id
            self.names[coder.id] = coder.name
        return self._coders[row.coder]

    def response(self, row: CodingRow) -> tuple[int, int]:
        """The id of the answer that a row is about, as it stands, and the length of its text."""
        question = self._questions.get(row.question)
        if question is None:
            raise self.wrong(
                row,
                f"the study has no question {quoted(row.question)}",
                "question",
                f"it has {', '.join(self._questions)}",
            )
        found = responses.find(self._database, row.respondent, question.id)
        if found is None:
            raise self.wrong(
                row, f"the study has no respondent {quoted(row.respondent)}", "respondent"
            )
        response_id, status, text = found
        self.on_empty += status != "substantive"
        return response_id, len(text)

    def code(self, row: CodingRow) -> Code:
        """The code that a row names, or the one that it was merged into."""
        if row.question not in self._codes:
            codes = codebook.codes_for(self._database, row.question)
            self._codes[row.question] = {code.path: code for code in codes}
            self.code_by_id |= {code.id: code for code in codes}
        codes_here = self._codes[row.question]
        if row.code not in codes_here:
            raise self.wrong(
                row,
                f"there is no code {quoted(row.code)} for {row.question}",
                "code",
                "apply its codebook first" if not codes_here else "",
            )
        return standing(codes_here[row.code], codes_here)


class _Incoming:
    """Checks the rows of a file against the study and gathers the acts that they ask for."""

    def __init__(self, database: Database, source: str) -> None:
        self.database = database
        self.rows = 0
        self._places = Places(database, source)
        self._acts: dict[int, list[Act]] = {}
        self._states: dict[tuple[int, int], _Growing] = {}

    def take(self, row: CodingRow) -> None:
        """Check one row, and note what is new in it."""
        self.rows += 1
        places = self._places
        coder_id = places.coder(row)
        response_id, length = places.response(row)
        growing = self._growing(coder_id, response_id)
        acts = self._acts.setdefault(coder_id, [])
        if not row.code:
            if not growing.is_coded:
                acts.append(Act("decide", response_id, source=f"import {places.file}"))
                growing.is_decided = True
            return
        code = places.code(row)
        if row.end is not None and row.end > length:
            raise places.wrong(row, f"the answer has only {length} characters", "end")
        place = (code.id, row.start, row.end)
        if place in growing.places or (row.start is None and code.id in growing.before):
            return
        self._check_alone(row, code, growing)
        growing.places.add(place)
        acts.append(Act("code", response_id, *place, source=f"import {places.file}"))

    def finish(self, *, by: str) -> ImportedCodings:
        """Write one step for each coder."""
        total = 0
        for coder_id, acts in self._acts.items():
            codings.perform(self.database, coder_id, "import-codings", acts, by=by)
            total += len(acts)
        places = self._places
        if places.on_empty:
            places.remarks.append(
                f"{places.on_empty} rows code an answer that is blank or not asked"
            )
        names = tuple(places.names.values())
        return ImportedCodings(self.rows, total, names, tuple(places.remarks))

    def _growing(self, coder_id: int, response_id: int) -> _Growing:
        key = (coder_id, response_id)
        if key not in self._states:
            self._states[key] = _Growing(codings.state_of(self.database, *key))
        return self._states[key]

    def _check_alone(self, row: CodingRow, code: Code, growing: _Growing) -> None:
        others = {code_id for code_id, _, _ in growing.places} - {code.id}
        known = self._places.code_by_id
        alone = [known[other] for other in others if other in known]
        clash = next((other for other in alone if other.stands_alone or code.stands_alone), None)
        if clash:
            raise self._places.wrong(
                row,
                f"“{code.path}” cannot stand beside “{clash.path}”"
                f" on the answer of {shown(row.respondent)} by {row.coder}",
                "code",
            )


class _Growing:
    """What a coder has on an answer while a file is read.

    `before` are the codes that stood on it, be it on a part: a wide table cannot say where.
    """

    __slots__ = ("before", "is_decided", "places")

    def __init__(self, state: AnswerState) -> None:
        self.before = state.whole
        self.is_decided = state.is_decided
        self.places = {(coding.code_id, coding.start, coding.end) for coding in state.codings}

    @property
    def is_coded(self) -> bool:
        return self.is_decided or bool(self.places)
