"""Which themes go together: counts, combinations, and what must not be told."""

from __future__ import annotations

import random
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from qualcode import Study
from qualcode.errors import QualcodeError
from qualcode.estimation.disclosure.overlaps import (
    OverlapTable,
    suppress_kinds,
    suppress_pairs,
)
from qualcode.study.design import Design
from qualcode.study.frequencies import Wish, overlap
from qualcode.study.frequencies.overlap_output import as_document, as_json

from .made import coded, library, small

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def overlapping(study: Path, **wish: Any) -> overlap.OverlapReport:
    more = {name: wish.pop(name) for name in ("are_nets", "are_kinds") if name in wish}
    with Study.open(study, readonly=True) as opened:
        question = opened.question("q1")
        return overlap.overlap(opened.database, question, Wish(**wish), **more)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    codings = [*coded(range(30), "ana", "a/x"), *coded(range(20, 45), "ana", "b")]
    codings += [*coded(range(40, 43), "ana", "c"), *coded(range(45, 60), "ana", "")]
    return small(tmp_path, codings, n=60, design=Design(weight="weight"))


def test_pairs_and_combinations_are_counted(study: Path) -> None:
    found = as_json(overlapping(study, is_internal=True))
    pairs = {tuple(pair["codes"]): pair for pair in found["pairs"]}
    assert pairs["a/x", "b"]["k"] == 10
    assert pairs["a/x", "b"]["percent_of_first"] == pytest.approx(100 * 10 / 30)
    assert pairs["a/x", "b"]["percent_of_second"] == 40
    assert pairs["a/x", "b"]["jaccard"] == pytest.approx(10 / 45)
    assert pairs["a/y", "b"]["percent_of_first"] is None
    kinds = {tuple(kind["codes"]): kind["k"] for kind in found["combinations"]}
    assert kinds == {("a/x",): 20, (): 15, ("a/x", "b"): 10, ("b",): 12, ("b", "c"): 3}
    assert found["other"] == 0
    assert sum(kind["percent"] for kind in found["combinations"]) == pytest.approx(100)
    assert sum(kind["weighted_percent"] for kind in found["combinations"]) == pytest.approx(100)
    assert not found["adds_up"]
    assert any("does not add to 100 %" in note for note in found["notes"])


def test_nets_are_the_themes_at_the_top(study: Path) -> None:
    found = as_json(overlapping(study, are_nets=True, is_internal=True))
    assert [theme["code"] for theme in found["themes"]] == ["a", "b", "c"]


def test_small_pairs_are_hidden(study: Path) -> None:
    found = as_json(overlapping(study))
    themes = {theme["code"]: theme["k"] for theme in found["themes"]}
    assert themes == {"a/x": 30, "a/y": 0, "b": 25, "c": None}
    pairs = {tuple(pair["codes"]): pair for pair in found["pairs"]}
    assert pairs["a/x", "b"]["k"] == 10
    assert pairs["b", "c"]["k"] is None
    assert pairs["b", "c"]["jaccard"] is None
    assert pairs["b", "c"]["percent_of_first"] is None
    assert found["combinations"] is None


def test_small_combinations_are_among_the_others(study: Path) -> None:
    found = as_json(overlapping(study, are_kinds=True))
    assert found["pairs"] is None
    assert ["b", "c"] not in [kind["codes"] for kind in found["combinations"]]
    shown = sum(kind["k"] for kind in found["combinations"])
    assert found["other"] == 60 - shown
    assert found["other"] >= 5


def test_the_document_says_that_it_does_not_add_up(study: Path) -> None:
    _, both, shares = as_document(overlapping(study)).sections
    assert both.grid
    assert both.grid.columns == ("", "theme", "1", "2", "3", "4")
    assert both.grid.rows[0][2:] == ("30", "0", "10", "s")
    assert shares.grid
    assert shares.grid.rows[0][4] == "33.3"
    _, kinds = as_document(overlapping(study, are_kinds=True)).sections
    assert kinds.grid
    assert kinds.grid.rows[-1][0] in {"other combinations", "all combinations"}
    assert "does not add to 100 %" in " ".join(kinds.notes)
    assert len(as_document(overlapping(study, is_internal=True)).sections) == 4


def test_a_small_base_shows_nothing(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(8), "ana", "b"), n=8)
    found = as_json(overlapping(study))
    assert found["n"] is found["other"] is None
    assert all(theme["k"] is None for theme in found["themes"])
    assert all(pair["k"] is None for pair in found["pairs"])
    assert as_json(overlapping(study, are_kinds=True))["combinations"] == []


def test_nothing_coded_gives_empty_tables(tmp_path: Path) -> None:
    found = overlapping(small(tmp_path, []), are_kinds=True)
    read = as_json(found)
    assert (read["n"], read["combinations"], read["other"]) == (0, [], 0)
    assert len(as_document(found).sections) == 2


