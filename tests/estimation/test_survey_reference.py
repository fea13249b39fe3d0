"""R's survey package gives these numbers for the synthetic survey; so does the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from qualcode.estimation.design import survey_design
from qualcode.estimation.independence import fisher, pearson
from qualcode.estimation.linearised import means
from qualcode.estimation.model_matrix import categorical, numeric
from qualcode.estimation.multiplicity import adjusted
from qualcode.estimation.proportions import clopper_pearson, wilson
from qualcode.estimation.regression import regress
from qualcode.estimation.tables import crosstab, frequencies
from qualcode.estimation.weighted import beta_interval, logit_interval

from .reference import (
    ATTRIBUTES,
    THEMES,
    grouped,
    survey,
    survey_designs,
    survey_expected,
    theme,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = tuple[str, str, str, str, str]

TOLERANCE = {"ci_logit": 2e-6}
REGRESSION = "svyglm_logit(jurisdiction+years)"


def of_a_theme(design_name: str, name: str) -> Iterator[tuple[Key, float | None]]:
    design = survey_designs()[design_name]
    present, base = theme(name)
    (found,) = frequencies([present], base, design)
    weighted, total = found.weighted, found.total
    estimate = weighted.estimate
    numbers = {
        ("proportion", "p"): estimate.value,
        ("proportion", "se"): estimate.se,
        ("proportion", "df"): weighted.df,
        ("proportion", "n_unweighted"): found.n,
        ("proportion", "k_unweighted"): found.k,
        ("total", "estimate"): total.value,
        ("total", "se"): total.se,
    }
    logit = logit_interval(estimate.value, estimate.se, design.df)
    beta = beta_interval(estimate.value, estimate.se**2, design.n, design.df)
    for kind, ends in (("ci_logit", logit), ("ci_beta", beta)):
        numbers |= {(kind, "low"): ends[0], (kind, "high"): ends[1]}
    for (quantity, stat), value in numbers.items():
        yield (design_name, quantity, name, "(all)", stat), value


def of_groups(design_name: str, name: str, attribute: str) -> Iterator[tuple[Key, float | None]]:
    present, base = theme(name)
    group, labels = grouped(attribute)
    design = survey_designs()[design_name]
    (found,) = crosstab([present], base, design, group, len(labels))
    quantity = f"proportion_by_{attribute}"
    for label, share in zip(labels, found.shares, strict=True):
        estimate = share.weighted.estimate
        yield (design_name, quantity, name, label, "p"), estimate.value
        yield (design_name, quantity, name, label, "se"), estimate.se
    test = found.test
    numbers = {"F": test.statistic, "ndf": test.ndf, "ddf": test.ddf, "p": test.p}
    for stat, value in numbers.items():
        yield (design_name, "rao_scott_F", name, attribute, stat), value


def of_counts(name: str) -> Iterator[tuple[Key, float | None]]:
    present, base = theme(name)
    k, n = int((present & base).sum()), int(base.sum())
    for quantity, interval in (("ci_wilson", wilson), ("ci_clopper_pearson", clopper_pearson)):
        for stat, value in zip(("low", "high"), interval(k, n), strict=True):
            yield ("unweighted", quantity, name, "(all)", stat), value
    for attribute in ATTRIBUTES:
        group, labels = grouped(attribute)
        inside = [base & (group == g) for g in range(len(labels))]
        table = [[int((y & one).sum()) for one in inside] for y in (present, ~present)]
        square, exact = pearson(table), fisher(table)
        assert exact.simulated == 0
        yield ("unweighted", "pearson", name, attribute, "X2"), square.statistic
        yield ("unweighted", "pearson", name, attribute, "p"), square.p
        yield ("unweighted", "fisher", name, attribute, "p"), exact.p


def of_the_family(attribute: str) -> Iterator[tuple[Key, float | None]]:
    group, labels = grouped(attribute)
    design = survey_designs()["full"]
    tests = []
    for name in THEMES:
        present, base = theme(name)
        tests.append(crosstab([present], base, design, group, len(labels))[0].test)
    for name, (p_holm, p_bh) in zip(THEMES, adjusted(tests), strict=True):
        yield ("full", "rao_scott_adjusted", name, attribute, "p_holm"), p_holm
        yield ("full", "rao_scott_adjusted", name, attribute, "p_bh"), p_bh


def of_regression(design_name: str, name: str) -> Iterator[tuple[Key, float | None]]:
    present, base = theme(name)
    group, labels = grouped("jurisdiction")
    attributes = [categorical("jurisdiction", group, labels), numeric("years", years())]
    found = regress(survey_designs()[design_name], present, attributes, base)
    names = {"intercept": "(Intercept)", "years": "years"}
    for term in found.terms:
        item = names.get(term.attribute, f"{term.attribute}{term.level}")
        key = design_name, REGRESSION, name, item
        yield (*key, "coef"), term.coefficient
        yield (*key, "se"), term.adjusted.estimate.se
        yield (*key, "odds_ratio"), term.adjusted.estimate.value


def of_a_domain() -> Iterator[tuple[Key, float | None]]:
    present, base = theme("theme_clients")
    group, labels = grouped("jurisdiction")
    domain = base & (group == labels.index("small"))
    found = means(survey_designs()["full"], present.astype(float), domain)
    key = "full domain jurisdiction=small", "proportion", "theme_clients", "small"
    yield (*key, "p"), float(found.values[0])
    yield (*key, "se"), float(found.errors[0])


def everything() -> Iterator[tuple[Key, float | None]]:
    for name in THEMES:
        for design in ("full", "weights_only"):
            yield from of_a_theme(design, name)
            yield from of_regression(design, name)
            for attribute in ATTRIBUTES:
                yield from of_groups(design, name, attribute)
        yield from of_counts(name)
    for attribute in ATTRIBUTES:
        yield from of_the_family(attribute)
    yield from of_a_domain()


def test_every_number_is_that_of_r() -> None:
    found = dict(everything())
    expected = survey_expected()
    assert found.keys() == expected.keys()
    wrong = {
        key: (found[key], value)
        for key, value in expected.items()
        if found[key] != pytest.approx(value, rel=TOLERANCE.get(key[1], 1e-6))
    }
    assert not wrong


def test_dropping_the_rows_outside_a_domain_gives_another_error() -> None:
    present, base = theme("theme_clients")
    group, labels = grouped("jurisdiction")
    kept = np.flatnonzero(base & (group == labels.index("small")))
    columns = survey()
    filtered = survey_design(
        kept.size,
        weights=np.array(columns["weight"], dtype=float)[kept],
        stratum=[columns["stratum"][i] for i in kept],
        psu=[columns["psu"][i] for i in kept],
        lonely="certainty",
    )
    wrong = means(filtered, present[kept].astype(float))
    proper = dict(of_a_domain())
    assert wrong.values[0] == pytest.approx(next(iter(proper.values())))
    assert abs(wrong.errors[0] / list(proper.values())[1] - 1) > 0.01
    assert wrong.df < survey_designs()["full"].df
