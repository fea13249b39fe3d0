"""Nobody can work out from a printed table what it hides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.estimation.codetree import code_tree
from qualcode.estimation.disclosure.additive import additive, suppress_counts, with_margins
from qualcode.estimation.disclosure.layout import Breakdown, ThemeTable
from qualcode.estimation.disclosure.themes import Suppression, suppress

from .attacker import widths

if TYPE_CHECKING:
    from collections.abc import Sequence

CUBE = np.array([[2, 20, 30], [15, 11, 40], [25, 9, 12]])


def table(
    k: Sequence[Sequence[int]],
    n: Sequence[int],
    paths: Sequence[str] | None = None,
    breakdowns: Sequence[tuple[int, tuple[int, ...]]] = (),
    **more: Any,
) -> ThemeTable:
    tree = code_tree(paths or [f"c{i}" for i in range(len(k))])
    parts = tuple(Breakdown(whole, inside) for whole, inside in breakdowns)
    return ThemeTable(np.array(k), np.array(n), tree, parts, **more)


def by_three(k: Sequence[Sequence[int]], **more: Any) -> ThemeTable:
    """Counts in three groups of 50, 60 and 70, with the whole before them."""
    whole = [[sum(row), *row] for row in k]
    return table(whole, [180, 50, 60, 70], breakdowns=[(0, (1, 2, 3))], **more)


def places(found: Suppression) -> set[tuple[int, int]]:
    return {(int(t), int(c)) for t, c in np.argwhere(found.cells)}


def test_what_is_large_is_printed() -> None:
    found = suppress(by_three([[20, 20, 20], [10, 30, 40]]))
    assert not found.cells.any()
    assert not found.bases.any()
    assert not found.tests.any()
    assert (found.responses, found.any_code, found.added, found.unprotected) == (False,) * 2 + (
        0,
        (),
    )


@pytest.mark.parametrize(("k", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_small_count_is_hidden_and_none_is_not(k: int, is_hidden: bool) -> None:  # noqa: FBT001
    found = suppress(table([[k]], [100]))
    assert bool(found.cells[0, 0]) == is_hidden


@pytest.mark.parametrize(("k", "is_hidden"), [(95, False), (96, True), (100, True)])
def test_so_is_a_count_that_leaves_few(k: int, is_hidden: bool) -> None:  # noqa: FBT001
    assert bool(suppress(table([[k]], [100])).cells[0, 0]) == is_hidden


def test_one_hidden_group_takes_the_next_smallest_with_it() -> None:
    found = suppress(by_three([[2, 20, 30], [12, 13, 14]]))
    assert places(found) == {(0, 1), (0, 2)}
    assert found.added == 1
    assert found.tests.tolist() == [[True], [False]]
    assert not found.responses


def test_a_partner_without_room_does_not_help() -> None:
    """Nobody in the second group: hiding a zero leaves 0 to 2, not five numbers apart."""
    found = suppress(by_three([[2, 0, 30]]))
    assert places(found) == {(0, 1), (0, 3)}


def test_two_small_groups_may_protect_each_other() -> None:
    assert places(suppress(by_three([[3, 4, 30]]))) == {(0, 1), (0, 2)}
    assert places(suppress(by_three([[2, 1, 30]]))) == {(0, 1), (0, 2), (0, 3)}


def test_a_net_gives_nothing_away() -> None:
    """The parent is its two children here, and one of them is small."""
    made = table([[32], [30], [2]], [100], ["a", "a/x", "a/y"])
    hidden = suppress(made)
    assert places(hidden) == {(2, 0)}
    assert widths(made, hidden).min() >= 5


def test_a_small_parent_bounds_its_child() -> None:
    made = table([[6], [4]], [100], ["a", "a/x"])
    found = suppress(made)
    assert places(found) == {(1, 0)}
    assert widths(made, found).tolist() == [6]


def test_a_net_that_closes_the_row_is_hidden_too() -> None:
    """Parts and net agree in every group, so the net of a hidden part has to give way."""
    k = [[2, 20, 30], [2, 20, 30]]
    found = suppress(by_three(k, paths=["a", "a/x"]))
    assert places(found) == {(0, 1), (0, 2), (1, 1), (1, 2)}


def test_those_in_no_group_are_protected_as_well() -> None:
    """12 of the whole in no group, 3 of them with the code: known by subtraction."""
    made = table([[63, 30, 30]], [100, 40, 48], breakdowns=[(0, (1, 2))])
    found = suppress(made)
    assert places(found)
    assert widths(made, found).min() >= 5
    nobody = table([[60, 30, 30]], [100, 40, 48], breakdowns=[(0, (1, 2))])
    assert not suppress(nobody).cells.any()


def test_a_small_base_hides_its_column_and_cannot_be_worked_out() -> None:
    made = table([[40, 5, 15, 20], [30, 0, 10, 20]], [100, 8, 42, 50], breakdowns=[(0, (1, 2, 3))])
    found = suppress(made)
    assert found.bases.tolist() == [False, True, True, False]
    assert found.cells[:, 1:3].all()
    assert not found.cells[:, 0].any()
    assert widths(made, found).min() >= 5


def test_a_base_of_ten_is_printed_and_one_of_nobody_too() -> None:
    made = table([[45, 5, 40, 0]], [100, 10, 90, 0], breakdowns=[(0, (1, 2, 3))])
    found = suppress(made)
    assert not found.bases.any()
    assert not found.cells.any()
    small = table([[45, 5, 40, 0]], [99, 9, 90, 0], breakdowns=[(0, (1, 2, 3))])
    assert suppress(small).bases.tolist() == [False, True, True, False]


def test_where_the_whole_base_is_small_nothing_is_printed() -> None:
    found = suppress(table([[6, 6]], [9, 9]))
    assert found.cells.all()
    assert found.bases.all()
    assert not suppress(table([[0, 0]], [0, 0])).cells.any()


def test_a_single_theme_is_the_number_with_any() -> None:
    made = table([[3]], [100], any_code=3)
    found = suppress(made)
    assert found.cells.all()
    assert found.any_code
    many = table([[3], [40]], [100], any_code=42)
    assert not suppress(many).any_code


def test_the_number_with_any_theme_bounds_a_hidden_one() -> None:
    """40 and 44 with any leaves at least 4 to the other theme, at most 44."""
    made = table([[40], [4]], [100], any_code=44)
    found = suppress(made)
    assert places(found) == {(1, 0)}
    assert widths(made, found).tolist() == [40]


def test_the_sum_of_responses_is_not_printed_beside_a_hidden_theme() -> None:
    found = suppress(table([[3], [40], [30]], [100]))
    assert places(found) == {(0, 0)}
    assert found.responses
    parent = suppress(table([[97], [40]], [100], ["a", "a/x"]))
    assert places(parent) == {(0, 0)}
    assert not parent.responses


def test_crossed_attributes_and_their_margins() -> None:
    """Columns: all, two sizes, two units, and the four crossed cells."""
    crossed = np.array([[2, 20], [30, 40]])
    bases = np.array([[40, 50], [60, 70]])
    line = [crossed.sum(), *crossed.sum(axis=1), *crossed.sum(axis=0), *crossed.ravel()]
    n = [bases.sum(), *bases.sum(axis=1), *bases.sum(axis=0), *bases.ravel()]
    sums = [(0, (1, 2)), (0, (3, 4)), (1, (5, 6)), (2, (7, 8)), (3, (5, 7)), (4, (6, 8))]
    made = table([line], n, breakdowns=sums)
    found = suppress(made)
    assert found.cells[0, 5]
    assert widths(made, found).min() >= 5
    assert found.added == 3


def test_what_cannot_be_protected_is_named() -> None:
    """All are in the base by having a theme, and there is but one."""
    found = suppress(table([[20]], [20], is_any_code=True))
    assert found.unprotected == ((0, 0),)


def test_a_higher_threshold() -> None:
    made = by_three([[8, 20, 30]])
    assert not suppress(made).cells.any()
    found = suppress(made, threshold=10)
    assert places(found) == {(0, 1), (0, 2)}
    assert widths(made, found).min() >= 10


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (table([[5, 3]], [10, 4], breakdowns=[(0, (1,))]), None),
        (table([[11]], [10]), "above its base"),
        (table([[-1]], [10]), "below 0"),
        (table([[5, 6]], [10, 7], breakdowns=[(0, (1,))]), "groups exceed"),
        (table([[5, 4]], [10, 10], breakdowns=[(0, (1,))]), "do not add up"),
        (replace(table([[5]], [10]), n=np.array([1, 2])), "1 codes × 2 bases"),
    ],
)
def test_counts_that_contradict_each_other(made: ThemeTable, message: str | None) -> None:
    if message is None:
        suppress(made)
        return
    with pytest.raises(InputError, match=message):
        suppress(made)


def test_a_threshold_that_protects_nobody() -> None:
    with pytest.raises(InputError, match="protects nobody"):
        suppress(table([[5]], [10]), threshold=1)
    with pytest.raises(InputError, match="threshold above 1"):
        suppress_counts(CUBE, 1)


def people(seed: int, shape: tuple[int, int, int], rate: float, missing: float) -> ThemeTable:
    """A table counted from made-up respondents, so that all its parts agree."""
    rng = np.random.default_rng(seed)
    n, groups, attributes = shape
    paths = ["a", "a/x", "a/y", "b", "c"]
    tree = code_tree(paths)
    present = rng.random((len(paths), n)) < rate * rng.uniform(0.2, 1.5, (len(paths), 1))
    for code in (1, 2):
        present[0] |= present[code]
    columns, breakdowns = [np.ones(n, dtype=bool)], []
    for _ in range(attributes):
        group = rng.integers(groups, size=n)
        group[rng.random(n) < missing] = -1
        breakdowns.append(Breakdown(0, tuple(range(len(columns), len(columns) + groups))))
        columns += [group == g for g in range(groups)]
    k = np.array([[int((line & column).sum()) for column in columns] for line in present])
    bases = np.array([int(column.sum()) for column in columns])
    any_code = int(present.any(axis=0).sum())
    return ThemeTable(k, bases, tree, tuple(breakdowns), any_code)


shapes = st.tuples(st.integers(12, 150), st.integers(2, 4), st.integers(1, 2))


@settings(max_examples=12)
@given(
    st.integers(0, 10**6), shapes, st.sampled_from([0.05, 0.2, 0.5]), st.sampled_from([0, 0, 0.05])
)
def test_an_attacker_cannot_narrow_down_a_hidden_cell(
    seed: int, shape: tuple[int, int, int], rate: float, missing: float
) -> None:
    made = people(seed, shape, rate, missing)
    found = suppress(made)
    if not found.unprotected and not found.bases[0]:
        assert widths(made, found).min(initial=99) >= 5
    small = (made.k > 0) & ((made.k < 5) | (made.n - made.k < 5))
    assert found.cells[small].all()
    assert suppress(made).cells.tolist() == found.cells.tolist()


def test_next_to_nothing_is_unprotected() -> None:
    """The property above is worth nothing if tables go unprotected as a rule."""
    failed = [
        seed
        for seed in range(12)
        if suppress(people(seed, (30 + 5 * seed, 3, 1 + seed % 2), 0.2, 0.0)).unprotected
    ]
    assert failed == []


def hide(*cells: tuple[int, int]) -> Any:
    hidden = np.zeros((4, 4), dtype=bool)
    for cell in cells:
        hidden[cell] = True
    return hidden.ravel()


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        ([(0, 0)], 2, 2),
        ([(0, 0), (0, 1)], 2, 2),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], 0, 17),
    ],
)
def test_bounds_of_a_table_with_all_its_totals(
    cells: list[tuple[int, int]], low: int, high: int
) -> None:
    """Hiding the cell, or one more in its row, hides nothing: the columns add up, too."""
    found = additive(CUBE).bounds(hide(*cells))
    assert (found[0][0], found[1][0]) == (low, high)
    assert found[0][-1] == found[1][-1] == CUBE.sum()


def test_a_closed_square_is_hidden() -> None:
    found = suppress_counts(CUBE)
    assert found.sum() == 4
    assert found[0, 0]
    rows, columns = np.nonzero(found)
    assert len(set(rows.tolist())) == len(set(columns.tolist())) == 2


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(2, 4), st.integers(3, 30))
def test_no_cell_of_an_additive_table_can_be_worked_out(
    seed: int, rows: int, columns: int, most: int
) -> None:
    counts = np.random.default_rng(seed).integers(0, most, (rows, columns))
    found = suppress_counts(counts)
    whole = with_margins(counts)
    small = (whole > 0) & (whole < 5)
    small[-1, -1] = False
    assert found[small].all()
    assert not found[-1, -1]
    if counts.sum() < 20:
        return
    low, high = additive(counts).bounds(found.ravel())
    assert (high - low)[found.ravel()].min(initial=99) >= 5


def test_a_table_too_small_to_protect_is_hidden_whole() -> None:
    found = suppress_counts([[1, 2]])
    assert found.tolist() == [[True, True, True], [True, True, False]]


@pytest.mark.parametrize("counts", [[1, 2], [[1.5]], [[-1]]])
def test_no_counts(counts: object) -> None:
    with pytest.raises(InputError, match="table of counts"):
        suppress_counts(counts)
