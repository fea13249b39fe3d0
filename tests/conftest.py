"""Studies ready to use, and the command line as a function."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from qualcode.cli import main
from qualcode.cli.demo import build_commands
from studies import make

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")
ROOM = 2 << 30

if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
):
    # Every commit waits for the disk; where that is memory, the tests do not. A process that is
    # killed loses as much or as little on either.
    tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY)

# A shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "qualcode", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("qualcode-ci", parent=settings.get_profile("qualcode"), derandomize=True)
settings.load_profile("qualcode-ci" if os.environ.get("CI") else "qualcode")


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


@pytest.fixture
def qualcode(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a command line in this process."""

    def run(*words: object) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Done(int(left.value.code or 0), out, err)

    return run


@pytest.fixture
def process() -> Callable[..., Done]:
    """Run a command line as a process of its own."""

    def run(*words: object, **options: Any) -> Done:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")} | options.pop("env", {})
        done = subprocess.run(
            [sys.executable, "-m", "qualcode", *(str(word) for word in words)],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
            **options,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study, to be copied and never changed."""
    return make(tmp_path_factory.mktemp("small"))


@pytest.fixture
def small(small_built: Path, tmp_path: Path) -> Path:
    """The small study, all the test's own."""
    return Path(shutil.copyfile(small_built, tmp_path / "study.db"))


@pytest.fixture(scope="session")
def sample_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study that `demo` builds, to be copied and never changed."""
    folder = tmp_path_factory.mktemp("sample")
    for kind in ("codebooks", "sample_responses"):
        for path in (ROOT / kind).iterdir():
            shutil.copyfile(path, folder / path.name)
    for words in build_commands(folder):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert not left.value.code
    return folder / "study.db"


@pytest.fixture
def sample(sample_built: Path, tmp_path: Path) -> Path:
    """The sample study, all the test's own."""
    return Path(shutil.copyfile(sample_built, tmp_path / "study.db"))
