"""The part that each column of a survey plays."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from qualcode.errors import InputError
from qualcode.importers.detect import find_id, is_open
from qualcode.importers.keys import make_keys
from qualcode.importers.names import QUESTION, RESPONDENT, TEXT, plain
from qualcode.model import PlannedQuestion

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qualcode.importers.body import Body
    from qualcode.importers.header import Header
    from qualcode.importers.options import ReadOptions


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of columns, counted from 0.

    In a long table `question` and `text` are set and `texts` is empty; in a wide one `texts`
    are the places of `questions`, in their order. `status` is the column of our own export.
    """

    respondent: int | None
    attributes: tuple[int, ...]
    dropped: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    questions: tuple[PlannedQuestion, ...] = ()
    question: int | None = None
    text: int | None = None
    status: int | None = None

    @property
    def layout(self) -> Literal["wide", "long"]:
        """Whether each row holds one answer or all answers of a respondent."""
        return "wide" if self.question is None else "long"


def choose_columns(body: Body, sample: Sequence[Sequence[str]], options: ReadOptions) -> Columns:
    """The parts that the columns play, from what `options` say and the `sample` shows.

    Raises InputError for a column that does not exist, and where no question is found.
    """
    header = body.header
    dropped = {_place(body, column) for column in options.dropped}
    known = (header.find(column) for column in options.known_dropped)
    dropped |= {place for place in known if place is not None}
    kept = {_place(body, column) for column in options.keep_as_attribute}
    respondent = _place(body, options.id_column) if options.id_column else None
    long = _long_places(header, respondent, dropped | kept)
    named = all(header.find(column) is not None for _, column in options.questions)
    wants_wide = options.layout == "wide" or (bool(options.questions) and named)
    if options.layout == "long" or (None not in long and not wants_wide):
        return _long(body, long, dropped, kept)
    if respondent is None:
        asked = {_place(body, column) for _, column in options.questions}
        respondent = find_id(header, sample, dropped | asked)
    away = dropped | kept | {respondent}
    questions = (
        [_planned(header, _place(body, column), key) for key, column in options.questions]
        if options.questions
        else _detected(header, sample, away, options.blanks)
    )
    if not questions:
        raise InputError(
            "no open question was found",
            source=body.table.path,
            row=header.row or None,
            hint="name the columns with --question KEY=COLUMN",
        )
    texts = tuple(index for index, _ in questions)
    if respondent in texts:
        raise InputError(
            "the column is both the id and a question",
            source=body.table.path,
            column=header.names[respondent] if respondent is not None else None,
        )
    return Columns(
        respondent,
        _attributes(header, dropped | {respondent, *texts}, kept),
        tuple(sorted(dropped)),
        texts,
        tuple(question for _, question in questions),
    )


def _place(body: Body, column: str) -> int:
    header = body.header
    place = header.find(column)
    if place is None:
        near = get_close_matches(column, header.names, n=1, cutoff=0.5)
        hint = f"did you mean “{near[0]}”?" if near else "the columns are: " + _listed(header.names)
        raise InputError(
            "there is no such column",
            source=body.table.path,
            row=header.row or None,
            column=column,
            hint=hint,
        )
    return place


def _listed(names: Sequence[str]) -> str:
    most = 12
    shown = ", ".join(f"“{' '.join(name.split())[:40]}”" for name in names[:most] if name)
    return shown + (" …" if len(names) > most else "")


def _planned(header: Header, place: int, key: str) -> tuple[int, PlannedQuestion]:
    return place, PlannedQuestion(key, header.names[place], header.texts[place])


def _detected(
    header: Header,
    sample: Sequence[Sequence[str]],
    away: Collection[int | None],
    blanks: Collection[str],
) -> list[tuple[int, PlannedQuestion]]:
    places = [
        index
        for index, name in enumerate(header.names)
        if name
        and index not in away
        and is_open(header, index, [row[index] for row in sample], blanks)
    ]
    keys = make_keys([header.names[place] for place in places])
    return [_planned(header, place, key) for place, key in zip(places, keys, strict=True)]


def _attributes(
    header: Header, away: Collection[int | None], kept: Collection[int]
) -> tuple[int, ...]:
    return tuple(
        index
        for index, name in enumerate(header.names)
        if name and (index in kept or index not in away)
    )


def _long_places(
    header: Header, respondent: int | None, away: Collection[int]
) -> tuple[int | None, int | None, int | None]:
    """The columns of a long table that say who, which question and what; None for missing."""
    places = {plain(name): index for index, name in enumerate(header.names) if index not in away}

    def first(names: Sequence[str]) -> int | None:
        return next((places[name] for name in names if name in places), None)

    return first(RESPONDENT) if respondent is None else respondent, first(QUESTION), first(TEXT)


def _long(
    body: Body,
    places: tuple[int | None, int | None, int | None],
    dropped: set[int],
    kept: set[int],
) -> Columns:
    header = body.header
    for place, name in zip(places, ("respondent", "question", "text"), strict=True):
        if place is None:
            raise InputError(
                f"a long table needs a column “{name}”",
                source=body.table.path,
                row=header.row or None,
                column=name,
            )
    respondent, question, text = places
    names = [plain(name) for name in header.names]
    status = names.index("status") if "status" in names else None
    if status in kept | dropped:
        status = None
    return Columns(
        respondent,
        _attributes(header, dropped | {respondent, question, text}, kept),
        tuple(sorted(dropped)),
        question=question,
        text=text,
        status=status,
    )
