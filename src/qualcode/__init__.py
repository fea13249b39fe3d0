"""qualcode codes open-ended survey answers.

>>> from qualcode import Study
>>> with Study.open("study.db") as study:
...     session = study.session("ana", "Q1")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.version import __version__

if TYPE_CHECKING:
    from qualcode.study import Study

__all__ = ["Study", "__version__"]


def __getattr__(name: str) -> object:
    if name == "Study":
        from qualcode.study import Study

        return Study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
