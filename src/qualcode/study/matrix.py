"""The 0/1 matrix: a row a respondent, a column a code, as other programs take it.

A cell is 1 or 0 for whoever is in the base of its question and empty for everybody else. A program
that keeps rows with empty cells in the design gives the same numbers as `frequencies`. A code that
says what an answer is has 1 or 0 for every answer that is coded, whatever the base.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast

from qualcode import __version__
from qualcode.estimation import bases_of, consensus_of, default_rule
from qualcode.estimation.reading import answered, tied
from qualcode.exporters import Table
from qualcode.exporters.stubs import Asked, Described, Drawn, Variable
from qualcode.exporters.stubs.cells import Cells, is_number
from qualcode.exporters.stubs.names import unique, usable
from qualcode.model import STATUSES
from qualcode.store import codebook, coders, responses, tabulation
from qualcode.study import design as study_design
from qualcode.study.frequencies.coded import ONE_CODER, read
from qualcode.study.frequencies.drawn import steered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.stubs import Lonely
    from qualcode.exporters.table import Cell
    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.study.design import Design

_CELLS = (0, 1, None)
_OUTSIDE = 2
"""The place of the empty cell in `_CELLS`."""

_SLOTS = {"weight": "Survey weight", "stratum": "Stratum", "psu": "Cluster (PSU)"}
_LABELS = ("respondent", "stratum", "psu")
"""Columns in which 1 and 1.0 are two."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The columns of one question.

    `status` and each of `cells`, one a code, hold a byte for every respondent in the order of the
    file: a place in `model.STATUSES` and in `_CELLS`. `rule` and `base` are empty for a question
    without a codebook. Of `n_answered` answers `n_coded` are coded, `n_steered` of these chosen by
    something other than chance; `pending` answers are hidden, `unresolved` answers of the base
    stand as 0 under some code.
    """

    question: Question
    status: bytes
    codes: tuple[Code, ...] = ()
    cells: tuple[bytes, ...] = ()
    rule: str = ""
    base: str = ""
    n_base: int = 0
    n_answered: int = 0
    n_coded: int = 0
    n_steered: int = 0
    unresolved: int = 0
    pending: int = 0

    @property
    def notes(self) -> Iterator[str]:
        """What whoever takes these columns has to know."""
        key = self.question.key
        if not self.rule:
            yield f"{key} has no codebook yet: its status alone is there"
            return
        yield (
            f"{key}: rule {self.rule}, base {self.base}: {self.n_base:,} of {len(self.status):,}"
            " respondents; the cells of the others are empty"
        )
        if self.n_coded < self.n_answered:
            yield f"{key}: interim: {self.n_coded:,} of {self.n_answered:,} coded"
        if self.pending:
            yield (
                f"{key}: {self.pending:,} answers wait for one of the coders who are to code them"
                " and stand as not coded; --lead shows them"
            )
        if self.n_steered:
            yield (
                f"{key}: {self.n_steered:,} of the coded answers were chosen by a model or a"
                " search, not by chance: shares of them are not shares of all"
            )
        if self.unresolved:
            yield f"{key}: {self.unresolved:,} answers are unresolved under a code: 0 stands there"


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """The matrix of a study; `attributes` are those that have a column of their own."""

    database: Database
    design: Design
    attributes: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def columns(self) -> tuple[Variable, ...]:
        """The columns; their names are unique, and fit for R, SPSS and Stata but for the length."""
        found = [Variable("respondent", "Respondent")]
        for slot, label in _SLOTS.items():
            name = getattr(self.design, slot)
            found.append(Variable(slot, f"{label}: {name}" if name else label))
        found += (Variable(usable(name), name) for name in self.attributes)
        for part in self.parts:
            found += _columns(part)
        names = unique([column.name for column in found])
        return tuple(replace(column, name=name) for column, name in zip(found, names, strict=True))

    @property
    def table(self) -> Table:
        """The matrix as a table, its rows read from the study one by one."""
        return Table("matrix", tuple(column.name for column in self.columns), self._rows())

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        coded: list[Iterator[Cell]] = []
        for part in self.parts:
            coded.append(map(STATUSES.__getitem__, part.status))
            coded += (map(_CELLS.__getitem__, cells) for cells in part.cells)
        for known, *cells in zip(self._people(), *coded, strict=True):
            yield (*known, *cells)

    def _people(self) -> Iterator[tuple[str, ...]]:
        """Give name, weight, stratum, PSU and attributes of every respondent."""
        weight, *labels = (getattr(self.design, slot) for slot in _SLOTS)
        names = (*labels, *self.attributes)
        for respondent, known in responses.respondents(self.database):
            cells = (known.get(name, "") if name else "" for name in names)
            yield (respondent, _plain(known.get(weight, "")) if weight else "", *cells)

    @property
    def notes(self) -> list[str]:
        """What whoever takes the matrix has to know."""
        general = "a matrix is data on persons: nothing in it is suppressed, so keep it in the team"
        return [general, *(note for part in self.parts for note in part.notes)]

    def described(self, data: str) -> Described:
        """The matrix, to be kept in a file called `data`, for the scripts that read it."""
        variables = list(self.columns)
        names = ("respondent", *_SLOTS, *self.attributes)
        seen = [Cells() for _ in names]
        for person in self._people():
            for cells, cell in zip(seen, person, strict=True):
                cells.add(cell)
        for place, (name, cells) in enumerate(zip(names, seen, strict=True)):
            variables[place] = cells.told(variables[place], is_label=name in _LABELS)
        design, column = self.design, dict(zip(names, variables, strict=False))
        groups = (
            column[name].name
            for name, cells in zip(names, seen, strict=True)
            if name in self.attributes and cells.are_groups and name not in design.columns
        )
        drawn = Drawn(
            weight="weight" if design.weight else "",
            stratum="stratum" if design.stratum else "",
            psu="psu" if design.psu else "",
            fpc=column[design.fpc].name if design.fpc else "",
            lonely=cast("Lonely", design.lonely_psu or "error"),
        )
        about = f"The matrix of codes in {data}, written by qualcode {__version__}"
        asked = tuple(self._asked(variables))
        return Described(data, about, tuple(variables), asked, drawn, next(groups, ""))

    def _asked(self, variables: Sequence[Variable]) -> Iterator[Asked]:
        place = 1 + len(_SLOTS) + len(self.attributes)
        for part in self.parts:
            own = variables[place + 1 : place + 1 + len(part.codes)]
            place += 1 + len(part.codes)
            themes = (v.name for v, code in zip(own, part.codes, strict=True) if not code.status)
            about = f"Rule {part.rule}, base {part.base}" if part.rule else "No codebook yet"
            yield Asked(part.question.key, part.question.text, about, tuple(themes))


def _columns(part: Part) -> Iterator[Variable]:
    key, text = part.question.key, part.question.text
    longest = max(map(len, STATUSES))
    yield Variable(usable(f"{key}_status"), f"{key}: status ({text})", "status", longest)
    for code in part.codes:
        yield Variable(usable(f"{key}__{code.path}"), f"{key}: {code.path} ({code.name})", "code")


def _plain(number: str) -> str:
    """Give a weight as every program reads it; what is no number stays, to be seen."""
    try:
        return number if is_number(number) else f"{Decimal(number):f}"
    except InvalidOperation:
        return number


def matrix(
    database: Database, *, rule: str = "", base: str = "", with_pending: bool = False
) -> Matrix:
    """The matrix of a study; an empty `rule` or `base` takes its default for each question.

    Answers that wait for one of their coders are coded for the lead alone, `with_pending`.
    Raises `NotFound` for an unknown coder, `InputError` for an unknown rule or base.
    """
    if rule.startswith(ONE_CODER):
        rule = ONE_CODER + coders.find(database, rule.removeprefix(ONE_CODER)).name
    design = study_design.read(database)
    repeated = {slot for slot in _SLOTS if getattr(design, slot) == slot}
    attributes = tuple(name for name in responses.attributes(database) if name not in repeated)
    questions = responses.questions(database)
    parts = tuple(
        _part(database, question, rule, base, with_pending=with_pending) for question in questions
    )
    return Matrix(database, design, attributes, parts)


def _part(
    database: Database, question: Question, rule: str, base: str, *, with_pending: bool
) -> Part:
    if not codebook.codes_for(database, question.key):
        packed = tabulation.answers(database, question.id)
        respondents = tabulation.respondent_ids(database)
        alone = answered(respondents, packed.numbers, packed.bits)
        return Part(question, alone.status.tobytes())
    coded = read(database, question, rule=rule, is_unweighted=True, with_pending=with_pending)
    rule = rule or default_rule(coded.votes)
    agreed = consensus_of(coded.votes, coded.tree, rule, coded.verdicts)
    bases = bases_of(coded.answers.status, agreed, coded.tree)
    base = base or ("answered" if bases.is_complete else "coded")
    inside, is_coded = bases.of(base) & ~bases.uncoded, bases.answered & ~bases.uncoded
    cells = []
    for place, code in enumerate(coded.codes):
        own = agreed.present(place).astype("u1")
        own[~(is_coded if code.status else inside)] = _OUTSIDE
        cells.append(own.tobytes())
    return Part(
        question,
        coded.answers.status.tobytes(),
        coded.codes,
        tuple(cells),
        rule,
        base,
        n_base=int(inside.sum()),
        n_answered=int(bases.answered.sum()),
        n_coded=int(is_coded.sum()),
        n_steered=0 if bases.is_complete else steered(database, coded, bases, rule),
        unresolved=tied(agreed, inside),
        pending=coded.pending,
    )
