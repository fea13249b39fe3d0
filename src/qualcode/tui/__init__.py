"""The screens. Nothing here knows SQL, a file format or a model of any kind."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study import CodingSession, Study
    from qualcode.study.adjudication.session import AdjudicationSession
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


def run_adjudicating(study: Study, session: AdjudicationSession) -> None:
    """Open the adjudication screen, as `run` does the coding screen."""
    _draw_fast()
    from qualcode.tui.adjudicating import AdjudicationApp  # noqa: PLC0415

    _run(AdjudicationApp(study, session))


def run_home(path: Path, coder: str = "", *, is_served: bool = False) -> None:
    """Open the home screen, as `run` does the coding screen; with a `coder` that person's."""
    _draw_fast()
    from qualcode.study import Study  # noqa: PLC0415
    from qualcode.tui.home_app import HomeApp  # noqa: PLC0415

    if is_served:
        from qualcode.tui.served import end_with_server  # noqa: PLC0415

        end_with_server()
    app = HomeApp(Study.open(path, readonly=True), coder)
    try:
        _run(app)
    finally:
        app.close_study()


def _draw_fast() -> None:
    # Textual draws at most 60 times a second, which alone can add 17 ms to a key.
    os.environ.setdefault("TEXTUAL_FPS", "120")


def _run(app: StudyApp) -> None:
    app.keeps_safe = True
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
