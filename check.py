"""Run every check of the project: format, lint, types, import contracts, docs, tests.

``python check.py`` runs all of them and stops at the first that fails; the tests come last.
Words after it go to pytest: ``python check.py tests/store -x``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent
TOOLS = Path(sys.executable).parent

CHECKS = (
    ("format", [TOOLS / "ruff", "format", "--check", "--quiet", "."]),
    ("lint", [TOOLS / "ruff", "check", "--quiet", "."]),
    ("types", [TOOLS / "mypy"]),
    ("imports", [TOOLS / "lint-imports", "--no-cache"]),
    ("docs", [sys.executable, "docs/build.py", "--check"]),
)


def main() -> int:
    """Run the checks in order and give the exit code of the first that fails."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for name, command in CHECKS:
        begun = time.monotonic()
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        print(
            f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}"
            f" ({time.monotonic() - begun:.1f} s)",
            flush=True,
        )
        if done.returncode:
            print(done.stdout + done.stderr)
            return done.returncode
    tests = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
