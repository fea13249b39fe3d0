"""A small study, made once and copied for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from durability.survey import write_codebook, write_survey
from qualcode.importers import ReadOptions
from qualcode.study import surveys
from qualcode.study.design import Design

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def made_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    path = folder / "study.db"
    surveys.new(
        path,
        write_survey(folder / "survey.csv", 400),
        options=ReadOptions(),
        design=Design(),
        codebook_paths=[write_codebook(folder / "codebook.yaml")],
        by="test",
    )
    return path


@pytest.fixture
def study(made_study: Path, tmp_path: Path) -> Path:
    return shutil.copyfile(made_study, tmp_path / "study.db")
