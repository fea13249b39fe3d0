"""From a survey file to a study, and later files into it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import __version__, privacy
from qualcode.codebooks import load
from qualcode.errors import Conflict, InputError
from qualcode.importers import ReadOptions, read_survey
from qualcode.store import (
    building,
    codebook_applying,
    intake,
    journal,
    placing,
    responses,
    schema,
    settings,
)
from qualcode.study import design as designs
from qualcode.study import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from qualcode.importers import Survey
    from qualcode.model import Status, SurveyPlan
    from qualcode.store.connection import Database
    from qualcode.store.intake import Classify, Intake
    from qualcode.study.design import Design
    from qualcode.study.pseudonyms import Key

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What `new` found and made, or with `dry_run` would make."""

    plan: SurveyPlan
    intake: Intake
    codebooks: tuple[codebook_applying.Applied, ...] = ()
    statuses: Mapping[str, Mapping[Status, int]] = field(default_factory=dict)


def new(
    path: Path,
    survey_path: Path,
    *,
    options: ReadOptions,
    design: Design,
    codebook_paths: Sequence[Path] = (),
    by: str,
    dry_run: bool = False,
    is_sensitive: bool = False,
    key_path: Path | None = None,
    progress: Progress | None = None,
) -> NewStudy:
    """Make a study from a survey file, whole or not at all.

    One that `is_sensitive` is for its owner alone. With `key_path` the respondents get
    pseudonyms, and a file is made there that says whose they are.

    Raises `Conflict` if `path` or `key_path` exists, `InputError` naming file, row and column for
    anything wrong in the survey or a codebook; then nothing is written.
    """
    with privacy.kept(is_wanted=is_sensitive):
        placing.refuse_existing(path)
        key = pseudonyms.new(key_path) if key_path else None
        books = [(str(book), *load(book)) for book in codebook_paths]
        survey = read_survey(survey_path, options)
        _check_design(design, survey.plan)
        incoming = _Incoming(survey, design, key, progress)
        with _passing(path) if dry_run else _appearing(path, key) as database:
            if is_sensitive:
                settings.write(database, "sensitive", value=True)
            result = _fill(database, incoming, options, by=by)
            applied = tuple(
                codebook_applying.apply(database, text, book, by=by, source=source)
                for source, text, book in books
            )
            statuses = responses.status_counts(database)
    return NewStudy(survey.plan, result, applied, statuses)


@contextmanager
def _passing(path: Path) -> Iterator[Database]:
    """A study that is built to see what it would be, and is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="qualcode-") as folder,
        _appearing(Path(folder) / path.name) as database,
    ):
        yield database


@contextmanager
def _appearing(path: Path, key: Key | None = None) -> Iterator[Database]:
    """A study that appears when the block ends well, and its key file just before it.

    There is never a study with pseudonyms without its key, nor a key without its study.
    """
    is_saved = False
    try:
        with building.appearing(path, made_with=f"qualcode {__version__}") as database:
            yield database
            if key is not None:
                key.save()
                is_saved = True
    except BaseException:
        if key is not None and is_saved:
            key.path.unlink(missing_ok=True)
        raise


def _check_design(design: Design, plan: SurveyPlan) -> None:
    for column in design.columns:
        if column not in plan.attributes:
            raise InputError(
                "there is no such column", source=plan.source, row=plan.header_row, column=column
            )
    keys = [question.key for question in plan.questions]
    designs.check_rules(design.asked_if, keys, plan.attributes)


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A survey file on its way in: how its rows are checked, and whose they become."""

    survey: Survey
    design: Design
    key: Key | None = None
    progress: Progress | None = None

    @property
    def plan(self) -> SurveyPlan:
        return self.survey.plan

    def rows(self) -> Iterator[Any]:
        """The rows of the file as the survey gives them, under the names of the study."""
        rows = self.survey.rows(_of_total(self.progress, self.plan))
        if self.key is None:
            return rows
        return ((row, self.key.pseudonym(who), *rest) for row, who, *rest in rows)

    def wide_rows(self) -> Iterable[intake.IncomingRow]:
        """The rows of a wide file, checked against the design."""
        return designs.checked(self.rows(), self.design, self.plan.attributes, self.plan.source)

    def cells(self) -> Iterator[intake.Cell]:
        """The answers one by one, checked against the design."""
        plan = self.plan
        if self.survey.is_long:
            yield from self._long_cells()
            return
        for row, respondent, texts, values in self.wide_rows():
            known = dict(zip(plan.attributes, values, strict=True))
            for question, text in zip(plan.questions, texts, strict=True):
                yield intake.Cell(row, respondent, question.key, text, known)

    def _long_cells(self) -> Iterator[intake.Cell]:
        plan = self.plan
        for row, respondent, key, text, cells in self.rows():
            known = dict(zip(plan.attributes, cells, strict=True))
            for column in self.design.columns:
                if wrong := self.design.check_cell(column, known[column]):
                    raise InputError(wrong, source=plan.source, row=row, column=column)
            yield intake.Cell(row, respondent, key, text, known)


def _fill(database: Database, incoming: _Incoming, options: ReadOptions, *, by: str) -> Intake:
    plan, design = incoming.plan, incoming.design
    settings.write(database, "survey", _remembered(plan))
    settings.write(database, "blanks", sorted(options.blanks))
    if incoming.key is not None:
        settings.write(database, "pseudonyms", value=True)
    question_ids = intake.add_questions(database, plan.questions)
    intake.add_attributes(database, plan.attributes)
    schema.refresh_respondent_view(database)
    designs.write(database, design)
    classify = designs.Classifier(question_ids, design.asked_if, options.blanks)
    if incoming.survey.is_long:
        result = _take_in(database, incoming, question_ids, classify)
    else:
        result = intake.fill(
            database,
            incoming.wide_rows(),
            question_ids={q.key: question_ids[q.key] for q in plan.questions},
            attributes=plan.attributes,
            classify=classify,
            source=plan.source,
            id_column=plan.id_column,
        )
    _journal_import(database, plan, result, by=by)
    return result