def test_a_base_that_is_not_coded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QualcodeError, match="not coded yet"):
        overlapping(small(tmp_path, coded(range(8), "ana", "b")), base="asked")


def test_the_library_can_be_looked_at(tmp_path: Path) -> None:
    found = as_json(overlapping(library(tmp_path)))
    assert [theme["k"] for theme in found["themes"]] == [59, 53, 27, 23]


# What somebody can work out who knows how sets overlap.


def made(seed: int) -> tuple[list[tuple[int, ...]], OverlapTable]:
    """Everything that an answer can be, and a table of answers at random."""
    rng = random.Random(seed)
    themes = rng.choice([2, 3, 4])
    atoms = list(chain.from_iterable(combinations(range(themes), r) for r in range(themes + 1)))
    drawn = {atom: rng.choice([0, 0, 1, 2, 3, 4, 6, 9, 15, 30]) for atom in atoms}
    kinds = {atom: k for atom, k in drawn.items() if k} | {(): 12}
    n = sum(kinds.values())
    k = [
        [sum(v for atom, v in kinds.items() if {i, j} <= set(atom)) for j in range(themes)]
        for i in range(themes)
    ]
    secret = {i for i in range(themes) if 0 < k[i][i] < 5 or (k[i][i] and n - k[i][i] < 5)}
    return atoms, OverlapTable(n, k, kinds, frozenset(secret))


class Attacker:
    """Knows the base and the themes, and what of the table is shown.

    Variables are the respondents of each combination, possible or not.
    """

    def __init__(
        self,
        atoms: list[tuple[int, ...]],
        made: OverlapTable,
        pairs: Iterable[tuple[int, ...]],
        kinds: Iterable[tuple[int, ...]],
    ) -> None:
        self.atoms = atoms
        places = range(len(made.k))
        facts = [(frozenset[int](), made.n)]
        facts += [(frozenset({i}), made.k[i][i]) for i in places if i not in made.secret]
        facts += [(frozenset(pair), made.k[pair[0]][pair[1]]) for pair in pairs]
        lines = [self._line(themes) for themes, _ in facts]
        values = [value for _, value in facts]
        self.facts = LinearConstraint(np.array(lines), values, values)
        low, high = np.zeros(len(atoms)), np.full(len(atoms), np.inf)
        for kind in kinds:
            low[atoms.index(kind)] = high[atoms.index(kind)] = made.kinds[kind]
        self.bounds = Bounds(low, high)

    def _line(self, themes: frozenset[int]) -> list[float]:
        return [float(themes <= set(atom)) for atom in self.atoms]

    def width(self, goal: list[float]) -> int:
        ends = [
            sign
            * milp(
                sign * np.array(goal), constraints=self.facts, integrality=1, bounds=self.bounds
            ).fun
            for sign in (1, -1)
        ]
        return round(ends[1] - ends[0])

    def of_themes(self, themes: tuple[int, ...]) -> int:
        return self.width(self._line(frozenset(themes)))

    def of_kind(self, kind: tuple[int, ...]) -> int:
        return self.width([float(atom == kind) for atom in self.atoms])


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_nobody_can_work_out_a_pair(first: int) -> None:
    for seed in range(first, first + 10):
        atoms, table = made(seed)
        hidden = suppress_pairs(table)
        shown = set(combinations(range(len(table.k)), 2)) - hidden
        attacker = Attacker(atoms, table, shown, ())
        for i, j in hidden:
            assert not table.k[i][j] or attacker.of_themes((i, j)) >= 5, seed
        for place in table.secret:
            assert attacker.of_themes((place,)) >= 5, seed
        for i, j in shown:
            both, one, other = table.k[i][j], table.k[i][i], table.k[j][j]
            assert both == 0 or min(both, one - both, other - both) >= 5


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_nobody_can_work_out_a_combination(first: int) -> None:
    for seed in range(first, first + 10):
        atoms, table = made(seed)
        hidden = suppress_kinds(table) & table.kinds.keys()
        attacker = Attacker(atoms, table, (), table.kinds.keys() - hidden)
        for kind in hidden:
            assert attacker.of_kind(kind) >= 5, seed
        assert {kind for kind, k in table.kinds.items() if k < 5} <= hidden


def test_large_tables_are_left_alone() -> None:
    kinds = {(): 100, (0,): 200, (1,): 150, (0, 1): 80}
    table = OverlapTable(530, [[280, 80], [80, 230]], kinds)
    assert not suppress_pairs(table)
    assert not suppress_kinds(table) & kinds.keys()


def test_where_most_are_rare_none_is_shown() -> None:
    kinds = dict.fromkeys(combinations(range(20), 2), 1) | {(): 100}
    k = [[19 if i == j else 1 for j in range(20)] for i in range(20)]
    assert suppress_kinds(OverlapTable(290, k, kinds)) == kinds.keys()
