"""Figures written to files: the ending picks the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.figures.page import svg
from qualcode.exporters.figures.raster import png

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.exporters.figures.values import Figure

ENDINGS = (".svg", ".png")
"""The endings that `write_figure` takes."""


def write_figure(path: Path, figure: Figure) -> None:
    """Write `figure` to `path`, replacing at once what was there; nothing changes on a failure.

    Raises InputError for an ending without a format and for more series than can be told apart,
    MissingExtra for a PNG where the extra ``png`` is not installed; else as `replacing`.
    """
    match path.suffix.lower():
        case ".svg":
            drawn = svg(figure).encode()
        case ".png":
            drawn = png(figure)
        case _:
            raise InputError(
                f"no format for a figure “{path.name}”",
                hint=f"the endings are {', '.join(ENDINGS)}",
            )
    with replacing(path) as file:
        file.write(drawn)
