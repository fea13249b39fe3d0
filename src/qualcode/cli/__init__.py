"""The command line: it parses, asks the study, and prints. One place catches errors."""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode import __version__, crash
from qualcode.errors import NotFound, QualcodeError
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "demo": ("demo", "Build the synthetic sample study in DIR and open it."),
    "new": ("studies", "Make a study from a survey file."),
    "design": ("design", "Set or change weights, strata, clusters, blanks and who was asked what."),
    "import": ("studies", "Take in a later file of the same survey."),
    "info": (
        "studies",
        "Show questions, respondents, answers by status, coders and their progress.",
    ),
    "home": (
        "home",
        "Open the home screen: how far everything is, what waits, and each screen one key away.",
    ),
    "serve": (
        "home",
        "Serve the same screens to a browser, on this machine only unless told otherwise.",
    ),
    "code": ("work", "Open the coding screen."),
    "queue": (
        "work",
        "Choose the order in which a coder takes the answers, and see what was drawn.",
    ),
    "assign": (
        "team",
        "Deal the answers out to coders, a share of them to several; or show who has what.",
    ),
    "adjudicate": (
        "adjudicate",
        "Settle what coders disagree on, case by case; or show what came of it.",
    ),
    "coder": ("work", "Rename a coder."),
    "undo": ("work", "Take back a coder's last step, whichever answer it was on."),
    "redo": ("work", "Take back a coder's last undo."),
    "confirm": ("work", "Take over codings onto answers that have changed since."),
    "log": ("work", "Print the journal: who did what, when and from what, oldest first."),
    "codebook": (
        "codes",
        "Check, apply, show, edit codebooks; list their versions and bring them back.",
    ),
    "review": (
        "review",
        "List what coders noted and flagged, by code, and mark what is dealt with.",
    ),
    "agreement": (
        "agree",
        "Measure agreement between coders: every code, pairs, drift, what to do next.",
    ),
    "disagreements": (
        "agree",
        "List the answers that coders coded differently: who said what, most apart first.",
    ),
    "frequencies": (
        "frequencies",
        "Count the themes: percentages with intervals, weighted and by group, with tests.",
    ),
    "regress": (
        "frequencies",
        "Regress a theme on attributes: crude and adjusted odds ratios, weighted as the survey is.",
    ),
    "overlap": (
        "frequencies",
        "Show which themes go together, by pairs or by combinations.",
    ),
    "trend": (
        "frequencies",
        "Follow the themes from wave to wave: percentages, their change, and tests of it.",
    ),
    "exemplars": (
        "quotes",
        "Choose answers that show the range of a theme, word for word, for the team's eyes.",
    ),
    "clear": (
        "quotes",
        "Clear quotes, one by one, in a screen with the rhythm of coding.",
    ),
    "figure": (
        "paper",
        "Draw a figure: themes, themes by group, agreement, the flow of respondents, or a trend.",
    ),
    "report": (
        "paper",
        "Write one page for the principal investigator: .html, or .docx with the extra `docx`.",
    ),
    "audit": (
        "paper",
        "Check a manuscript, .md .txt .html .docx: every percentage, set, theme and quantifier"
        " word.",
    ),
    "leaks": (
        "quotes",
        "Look into files for words of answers that nobody cleared: six in a row give one away.",
    ),
    "suggest": (
        "suggest",
        "Score every answer for every code: it writes suggestions, never codings.",
    ),
    "evaluate": (
        "suggest",
        "Measure how good the suggestions are, beside simple models and beside people.",
    ),
    "import-codings": ("files", "Take in codings from a file, long or wide."),
    "export": (
        "files",
        "Write answers, codings, the matrix, suggestions, codebooks, quotes or the journal to a"
        " file.",
    ),
    "merge": ("merge", "Bring what coders did on copies of a study into it."),
    "backup": ("copies", "Copy a study, also while others work on it."),
    "restore": (
        "copies",
        "Put a backup in the place of a study; the file that stands there becomes a backup first.",
    ),
    "share": ("copies", "Write a copy to give away: what was coded, without what was said."),
    "doctor": ("files", "Look for anything wrong with a study and the place where it lies."),
}
"""Every command, the module that holds it, and its help: nothing else is loaded for `--help`."""


class _Commands(click.Group):
    """Loads a command when it is called; a first word that is a study opens or shows it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"qualcode.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            if os.path.lexists(word):
                return super().resolve_command(ctx, [_shown_by(args), *args])
            if Path(word).suffix or os.sep in word:
                raise NotFound(f"there is no study {word}", hint="qualcode new makes one")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _shown_by(args: Sequence[str]) -> str:
    """The command that shows a study: for a person at a terminal the home screen."""
    is_person = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    return "home" if is_person and "--json" not in args else "info"


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.version_option(__version__, prog_name="qualcode")
def cli() -> None:
    """Code open-ended survey answers at the keyboard, and publish numbers that hold.

    `qualcode STUDY` opens a study; `qualcode COMMAND --help` explains a command.
    """


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    crash.install()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal cannot show is escaped, not a crash.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(argv, prog_name="qualcode", standalone_mode=False)
        sys.stdout.flush()
    except QualcodeError as error:
        sys.exit(_complain(error.message, error.hint, error.exit_code))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "qualcode"
        sys.exit(_complain(error.format_message(), f"{command} --help", 2))
    except click.ClickException as error:
        sys.exit(_complain(error.format_message(), "", 1))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_complain("stopped", "", 130))
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        name = os.fsdecode(error.filename) + ": " if error.filename else ""
        sys.exit(_complain(f"{name}{error.strerror or error}", "", 1))
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, hint: str, code: int) -> int:
    click.echo(f"Error: {one_line(message)}", err=True)
    if hint:
        click.echo(f"Hint: {one_line(hint)}", err=True)
    return code
