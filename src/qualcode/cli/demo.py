"""The sample study, built through the same commands that anybody would type."""

from __future__ import annotations

import shlex
import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli import cli
from qualcode.cli.output import say
from qualcode.errors import QualcodeError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

STUDY = "study.db"
SURVEY = "technology_survey.csv"
CODINGS = "codings.csv"
CODEBOOKS = (
    "case-dynamics.yaml",
    "recognition-and-response.yaml",
    "concerns-and-needs.yaml",
    "information-sharing.yaml",
)
NOTICE = "The sample study is synthetic: no respondent, agency or answer in it is real."


def run(ctx: click.Context, directory: Path, *, no_open: bool) -> None:
    """Build the sample study in a folder, or find it there, and open the coding screen."""
    from qualcode.study import login_name

    say(NOTICE)
    study = directory / STUDY
    if not study.exists():
        _unpack(directory)
        for words in build_commands(directory):
            click.echo(f"$ qualcode {shlex.join(words)}", err=True)
            cli.main(words, prog_name="qualcode", standalone_mode=False, parent=ctx.parent)
    command = ["code", str(study), "--coder", login_name()]
    if no_open or not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(f"To code it:  qualcode {shlex.join(command)}")
        return
    cli.main(command, prog_name="qualcode", standalone_mode=False, parent=ctx.parent)


def build_commands(directory: Path) -> list[list[str]]:
    """The commands that build the sample study from the files in a folder."""
    study = str(directory / STUDY)
    rules = [
        part
        for key in ("Q1", "Q2", "Q3", "Q4")
        for part in ("--asked-if", f'{key}=investigated == "yes"')
    ]
    return [
        [
            "new",
            study,
            str(directory / SURVEY),
            *rules,
            "--weight",
            "weight",
            "--stratum",
            "stratum",
        ],
        *(["codebook", "apply", study, str(directory / name)] for name in CODEBOOKS),
        ["import-codings", study, str(directory / CODINGS)],
    ]


def _unpack(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for source in (*_sample("responses", (SURVEY, CODINGS)), *_sample("codebooks", CODEBOOKS)):
            with source.open("rb") as data, (directory / source.name).open("wb") as file:
                shutil.copyfileobj(data, file)
    except OSError as error:
        raise QualcodeError(f"{directory} cannot be written: {error.strerror}") from error


def _sample(kind: str, names: tuple[str, ...]) -> list[Traversable]:
    """The sample's files, from the installed package or from the checkout."""
    packed = files("qualcode") / "sample" / kind
    checkout = Path(__file__).parents[3] / {"responses": "sample_responses"}.get(kind, kind)
    folder = packed if packed.is_dir() else checkout
    return [folder / name for name in names]
