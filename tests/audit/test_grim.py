"""Which percentages are possible: by GRIM, whatever the rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qualcode.audit import Known, Printed, audit, fit, parse_printed, read_manuscript
from qualcode.audit.grim import neighbours, says_something, share
from qualcode.audit.printed import ROUNDINGS, Rounding, explaining, rounded

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
decimals = st.integers(0, 4)
roundings = st.sampled_from(ROUNDINGS)


@given(counts, decimals, roundings)
def test_every_true_share_is_possible_however_it_was_rounded(
    count: tuple[int, int], places: int, rounding: Rounding
) -> None:
    k, n = count
    printed = rounded(share(k, n), places, rounding)
    found = fit(printed, n)
    assert found.is_possible
    assert rounding in explaining(printed, share(k, n))
    if rounding != "truncation":
        assert found.low <= k <= found.high
        assert rounding in found.roundings


@given(counts, st.integers(0, 3))
def test_a_share_as_python_prints_it_is_possible(count: tuple[int, int], places: int) -> None:
    k, n = count
    assert fit(parse_printed(f"{100 * k / n:.{places}f}"), n).is_possible


@given(st.integers(1, 99), st.data(), st.integers(1, 3))
def test_a_share_shifted_off_every_count_is_impossible(
    n: int, data: st.DataObject, places: int
) -> None:
    k = data.draw(st.integers(0, n))
    true = rounded(share(k, n), places)
    shifted = Printed(true.units + data.draw(st.integers(-60, 60)), places)
    assume(0 <= shifted.units <= 100 * 10**places)
    assume(all(abs(shifted.value - share(other, n)) >= shifted.unit for other in range(n + 1)))
    assert not fit(shifted, n).is_possible
    text = f"Of the {n} respondents, {shifted} % were content.".encode()
    report = audit(read_manuscript(text, "page.md"), Known())
    assert [finding.check for finding in report.findings] == ["grim"]


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_the_counts_are_those_that_trying_all_finds(
    n: int, places: int, data: st.DataObject
) -> None:
    printed = Printed(data.draw(st.integers(0, 100 * 10**places)), places)
    every = {k: explaining(printed, share(k, n)) for k in range(n + 1)}
    nearest = [k for k, found in every.items() if found - {"truncation"}]
    found = fit(printed, n)
    assert found.is_possible == any(every.values())
    assert found.is_cut_off == (any(every.values()) and not nearest)
    if nearest:
        assert (found.low, found.high) == (nearest[0], nearest[-1])
        assert found.roundings == frozenset().union(*(every[k] for k in nearest))
    if not says_something(printed, n):
        assert found.is_possible


def test_roundings_are_told_apart() -> None:
    eighth = Fraction(25, 2)  # 1 of 8 is 12.5 %
    assert [str(rounded(eighth, 0, how)) for how in ROUNDINGS] == ["13", "12", "12", "12"]
    assert explaining(Printed(13), eighth) == {"half-up"}
    assert explaining(Printed(12), eighth) == {"half-even", "half-down", "truncation"}
    assert fit(parse_printed("26.3"), 144).roundings == {"truncation"}
    assert fit(parse_printed("26.4"), 144).low == 38


def test_the_nearest_possible_values_are_told() -> None:
    near = neighbours(parse_printed("36.9"), 144)
    assert [(k, str(value)) for k, value in near] == [(53, "36.8"), (54, "37.5")]
    assert [k for k, _ in neighbours(parse_printed("100.0"), 7)] == [7]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("36.8", "36.8"),
        ("36,8", "36.8"),
        ("36·8", "36.8"),
        (".5", "0.5"),
        ("1,234", "1234"),
        ("1,234.50", "1234.50"),
        ("7", "7"),
    ],
)
def test_numbers_are_read_as_they_are_written_in_many_countries(text: str, shown: str) -> None:
    assert str(parse_printed(text)) == shown