def _take_in(
    database: Database,
    incoming: _Incoming,
    question_ids: Mapping[str, int],
    classify: Classify,
    *,
    clock: int = 0,
) -> Intake:
    update = intake.Update(
        database,
        question_ids=question_ids,
        classify=classify,
        source=incoming.plan.source,
        id_column=incoming.plan.id_column,
        is_long=incoming.survey.is_long,
        clock=clock,
    )
    for cell in incoming.cells():
        update.take(cell)
    update.fill_gaps()
    return update.intake


def _of_total(progress: Progress | None, plan: SurveyPlan) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(done, plan.n_rows)


def _remembered(plan: SurveyPlan) -> dict[str, Any]:
    return {
        "layout": plan.layout,
        "id_column": plan.id_column,
        "questions": [[question.key, question.column] for question in plan.questions],
        "dropped": list(plan.dropped),
        "sheet": plan.sheet,
        "header_row": plan.header_row,
    }


def _journal_import(
    database: Database, plan: SurveyPlan, result: Intake, *, by: str, clock: int = 0
) -> None:
    journal.add_note(
        database,
        "import",
        by=by,
        detail={
            "file": Path(plan.source).name,
            "rows": plan.n_rows,
            "new respondents": result.new_respondents,
            "new answers": result.new_answers,
            "changed answers": result.changed_answers,
            "changed attributes": result.changed_attributes,
        },
        clock=clock,
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """What a later file brought; `new_attributes` are columns that the study did not have."""

    plan: SurveyPlan
    intake: Intake
    new_attributes: tuple[str, ...] = ()


def import_survey(
    database: Database,
    survey_path: Path,
    *,
    by: str,
    sheet: str = "",
    header_row: int = 0,
    key_path: Path | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Take in a later file of the same survey, whole or not at all.

    The same file again changes nothing. A changed answer becomes a new version beside the old
    one and its codings. Rows that are missing are left alone. Where respondents are numbered,
    only rows at the end may be new. Where they have pseudonyms, `key_path` leads to the key file,
    which gets those of new respondents. Raises `InputError`, `Conflict` for a copy that was made
    to be shared.
    """
    if settings.read(database, "shared"):
        raise Conflict("a shared copy takes in no answers: it does not hold those it has")
    design = designs.read(database)
    options = _options_again(database, design, survey_path)
    if sheet or header_row:
        options = replace(options, sheet=sheet or options.sheet, header_row=header_row)
    key = _key_again(database, key_path)
    survey = read_survey(survey_path, options)
    plan = survey.plan
    with database.transaction():
        question_ids = {question.key: question.id for question in responses.questions(database)}
        question_ids = _with_new_questions(database, survey, question_ids)
        new_attributes = tuple(intake.add_attributes(database, plan.attributes))
        if new_attributes:
            schema.refresh_respondent_view(database)
        classify = designs.Classifier(question_ids, design.asked_if, options.blanks)
        clock = journal.next_clock(database)
        incoming = _Incoming(survey, design, key, progress)
        result = _take_in(database, incoming, question_ids, classify, clock=clock)
        if not plan.id_column and (result.changed_answers or result.changed_attributes):
            raise InputError(
                "has other answers than the study in some rows, and without an id column nobody"
                " can tell whose they are",
                source=plan.source,
                hint="respondents are numbered in file order: only rows at the end may be new",
            )
        if result.changed_attributes and design.asked_if:
            intake.reclassify(database, classify)
        if not result.is_nothing or new_attributes:
            _journal_import(database, plan, result, by=by, clock=clock)
        if key is not None and result.new_respondents:
            key.save()
    return Imported(plan, result, new_attributes)


def _key_again(database: Database, path: Path | None) -> Key | None:
    """The key of a study with pseudonyms, without which nobody could tell who is who."""
    has_pseudonyms = bool(settings.read(database, "pseudonyms"))
    if has_pseudonyms and path is None:
        raise InputError(
            "the respondents of this study have pseudonyms: without its key file nobody can tell"
            " who is who",
            hint="--pseudonyms KEYFILE names it",
        )
    if path is None:
        return None
    if not has_pseudonyms:
        raise InputError(
            "the respondents of this study have no pseudonyms, and cannot get them later",
            hint="`qualcode new --pseudonyms` makes a study with them",
        )
    key = pseudonyms.read(path)
    key.check(name for name, _ in responses.respondents(database))
    return key


def _options_again(database: Database, design: Design, survey_path: Path) -> ReadOptions:
    """Read a later file as the first one was read."""
    stored = settings.read(database, "survey")
    is_sheet = survey_path.suffix.lower() == ".xlsx"
    is_long = stored["layout"] == "long"
    pairs = tuple((key, column) for key, column in stored["questions"])
    known = responses.questions(database) if is_long else ()
    return ReadOptions(
        id_column="" if is_long else stored["id_column"],
        questions=() if is_long else pairs,
        known_questions=tuple((q.key, text) for q in known for text in (q.key, q.text)),
        known_dropped=tuple(stored["dropped"]),
        layout=stored["layout"],
        sheet=stored["sheet"] if is_sheet else "",
        blanks=designs.blanks(database),
        keep_as_attribute=design.columns,
    )


def _with_new_questions(
    database: Database, survey: Survey, question_ids: dict[str, int]
) -> dict[str, int]:
    if not survey.is_long:
        return question_ids
    return intake.add_questions(database, survey.plan.questions)
