"""What a change of a codebook touches, seen before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.estimation import consensus_of
from qualcode.store import codebook, responses
from qualcode.study.frequencies.coded import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qualcode.model import Code, Codebook
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.coded import Coded


@dataclass(frozen=True, slots=True)
class Touched:
    """A code that the change is about, with what stands on the answers as they are now."""

    code: str
    codings: int
    answers: int
    coders: int


@dataclass(frozen=True, slots=True)
class Recounted:
    """How many answers have a code under a rule, before and after.

    `both` is for the code that another is merged into: how many had the two.
    """

    question: str
    code: str
    rule: str
    before: int
    after: int
    both: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do; `reopened` counts answers to code anew by question and coder.

    `pending` counts by question the answers that `recounted` leaves out: they wait for one of
    their coders.
    """

    applied: Applied
    touched: tuple[Touched, ...]
    recounted: tuple[Recounted, ...]
    reopened: dict[str, dict[str, int]]
    pending: dict[str, int]


def preview(database: Database, change: Callable[[Database], Applied | None]) -> Preview | None:
    """What a change would do to a study; None where there is nothing to change.

    The study is as it was before when this returns. Raises what the change raises.
    """
    database.run("BEGIN IMMEDIATE")
    try:
        applied = change(database)
        if applied is None:
            return None
        after = _Moment.of(database, applied.name)
    finally:
        database.run("ROLLBACK")
    if applied.is_new:
        return Preview(applied, (), (), {}, {})
    before = _Moment.of(database, applied.name)
    return Preview(
        applied,
        tuple(_touched(database, before, after)),
        tuple(_recounted(before, after)),
        _reopened(before, after),
        {key: coded.pending for key, coded in before.coded.items() if coded.pending},
    )


@dataclass(frozen=True)
class _Moment:
    """A codebook and what is counted with it."""

    book: Codebook
    coded: dict[str, Coded]
    to_recode: dict[str, dict[str, int]]

    @classmethod
    def of(cls, database: Database, name: str) -> _Moment:
        book = codebook.codebook(database, name)
        questions = [
            each
            for each in responses.questions(database)
            if codebook.covers(book, each.key) and codebook.codes_for(database, each.key)
        ]
        return cls(
            book,
            {each.key: read(database, each, is_unweighted=True) for each in questions},
            {each.key: responses.to_recode(database, each.id) for each in questions},
        )

    def by_id(self) -> dict[int, Code]:
        return {code.id: code for code in self.book.codes}


def _touched(database: Database, before: _Moment, after: _Moment) -> Iterator[Touched]:
    later = after.by_id()
    targets = {into for _, into in _merges(before, after)}
    for code in before.book.codes:
        if later.get(code.id) != code or code.id in targets:
            counts = database.row(
                "SELECT count(*), count(DISTINCT response_id), count(DISTINCT coder_id)"
                " FROM v_counted JOIN response ON response.id = response_id"
                " WHERE code_id = ? AND is_current = 1",
                (code.id,),
            )
            yield Touched(code.path, *counts)


def _merges(before: _Moment, after: _Moment) -> list[tuple[int, int]]:
    """The ids of the codes that are merged anew, each with the one that it is merged into."""
    old, by_path = before.by_id(), after.book.by_path()
    return [
        (code.id, by_path[code.merged_into].id)
        for code in after.book.codes
        if code.merged_into and code.id in old and not old[code.id].merged_into
    ]


def _recounted(before: _Moment, after: _Moment) -> Iterator[Recounted]:
    paths = {code.id: code.path for code in (*after.book.codes, *before.book.codes)}
    merges = _merges(before, after)
    about = {code for pair in merges for code in pair}
    for key, coded in before.coded.items():
        for rule in _rules(coded):
            then, now = _counts(coded, rule), _counts(after.coded[key], rule)
            both = {into: _both(coded, rule, (code, into)) for code, into in merges}
            for code_id, path in paths.items():
                pair = then.get(code_id, 0), now.get(code_id, 0)
                if pair[0] != pair[1] or (code_id in about and any(pair)):
                    yield Recounted(key, path, rule, *pair, both.get(code_id))


def _rules(coded: Coded) -> Iterable[str]:
    rules = ("any", "majority", "unanimous") if len(coded.votes.coders) > 1 else ("any",)
    return (*rules, "adjudicated") if coded.n_verdicts else rules


def _counts(coded: Coded, rule: str) -> dict[int, int]:
    agreed = consensus_of(coded.votes, coded.tree, rule, coded.verdicts)
    return {
        code.id: int(there.sum())
        for code, there in zip(coded.codes, agreed.indicators(), strict=True)
    }


def _both(coded: Coded, rule: str, pair: tuple[int, int]) -> int:
    places = [place for place, code in enumerate(coded.codes) if code.id in pair]
    if len(places) < len(pair):
        return 0
    agreed = consensus_of(coded.votes, coded.tree, rule, coded.verdicts)
    return int((agreed.present(places[0]) & agreed.present(places[1])).sum())


def _reopened(before: _Moment, after: _Moment) -> dict[str, dict[str, int]]:
    found = {
        key: {
            name: count - before.to_recode.get(key, {}).get(name, 0)
            for name, count in by_coder.items()
        }
        for key, by_coder in after.to_recode.items()
    }
    return {key: counts for key, counts in found.items() if any(counts.values())}
