"""A whole question at once gives what its parts give one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from qualcode.agreement import (
    Codings,
    assess,
    assess_codes,
    assess_overall,
    codings,
    codings_from_triples,
    compare_pairs,
    confusions,
    leave_one_out,
    roll_up,
)
from qualcode.agreement.levels import at_level

from .made import CODERS, applied, question, rows_of, sets_of
from .test_invariance import FIELDS, is_same

SHARED = (
    "percent_agreement",
    "fleiss_kappa",
    "conger_kappa",
    "alpha",
    "gwet_ac1",
    "brennan_prediger",
    "cohen_kappa",
    "scott_pi",
)


@pytest.mark.parametrize("coders", [1, 2, 3, 6, 7, 9])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_codes_at_once_are_codes_one_by_one(coders: int, missing: float) -> None:
    asked = question(coders, 90, coders, missing=missing)
    for k, found in enumerate(assess_codes(asked)):
        alone = assess(rows_of(asked, k), [0, 1])
        for name in SHARED:
            assert is_same(alone[name], getattr(found, name)), (name, alone[name], found)
        pairable = [row for row in rows_of(asked, k) if sum(r is not None for r in row) > 1]
        assert found.n == len(pairable)
        expected = {c: sum(row[g] or 0 for row in pairable) for g, c in enumerate(asked.coders)}
        assert found.positives == expected


def test_more_units_than_fit_into_a_block_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question(3, 200)
    whole = assess_codes(asked), assess_overall(asked)
    for module in ("binary", "cells", "sets"):
        monkeypatch.setattr(f"qualcode.agreement.{module}._BLOCK", 7)
    monkeypatch.setattr("qualcode.agreement.patterns._DENSE", 0)
    parts = assess_codes(asked), assess_overall(asked)
    for first, second in zip(whole[0], parts[0], strict=True):
        assert all(is_same(getattr(first, name), getattr(second, name)) for name in SHARED)
    assert is_same(whole[1].alpha_masi, parts[1].alpha_masi)
    assert is_same(whole[1].mean_alpha, parts[1].mean_alpha)


def test_sets_of_more_than_sixty_four_codes() -> None:
    names = tuple(f"c{k}" for k in range(150))
    asked = question(4, 60, codes=names, prevalence=0.02)
    overall = assess_overall(asked)
    for name in ("masi", "jaccard"):
        assert is_same(
            assess(sets_of(asked), metric=name)["alpha"], getattr(overall, f"alpha_{name}")
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_summaries_are_what_they_say(seed: int) -> None:
    asked = question(seed, coders=4)
    overall = assess_overall(asked)
    alphas = [code.alpha.value for code in assess_codes(asked)]
    assert overall.mean_alpha.value == pytest.approx(np.mean([a for a in alphas if a is not None]))
    rows = sets_of(asked)
    shares = []
    for g, h in combinations(range(4), 2):
        both = [(r[g], r[h]) for r in rows if r[g] is not None and r[h] is not None]
        shares.append(np.mean([a == b for a, b in both]))
    assert overall.exact_match.value == pytest.approx(np.mean(shares))
    assert overall.pooled_kappa.reason == "not_two_coders"


def test_pooled_kappa_averages_before_it_divides() -> None:
    """De Vries et al. (2008)."""
    asked = question(6, coders=2)
    seen, chance = [], []
    for k in range(len(asked.codes)):
        pairs = np.array([r for r in rows_of(asked, k) if None not in r])
        seen.append((pairs[:, 0] == pairs[:, 1]).mean())
        p = pairs.mean(axis=0)
        chance.append(p[0] * p[1] + (1 - p[0]) * (1 - p[1]))
    expected = (np.mean(seen) - np.mean(chance)) / (1 - np.mean(chance))
    assert assess_overall(asked).pooled_kappa.value == pytest.approx(expected)


@pytest.mark.parametrize("coders", [2, 3])
def test_errors_by_formula_are_near_the_jackknife(coders: int) -> None:
    asked = question(11, 150, coders)
    overall = assess_overall(asked)
    n = asked.units
    left = [asked.select(np.arange(n) != i) for i in range(n)]
    summaries = [assess_overall(rest) for rest in left]
    names = ["alpha_masi", "exact_match", "mean_alpha"] + ["pooled_kappa"] * (coders == 2)
    for name in names:
        drawn = np.array([getattr(one, name).value for one in summaries])
        error = np.sqrt((n - 1) / n * ((drawn - drawn.mean()) ** 2).sum())
        assert getattr(overall, name).se == pytest.approx(error, rel=0.06), name

    # Gwet's kappas take the number of singly coded units as fixed, so they need complete data.
    complete = question(11, 150, coders, missing=0.0)
    for data, names in (
        (asked, ("alpha", "positive_agreement", "negative_agreement")),
        (complete, ("alpha", "conger_kappa", "fleiss_kappa", "gwet_ac1", "percent_agreement")),
    ):
        check_jackknife(data, names)


def check_jackknife(asked: Codings, names: tuple[str, ...]) -> None:
    n, codes = asked.units, assess_codes(asked)
    firsts = [assess_codes(asked.select(np.arange(n) != i))[0] for i in range(n)]
    for name in names:
        drawn = np.array([getattr(one, name).value for one in firsts])
        error = np.sqrt((n - 1) / n * ((drawn - drawn.mean()) ** 2).sum())
        assert getattr(codes[0], name).se == pytest.approx(error, rel=0.06), name


@pytest.mark.parametrize("coders", [2, 3])
def test_bootstrap_intervals_are_near_those_by_formula(coders: int) -> None:
    asked = question(12, 400, coders)
    for name in ("alpha_masi", "alpha_jaccard", "exact_match", "mean_alpha", "pooled_kappa"):
        first = getattr(assess_overall(asked), name)
        second = getattr(assess_overall(asked, "bootstrap", 1000), name)
        assert first.value is None or first.value == pytest.approx(second.value, abs=1e-12)
        if first.value is not None:
            assert second.resamples == 1000
            assert first.se == pytest.approx(second.se, rel=0.12), name
            assert first.low == pytest.approx(second.low, abs=0.02), name
    for first, second in zip(
        assess_codes(asked), assess_codes(asked, "bootstrap", 1000), strict=True
    ):
        assert first.alpha.se == pytest.approx(second.alpha.se, rel=0.12)
        assert first.alpha.low == pytest.approx(second.alpha.low, abs=0.03)


def test_flags_say_what_to_look_at() -> None:
    n = 80
    table = np.zeros((n, 3, 5), dtype=bool)
    table[:10, :, 0] = True
    table[:60, :2, 1] = True
    table[:, 0, 2], table[:50, 1:, 2] = True, True
    table[:, :, 4] = True
    saw = np.ones((n, 3), dtype=bool)
    codes = ("rare", "two", "always", "nobody", "all")
    found = assess_codes(codings(saw, np.nonzero(table), CODERS[:3], codes, exclusive=["rare"]))
    assert found[0].flags == ("rare: fewer than 15", "exclusive, but beside other codes 30 times")
    assert found[1].flags == ("never used by cy",)
    assert found[2].flags == ("used on every answer by ana",)
    assert found[3].flags == ("never used",)
    assert found[4].flags == ("used on every answer",)
    assert found[3].alpha.reason == found[4].alpha.reason == "no_variation"
    assert found[3].percent_agreement.value == found[3].gwet_ac1.value == 1.0
    assert found[0].band.startswith("lower limit 1.00: rely on it (Krippendorff 2019)")
    assert found[3].band == ""


def test_indices_of_prevalence_and_bias_are_for_two_coders() -> None:
    table = [[40, 9], [6, 45]]
    triples = []
    cells = [(a, b) for a in (0, 1) for b in (0, 1) for _ in range(table[a][b])]
    for i, (first, second) in enumerate(cells):
        triples += [(i, "ana", None if first else "x"), (i, "bea", None if second else "x")]
    found = assess_codes(codings_from_triples(triples))[0]
    assert found.prevalence_index == pytest.approx(-0.05)
    assert found.bias_index == pytest.approx(0.03)
    assert found.cohen_kappa.value == pytest.approx(0.6995192, abs=1e-6)
    assert assess_codes(question(1))[0].prevalence_index is None


def test_pairs_are_tables_of_two() -> None:
    asked = question(9)
    for found in compare_pairs(asked):
        g, h = (asked.coders.index(name) for name in found.coders)
        two = [[(row[g]), row[h]] for row in rows_of(asked, 0)]
        assert is_same(found.cohen_kappa["a"], assess(two, [0, 1])["cohen_kappa"])
        assert found.n == sum(None not in row for row in two)
        assert found.pooled_kappa == assess_overall(asked.among([g, h])).pooled_kappa


def test_without_a_coder_is_the_table_without_the_column() -> None:
    asked = question(9, coders=4)
    for g, found in enumerate(leave_one_out(asked)):
        rest = [[r for h, r in enumerate(row) if h != g] for row in rows_of(asked, 2)]
        assert is_same(found.alpha["a/y"], assess(rest, [0, 1])["alpha"])
        sets = [[s for h, s in enumerate(row) if h != g] for row in sets_of(asked)]
        assert is_same(found.alpha_masi, assess(sets, metric="masi")["alpha"])


def test_confusions_tell_who_used_which_code_instead() -> None:
    found = confusions(
        codings_from_triples(
            [
                (1, "ana", "x"), (1, "bea", "y"),
                (2, "ana", "x"), (2, "bea", "y"),
                (3, "ana", "y"), (3, "bea", "x"),
                (4, "ana", "x"), (4, "bea", None),
                (5, "ana", "x"), (5, "bea", "x"), (5, "bea", "z"),
                (6, "ana", "z"),
            ]
        )
    )  # fmt: skip
    as_rows = [(c.code, c.instead, c.count, c.coders) for c in found]
    assert as_rows == [
        ("x", "y", 3, {("ana", "bea"): 2, ("bea", "ana"): 1}),
        ("x", "", 1, {("ana", "bea"): 1}),
        ("z", "", 1, {("bea", "ana"): 1}),
    ]


def test_levels_forgive_a_leaf_of_the_same_branch() -> None:
    asked = codings_from_triples(
        [
            (i, coder, code)
            for i in range(30)
            for coder, code in (
                ("ana", "a/x" if i % 2 else "b"),
                ("bea", ("a/x" if i % 3 else "a/y") if i % 2 else "b"),
            )
        ]
    )
    leaf, top, closure = roll_up(asked)
    assert (leaf.level, top.level, closure.level) == (1, 0, None)
    assert top.codes == ("b", "a")
    assert top.overall.alpha_masi.value == 1.0
    assert leaf.overall.alpha_masi.value < closure.overall.alpha_masi.value < 1.0
    assert at_level(asked, None).codes == ("b", "a", "a/x", "a/y")
    flat = roll_up(codings_from_triples([(1, "ana", "x"), (1, "bea", "x")]))
    assert [level.level for level in flat] == [0]


def test_of_nothing_every_part_says_why_there_is_nothing() -> None:
    nothing = codings(np.zeros((0, 2), bool), ([], [], []), ["ana", "bea"], ["x"])
    for ci in ("analytic", "bootstrap"):
        assert assess_overall(nothing, ci, 20).alpha_masi.reason == "no_pairable_units"
        (code,) = assess_codes(nothing, ci, 20)
        assert code.alpha.reason == "no_pairable_units"
        assert code.prevalence is None
        assert code.flags == ()
    alone = codings(np.ones((3, 1), bool), ([0], [0], [0]), ["ana"], ["x"])
    for ci in ("analytic", "bootstrap"):
        overall = assess_overall(alone, ci, 20)
        assert {getattr(overall, name).reason for name in overall.__slots__} == {"one_coder"}
        assert assess_codes(alone, ci, 20)[0].alpha.reason == "one_coder"
    no_codes = codings(np.ones((3, 2), bool), ([], [], []), ["ana", "bea"], [])
    assert assess_codes(no_codes, "bootstrap", 20) == ()
    overall = assess_overall(no_codes, "bootstrap", 20)
    assert overall.exact_match.value == 1.0
    assert overall.mean_alpha.reason == "no_variation"


def test_the_interval_of_a_share_stays_among_shares() -> None:
    rows = [
        (1, "a", "x"),
        (1, "b", "y"),
        (2, "a", "x"),
        (2, "b", "x"),
        (3, "a", "y"),
        (3, "b", "x"),
    ]
    asked = codings_from_triples(rows)

    shares = [assess_overall(asked).exact_match]
    for code in assess_codes(asked):
        shares += [code.percent_agreement, code.positive_agreement, code.negative_agreement]

    for share in shares:
        if share.low is not None and share.high is not None:
            assert 0 <= share.low <= share.high <= 1


def test_one_shared_unit_has_values_and_no_intervals() -> None:
    found = assess_overall(codings_from_triples([(1, "a", "x"), (1, "b", "y"), (2, "a", "x")]))
    for name in ("alpha_masi", "exact_match", "mean_alpha", "pooled_kappa"):
        estimate = getattr(found, name)
        assert estimate.reason == "one_unit", name
        assert estimate.value == 0.0, name
        assert estimate == replace(estimate, **dict.fromkeys(FIELDS[1:]))


def test_an_idle_coder_changes_nothing() -> None:
    asked = question(2, coders=2)
    idle = codings(
        np.column_stack([asked.saw, np.zeros(asked.units, bool)]),
        tuple(
            np.concatenate(part)
            for part in zip(
                *[
                    (unit, np.full(unit.size, g), code)
                    for g, (code, unit) in enumerate(asked.marks)
                ],
                strict=True,
            )
        ),
        (*asked.coders, "zed"),
        asked.codes,
    )
    assert assess_overall(idle) == assess_overall(asked)
    for one, other in zip(assess_codes(idle), assess_codes(asked), strict=True):
        assert all(is_same(getattr(one, name), getattr(other, name)) for name in SHARED)


def test_made_codings_are_what_they_claim() -> None:
    assert applied(1, 50, 2, 3).shape == (50, 2, 3)
