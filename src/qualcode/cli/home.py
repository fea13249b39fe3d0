"""The home screen: in a terminal, in a browser, and as numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import json_option, print_json, show, study_argument
from qualcode.cli.progress import progress
from qualcode.errors import QualcodeError

if TYPE_CHECKING:
    from pathlib import Path

coder_option = click.option(
    "--coder", default="", metavar="NAME", help="Show the work of this coder alone."
)


@click.command("home")
@study_argument
@coder_option
@click.option("--served", "is_served", is_flag=True, hidden=True, help="A server draws it.")
@json_option
def home_command(study: Path, coder: str, *, is_served: bool, as_json: bool) -> None:
    """Open the home screen: how far everything is, what waits, and each screen one key away.

    Without --coder it is for the lead of the study; with it a coder sees their own work and
    nothing of what others coded. `qualcode STUDY` is the same.
    """
    if as_json:
        _print(study, coder)
        return
    if not is_served and not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise QualcodeError(
            "the home screen needs a terminal", hint="--json prints everything that it shows"
        )
    from qualcode.tui import run_home

    run_home(study, coder, is_served=is_served)


def _print(path: Path, coder: str) -> None:
    from qualcode.study import Study, home

    with Study.open(path, readonly=True) as opened, progress("measuring"):
        if coder:
            opened.coder(coder)
        *_, found = home.measured(opened.database, home.look(opened.database, coder))
        document = home.as_json(found, opened.info())
    print_json(document)


@click.command("serve")
@study_argument
@coder_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; others need a token."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: a free one."
)
@click.option(
    "--token",
    default="",
    envvar="QUALCODE_TOKEN",
    help="What every request must carry; without it one is made where one is needed.",
)
def serve_command(study: Path, coder: str, host: str, port: int, token: str) -> None:
    """Serve the same screens to a browser, on this machine only unless told otherwise.

    Each tab is a process of its own; closing it loses nothing. Needs the extra `serve`.
    """
    from qualcode.serve import serve
    from qualcode.study import Study

    with Study.open(study, readonly=True):
        pass
    serve(study, coder=coder, host=host, port=port, token=token, tell=show)
