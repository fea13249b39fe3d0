"""The report as a file: nothing leaves that nobody cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.exporters.documents import render, write_document
from qualcode.study.quotes.leaks import refuse_leaks
from qualcode.study.report.as_document import as_document
from qualcode.study.report.figures import flow_figure
from qualcode.study.report.gathering import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qualcode.exporters import Written
    from qualcode.exporters.documents import Document
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.report.wish import ReportWish

ENDINGS = (".html", ".docx", ".md", ".tex", ".txt")


def write_report(
    database: Database,
    path: Path,
    questions: Sequence[Question],
    wish: ReportWish,
    title: str,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Written:
    """Write the report on some questions, or on all, in the form of the ending of `path`.

    Raises `InputError` for another ending and for a wish to show small cells, `QualcodeError`
    where nothing is coded, or where the page would hold six words of an answer that nobody cleared.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            f"no form of a report for a file “{path.name}”",
            hint=f"the endings are {', '.join(ENDINGS)}",
        )
    if wish.counting.is_internal:
        raise InputError("a report leaves the room: small cells stay hidden in it")
    document = report_document(database, questions, wish, title, progress)
    refuse_leaks(database, render(document, "text"), path.name)
    return write_document(path, document)


def report_document(
    database: Database,
    questions: Sequence[Question],
    wish: ReportWish,
    title: str,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Document:
    """The report as a document, as it would be written."""
    found = gather(database, questions, wish, progress)
    flow = flow_figure(database, found.asked[0].frequencies) if len(found.asked) == 1 else None
    return as_document(found, title, flow)
