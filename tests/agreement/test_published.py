"""Every published or cross-checked example gives its number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qualcode.agreement import (
    assess,
    fleiss_z,
    kappa,
    kappa_max,
    kappa_null_error,
    light_kappa,
    prevalence_and_bias,
    unitize,
)
from qualcode.agreement.contingency import table_ratings
from qualcode.agreement.disagreement import Nominal, Weighted, linear
from qualcode.agreement.measures import columns
from qualcode.agreement.patterns import patterns
from qualcode.agreement.sets import distance
from qualcode.agreement.specific import specific_agreement
from qualcode.agreement.table import tabulate
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = json.loads((Path(__file__).parent / "agreement.json").read_text("utf-8"))["cases"]
ENTRIES = [(case, key) for case in CASES for key in case["expected"]]
FIELDS = {"value": "value", "se": "se", "low": "low", "high": "high", "sd": "se"}


def ratings_of(case: dict[str, Any]) -> tuple[list[list[Any]], list[Any]]:
    """Give the units × coders ratings of a case and its categories."""
    categories = case["categories"]
    if "ratings" in case:
        return case["ratings"], categories
    if "counts" in case:
        rows = [
            [c for c, k in zip(categories, row, strict=True) for _ in range(k)]
            for row in case["counts"]
        ]
        return rows, categories
    rows, counts = table_ratings(case["table"])
    return [
        [categories[a], categories[b]]
        for (a, b), k in zip(rows.tolist(), counts.tolist(), strict=True)
        for _ in range(int(k))
    ], categories


def of_weights(case: dict[str, Any], name: str) -> Estimate:
    ratings, categories = ratings_of(case)
    table = tabulate(ratings, categories)
    found = columns(patterns(table.rows, linear(categories)), table.weights)
    return found[name].estimates()[0]


def of_distance(case: dict[str, Any]) -> Estimate:
    ratings, categories = ratings_of(case)
    table = tabulate(ratings, categories)
    apart = Weighted(np.array(case["distance"], dtype=np.float64))
    return columns(patterns(table.rows, apart), table.weights)["alpha"].estimates()[0]


def of_category(case: dict[str, Any], category: int) -> Estimate:
    ratings, categories = ratings_of(case)
    table = tabulate(ratings, categories)
    binary = patterns(table.rows, Nominal(len(categories)))
    return specific_agreement(binary, table.weights, category, [""]).estimates()[0]


FROM_TABLE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "kappa_linear": lambda case: kappa(case["table"], "linear"),
    "kappa_quadratic": lambda case: kappa(case["table"], "quadratic"),
    "kappa_custom_weights": lambda case: kappa(case["table"], 1 - np.array(case["distance"])),
    "alpha_custom_distance": of_distance,
    "kappa_max": lambda case: kappa_max(case["table"]),
    "prevalence_index": lambda case: prevalence_and_bias(case["table"])[0],
    "bias_index": lambda case: prevalence_and_bias(case["table"])[1],
    "cohen_kappa": lambda case: kappa(case["table"]),
    "positive_agreement": lambda case: of_category(case, 0),
    "negative_agreement": lambda case: of_category(case, 1),
    "pabak": lambda case: from_ratings(case, "brennan_prediger"),
}


def from_table(case: dict[str, Any], key: str) -> Any:
    return FROM_TABLE[key](case) if key in FROM_TABLE else from_ratings(case, key)


def from_spans(case: dict[str, Any], key: str) -> Estimate:
    # Where both coded they used the same code, so both forms of cu-alpha are 1 here.
    names = {"u_alpha": "u_alpha", "u_alpha_binary": "binary_alpha"}
    return unitize(case["spans"], case["length"])[names.get(key, "cu_alpha")]


def from_ratings(case: dict[str, Any], key: str) -> Any:
    ratings, categories = ratings_of(case)
    if key in ("fleiss_z", "light_kappa"):
        return {"fleiss_z": fleiss_z, "light_kappa": light_kappa}[key](ratings, categories)
    if key.startswith("alpha_bootstrap"):
        if key.endswith("pairable_units"):
            ratings = [row for row in ratings if sum(r is not None for r in row) > 1]
        return assess(ratings, categories, ci="bootstrap", resamples=20_000)["alpha"]
    name = key.replace("gwet_ac2", "gwet_ac1")
    if name.endswith("_linear_weights"):
        return of_weights(case, name.removesuffix("_linear_weights"))
    metric = "nominal"
    if name.endswith("_quadratic_weights"):
        name, metric = name.removesuffix("_quadratic_weights"), "interval"
    elif name in ("alpha_ordinal", "alpha_interval", "alpha_ratio"):
        name, _, metric = name.partition("_")
    return assess(ratings, categories, metric, resamples=2)[name]


def found_of(case: dict[str, Any], key: str) -> Any:
    if case["kind"] == "distance":
        first, second = map(frozenset, case["pair"])
        return distance(first, second, key.removesuffix("_distance"))
    if case["kind"] == "spans":
        return from_spans(case, key)
    return from_table(case, key) if case["kind"] == "table2" else from_ratings(case, key)


@pytest.mark.parametrize(
    ("case", "key"), ENTRIES, ids=[f"{case['id']}-{key}" for case, key in ENTRIES]
)
def test_a_published_number_comes_out(case: dict[str, Any], key: str) -> None:
    entry = case["expected"][key]
    if key == "fleiss_kappa_per_category":
        check_categories(case, entry)
        return
    found = found_of(case, key)
    if not isinstance(found, Estimate):
        found = Estimate(found)
    for field, name in FIELDS.items():
        if field in entry:
            assert getattr(found, name) == pytest.approx(
                entry[field], rel=0, abs=entry["tolerance"]
            ), f"{field} of {key}: {case['source']}"
    if "se_h0" in entry:
        null = kappa_null_error(case["table"])
        assert null == pytest.approx(entry["se_h0"], abs=entry["tolerance"]), case["source"]


def check_categories(case: dict[str, Any], entry: dict[str, Any]) -> None:
    ratings, _ = ratings_of(case)
    for category, expected in entry.items():
        one = [[int(rating == category) for rating in row] for row in ratings]
        found = assess(one, [0, 1])["fleiss_kappa"].value
        assert found == pytest.approx(expected["value"], abs=expected["tolerance"]), case["source"]


def test_every_case_has_a_source() -> None:
    assert all(case["source"] for case in CASES)
    assert len(ENTRIES) > 100


@pytest.mark.parametrize("case", [c for c in CASES if "traps" in c], ids=lambda c: c["id"])
def test_known_wrong_numbers_do_not_come_out(case: dict[str, Any]) -> None:
    for trap in case["traps"]:
        key, _, field = trap["key"].partition(".")
        found = found_of(case, key)
        value = getattr(found, field) if field else found
        assert value != pytest.approx(trap["value"], abs=1e-5), trap["why"]


@pytest.mark.parametrize("table", [[[40, 9], [6, 45]], [[25, 35], [5, 35]]])
def test_kappa_is_what_its_indices_say(table: list[list[int]]) -> None:
    """Byrt, Bishop & Carlin (1993): kappa from PABAK and both indices."""
    n = sum(map(sum, table))
    pabak = 2 * (table[0][0] + table[1][1]) / n - 1
    pi, bi = prevalence_and_bias(table)
    expected = (pabak - pi**2 + bi**2) / (1 - pi**2 + bi**2)
    assert kappa(table).value == pytest.approx(expected, abs=1e-12)
