"""Every table that `export` writes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, QualcodeError
from qualcode.exporters import Table, Written, write_table, write_text
from qualcode.store import (
    assignments,
    codebook,
    coders,
    codings,
    journal,
    responses,
    suggested,
    suggestions,
    tabulation,
)
from qualcode.study.codebooks import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.model import Code, Codebook, Question
    from qualcode.store.connection import Database
    from qualcode.store.suggestions import Run
    from qualcode.study.quotes.cleared import Cleared

CODING_COLUMNS = ("respondent", "question", "coder", "code", "start", "end")


def export_codings(
    database: Database, path: Path, *, wide: bool, with_pending: bool = False
) -> Written:
    """Write every coding that counts: a row a code, or with `wide` a 0/1 column a code.

    In the wide form a code that is not for a question is empty there, and clauses are lost. Answers
    that wait for one of their coders are there for the lead alone, `with_pending`.
    """
    if wide:
        return write_table(path, Table("codings", *_wide_codings(database, with_pending)))
    rows = codings.exported(database, with_pending=with_pending)
    return write_table(path, Table("codings", CODING_COLUMNS, rows))


def pending(database: Database) -> int:
    """How many answers wait for one of their coders."""
    return sum(
        len(assignments.all_pending(database, question.id))
        for question in responses.questions(database)
    )


def _wide_codings(
    database: Database,
    with_pending: bool,  # noqa: FBT001 - the one thing that can be chosen
) -> tuple[tuple[str, ...], Iterator[list[Any]]]:
    paths = tuple(
        dict.fromkeys(
            code.path
            for book in codebook.codebooks(database)
            for code in book.codes
            if not code.merged_into
        )
    )
    blank: dict[str, list[int | None]] = {}
    for question in responses.questions(database):
        own = {code.path for code in codebook.codes_for(database, question.key)}
        blank[question.key] = [0 if path in own else None for path in paths]

    def rows() -> Iterator[list[Any]]:
        found = codings.exported(database, with_pending=with_pending)
        answers = groupby(found, key=itemgetter(0, 1, 2))
        for (respondent, question, coder), group in answers:
            applied = {code for _, _, _, code, _, _ in group}
            cells = (
                1 if path in applied else cell
                for path, cell in zip(paths, blank[question], strict=True)
            )
            yield [respondent, question, coder, *cells]

    return ("respondent", "question", "coder", *paths), rows()


def export_responses(database: Database, path: Path) -> Written:
    """Write every answer as it stands, with its status and the respondent's attributes."""
    columns = (*responses.RESPONSE_COLUMNS, *responses.attributes(database))
    return write_table(path, Table("responses", columns, responses.exported(database)))


def export_journal(database: Database, path: Path, *, with_pending: bool = False) -> Written:
    """Write the journal, oldest act first.

    Acts on answers that wait for one of their coders, and on repeats, are there for the lead alone,
    `with_pending`.
    """
    but = "" if with_pending else assignments.HIDDEN_ACT
    rows = journal.entries(database, but=but)
    return write_table(path, Table("journal", journal.JOURNAL_COLUMNS, rows))


def export_disagreements(database: Database, path: Path, *, with_pending: bool = False) -> Written:
    """Write every answer that coders coded differently, most apart first, a column a coder.

    Answers that wait for one of their coders are there for the lead alone, `with_pending`.
    """
    from qualcode.study import agreement  # noqa: PLC0415 - it loads numpy
    from qualcode.study.agreement.disagreements import as_table  # noqa: PLC0415

    found = [
        each
        for question in responses.questions(database)
        for each in agreement.disagreements(database, question, with_pending=with_pending)
    ]
    names = [coder.name for coder in coders.coders(database)]
    return write_table(path, Table("disagreements", *as_table(found, names)))


