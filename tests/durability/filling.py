"""A coder on a disk that fills up: `python -m durability.filling STUDY HOW`.

HOW is `limit` (no file may grow any more: RLIMIT_FSIZE) or `filler` (another file takes the rest
of the disk). Codes until an act fails, tries again, looks at the study with the command line
while the disk is still full, makes room, and codes on. Prints what happened.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from durability.running import qualcode
from qualcode import Study
from qualcode.errors import QualcodeError

if TYPE_CHECKING:
    from qualcode.study import CodingSession

NAME = "ana"
ROOM = 40_000


class Disk(Protocol):
    """A disk that can be made full."""

    def fill(self) -> None: ...
    def make_room(self) -> None: ...


class Limit:
    """No file grows beyond the largest of the study's and a little more."""

    def __init__(self, study: Path) -> None:
        self.study = study

    def fill(self) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        largest = max(path.stat().st_size for path in self.study.parent.iterdir())
        self._set(largest + ROOM)

    def make_room(self) -> None:
        self._set(resource.RLIM_INFINITY)

    def _set(self, most: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


class Filler:
    """A file that takes all of a small disk but a little."""

    def __init__(self, study: Path) -> None:
        self.file = study.with_name("filler")

    def fill(self) -> None:
        with self.file.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                file.truncate(max(0, file.tell() - ROOM))

    def make_room(self) -> None:
        self.file.unlink()


def code_until_full(session: CodingSession) -> tuple[list[int], str]:
    """The answers that were coded, and the words of the error that ended it."""
    coded = []
    for where in session.queue():
        before = session.answer(where)
        try:
            session.decide(where)
        except QualcodeError as error:
            assert session.answer(where) == before, "the failed act left something behind"
            return coded, error.message
        coded.append(where)
    sys.exit("the disk never became full")


def failures(session: CodingSession, wheres: list[int]) -> int:
    """How many further acts fail with an error that a person can understand."""
    failed = 0
    for where in wheres:
        try:
            session.toggle(where, session.codes[0].id)
        except QualcodeError:
            failed += 1
    return failed


def looked_at(study: Path, out: Path) -> dict[str, Any]:
    """What the command line says about the study while the disk is full."""
    info = qualcode("info", study, "--json")
    exported = qualcode("export", study, "codings", out)
    assert info.returncode == exported.returncode == 0, info.stderr + exported.stderr
    return {
        "info": json.loads(info.stdout)["questions"][0]["coders"][NAME],
        "exported": len(out.read_text("utf-8").splitlines()) - 1,
    }


def main() -> None:
    path, out, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    disk: Disk = {"limit": Limit, "filler": Filler}[how](path)
    with Study.open(path) as study:
        session, _ = study.session(NAME)
        ids = list(session.queue())
        session.decide(ids[-1])
        disk.fill()
        coded, words = code_until_full(session)
        told = {"coded": len(coded) + 1, "words": words}
        told["failed again"] = failures(session, ids[-4:-1])
        told |= looked_at(path, out)
        disk.make_room()
        for where in ids[-4:-1]:
            session.decide(where)
        told["coded after"] = session.coded_count()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
