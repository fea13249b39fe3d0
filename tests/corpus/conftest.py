"""A study that has learned from 60 of 150 answers."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from topics import topics

if find_spec("pyarrow") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def topics_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return topics(tmp_path_factory.mktemp("topics"))


@pytest.fixture
def study(topics_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(topics_built, tmp_path / "study.db"))
