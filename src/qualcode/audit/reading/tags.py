"""Takes out of a page what is no part of its words, so that parsing stays linear.

The parser of the standard library searches ahead from every mark that is never closed; here
comments, declarations and scripts are cut out, and a ``<`` that begins no tag becomes text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"""</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_USUAL_TAG, _MOST_UNUSUAL = 10_000, 200
_HIDDEN = ("script", "style", "svg", "math", "template", "noscript", "title", "textarea")
_ENCLOSED = (("<!--", "-->"), ("<![", "]>"), ("<!", ">"), ("<?", ">"))


def without_hidden(page: str, source: str) -> str:
    """`page` with whole tags and text only, and without what no reader sees.

    Raises InputError where too much of it is no HTML.
    """
    return "".join(_pieces(page, source))


def _pieces(page: str, source: str) -> Iterator[str]:
    at = unusual = 0
    lower = page.lower()
    if len(lower) != len(page):
        lower = page  # some letters change their length; tags in capitals are then not hidden
    gone: set[str] = set()
    while (start := page.find("<", at)) >= 0:
        yield page[at:start]
        if end := _enclosed(page, start, gone):
            at = end
            continue
        tag = _TAG.match(page, start, start + _USUAL_TAG)
        if tag is None and len(page) - start > _USUAL_TAG and page[start + 1 : start + 2].isalpha():
            unusual += 1
            if unusual > _MOST_UNUSUAL:
                raise InputError(
                    "this is not HTML that can be read",
                    source=source,
                    row=page.count("\n", 0, start) + 1,
                )
            tag = _TAG.match(page, start)
        if tag is None:
            yield "&lt;"
            at = start + 1
            continue
        at = _after_hidden(lower, tag, gone)
        if at == tag.end():
            yield tag[0]
    yield page[at:]


def _enclosed(page: str, start: int, gone: set[str]) -> int:
    """Give where the comment or declaration at `start` ends, 0 if there is none.

    `gone` remembers the ends that do not come again.
    """
    for begin, close in _ENCLOSED:
        if page.startswith(begin, start):
            end = -1 if close in gone else page.find(close, start + len(begin))
            if end >= 0:
                return end + len(close)
            gone.add(close)
            return len(page)
    return 0


def _after_hidden(lower: str, tag: re.Match[str], gone: set[str]) -> int:
    """Give where the page goes on after `tag`: behind its content where nobody sees that."""
    words = lower[tag.start() + 1 : tag.start() + 12]
    name = re.match(r"[a-z]+", words)
    if name is None or name[0] not in _HIDDEN or lower[tag.end() - 2] == "/":
        return tag.end()
    close = f"</{name[0]}"
    end = -1 if close in gone else lower.find(close, tag.end())
    if end < 0:
        gone.add(close)
        return tag.end()
    end = lower.find(">", end)
    return end + 1 if end >= 0 else len(lower)
