"""A Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PATIENCE = 60


class Cluster:
    """Lives in a folder, on free ports; nothing of it outlives the block."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        self._wanted = workers
        self._file = folder / "scheduler.json"
        self.scheduler: subprocess.Popen[bytes]
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._folder.mkdir()
        listening = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._file))
        self.scheduler = self._start("scheduler", "--no-dashboard", *listening)
        options = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
        try:
            self.workers = [
                self._start("worker", *options, "--scheduler-file", str(self._file))
                for _ in range(self._wanted)
            ]
            until = time.monotonic() + PATIENCE
            while not self._file.exists() or self._registered() < self._wanted:
                assert time.monotonic() < until, self.log()
                assert self.scheduler.poll() is None, self.log()
                time.sleep(0.02)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return str(json.loads(self._file.read_text())["address"])

    def log(self) -> str:
        """What all of them have said."""
        return "".join(path.read_text() for path in sorted(self._folder.glob("*.log")))

    def _registered(self) -> int:
        said = (path.read_text() for path in self._folder.glob("worker*.log"))
        return sum("Registered to:" in each for each in said)

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        number = len(list(self._folder.glob("*.log")))
        with (self._folder / f"{what}{number}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *words],
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
                stdout=log,
                stderr=log,
            )

    def _end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()
