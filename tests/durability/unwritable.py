"""The command line as a user who may not write: `python -m durability.unwritable ARGUMENTS…`.

As root it first becomes nobody, whom file modes bind. Everything that the command needs is
imported before that, since nobody may not even read some installations of Python.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

from qualcode.cli import main

NOBODY = 65534
NEEDED = ("cli", "store", "study", "exporters")


def import_everything() -> None:
    for package in NEEDED:
        folder = importlib.import_module(f"qualcode.{package}")
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            importlib.import_module(module.name)


if __name__ == "__main__":
    import_everything()
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    main(sys.argv[1:])
