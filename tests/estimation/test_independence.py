"""Tests of independence, and of many at once."""

from __future__ import annotations

from itertools import product
from math import comb, prod
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2

from qualcode.errors import InputError
from qualcode.estimation import exact
from qualcode.estimation.design import survey_design
from qualcode.estimation.effects import odds_ratio
from qualcode.estimation.exact import fisher_p
from qualcode.estimation.independence import Association, association, fisher, pearson
from qualcode.estimation.linearised import means
from qualcode.estimation.multiplicity import adjusted, legend, stars
from qualcode.estimation.raoscott import rao_scott
from qualcode.estimation.tables import crosstab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation.design import Design

cells = st.integers(0, 12)
two_by_two = st.lists(cells, min_size=4, max_size=4).filter(
    lambda c: min(c[0] + c[1], c[2] + c[3], c[0] + c[2], c[1] + c[3]) > 0
)
small_tables = st.sampled_from([(2, 2), (2, 3), (3, 2), (2, 4), (3, 3)]).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def all_tables(rows: tuple[int, ...], columns: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every table with these margins, column after column."""
    if len(columns) == 1:
        yield [rows]
        return
    for column in product(*(range(r + 1) for r in rows)):
        if sum(column) == columns[0]:
            left = tuple(r - x for r, x in zip(rows, column, strict=True))
            for rest in all_tables(left, columns[1:]):
                yield [column, *rest]


def probability(table: list[tuple[int, ...]]) -> float:
    """Multivariate hypergeometric, column by column."""
    left = [sum(row) for row in zip(*table, strict=True)]
    found = 1.0
    for column in table:
        ways = prod(comb(r, x) for r, x in zip(left, column, strict=True))
        found *= ways / comb(sum(left), sum(column))
        left = [r - x for r, x in zip(left, column, strict=True)]
    return found


@given(small_tables)
def test_fisher_is_the_sum_over_all_tables(table: list[list[int]]) -> None:
    found = fisher(table)
    kept = np.array(table)
    kept = kept[np.ix_(kept.sum(axis=1) > 0, kept.sum(axis=0) > 0)]
    if min(kept.shape) < 2:
        assert found.p is None
        return
    columns = [tuple(column) for column in kept.T.tolist()]
    observed = probability(columns)
    margins = tuple(kept.sum(axis=1).tolist()), tuple(kept.sum(axis=0).tolist())
    likely = [probability(one) for one in all_tables(*margins)]
    assert sum(likely) == pytest.approx(1)
    expected = sum(p for p in likely if p <= observed * (1 + 1e-7))
    assert found.p == pytest.approx(expected)
    assert found.simulated == 0


def test_fisher_as_r_prints_it() -> None:
    assert fisher([[3, 4, 9], [1, 2, 7]]).p == pytest.approx(0.8643155, abs=5e-8)


@given(two_by_two)
def test_fisher_of_two_by_two_is_that_of_a_peer(c: list[int]) -> None:
    table = [c[:2], c[2:]]
    assert fisher(table).p == pytest.approx(stats.fisher_exact(table)[1], rel=1e-6)


@given(small_tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(
    table: list[list[int]], random: object
) -> None:
    rows = list(table)
    random.shuffle(rows)  # type: ignore[attr-defined]
    turned = [list(column) for column in zip(*rows, strict=True)]
    first, second = fisher(table), fisher(turned)
    assert first.p == (None if second.p is None else pytest.approx(second.p))


def test_too_many_tables_are_simulated_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.array([[3, 4, 9], [1, 2, 7], [5, 0, 2]])
    right, none = fisher_p(table)
    monkeypatch.setattr(exact, "_MOST_STEPS", 0)
    first, simulated = fisher_p(table, seed=1)
    assert (none, simulated) == (0, 99_999)
    assert first == pytest.approx(right, abs=0.01)
    assert first != right
    assert fisher_p(table, seed=1) == (first, simulated)
    assert fisher_p(table, seed=2)[0] != first
    assert fisher(table).simulated == 99_999


def test_a_simulated_p_is_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_MOST_STEPS", 0)
    assert fisher_p(np.array([[40, 0], [0, 40]]))[0] == pytest.approx(1e-5)


def test_a_large_table_takes_no_time() -> None:
    found = fisher([[3, 2, 1, 5, 0, 2, 3, 1, 2, 1], [90, 100, 95, 120, 60, 80, 110, 70, 85, 100]])
    assert found.simulated == 0
    assert found.p == pytest.approx(0.86484299, abs=1e-8)
    assert found.is_low


@given(small_tables)
def test_pearson_is_that_of_a_peer(given_: list[list[int]]) -> None:
    table = np.array(given_)
    found = pearson(table)
    assert fisher(table).effect == found.effect
    table = table[np.ix_(table.sum(axis=1) > 0, table.sum(axis=0) > 0)]
    if found.p is None:
        return
    assert found.ndf == (table.shape[0] - 1) * (table.shape[1] - 1)
    peer = stats.chi2_contingency(table, correction=False)
    assert (found.statistic, found.p) == pytest.approx((peer.statistic, peer.pvalue), abs=1e-9)
    assert found.effect == pytest.approx(
        stats.contingency.association(table, method="cramer"), abs=1e-9
    )


def test_which_test() -> None:
    assert association([[1, 9], [3, 7]]).name == "fisher"
    assert association([[10, 10], [10, 30]]).name == "pearson"
    assert association([[0, 0], [3, 7]]) == Association("fisher", reason="no_variation")


@pytest.mark.parametrize(
    ("table", "reason"),
    [([[1, 0], [3, 0]], "one_group"), ([[0, 0], [3, 4]], "no_variation"), ([[0, 0]], "one_group")],
)
def test_nothing_to_test(table: list[list[int]], reason: str) -> None:
    for test in (pearson, fisher):
        found = test(table)
        assert (found.reason, found.p, found.effect) == (reason, None, None)


@pytest.mark.parametrize("table", [[1, 2], [[1.5, 2]], [[-1, 2], [3, 4]], [["a", "b"]]])
def test_no_table(table: object) -> None:
    with pytest.raises(InputError, match="table of counts"):
        pearson(table)


WEIGHTS = np.linspace(1, 2, 40)


def rao_scott_of(present: np.ndarray, group: np.ndarray, **design: object) -> Association:
    drawn = survey_design(40, weights=WEIGHTS, **design)  # type: ignore[arg-type]
    everybody = np.ones(40, dtype=bool)
    return crosstab([present], everybody, drawn, group, int(group.max()) + 1)[0].test


HALF = np.arange(40) % 2


@pytest.mark.parametrize(
    ("present", "group", "reason"),
    [
        (np.zeros(40, bool), HALF, "no_variation"),
        (np.ones(40, bool), HALF, "no_variation"),
        (HALF == 1, np.zeros(40, int), "one_group"),
        (HALF == 1, np.full(40, 3), "one_group"),
    ],
)
def test_nothing_to_test_by_rao_and_scott(
    present: np.ndarray, group: np.ndarray, reason: str
) -> None:
    found = rao_scott_of(present, group)
    assert (found.name, found.reason, found.p) == ("rao_scott", reason, None)


def test_nobody_in_any_group() -> None:
    nobody = np.full(40, -1)
    drawn = survey_design(40, weights=WEIGHTS)
    found = crosstab([HALF == 1], np.ones(40, bool), drawn, nobody, 2)[0]
    assert found.test.reason == "one_group"
    assert {share.unweighted.reason for share in found.shares} == {"empty_base"}


def by_definition(cells: np.ndarray, drawn: Design) -> tuple[float, float]:
    """F and its numerator's degrees of freedom, for indicators of the cells (n × r × c)."""
    n, rows, columns = cells.shape
    found = means(drawn, cells.reshape(n, -1).astype(float))
    p, v = found.values, found.covariance
    r, c = (place.ravel() for place in np.indices((rows, columns)))
    main = np.column_stack([r == i for i in range(rows)] + [c == j for j in range(columns)])
    both = np.column_stack([(r == i) & (c == j) for i in range(1, rows) for j in range(1, columns)])
    contrasts = both - main @ np.linalg.pinv(main.astype(float)) @ both
    d = np.diag(np.divide(1, p, out=np.zeros_like(p), where=p > 0))
    delta = np.linalg.solve(contrasts.T @ d @ contrasts / n, contrasts.T @ d @ v @ d @ contrasts)
    table = p.reshape(rows, columns)
    usual = np.outer(table.sum(axis=1), table.sum(axis=0))
    square = n * ((table - usual) ** 2 / usual).sum()
    return square / np.trace(delta), np.trace(delta) ** 2 / np.trace(delta @ delta)


def test_a_group_without_the_code_is_tested_all_the_same() -> None:
    group = np.arange(40) % 3
    present = (group == 0) & (np.arange(40) < 30)
    found = rao_scott_of(present, group)
    assert found.is_low
    cells = np.stack([present, ~present])[:, None] & (group == np.arange(3)[:, None])
    statistic, ndf = by_definition(cells.transpose(2, 0, 1), survey_design(40, weights=WEIGHTS))
    assert (found.statistic, found.ndf) == pytest.approx((statistic, ndf))


def test_rao_and_scott_of_a_larger_table_is_its_definition() -> None:
    rng = np.random.default_rng(1)
    row, column = rng.integers(3, size=60), rng.integers(4, size=60)
    column[row == 0] = np.minimum(column[row == 0], 2)  # an empty cell
    drawn = survey_design(60, weights=rng.uniform(1, 3, 60), psu=(np.arange(60) // 3).tolist())
    cells = (row[:, None] == np.arange(3))[:, :, None] & (column[:, None] == np.arange(4))[:, None]
    found = means(drawn, cells.reshape(60, -1).astype(float))
    shares = found.values.reshape(3, 4)
    test = rao_scott(shares, found.covariance, drawn.df, cells.sum(axis=0))
    assert (test.statistic, test.ndf) == pytest.approx(by_definition(cells, drawn))
    assert test.ddf == pytest.approx(test.ndf * 19)
    assert test.p == pytest.approx(stats.f.sf(test.statistic, test.ndf, test.ddf))


def test_an_empty_group_changes_nothing() -> None:
    present, group = np.arange(40) % 4 == 1, np.arange(40) % 3
    with_gap = np.where(group == 2, 3, group)
    assert rao_scott_of(present, group) == rao_scott_of(present, with_gap)


def test_without_degrees_of_freedom() -> None:
    found = rao_scott_of(np.arange(40) % 3 == 0, HALF, psu=["one"] * 40, lonely="centered")
    assert found.reason == "no_degrees_of_freedom"


def test_weights_taken_for_counts_would_find_too_much() -> None:
    present, group = np.arange(40) % 5 < 2, HALF
    big = survey_design(40, weights=WEIGHTS * 1000)
    found = crosstab([present], np.ones(40, bool), big, group, 2)[0].test
    assert found.p == pytest.approx(rao_scott_of(present, group).p)


CHECK = (0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205)


def test_a_family_is_adjusted_over_those_that_have_a_p() -> None:
    tests = [Association("pearson", p=p) for p in CHECK]
    tests.insert(3, Association("pearson", reason="one_group"))
    found = adjusted(tests)
    assert found.pop(3) == (None, None)
    by_holm, by_bh = zip(*found, strict=True)
    assert by_holm == pytest.approx((0.008, 0.056, *[0.234] * 4, 0.234, 0.234))
    assert by_bh == pytest.approx((0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.0845714286, 0.205))


def test_stars() -> None:
    ps = (0.0009, 0.001, 0.0099, 0.049, 0.05, 0.0999, 0.1, None)
    assert [stars(p) for p in ps] == ["***", "**", "**", "*", "†", "†", "", ""]
    assert legend() == "† p < .1, * p < .05, ** p < .01, *** p < .001"


def test_odds_ratio() -> None:
    found = odds_ratio(9, 36, 30, 69)
    estimate = found.estimate
    assert estimate.value == pytest.approx(0.575)
    assert estimate.se == pytest.approx(0.43211, abs=5e-6)
    assert (estimate.low, estimate.high) == pytest.approx((0.2465, 1.3411), abs=5e-5)
    peer = Table2x2(np.array([[9, 36], [30, 69]]))
    assert found.p == pytest.approx(peer.log_oddsratio_pvalue())


def test_odds_without_a_limit_have_a_reason() -> None:
    assert odds_ratio(0, 5, 3, 4).estimate.reason == "empty_cells"
    with pytest.raises(InputError, match="counts"):
        odds_ratio(-1, 5, 3, 4)
