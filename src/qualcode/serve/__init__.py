"""The screens in a browser: a server for one study, a process for each tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def serve(
    study: Path, *, coder: str, host: str, port: int, token: str, tell: Callable[[str], None]
) -> None:
    """Serve the home screen of a study until the person stops it; `tell` takes its address.

    Raises `MissingExtra` without the extra `serve`, `InputError` for a host that cannot be,
    `Conflict` where the port is taken.
    """
    try:
        from qualcode.serve import server  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra("serving", "serve") from error
    server.run(study, coder=coder, host=host, port=port, token=token, tell=tell)
