"""From a survey file to a study, and later files into it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.codebooks import load
from qualcode.errors import InputError
from qualcode.importers import ReadOptions, read_survey
from qualcode.store import (
    codebook,
    connection,
    intake,
    journal,
    placing,
    responses,
    schema,
    settings,
)
from qualcode.study import design as designs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qualcode.importers import Survey
    from qualcode.model import Status, SurveyPlan
    from qualcode.store.connection import Database
    from qualcode.store.intake import Classify, Intake
    from qualcode.study.design import Design

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What `new` found and made, or with `dry_run` would make."""

    plan: SurveyPlan
    intake: Intake
    codebooks: tuple[codebook.Applied, ...] = ()
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
    progress: Progress | None = None,
) -> NewStudy:
    """Make a study from a survey file, whole or not at all.

    Raises `Conflict` if `path` exists, `InputError` naming file, row and column for anything
    wrong in the survey or a codebook; then nothing is written.
    """
    placing.refuse_existing(path)
    books = [(str(book), *load(book)) for book in codebook_paths]
    survey = read_survey(survey_path, options)
    _check_design(design, survey.plan)
    with _passing(path) if dry_run else _appearing(path) as database:
        result = _fill(database, survey, options, design, by=by, progress=progress)
        applied = tuple(
            codebook.apply(database, text, book, by=by, source=source)
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


def _check_design(design: Design, plan: SurveyPlan) -> None:
    for column in design.columns:
        if column not in plan.attributes:
            raise InputError(
                "there is no such column", source=plan.source, row=plan.header_row, column=column
            )
    keys = [question.key for question in plan.questions]
    designs.check_rules(design.asked_if, keys, plan.attributes)


@contextmanager
def _appearing(path: Path) -> Iterator[Database]:
    """A study that is built under another name and gets its own when it is whole and on disk."""
    with placing.new_file(path) as unfinished:
        database = connection.create(unfinished, path)
        try:
            _build_fast(database)
            schema.migrate(database)
            with database.transaction():
                yield database
            connection.keep_safely(database)
        finally:
            database.close()


def _build_fast(database: Database) -> None:
    # Nobody can see the file before it is whole, so nothing is gained by syncing on the way.
    database.run("PRAGMA journal_mode = MEMORY")
    database.run("PRAGMA synchronous = OFF")
    database.run("PRAGMA cache_size = -16384")


def _fill(
    database: Database,
    survey: Survey,
    options: ReadOptions,
    design: Design,
    *,
    by: str,
    progress: Progress | None,
) -> Intake:
    plan = survey.plan
    database.run(
        "INSERT INTO study (id, uid, created, made_with) VALUES (1, ?, ?, ?)",
        (journal.new_uid(), journal.now(), f"qualcode {__version__}"),
    )
    settings.write(database, "survey", _remembered(plan))
    settings.write(database, "blanks", sorted(options.blanks))
    question_ids = intake.add_questions(database, plan.questions)
    intake.add_attributes(database, plan.attributes)
    schema.refresh_respondent_view(database)
    designs.write(database, design)
    classify = designs.Classifier(question_ids, design.asked_if, options.blanks)
    if survey.is_long:
        result = _take_in(database, survey, question_ids, classify, design, progress)
    else:
        result = intake.fill(
            database,
            designs.checked(
                survey.rows(_of_total(progress, plan)), design, plan.attributes, plan.source
            ),
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
    survey: Survey,
    question_ids: Mapping[str, int],
    classify: Classify,
    design: Design,
    progress: Progress | None,
    *,
    clock: int = 0,
) -> Intake:
    plan = survey.plan
    update = intake.Update(
        database,
        question_ids=question_ids,
        classify=classify,
        source=plan.source,
        id_column=plan.id_column,
        is_long=survey.is_long,
        clock=clock,
    )
    for cell in _cells(survey, design, progress):
        update.take(cell)
    update.fill_gaps()
    return update.intake


def _cells(survey: Survey, design: Design, progress: Progress | None) -> Iterator[intake.Cell]:
    plan = survey.plan
    if survey.is_long:
        for row, respondent, key, text, cells in survey.long_rows(_of_total(progress, survey.plan)):
            known = dict(zip(plan.attributes, cells, strict=True))
            for column in design.columns:
                if wrong := design.check_cell(column, known[column]):
                    raise InputError(wrong, source=plan.source, row=row, column=column)
            yield intake.Cell(row, respondent, key, text, known)
        return
    rows = designs.checked(
        survey.rows(_of_total(progress, plan)), design, plan.attributes, plan.source
    )
    for row, respondent, texts, values in rows:
        known = dict(zip(plan.attributes, values, strict=True))
        for question, text in zip(plan.questions, texts, strict=True):
            yield intake.Cell(row, respondent, question.key, text, known)


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
    progress: Progress | None = None,
) -> Imported:
    """Take in a later file of the same survey, whole or not at all.

    The same file again changes nothing. A changed answer becomes a new version beside the old
    one and its codings. Rows that are missing are left alone. Where respondents are numbered,
    only rows at the end may be new. Raises `InputError`.
    """
    design = designs.read(database)
    options = _options_again(database, design, survey_path)
    if sheet or header_row:
        options = replace(options, sheet=sheet or options.sheet, header_row=header_row)
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
        result = _take_in(database, survey, question_ids, classify, design, progress, clock=clock)
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
    return Imported(plan, result, new_attributes)


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
        dropped=tuple(stored["dropped"]),
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
