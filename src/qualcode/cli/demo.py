"""The sample study, built through the same commands that anybody would type."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli import cli
from qualcode.cli.output import say
from qualcode.errors import Conflict, QualcodeError

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
NEXT = (
    ("Its coders' agreement", "agreement"),
    ("Settle where its coders differ, as coder-a", "adjudicate", "--coder", "coder-a"),
    ("How good suggestions are", "evaluate"),
    ("How often its themes come", "frequencies"),
    ("Clear quotes, as ana", "clear", "--coder", "ana"),
    ("One page for the paper", "report", "report.html"),
)
"""What else there is to see, and the command that shows it."""

NOTICE = "The sample study is synthetic: no respondent, agency or answer in it is real."


@click.command("demo")
@click.argument(
    "directory", metavar="[DIR]", default="qualcode-demo", type=click.Path(path_type=Path)
)
@click.option("--no-open", is_flag=True, help="Build it, do not open the coding screen.")
@click.pass_context
def demo_command(ctx: click.Context, directory: Path, *, no_open: bool) -> None:
    """Build the synthetic sample study in DIR and open it.

    It goes through the same commands as any other; a second time the one that is there opens.
    """
    from qualcode.study import login_name

    say(NOTICE)
    study = directory / STUDY
    if not os.path.lexists(study):
        _unpack(directory)
        for words in build_commands(directory):
            click.echo(f"$ qualcode {shlex.join(words)}", err=True)
            cli.main(words, prog_name="qualcode", standalone_mode=False, parent=ctx.parent)
    command = ["code", str(study), "--coder", login_name()]
    if no_open or not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(f"To code it:  qualcode {shlex.join(command)}")
        for what, name, *more in NEXT:
            words = [name, str(study), *more, "--question", "Q5"]
            click.echo(f"{what}:  qualcode {shlex.join(words)}")
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
    design = ["--weight", "weight", "--stratum", "stratum"]
    return [
        ["new", study, str(directory / SURVEY), *rules, *design],
        ["design", study, "--invited", "3800"],
        *(["codebook", "apply", study, str(directory / name)] for name in CODEBOOKS),
        ["import-codings", study, str(directory / CODINGS)],
    ]


def _unpack(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for source in (*_sample("responses", (SURVEY, CODINGS)), *_sample("codebooks", CODEBOOKS)):
            _copy(source.read_bytes(), directory / source.name)
    except OSError as error:
        raise QualcodeError(f"{directory} cannot be written: {error.strerror}") from error


def _copy(data: bytes, path: Path) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        if path.read_bytes() != data:
            raise Conflict(f"{path} exists already", hint="choose another folder") from None


def _sample(kind: str, names: tuple[str, ...]) -> list[Traversable]:
    """The sample's files, from the installed package or from the checkout."""
    packed = files("qualcode") / "sample" / kind
    checkout = Path(__file__).parents[3] / {"responses": "sample_responses"}.get(kind, kind)
    folder = packed if packed.is_dir() else checkout
    return [folder / name for name in names]
