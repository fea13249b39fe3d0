"""A figure as a PNG, by the extra ``png``: resvg draws, Source Sans Pro is the font.

The font comes with the extra: without fonts, resvg leaves letters out and says nothing. It has
Latin, Greek and Cyrillic; for other scripts the fonts of the machine are asked, and a character
that no font has is drawn as a box.
"""

from __future__ import annotations

import struct
import zlib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qualcode.errors import InputError, MissingExtra, QualcodeError
from qualcode.exporters.figures.page import page
from qualcode.exporters.figures.wording import alt_text

if TYPE_CHECKING:
    from qualcode.exporters.figures.values import Figure

ZOOM = 2
"""How many pixels of the PNG stand for one of the SVG."""

TALLEST = 10_000
"""The height, in units of the SVG, that a PNG may have: its pixels take 120 MB when drawn."""

_DOTS_PER_METRE = 11_811
"""300 dots per inch."""

_FONTS = "font_source_sans_pro"
_FACES = tuple(f"SourceSansPro-{face}.ttf" for face in ("Regular", "It", "Semibold"))
_HEAD = 8 + 25
"""The bytes of the signature and of the chunk IHDR, which is the first."""


def png(figure: Figure) -> bytes:
    """`figure` as a PNG with its alt text in the chunk ``Description``.

    Raises MissingExtra where the extra ``png`` is not installed, InputError for a figure that
    is too tall and for more series than can be told apart.
    """
    whole = page(figure)
    if whole.height > TALLEST:
        raise InputError(
            "the figure is too tall for a PNG", hint="draw fewer categories, or write an SVG"
        )
    drawn = _drawn(whole.text)
    resolution = struct.pack(">IIB", _DOTS_PER_METRE, _DOTS_PER_METRE, 1)
    described = b"Description\0\0\0\0\0" + alt_text(figure).encode()
    chunks = _chunk(b"pHYs", resolution) + _chunk(b"iTXt", described)
    return drawn[:_HEAD] + chunks + drawn[_HEAD:]


def _drawn(picture: str) -> bytes:
    fonts = _font_files()
    try:
        resvg = import_module("resvg_py")
    except ImportError:
        raise _missing() from None
    try:
        return cast("bytes", resvg.svg_to_bytes(svg_string=picture, zoom=ZOOM, font_files=fonts))
    except ValueError as error:
        raise QualcodeError(f"the figure cannot be drawn as a PNG: {error}") from error


def _font_files() -> list[str]:
    try:
        found = find_spec(_FONTS)
    except ValueError:
        raise _missing() from None
    if found is None or found.origin is None:
        raise _missing()
    files = [Path(found.origin).parent / "files" / face for face in _FACES]
    if not all(file.is_file() for file in files):
        raise _missing()
    return [str(file) for file in files]


def _missing() -> MissingExtra:
    return MissingExtra("drawing a PNG", "png")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
