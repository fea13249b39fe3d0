"""Help is there for everything, is right, and costs little."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from conftest import ROOT
from qualcode.cli import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Done

HEAVY = ("textual", "rich", "sklearn", "spacy", "numpy", "sqlite_utils", "yaml", "sqlite3")


def every_command() -> Iterator[tuple[str, ...]]:
    context = click.Context(cli)
    for name in COMMANDS:
        yield (name,)
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                yield (name, below)


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...], qualcode: Callable[..., Done]) -> None:
    done = qualcode(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: qualcode {' '.join(words)}")
    assert len(done.out.splitlines()) > 4
    assert qualcode(*words, "-h").out == done.out


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    first = (command.help or "").split("\n\n")[0].replace("\n", " ")
    sentence = first.partition(". ")[0].rstrip(".") + "."
    assert COMMANDS[name][1] == sentence
    assert "" not in [option.help for option in command.params if isinstance(option, click.Option)]


def test_every_command_is_listed(qualcode: Callable[..., Done]) -> None:
    lines = qualcode("--help").out.splitlines()
    listed = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line[2:3] != " "]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("words", [(), ("codebook",), ("coder",)])
def test_no_command_at_all_shows_the_help_and_is_an_error(
    words: tuple[str, ...], qualcode: Callable[..., Done]
) -> None:
    done = qualcode(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err == qualcode(*words, "--help").out


def test_the_version_is_said(qualcode: Callable[..., Done]) -> None:
    assert qualcode("--version").out.startswith("qualcode, version ")


def imported(*words: str) -> set[str]:
    """The heavy modules that a command line has loaded when it ends."""
    script = (
        "import sys\nfrom qualcode.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stderr.split()) & set(HEAVY)


def test_help_loads_nothing_heavy() -> None:
    assert imported("--help") == set()
    assert imported("new", "--help") == set()


def test_looking_at_a_study_loads_little(small_built: object) -> None:
    assert imported("info", str(small_built)) <= {"sqlite3", "yaml"}