def export_matrix(
    database: Database,
    path: Path,
    *,
    rule: str,
    base: str,
    with_stubs: bool,
    with_pending: bool = False,
) -> tuple[Written, list[str]]:
    """Write the labelled 0/1 matrix, and what whoever takes it has to know.

    A .sav holds the labels too. With `with_stubs` the scripts that read it into R, SPSS and Stata
    are written beside it. Raises `InputError` for an unknown rule or base, and for scripts beside
    anything but a .csv, `NotFound` for an unknown coder, `MissingExtra` where .sav needs it.
    """
    from qualcode.exporters.spss import ENDING, write_sav  # noqa: PLC0415
    from qualcode.exporters.stubs import write_stubs  # noqa: PLC0415
    from qualcode.study.matrix import matrix  # noqa: PLC0415 - it loads numpy

    if with_stubs and path.suffix.lower() != ".csv":
        raise InputError(f"--stubs reads .csv, which {path.name} is not")
    with tabulation.at_one_moment(database):
        found = matrix(database, rule=rule, base=base, with_pending=with_pending)
        if path.suffix.lower() == ENDING:
            return write_sav(path, found.table, found.described(path.name)), found.notes
        written = write_table(path, found.table)
        notes = found.notes
        if with_stubs:
            described = found.described(path.name)
            scripts = [script.name for script in write_stubs(path, described)]
            notes.append(f"scripts that read it: {', '.join(scripts)}")
            notes += (
                f"some cells of {each.name} have several lines: SPSS takes each for a row"
                for each in described.variables
                if each.has_breaks
            )
    return written, notes


SUGGESTION_COLUMNS = (
    "respondent",
    "question",
    "code",
    "probability",
    "calibrated",
    "source",
    "evidence",
)


def export_suggestions(
    database: Database, path: Path, top: int, *, with_pending: bool = False
) -> Written:
    """Write each code above its threshold and at least the first `top` of every answer.

    Answers that wait for one of their coders are there for the lead alone, `with_pending`.
    Raises `QualcodeError` if no run was finished, `InputError` if one kept fewer than `top`.
    """
    runs = _finished_runs(database)
    if not runs:
        raise QualcodeError(
            "there are no suggestions in this study yet", hint="`qualcode suggest` makes them"
        )
    for run in runs.values():
        kept = run.settings["top"]
        if kept < min(top, len(run.thresholds)):
            raise InputError(
                f"only the first {kept} suggestions of each answer were kept",
                hint=f"`qualcode suggest --top {top}` keeps more",
            )
    return write_table(
        path,
        Table(
            "suggestions",
            SUGGESTION_COLUMNS,
            suggested.exported(database, top, with_pending=with_pending),
        ),
    )


def missing_suggestions(database: Database) -> list[str]:
    """What is left out of the suggestions because it has changed since they were made."""
    remarks = []
    for question, run in _finished_runs(database).items():
        if count := suggested.unscored(database, question.id, run.id):
            remarks.append(
                f"{count:,} answers to {question.key} changed or came after the last run and are"
                " left out; `qualcode suggest` scores them"
            )
    if paths := suggested.retired(database):
        remarks.append(f"left out, because retired since: {', '.join(paths)}")
    return remarks


def _finished_runs(database: Database) -> dict[Question, Run]:
    return {
        question: run
        for question in responses.questions(database)
        if (run := suggestions.latest(database, question.id))
    }


QUOTE_COLUMNS = ("quote", "question", "code", "text", "cleared_by")
REDACTION_COLUMNS = ("quote", "question", "start", "end", "replacement", "removed", "cleared_by")


def export_quotes(database: Database, path: Path, rule: str) -> Written:
    """Write every cleared quote as it may be printed: a row a theme that it has, or one without.

    Nothing names the respondent. Raises `QualcodeError` if nothing is cleared, and as `themed`.
    """
    from qualcode.study.quotes.themed import themed  # noqa: PLC0415 - it loads numpy

    rows: list[tuple[str, ...]] = []
    for question, found in _cleared(database):
        themes_of = themed(database, question, rule).themes_of
        for one in found:
            paths = [code.path for code in themes_of.get(one.response_id, ())] or [""]
            people = ", ".join(one.people)
            rows += [(one.label, question.key, path, one.printed, people) for path in paths]
    return write_table(path, Table("quotes", QUOTE_COLUMNS, rows))


def export_redactions(database: Database, path: Path) -> Written:
    """Write what was replaced in every cleared quote: where, by what, and how many characters.

    What stood there is not said. Raises `QualcodeError` if nothing is cleared.
    """
    from qualcode.quotes import log_of  # noqa: PLC0415 - it is for quotes alone

    rows = [
        (
            one.label,
            question.key,
            each.start,
            each.end,
            each.replacement,
            each.length,
            ", ".join(one.people),
        )
        for question, found in _cleared(database)
        for one in found
        for each in log_of(one.answer, one.replacements)
    ]
    return write_table(path, Table("redactions", REDACTION_COLUMNS, rows))


