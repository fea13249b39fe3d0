"""Commands as a user who may not write: `python -m durability.unwritable COMMAND…`, one per word.

As root it first becomes nobody, whom file modes bind. Everything that the commands need is
imported before that, since nobody may not even read some installations of Python; each then
runs in a process of its own. Prints a JSON list of exit code, stdout and stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import shlex
import sys
import tempfile

from qualcode.cli import main

NOBODY = 65534
NEEDED = ("cli", "store", "study", "exporters")


def import_everything() -> None:
    for package in NEEDED:
        folder = importlib.import_module(f"qualcode.{package}")
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            importlib.import_module(module.name)


def run(words: list[str]) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        pid = os.fork()
        if pid == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(said.fileno(), 2)
            main(words)
        _, status = os.waitpid(pid, 0)
        for stream in (out, said):
            stream.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return code, out.read().decode(), said.read().decode()


if __name__ == "__main__":
    import_everything()
    os.chdir("/")
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    json.dump([run(shlex.split(command)) for command in sys.argv[1:]], sys.stdout)
