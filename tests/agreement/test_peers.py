"""Where other packages define the same thing they give the same number."""

from __future__ import annotations

from itertools import pairwise

import krippendorff
import numpy as np
import pytest
from nltk.metrics import binary_distance, jaccard_distance
from nltk.metrics.agreement import AnnotationTask
from scipy.stats import norm, t
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from statsmodels.stats.multitest import multipletests

from qualcode.agreement import assess, assess_codes, kappa, probability_of
from qualcode.agreement.correction import benjamini_hochberg, holm
from qualcode.agreement.student import t_quantile
from qualcode.model import Estimate

from .made import question, ratings, rows_of, sets_of

SEEDS = range(6)


def as_floats(rows: list[list[int | None]]) -> np.ndarray:
    return np.array([[np.nan if k is None else k for k in row] for row in rows]).T


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_is_that_of_krippendorff(metric: str, seed: int) -> None:
    rows = ratings(seed, categories=4)
    rows = [[None if k is None else k + 1 for k in row] for row in rows]
    peer = krippendorff.alpha(as_floats(rows), level_of_measurement=metric)
    own = assess(rows, [1, 2, 3, 4], metric, resamples=2)["alpha"].value
    assert own == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_of_uneven_numbers_is_that_of_krippendorff(seed: int) -> None:
    values = np.random.default_rng(seed).normal(1e6, 1, (40, 1)) ** 1.0
    rows = (values + np.random.default_rng(seed + 9).normal(0, 0.3, (40, 3))).round(3)
    peer = krippendorff.alpha(rows.T, level_of_measurement="interval")
    assert assess(rows, metric="interval")["alpha"].value == pytest.approx(peer, abs=1e-9)


def masi(first: frozenset[str], second: frozenset[str]) -> float:
    """Passonneau's distance with exact thirds and two empty sets: NLTK divides by zero there."""
    if first == second:
        return 0.0
    common, together = len(first & second), len(first | second)
    return 1 - common / together * (2 / 3 if common == min(len(first), len(second)) else 1 / 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_set_alphas_are_those_of_nltk(seed: int) -> None:
    asked = question(seed)
    rows = sets_of(asked)
    data = [
        (g, i, cell) for i, row in enumerate(rows) for g, cell in enumerate(row) if cell is not None
    ]

    def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
        return 0.0 if first == second else jaccard_distance(first, second)

    for name, distance in (("masi", masi), ("jaccard", jaccard)):
        peer = AnnotationTask(data, distance=distance).alpha()
        assert assess(rows, metric=name)["alpha"].value == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_kappas_of_complete_data_are_those_of_nltk(seed: int) -> None:
    rows = ratings(seed, missing=0.0)
    data = [(g, i, k) for i, row in enumerate(rows) for g, k in enumerate(row)]
    peer = AnnotationTask(data, distance=binary_distance)
    own = assess(rows, [0, 1, 2])
    assert own["fleiss_kappa"].value == pytest.approx(peer.pi(), abs=1e-12)
    assert own["conger_kappa"].value == pytest.approx(peer.multi_kappa(), abs=1e-12)
    assert own["brennan_prediger"].value == pytest.approx(peer.S(), abs=1e-12)
    assert own["percent_agreement"].value == pytest.approx(peer.avg_Ao(), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_cohen_is_that_of_scikit_learn(seed: int) -> None:
    rows = ratings(seed, coders=2, categories=4)
    first, second = zip(*[row for row in rows if None not in row], strict=True)
    own = assess(rows, [0, 1, 2, 3])["cohen_kappa"]
    assert own.value == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
    table = np.zeros((4, 4))
    np.add.at(table, (first, second), 1)
    for weights in (None, "linear", "quadratic"):
        peer = cohen_kappa_score(first, second, weights=weights, labels=[0, 1, 2, 3])
        assert kappa(table, weights).value == pytest.approx(peer, abs=1e-12)
    # Gwet's error has n - 1 where Fleiss, Cohen & Everitt have n.
    n = len(first)
    assert own.se == pytest.approx(kappa(table).se * (n / (n - 1)) ** 0.5, abs=1e-12)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_error_of_kappa_is_that_of_statsmodels(seed: int, weights: str | None) -> None:
    table = np.random.default_rng(seed).integers(0, 20, (4, 4)) + 15 * np.eye(4)
    peer = cohens_kappa(table, wt=weights)
    own = kappa(table, weights)
    assert own.value == pytest.approx(peer.kappa, abs=1e-12)
    assert own.se == pytest.approx(peer.std_kappa, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_is_that_of_statsmodels(seed: int) -> None:
    rows = ratings(seed, coders=4, missing=0.0)
    counts, _ = aggregate_raters(np.array(rows), n_cat=3)
    own = assess(rows, [0, 1, 2])
    assert own["fleiss_kappa"].value == pytest.approx(fleiss_kappa(counts), abs=1e-12)
    randolph = fleiss_kappa(counts, method="randolph")
    assert own["brennan_prediger"].value == pytest.approx(randolph, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_positive_agreement_of_two_coders_is_f1(seed: int) -> None:
    asked = question(seed, coders=2)
    for k, found in enumerate(assess_codes(asked)):
        first, second = zip(*[r for r in rows_of(asked, k) if None not in r], strict=True)
        assert found.positive_agreement.value == pytest.approx(f1_score(first, second), abs=1e-12)
        flipped = f1_score(first, second, pos_label=0)
        assert found.negative_agreement.value == pytest.approx(flipped, abs=1e-12)


@pytest.mark.parametrize("probability", [0.5, 0.6, 0.9, 0.95, 0.975, 0.995, 0.9995, 0.025])
def test_quantiles_of_t_are_those_of_scipy(probability: float) -> None:
    for df in (*range(1, 80), 200, 501, 998, 999, 1000, 1001, 20_000, 10**6):
        peer = t.ppf(probability, df)
        assert t_quantile(probability, df) == pytest.approx(peer, rel=1e-10, abs=1e-10)


def test_quantiles_of_t_grow_with_heavier_tails() -> None:
    found = [t_quantile(0.975, df) for df in range(1, 1200)]
    assert all(heavy > light for heavy, light in pairwise(found))


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    ps = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    shuffled = [ps[i] for i in (3, 0, 7, 1, 5, 2, 6, 4)]
    assert holm(shuffled) == pytest.approx(multipletests(shuffled, method="holm")[1])
    assert benjamini_hochberg(shuffled) == pytest.approx(
        multipletests(shuffled, method="fdr_bh")[1]
    )
    assert holm([0.01, None, 0.02]) == [0.02, None, 0.02]
    assert benjamini_hochberg([None]) == [None]


def test_the_probability_of_a_threshold_is_that_of_a_normal_cut_at_one() -> None:
    found = probability_of(Estimate(0.7, 0.1, 0.5, 0.9), 0.667)
    z = norm(0.7, 0.1)
    expected = (z.cdf(1) - z.cdf(0.667)) / (z.cdf(1) - z.cdf(-1))
    assert found == pytest.approx(expected, abs=1e-12)
    assert probability_of(Estimate(1.0, 0.0, 1.0, 1.0), 0.8) == 1.0
    assert probability_of(Estimate(reason="one_coder"), 0.8) is None
