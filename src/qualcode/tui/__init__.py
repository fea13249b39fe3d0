"""The screens. Nothing here knows SQL, a file format or a model of any kind."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.study import CodingSession, Study
    from qualcode.study.quotes.clearing import ClearingSession
    from qualcode.tui.app import StudyApp


def run(study: Study, session: CodingSession, remark: str = "") -> None:
    """Open the coding screen, and come back when the coder leaves it.

    Raises `SystemExit` where it ended in another way: by a signal, or by a bug.
    """
    _draw_fast()
    from qualcode.tui.app import QualcodeApp  # noqa: PLC0415

    app = QualcodeApp(study, session, remark, suggests=True)
    try:
        _run(app)
    finally:
        app.coding.suggesting.stop()


def run_clearing(study: Study, session: ClearingSession, remark: str = "") -> None:
    """Open the clearing screen, as `run` does the coding screen."""
    _draw_fast()
    from qualcode.tui.clearing import ClearingApp  # noqa: PLC0415

    _run(ClearingApp(study, session, remark))


def _draw_fast() -> None:
    # Textual draws at most 60 times a second, which alone can add 17 ms to a key.
    os.environ.setdefault("TEXTUAL_FPS", "120")


def _run(app: StudyApp) -> None:
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
