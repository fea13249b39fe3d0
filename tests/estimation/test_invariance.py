"""What must not change an estimate does not, and the fast sums are the slow ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualcode.estimation import products
from qualcode.estimation.cells import Cells
from qualcode.estimation.design import survey_design
from qualcode.estimation.effects import difference
from qualcode.estimation.independence import pearson
from qualcode.estimation.linearised import covariance, means, ratios, totals
from qualcode.estimation.raoscott import rao_scott
from qualcode.estimation.tables import crosstab, frequencies

from .made import survey

if TYPE_CHECKING:
    from qualcode.estimation.tables import CodeByGroup, Share

    from .made import Survey

seeds = st.integers(0, 10_000)


def numbers(share: Share) -> list[float | None]:
    weighted = share.weighted
    return [
        share.k,
        share.n,
        weighted.estimate.value,
        weighted.estimate.se,
        weighted.estimate.low,
        weighted.estimate.high,
        weighted.design_effect,
    ]


def of_test(found: CodeByGroup) -> list[float | None]:
    test = found.test
    return [test.statistic, test.ndf, test.ddf, test.p, test.effect]


def by_group(made: Survey) -> CodeByGroup:
    (found,) = crosstab([made.present], made.base, made.design(), made.group, made.groups)
    return found


def overall(made: Survey) -> Share:
    return frequencies([made.present], made.base, made.design())[0]


def same(first: Survey, second: Survey) -> None:
    assert numbers(overall(first)) == pytest.approx(numbers(overall(second)), rel=1e-9)
    one, other = by_group(first), by_group(second)
    for a, b in zip(one.shares, other.shares, strict=True):
        assert numbers(a) == pytest.approx(numbers(b), rel=1e-9)
    assert of_test(one) == pytest.approx(of_test(other), rel=1e-8)


@given(seeds, st.floats(0.01, 100))
def test_the_unit_of_the_weights_does_not_matter(seed: int, factor: float) -> None:
    made = survey(seed)
    scaled = replace(made, weights=made.weights * factor)
    same(made, scaled)
    first, second = overall(made).total, overall(scaled).total
    assert second.value == pytest.approx(first.value * factor)
    assert second.se == pytest.approx(first.se * factor)


@given(seeds)
def test_the_order_of_respondents_does_not_matter(seed: int) -> None:
    made = survey(seed, with_fpc=True)
    order = np.random.default_rng(seed).permutation(made.n)
    mixed = replace(
        made,
        **{
            name: getattr(made, name)[order]
            for name in ("weights", "stratum", "psu", "fpc", "group", "present", "base")
        },
    )
    same(made, mixed)


@given(seeds)
def test_the_labels_of_strata_and_psus_do_not_matter(seed: int) -> None:
    made = survey(seed)
    names = np.array([f"stratum {9 - h}" for h in range(3)])
    labelled = survey_design(
        made.n,
        weights=made.weights,
        stratum=names[made.stratum].tolist(),
        psu=(100 - 7 * made.psu).tolist(),
    )
    plain = frequencies([made.present], made.base, made.design())[0]
    assert numbers(frequencies([made.present], made.base, labelled)[0]) == pytest.approx(
        numbers(plain), rel=1e-12
    )


@given(seeds, st.booleans(), st.booleans())
def test_the_fast_sums_are_the_linearised_ones(seed: int, is_clustered: bool, is_few: bool) -> None:  # noqa: FBT001
    made = survey(seed, n=60, with_fpc=is_few)
    design = made.design()
    if not is_clustered:
        design = survey_design(made.n, weights=made.weights, stratum=made.stratum)
    inside = np.where(made.base, made.group, -1)
    found = Cells(design, inside, made.groups).totals(made.present)
    columns = [made.present & (inside == g) for g in range(made.groups)]
    columns += [inside == g for g in range(made.groups)]
    y = np.column_stack(columns).astype(float)
    slow = totals(design, y)
    assert found.totals == pytest.approx(slow.values)
    assert found.covariance == pytest.approx(slow.covariance, rel=1e-9, abs=1e-9)


@given(seeds)
def test_many_psus_are_summed_as_few_are(seed: int) -> None:
    made = survey(seed, n=80)
    inside = np.where(made.base, made.group, -1)
    dense = Cells(made.design(), inside, made.groups).totals(made.present)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "_DENSE", 0)
        thin = Cells(made.design(), inside, made.groups).totals(made.present)
    assert thin.covariance == pytest.approx(dense.covariance, rel=1e-9, abs=1e-9)


@given(seeds)
def test_groups_add_up_to_the_whole(seed: int) -> None:
    made = survey(seed)
    made = replace(made, group=np.abs(made.group))  # everybody is in a group
    whole, parts = overall(made), by_group(made).shares
    assert sum(part.k for part in parts) == whole.k
    assert sum(part.n for part in parts) == whole.n
    assert sum(part.total.value for part in parts) == pytest.approx(whole.total.value)


@given(seeds)
def test_a_group_is_a_domain(seed: int) -> None:
    made = survey(seed)
    for g, share in enumerate(by_group(made).shares):
        domain = made.base & (made.group == g)
        found = means(made.design(), made.present.astype(float), domain)
        assert share.weighted.estimate.value == pytest.approx(found.values[0], rel=1e-9)
        assert share.weighted.estimate.se == pytest.approx(found.errors[0], rel=1e-7)


@given(seeds)
def test_the_other_answer_has_the_same_error(seed: int) -> None:
    made = survey(seed)
    yes, no = overall(made), overall(replace(made, present=~made.present))
    assert no.weighted.estimate.value == pytest.approx(1 - yes.weighted.estimate.value)
    assert no.weighted.estimate.se == pytest.approx(yes.weighted.estimate.se)
    first, second = by_group(made).test, by_group(replace(made, present=~made.present)).test
    assert first.p == pytest.approx(second.p, rel=1e-8)


@given(seeds)
def test_a_difference_is_that_of_two_domains(seed: int) -> None:
    made = survey(seed)
    design = made.design()
    inside = np.where(made.base, made.group, -1)
    found = difference(Cells(design, inside, made.groups).totals(made.present), 0, 1, design.df)
    domains = np.column_stack([inside == 0, inside == 1]).astype(float)
    shares = ratios(design, domains * made.present[:, None], domains)
    apart = shares.combined(np.array([[1.0, -1.0]]))
    assert found.estimate.value == pytest.approx(apart.values[0], abs=1e-12)
    assert found.estimate.se == pytest.approx(apart.errors[0], rel=1e-8)
    half = stats.t.ppf(0.975, design.df) * apart.errors[0]
    ends = max(-1, apart.values[0] - half), min(1, apart.values[0] + half)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(ends)
    t = abs(apart.values[0]) / apart.errors[0]
    assert found.p == pytest.approx(2 * stats.t.sf(t, design.df))


@given(seeds)
def test_covariance_is_bilinear(seed: int) -> None:
    made = survey(seed, n=60)
    design = made.design()
    z = np.random.default_rng(seed).normal(size=(made.n, 3))
    mix = np.array([[1.0, 2, 0], [0, 1, -1]])
    one = covariance(design, z @ mix.T)
    assert one == pytest.approx(mix @ covariance(design, z) @ mix.T, rel=1e-9, abs=1e-9)


@given(seeds)
def test_without_a_design_rao_and_scott_is_pearson(seed: int) -> None:
    """Every respondent alike: the effects are n / (n - 1), and F is X² over their sum."""
    rng = np.random.default_rng(seed)
    n = 200
    group = rng.integers(3, size=n)
    present = rng.random(n) < 0.3 + 0.1 * group
    cells = np.column_stack([present & (group == g) for g in range(3)])
    cells = np.column_stack([cells, *[(~present & (group == g))[:, None] for g in range(3)]])
    found = means(survey_design(n), cells.astype(float))
    counts = cells.sum(axis=0).reshape(2, 3)
    test = rao_scott(found.values.reshape(2, 3), found.covariance, found.df, counts)
    plain = pearson(counts)
    assert test.ndf == pytest.approx(2)
    assert test.ddf == pytest.approx(2 * (n - 1))
    assert test.statistic * 2 == pytest.approx(plain.statistic * (n - 1) / n)
    assert test.effect == pytest.approx(plain.effect)
