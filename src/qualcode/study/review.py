"""The review queue: what coders asked and noted, by the code that it is about, for the lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import NotFound
from qualcode.model import standing
from qualcode.store import codebook, coders, codings, reviews
from qualcode.store.journal import Act

if TYPE_CHECKING:
    from qualcode.model import Change, Code
    from qualcode.store.connection import Database
    from qualcode.store.reviews import Marked

_NAMED = re.compile(r"(?<!\w)@([A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)")


@dataclass(frozen=True, slots=True)
class Item:
    """A memo or a flag, and the codes that it is about.

    They are those that the memo names as ``@path`` or ``@key``; else those that its writer has on
    the answer.
    """

    marked: Marked
    codes: tuple[Code, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has dealt with it."""
        return not self.marked.reviewer


def items(
    database: Database, question: str = "", *, code: int = 0, open_only: bool = False
) -> list[Item]:
    """The queue in the order of the codes; what is about none comes last."""
    known: dict[str, tuple[Code, ...]] = {}
    found = []
    for one in reviews.marked(database):
        if question and one.question != question:
            continue
        codes = known.setdefault(one.question, codebook.codes_for(database, one.question))
        item = Item(one, _about(database, one, codes))
        is_wanted = not code or code in {each.id for each in item.codes}
        if is_wanted and (item.is_open or not open_only):
            found.append(item)
    order = {c: place for place, c in enumerate(c.id for some in known.values() for c in some)}
    last = len(order)
    return sorted(found, key=lambda item: order[item.codes[0].id] if item.codes else last)


def _about(database: Database, one: Marked, codes: tuple[Code, ...]) -> tuple[Code, ...]:
    by_path = {code.path: code for code in codes}
    named = [_named(words, codes) for words in _NAMED.findall(one.words)]
    about = {standing(code, by_path).id for code in named if code}
    about = about or reviews.codes_on(database, one.response_id, one.coder_id)
    return tuple(code for code in codes if code.id in about)


def _named(words: str, codes: tuple[Code, ...]) -> Code | None:
    """The code of that path, or of that key where it is the only one."""
    paths = [code for code in codes if code.path == words]
    keys = [code for code in codes if code.key == words]
    return next(iter(paths or keys), None) if paths or len(keys) == 1 else None


def settle(
    database: Database, item_id: int, name: str, note: str = ""
) -> tuple[Change | None, str]:
    """Mark a memo or flag as dealt with; None if it is already, in the same words.

    It is a step of whoever does it, which undo takes back. The second value is a remark where
    that is a new person with a near namesake. Raises `NotFound`.
    """
    with database.transaction():
        one = next((each for each in reviews.marked(database) if each.id == item_id), None)
        if one is None:
            raise NotFound(
                f"there is no memo or flag {item_id}", hint="`qualcode review` lists them"
            )
        person, remark = coders.find_or_add(database, name)
        after = reviews.told(one, person.id, note)
        if (one.reviewer, one.note) == (person.name, note):
            return None, remark
        act = Act("review", one.response_id, before=one.put, after=after)
        change = codings.perform(database, person.id, "review", [act], by=person.name)
        return change, remark
