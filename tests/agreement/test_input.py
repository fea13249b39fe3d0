"""Bad input is an error that says what to do."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from qualcode.agreement import (
    answers_for_guess,
    assess,
    assess_codes,
    codings,
    codings_from_triples,
    compare_batches,
    drift,
    kappa,
    plan,
    prevalence_and_bias,
    ratings_from_triples,
    unitize,
)
from qualcode.errors import InputError

from .made import question

SAW = [[True, True], [True, False]]


def bad(**given: Any) -> Any:
    return lambda: assess(**given)


REFUSED: list[tuple[str, Any, str]] = [
    ("ragged", bad(ratings=[[0, 1], [0]]), "unit 2 has 1 ratings"),
    ("flat", bad(ratings=[0, 1, 1]), "table of units × coders"),
    ("words as rows", bad(ratings=["ab", "ba"]), "table of units × coders"),
    ("flat array", bad(ratings=np.array([0, 1])), "table of units × coders"),
    ("outside", bad(ratings=[[0, 2]], categories=[0, 1]), "2 is not one of the categories"),
    ("outside array", bad(ratings=np.array([[0, 2]]), categories=[0, 1]), "2 is not one"),
    ("unhashable", bad(ratings=[[[0], 1]], categories=[0, 1]), "not one of the categories"),
    ("twice a category", bad(ratings=[[0, 1]], categories=[0, 1, 0]), "listed twice"),
    ("metric", bad(ratings=[[0, 1]], metric="euclid"), "no metric “euclid”"),
    ("interval", bad(ratings=[[0, 1]], ci="jackknife"), "no interval “jackknife”"),
    ("unordered", bad(ratings=[["lo", "hi"]], metric="ordinal"), "order of these categories"),
    ("words", bad(ratings=[["a", "b"]], categories=["a", "b"], metric="interval"), "needs numbers"),
    ("negative ratio", bad(ratings=[[-1, 1]], metric="ratio"), "from 0 up"),
    ("not a set", bad(ratings=[["ab", None]], metric="masi"), "not a set of codes"),
    ("ragged sets", bad(ratings=[[set()], [set(), set()]], metric="masi"), "same number"),
    ("sets in a row", bad(ratings=[{"a"}], metric="masi"), "table of units × coders"),
    ("resamples", bad(ratings=[[0, 1], [1, 1]], ci="bootstrap", resamples=1), "1 resamples"),
    ("seed", bad(ratings=[[0, 1], [1, 1]], ci="bootstrap", seed=-1), "below 0"),
    ("ci of codes", lambda: assess_codes(question(1), "exact"), "no interval “exact”"),
    ("oblong table", lambda: kappa([[1, 2, 3], [1, 2, 3]]), "square"),
    ("no table", lambda: kappa([1, 2]), "square"),
    ("ragged table", lambda: kappa([[1, 2], [3]]), "square"),
    ("negative counts", lambda: kappa([[1, -2], [3, 4]]), "holds counts"),
    ("nan counts", lambda: kappa([[1, float("nan")], [3, 4]]), "holds counts"),
    ("weights", lambda: kappa([[1, 2], [3, 4]], "cubic"), "no weights “cubic”"),
    ("weights that do not fit", lambda: kappa([[1, 2], [3, 4]], np.eye(3)), "do not fit"),
    ("indices", lambda: prevalence_and_bias(np.eye(3)), "two categories"),
    ("length", lambda: unitize([[], []], -1), "length -1"),
    ("outside a text", lambda: unitize([[(0, 9, "a")], []], 5), "from 0 to 9"),
    ("empty unit", lambda: unitize([[(3, 3, "a")], []], 5), "from 3 to 3"),
    ("overlap", lambda: unitize([[(0, 3, "a"), (2, 4, "b")], []], 5), "overlap at 2"),
    (
        "rated twice",
        lambda: ratings_from_triples([(1, "a", 0), (1, "a", 1)]),
        "rates unit “1” twice",
    ),
    ("who", lambda: ratings_from_triples([(1, "z", 0)], coders=["a", "b"]), "no coder “z”"),
    ("coded twice", lambda: codings_from_triples([(1, "a", "x"), (1, "a", "x")]), "twice with “x”"),
    (
        "none and a code",
        lambda: codings_from_triples([(1, "a", None), (1, "a", "x")]),
        "both a code",
    ),
    (
        "a code and none",
        lambda: codings_from_triples([(1, "a", "x"), (1, "a", None)]),
        "both a code",
    ),
    ("unknown coder", lambda: codings_from_triples([(1, "z", "x")], coders=["a"]), "no coder “z”"),
    ("unknown code", lambda: codings_from_triples([(1, "a", "y")], codes=["x"]), "no code “y”"),
    ("shape", lambda: codings(SAW, ([], [], []), ["a"], ["x"]), "shape"),
    ("index", lambda: codings(SAW, ([0], [0], [7]), ["a", "b"], ["x"]), "code indices"),
    ("lengths", lambda: codings(SAW, ([0, 1], [0], [0]), ["a", "b"], ["x"]), "coder indices"),
    ("unseen", lambda: codings(SAW, ([1], [1], [0]), ["a", "b"], ["x"]), "without having seen it"),
    ("mark twice", lambda: codings(SAW, ([0, 0], [0, 0], [0, 0]), ["a", "b"], ["x"]), "twice"),
    ("batches", lambda: drift(question(1), ["x"]), "1 batch names for 120 units"),
    (
        "paired",
        lambda: compare_batches(question(1), question(1, 60), paired=True),
        "cannot be paired",
    ),
    (
        "codes differ",
        lambda: compare_batches(question(1), question(1, codes=("z",))),
        "different codes",
    ),
    ("half-width", lambda: plan(question(1), [0]), "half-width of 0"),
    ("guess", lambda: answers_for_guess(1.2, 0.1, 0.1), "do not go together"),
    ("impossible guess", lambda: answers_for_guess(-0.9, 0.1, 0.1), "no two coders"),
]


@pytest.mark.parametrize(("call", "words"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_bad_input_is_refused_with_a_hint(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        call()
    assert caught.value.hint
    assert "\n" not in caught.value.message + caught.value.hint


def test_triples_become_ratings() -> None:
    units, coders, rows = ratings_from_triples([(7, "b", 1), (7, "a", 0), (9, "a", 1)])
    assert (units, coders, rows) == ([7, 9], ["b", "a"], [[1, 0], [None, 1]])


def test_triples_become_codings() -> None:
    found = codings_from_triples([(7, "b", "x"), (7, "a", None), (9, "a", "x"), (9, "a", "y")])
    assert (found.coders, found.codes) == (("b", "a"), ("x", "y"))
    assert found.saw.tolist() == [[True, True], [False, True]]
    assert found.applied(1).tolist() == [[False, False], [True, True]]
    assert codings_from_triples([]).units == 0


def test_the_engine_loads_numpy_and_nothing_else_that_is_heavy() -> None:
    words = (
        "import sys, qualcode.agreement as a; a.assess([[0, 1], [1, 1]]);"
        "heavy = {'scipy', 'sklearn', 'pandas', 'sqlite3', 'textual', 'click'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
