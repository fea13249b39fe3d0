"""Make a copy of a study on which a coder did so many acts: `copies.py OUT STUDY CODER ACTS`.

A step an act, as at the keys. Every tenth answer is coded by one coder who is on every copy.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from qualcode import Study

SHARED = 10


def main() -> None:
    """Write the copy."""
    out, origin, coder, acts = sys.argv[1:]
    path = Path(shutil.copyfile(origin, out))
    with Study.open(path) as study, study.database.transaction():
        own, _ = study.session(coder)
        shared, _ = study.session("everybody")
        for number, answer in enumerate(own.queue()[: int(acts) // 2]):
            session = own if number % SHARED else shared
            session.toggle(answer, session.codes[number % len(session.codes)].id)
            session.decide(answer)


if __name__ == "__main__":
    main()
