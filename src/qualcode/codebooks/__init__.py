"""Codebooks as YAML text: read, write, edit in place, compare. No study is needed for any of it.

The text is the codebook: an edit changes the lines it is about and leaves all others, with
their comments, as they stand.
"""

from __future__ import annotations

from qualcode.codebooks.differences import CodebookChange, diff
from qualcode.codebooks.editing import append_item, move, rename, renumbered, retire
from qualcode.codebooks.living import DEFINING, Words, kept, merge, redefine, split
from qualcode.codebooks.reading import load, parse
from qualcode.codebooks.told import told
from qualcode.codebooks.writing import render

__all__ = [
    "DEFINING",
    "CodebookChange",
    "Words",
    "append_item",
    "diff",
    "kept",
    "load",
    "merge",
    "move",
    "parse",
    "redefine",
    "rename",
    "render",
    "renumbered",
    "retire",
    "split",
    "told",
]
