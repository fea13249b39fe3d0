"""The answers on which coders differ, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, count
from typing import TYPE_CHECKING, TypeAlias

from qualcode.agreement.sets import distance
from qualcode.store import codebook, coders, ratings, responses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database

Codes: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer that coders coded differently.

    `sets` holds each coder's codes by path, in the codebook's order; a coder who did not code
    the answer is not in it. `distance` is the mean MASI distance of the coder pairs, 0 to 1.
    """

    response_id: int
    respondent: str
    question: str
    text: str
    sets: dict[str, tuple[str, ...]]
    distance: float


def disagreements(
    database: Database,
    question: Question,
    *,
    code: str = "",
    names: Sequence[str] = (),
    visible_to: int | None = None,
    with_pending: bool = False,
) -> list[Disagreement]:
    """The answers with different sets, most apart first; with `code`, those that differ on it.

    `names` limits the coders; one alone gives the answers on which this coder differs from
    anybody. `visible_to` limits the answers to those that this coder has decided.
    Answers that wait for one of their coders are there for the lead alone, `with_pending`.
    """
    named = [coders.find(database, name) for name in names]
    people = named if len(named) > 1 else list(coders.coders(database))
    of = people.index(named[0]) if len(named) == 1 else None
    raw = ratings.ratings(
        database, question.id, people, visible_to=visible_to, with_pending=with_pending
    )
    order = {
        c.id: (place, c.path) for place, c in enumerate(codebook.codes_for(database, question.key))
    }
    sets: dict[int, dict[int, list[int]]] = {}
    for unit, coder in zip(*raw.seen, strict=True):
        sets.setdefault(unit, {})[coder] = []
    for unit, coder, code_id in zip(*raw.applied, strict=True):
        sets[unit][coder].append(code_id)
    found = []
    known: dict[tuple[Codes, Codes], float] = {}
    for unit, by_coder in sorted(sets.items()):
        if not _differ(by_coder, of, order, code):
            continue
        response, _ = responses.response(database, raw.responses[unit])
        shown = {
            raw.coders[coder].name: tuple(order[c][1] for c in sorted(codes, key=order.__getitem__))
            for coder, codes in sorted(by_coder.items())
        }
        found.append(
            Disagreement(
                response.id,
                response.respondent,
                question.key,
                response.text,
                shown,
                _apart(list(shown.values()), known),
            )
        )
    return sorted(found, key=lambda each: -each.distance)


def _differ(
    by_coder: dict[int, list[int]], of: int | None, order: dict[int, tuple[int, str]], code: str
) -> bool:
    views = {
        coder: any(order[c][1] == code for c in codes) if code else frozenset(codes)
        for coder, codes in by_coder.items()
    }
    if of is None:
        return len(set(views.values())) > 1
    return of in views and any(view != views[of] for view in views.values())


def _apart(sets: list[tuple[str, ...]], known: dict[tuple[Codes, Codes], float]) -> float:
    pairs = list(combinations(map(frozenset, sets), 2))
    for a, b in pairs:
        if (a, b) not in known:
            known[a, b] = known[b, a] = distance(a, b, "masi")
    return sum(known[pair] for pair in pairs) / len(pairs)


def as_table(
    found: Sequence[Disagreement], names: Sequence[str] = ()
) -> tuple[tuple[str, ...], list[tuple[str | float, ...]]]:
    """Respondent, question, text, distance, then each coder's codes joined by ``" | "``.

    "(no code)" is a coder who saw the answer and applied none, empty one who did not see it.
    The coders are `names`, without them those who coded an answer that is `found`.
    """
    names = tuple(names) or tuple(dict.fromkeys(name for each in found for name in each.sets))
    rows: list[tuple[str | float, ...]] = [
        (
            each.respondent,
            each.question,
            each.text,
            each.distance,
            *(_shown(each.sets.get(name)) for name in names),
        )
        for each in found
    ]
    return _unlike(("respondent", "question", "text", "distance", *names)), rows


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with _2, _3 … behind one that was there before."""
    found: dict[str, None] = {}
    for name in names:
        tries = (name if number == 1 else f"{name}_{number}" for number in count(1))
        found[next(each for each in tries if each not in found)] = None
    return tuple(found)


def _shown(codes: tuple[str, ...] | None) -> str:
    if codes is None:
        return ""
    return " | ".join(codes) or "(no code)"
