"""The face of the package: light to import, every name there, values that go into JSON."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import asdict

import numpy as np
import pytest

import qualcode.estimation
from qualcode.estimation import crosstab, survey_design

from .made import survey


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, qualcode.estimation; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"numpy", "scipy", "pandas"} & set(done.stdout.split())


def test_the_engine_needs_no_statistics_package_and_writes_nothing() -> None:
    names = ", ".join(qualcode.estimation.__all__)
    code = (
        f"from qualcode.estimation import {names}; import sys; print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == ""
    assert not {"scipy.stats", "sklearn", "pandas", "statsmodels"} & set(done.stderr.split())


@pytest.mark.parametrize("name", qualcode.estimation.__all__)
def test_every_name_is_there(name: str) -> None:
    home = importlib.import_module(f"qualcode.estimation.{qualcode.estimation._HOMES[name]}")
    assert getattr(qualcode.estimation, name) is getattr(home, name)


def test_a_name_that_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'median'"):
        _ = qualcode.estimation.median


def test_no_name_is_that_of_a_module() -> None:
    """The second import would find the module in its place."""
    homes = {home.partition(".")[0] for home in qualcode.estimation._HOMES.values()}
    assert not homes & set(qualcode.estimation.__all__)


@pytest.mark.parametrize("is_weighted", [True, False])
def test_results_go_into_json_without_nan(is_weighted: bool) -> None:  # noqa: FBT001
    made = survey(3)
    design = made.design() if is_weighted else survey_design(made.n)
    indicators = [made.present, made.present & False, made.present | True]
    found = crosstab(indicators, made.base, design, np.minimum(made.group, 1), 3)
    for one in found:
        json.dumps(asdict(one), allow_nan=False)