def _cleared(database: Database) -> list[tuple[Question, list[Cleared]]]:
    from qualcode.study.quotes.cleared import cleared  # noqa: PLC0415 - it is for quotes alone

    found = [
        (question, list(cleared(database, question).values()))
        for question in responses.questions(database)
    ]
    if not any(some for _, some in found):
        raise QualcodeError("nothing is cleared yet", hint="`qualcode clear` clears quotes")
    return found


CODEBOOK_COLUMNS = (
    "codebook",
    "version",
    "path",
    "name",
    "hotkey",
    "definition",
    "include",
    "exclude",
    "examples",
    "keywords",
    "exclusive",
    "status",
    "retired",
    "merged_into",
    "split_into",
)


def export_codebook_table(database: Database, path: Path) -> Written:
    """Write every codebook as one table, lists joined by `` | ``."""
    rows = (_row(book, code) for book in codebook.codebooks(database) for code in book.codes)
    return write_table(path, Table("codebook", CODEBOOK_COLUMNS, rows))


def export_codebook_document(database: Database, name: str, path: Path) -> Written:
    """Write codebooks, or the one of that name, as the appendix of a paper.

    Raises `QualcodeError` where an example is an answer that nobody cleared.
    """
    from qualcode.exporters.documents import render, write_document  # noqa: PLC0415
    from qualcode.study import codebook_sheet  # noqa: PLC0415
    from qualcode.study.quotes.leaks import refuse_leaks  # noqa: PLC0415 - for what leaves alone

    document = codebook_sheet.of_study(database, name)
    refuse_leaks(database, render(document, "text"), path.name)
    return write_document(path, document)


def _row(book: Codebook, code: Code) -> tuple[str | int | bool, ...]:
    lists = (code.include, code.exclude, code.examples, code.keywords)
    return (
        book.name,
        book.version,
        code.path,
        code.name,
        code.hotkey,
        code.definition,
        *(" | ".join(items) for items in lists),
        code.is_exclusive,
        code.status,
        code.is_retired,
        code.merged_into,
        " | ".join(code.split_into),
    )


def export_codebook_text(database: Database, name: str, path: Path) -> None:
    """Write a codebook's YAML as it was applied, byte for byte.

    Raises `InputError` if there are several and `name` is empty, `NotFound` if there is none.
    """
    write_text(path, codebook.text_of(database, chosen(database, name).id))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What can be chosen of an export; each part matters to the kinds that it is for."""

    is_wide: bool = False
    top: int = 5
    codebook: str = ""
    rule: str = ""
    base: str = ""
    with_stubs: bool = False
    with_pending: bool = False


def export(database: Database, kind: str, path: Path, chosen: Chosen) -> tuple[Written, list[str]]:
    """Write an export of a kind, and give what whoever takes it has to know.

    Raises what the export of that kind raises.
    """
    notes: list[str] = []
    match kind:
        case "codings":
            written = export_codings(
                database, path, wide=chosen.is_wide, with_pending=chosen.with_pending
            )
            notes = _left_out(database, chosen)
        case "disagreements":
            written = export_disagreements(database, path, with_pending=chosen.with_pending)
            notes = _left_out(database, chosen)
        case "matrix":
            written, notes = export_matrix(
                database,
                path,
                rule=chosen.rule,
                base=chosen.base,
                with_stubs=chosen.with_stubs,
                with_pending=chosen.with_pending,
            )
        case "journal":
            written = export_journal(database, path, with_pending=chosen.with_pending)
            notes = _left_out(database, chosen)
        case "suggestions":
            written = export_suggestions(
                database, path, chosen.top, with_pending=chosen.with_pending
            )
            notes = [*missing_suggestions(database), *_left_out(database, chosen)]
        case "quotes":
            written = export_quotes(database, path, chosen.rule)
        case "codebook" if path.suffix.lower() in _PAGES:
            written = export_codebook_document(database, chosen.codebook, path)
        case _:
            written = _PLAIN[kind](database, path)
    return written, notes


def _left_out(database: Database, chosen: Chosen) -> list[str]:
    return [] if chosen.with_pending else left_out(database)


def left_out(database: Database) -> list[str]:
    """What to say where answers wait for one of their coders and are left out."""
    waiting = pending(database)
    if not waiting:
        return []
    return [
        f"{waiting:,} answers wait for one of the coders who are to code them and are left out;"
        " --lead shows them"
    ]


_PAGES = {".md", ".html", ".docx", ".tex", ".txt"}
_PLAIN = {
    "responses": export_responses,
    "codebook": export_codebook_table,
    "redactions": export_redactions,
}
"""The exports that take nothing but the study and the path."""
