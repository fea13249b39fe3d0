"""The audit of a manuscript against the tables of a study."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from qualcode.audit import AuditReport, Finding, Paragraph, audit, known_from_frequencies
from qualcode.audit import read_manuscript as read
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.store import codebook, responses
from qualcode.study.frequencies import tabulate
from qualcode.study.frequencies.as_json import as_json
from qualcode.study.groupings import groupings
from qualcode.study.quotes.leaks import leaked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from qualcode.audit import Manuscript, Place
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies import Wish


def audit_file(
    database: Database,
    path: Path,
    wish: Wish,
    questions: tuple[Question, ...] = (),
    progress: Callable[[int, int], None] = lambda *_: None,
) -> AuditReport:
    """Check a manuscript against the study, and that it quotes only what was cleared.

    `wish` says how its tables were counted; without `questions` all of the study are known. Raises
    `NotFound` for a file that is not there, `InputError` for one that cannot be read.
    """
    manuscript = read_manuscript(path)
    groups = groupings(database)
    text = "\n".join(words for words, _ in _pieces(manuscript))
    attributes = tuple(name for name in groups if _is_mentioned(name, groups[name], text))
    known, notes = _known(database, wish, questions, attributes, progress)
    closed = [values for values in groups.values() if set(values) - {"0", "1"}]
    report = audit(manuscript, known_from_frequencies(known, closed))
    leaks = tuple(_leaks(database, manuscript))
    return replace(report, findings=(*leaks, *report.findings), notes=(*report.notes, *notes))


def _is_mentioned(name: str, values: tuple[str, ...], text: str) -> bool:
    """Whether a manuscript may print a table by an attribute: it names it, or a value of it."""
    words = [name, *(value for value in values if len(value) > 1 and not value.isdigit())]
    plain = text.casefold().replace("_", " ")
    return any(word.casefold().replace("_", " ") in plain for word in words)


def read_manuscript(path: Path) -> Manuscript:
    """The manuscript in a file."""
    try:
        return read(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise NotFound(f"there is no manuscript {path}") from None
    except OSError as error:
        raise QualcodeError(f"{path} cannot be read: {error.strerror or error}") from error


def _known(
    database: Database,
    wish: Wish,
    questions: tuple[Question, ...],
    attributes: tuple[str, ...],
    progress: Callable[[int, int], None],
) -> tuple[list[dict[str, Any]], list[str]]:
    """Give the tables of the study, and what is not known, in words.

    Each is protected by itself, as whoever prints one attribute gets it; with `wish.by` it is the
    one table by these. The table of all comes last, so that it has the last word on a whole base.
    """
    wanted = (wish.by,) if wish.by else (*((name,) for name in attributes), ())
    asked = questions or tuple(
        each for each in responses.questions(database) if codebook.codes_for(database, each.key)
    )
    tables: list[dict[str, Any]] = []
    notes: list[str] = []
    for number, question in enumerate(asked):
        try:
            for place, by in enumerate(wanted):
                progress(number * len(wanted) + place, len(asked) * len(wanted))
                tables.append(as_json(tabulate(database, question, replace(wish, by=by))))
        except (InputError, NotFound):
            raise
        except QualcodeError as error:
            notes.append(f"{question.key} is not known: {error.message}")
    return tables, notes


def _leaks(database: Database, manuscript: Manuscript) -> Iterator[Finding]:
    pieces = list(_pieces(manuscript))
    starts = [0, *accumulate(len(text) + 1 for text, _ in pieces)]
    for one in leaked(database, "\n".join(text for text, _ in pieces)):
        _, place = pieces[bisect_right(starts, one.leak.at) - 1]
        yield Finding(
            "error",
            "leak",
            place,
            one.leak.words,
            f"words of the answer of {one.respondent} to {one.question} that nobody cleared",
            "clear the quote, or leave it out",
        )


def _pieces(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    for block in manuscript.blocks:
        if isinstance(block, Paragraph):
            yield block.text, block.place
        else:
            if block.caption:
                yield block.caption, block.place
            for row in block.rows:
                yield from ((cell.text, cell.place) for cell in row if not cell.is_repeated)
