"""Coefficients of agreement beside the packages that compute the same, in one run.

Everything starts from integer arrays in memory, warm, by turns; a package gets them in the form
in which it is fastest. Times are CPU time of this process on one thread, which a busy machine
disturbs least: medians. ``--json`` prints one document. A package that is not installed is said
to be so.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from harness import SEED, note
from qualcode.agreement import Codings, assess_codes, codings
from qualcode.agreement.binary import code_tables
from qualcode.agreement.bootstrap import draw
from qualcode.agreement.classes import code_classes
from qualcode.agreement.codes import code_values
from qualcode.agreement.disagreement import Nominal
from qualcode.agreement.measures import MANY, values
from qualcode.agreement.overall import set_alpha, set_rows
from qualcode.agreement.patterns import patterns
from qualcode.agreement.table import from_codes

if TYPE_CHECKING:
    from collections.abc import Callable

PEERS = ("krippendorff", "nltk", "statsmodels", "scikit-learn")
PACKAGES = ("numpy", *PEERS, "scipy")
MODULES = {"scikit-learn": "sklearn"}
TURN_MS = 300
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
NAMES = (*MANY, "alpha", "positive_agreement", "negative_agreement")


@dataclass(frozen=True, slots=True)
class Side:
    """One way to the number: who, how often it is timed, and what to call."""

    name: str
    call: Callable[[], Any]
    runs: int


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in milliseconds, how many times faster than the peer, and whether that is enough."""

    task: str
    own_ms: float
    peer: str
    peer_ms: float | None
    ratio: float | None
    goal: float | None
    difference: float | None

    @property
    def verdict(self) -> str:
        """Whether the goal holds; empty where there is none or nothing to compare with."""
        if self.goal is None or self.ratio is None:
            return ""
        return "holds" if self.ratio >= self.goal else "MISSED"


def main() -> None:
    """Measure every task and print."""
    parser = argparse.ArgumentParser(description="qualcode.agreement beside its peers")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--runs", type=int, default=15, help="how often each thing is timed")
    parser.add_argument("--slow-runs", type=int, default=3, help="the same for what takes seconds")
    options = parser.parse_args()
    if any(os.environ.get(name) != "1" for name in THREADS):
        one = {**os.environ, **dict.fromkeys(THREADS, "1")}
        os.execve(sys.executable, [sys.executable, *sys.argv], one)
    rng = np.random.default_rng(SEED)
    results: list[Result] = []
    for task in (nominal, codebook, resampling, small_sets, large_sets, two_coders):
        note(task.__doc__ or "")
        results += task(rng, options.runs, options.slow_runs)
    show(results, as_json=options.json)


def peer(package: str, module: str = "") -> Any:
    """A module of a peer, None where it is not installed."""
    try:
        return importlib.import_module(module or MODULES.get(package, package))
    except ImportError:
        return None


def timed(sides: list[Side]) -> dict[str, tuple[float, Any]]:
    """Median milliseconds and the answer of each side.

    The sides take turns; in its turn a fast side is called several times, the first time not
    timed, so that nobody pays for what another has left in the processor's caches.
    """
    answers = {side.name: side.call() for side in sides}
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(max(side.runs for side in sides)):
        for side in sides:
            if number < side.runs:
                times[side.name] += turn(side.call)
    return {name: (statistics.median(found), answers[name]) for name, found in times.items()}


def turn(call: Callable[[], Any]) -> list[float]:
    """Milliseconds of up to five calls in a row after one that does not count."""
    found: list[float] = []
    for _ in range(6):
        begun = time.process_time()
        call()
        found.append((time.process_time() - begun) * 1000)
        if sum(found) > TURN_MS:
            break
    return found[1:] or found


def compared(
    task: str, own: Side, peers: dict[str, Side | None], goal: float | None = None
) -> list[Result]:
    """One result per peer; the goal is against the fastest of them."""
    there = [side for side in peers.values() if side is not None]
    found = timed([own, *there])
    own_ms, answer = found[own.name]
    fastest = min((found[side.name][0] for side in there), default=None)
    results = []
    for name, side in peers.items():
        if side is None:
            results.append(Result(task, own_ms, name, None, None, goal, None))
            continue
        peer_ms, other = found[side.name]
        apart = None
        if other is not None:
            apart = float(np.max(np.abs(np.asarray(other) - np.asarray(answer))))
        wanted = goal if peer_ms == fastest else None
        results.append(Result(task, own_ms, name, peer_ms, peer_ms / own_ms, wanted, apart))
    return results


def nominal(rng: np.random.Generator, runs: int, _: int) -> list[Result]:
    """Nominal alpha: 3 coders, 100,000 units, 5 categories, 20 % missing."""
    n, q = 100_000, 5
    truth, noise = rng.integers(q, size=(n, 1)), rng.integers(q, size=(n, 3))
    codes = np.where(rng.random((n, 3)) < 0.7, truth, noise).astype(np.int8)
    codes[rng.random((n, 3)) < 0.2] = -1
    counts = np.stack([(codes == k).sum(axis=1) for k in range(q)], axis=1)
    floats = np.where(codes < 0, np.nan, codes).T.copy()

    def own() -> float:
        table = from_codes(codes, range(q))
        found = values(patterns(table.rows, Nominal(q)), table.weights, ["alpha"])
        return float(found["alpha"][0])

    package = peer("krippendorff")

    def by_counts() -> Any:
        return package.alpha(value_counts=counts, level_of_measurement="nominal")

    def by_ratings() -> Any:
        return package.alpha(reliability_data=floats, level_of_measurement="nominal")

    peers = {
        "krippendorff, counts": package and Side("krippendorff, counts", by_counts, runs),
        "krippendorff, ratings": package and Side("krippendorff, ratings", by_ratings, runs),
    }
    return compared("nominal alpha 100,000 × 3", Side("own", own, runs), peers, 50)


def question(
    rng: np.random.Generator, units: int, coders: int, codes: int, rate: float, flip: float
) -> tuple[Codings, Any]:
    """A question that everybody coded in full, and who applied what (units × coders × codes)."""
    truth = rng.random((units, 1, codes)) < rate
    applied = truth ^ (rng.random((units, coders, codes)) < flip)
    unit, coder, code = np.nonzero(applied)
    saw = np.ones((units, coders), dtype=bool)
    names = [f"coder{g}" for g in range(coders)]
    paths = [f"code{k}" for k in range(codes)]
    return codings(saw, (unit, coder, code), names, paths), applied


def counts_of(applied: Any) -> list[Any]:
    """Each code as units × {absent, applied} counts."""
    _, coders, codes = applied.shape
    given = applied.sum(axis=1)
    return [np.column_stack([coders - given[:, k], given[:, k]]) for k in range(codes)]


def codebook(rng: np.random.Generator, runs: int, _: int) -> list[Result]:
    """All coefficients with intervals: 50 codes, 20,000 answers, 4 coders."""
    asked, applied = question(rng, 20_000, 4, 50, 0.05, 0.01)
    tables = counts_of(applied)
    package = peer("krippendorff")

    def own() -> list[float | None]:
        return [code.alpha.value for code in assess_codes(asked)]

    def other() -> list[Any]:
        return [package.alpha(value_counts=t, level_of_measurement="nominal") for t in tables]

    peers = {"krippendorff, alpha only": package and Side("krippendorff, alpha only", other, runs)}
    return compared("50 codes × 20,000 × 4, all", Side("own", own, runs), peers, 25)


def resampling(rng: np.random.Generator, runs: int, slow: int) -> list[Result]:
    """Resamples of units: 2,000 of one code, 5,000 answers, 4 coders, 10 % missing."""
    n, resamples = 5_000, 2_000
    asked, applied = question(rng, n, 4, 1, 0.3, 0.08)
    saw = rng.random((n, 4)) >= 0.1
    unit, coder, code = np.nonzero(applied & saw[:, :, None])
    asked = codings(saw, (unit, coder, code), asked.coders, asked.codes)
    counts = np.column_stack(
        [(saw & ~applied[:, :, 0]).sum(axis=1), (saw & applied[:, :, 0]).sum(axis=1)]
    )
    package = peer("krippendorff")

    def every() -> None:
        tables = code_tables(asked)
        whole = tables.weights[0].astype(np.int64)
        draw(whole, resamples, SEED, lambda w: code_values(tables.table, w, NAMES))

    def alone() -> None:
        classes = code_classes(code_tables(asked))
        whole = classes.counts[0].astype(np.int64)
        draw(whole, resamples, SEED, lambda w: {"alpha": classes.alpha(w)})

    def other() -> None:
        for _ in range(resamples):
            drawn = counts[rng.integers(n, size=n)]
            package.alpha(value_counts=drawn, level_of_measurement="nominal")

    results = []
    for task, call in (("alpha", alone), ("all", every)):
        peers = {"krippendorff, alpha only": package and Side("krippendorff", other, slow)}
        name = f"2,000 resamples 5,000 × 4, {task}"
        results += compared(name, Side("own", call, runs), peers, 50)
    return results


def small_sets(rng: np.random.Generator, runs: int, slow: int) -> list[Result]:
    """MASI alpha: 10,000 answers, 3 coders, 30 codes, about 1,000 distinct sets."""
    return sets(rng, runs, slow, 1_000)


def large_sets(rng: np.random.Generator, runs: int, slow: int) -> list[Result]:
    """MASI alpha: 10,000 answers, 3 coders, 30 codes, about 3,000 distinct sets."""
    return sets(rng, runs, slow, 3_000)


def sets(rng: np.random.Generator, runs: int, slow: int, wanted: int) -> list[Result]:
    """MASI alpha over about so many distinct sets, none empty: NLTK divides by zero there."""
    n, coders, codes = 10_000, 3, 30
    popularity = 1 / np.arange(1, codes + 1) ** 0.8
    pool = np.unique(rng.random((40 * wanted, codes)) < popularity * 0.35, axis=0)
    pool = pool[pool.any(axis=1)]
    pool = pool[rng.permutation(len(pool))[:wanted]]
    truth = rng.integers(len(pool), size=(n, 1))
    noise = rng.integers(len(pool), size=(n, coders))
    applied = pool[np.where(rng.random((n, coders)) < 0.75, truth, noise)]
    unit, coder, code = np.nonzero(applied)
    saw = np.ones((n, coders), dtype=bool)
    asked = codings(saw, (unit, coder, code), "abc", [f"code{k}" for k in range(codes)])
    _, bits = set_rows(asked)
    package = peer("nltk", "nltk.metrics.agreement")
    data = [
        (str(g), str(i), frozenset(np.flatnonzero(applied[i, g]).tolist()))
        for i in range(n)
        for g in range(coders)
    ]

    def own() -> float | None:
        found, distinct = set_rows(asked)
        return set_alpha(found, distinct, "masi").value

    peers: dict[str, Side | None] = {"nltk": None}
    if package is not None:
        task = package.AnnotationTask(data, distance=exact_masi)
        own_distance = Side("nltk", task.alpha, slow)
        peers = {"nltk": own_distance}
    name = f"MASI alpha 10,000 × 3, {bits.shape[0]:,} sets"
    return compared(name, Side("own", own, runs), peers, 300)


def exact_masi(first: frozenset[int], second: frozenset[int]) -> float:
    """NLTK's masi_distance with exact thirds, whichever its version."""
    common = len(first.intersection(second))
    together = len(first.union(second))
    if len(first) == len(second) == common:
        m = 1.0
    elif common == min(len(first), len(second)):
        m = 2 / 3
    else:
        m = 1 / 3 if common else 0.0
    return 1 - common / together * m


def two_coders(rng: np.random.Generator, runs: int, _: int) -> list[Result]:
    """Kappas of two coders: 50 codes, 20,000 answers."""
    asked, applied = question(rng, 20_000, 2, 50, 0.05, 0.01)
    tables = counts_of(applied)
    crossed = []
    for k in range(50):
        cells = applied[:, 0, k] * 2 + applied[:, 1, k]
        crossed.append(np.bincount(cells, minlength=4).reshape(2, 2))
    first, second = (np.ascontiguousarray(applied[:, g].T) for g in (0, 1))
    inter = peer("statsmodels", "statsmodels.stats.inter_rater")
    metrics = peer("scikit-learn", "sklearn.metrics")

    def own(name: str) -> Callable[[], list[float]]:
        return lambda: [getattr(code, name).value for code in assess_codes(asked)]

    def cohen() -> list[float]:
        return [float(inter.cohens_kappa(table).kappa) for table in crossed]

    def fleiss() -> list[float]:
        return [float(inter.fleiss_kappa(table)) for table in tables]

    def score() -> list[float]:
        return [metrics.cohen_kappa_score(a, b) for a, b in zip(first, second, strict=True)]

    cohens = {
        "statsmodels, from tables": inter and Side("statsmodels", cohen, runs),
        "scikit-learn, no error": metrics and Side("scikit-learn", score, min(runs, 5)),
    }
    fleisses = {"statsmodels, no error": inter and Side("statsmodels", fleiss, runs)}
    task = "50 codes × 20,000 × 2, all"
    return [
        *compared(f"{task}; Cohen", Side("own", own("cohen_kappa"), runs), cohens),
        *compared(f"{task}; Fleiss", Side("own", own("fleiss_kappa"), runs), fleisses),
    ]


def show(results: list[Result], *, as_json: bool) -> None:
    """Print the results with the versions of all packages."""
    versions = {name: version(name) for name in PACKAGES}
    machine = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "packages": versions,
    }
    if as_json:
        lines = [{**asdict(result), "verdict": result.verdict} for result in results]
        json.dump({"title": "Agreement", **machine, "results": lines}, sys.stdout, indent=2)
        print()
        return
    print(f"Agreement – Python {machine['python']}, {machine['platform']}")
    print(", ".join(f"{name} {found}" for name, found in versions.items()))
    print(f"{'':<38} {'own ms':>9}  {'peer':<26} {'peer ms':>10} {'ratio':>7} {'goal':>6}")
    for r in results:
        line = f"{r.task:<38} {r.own_ms:>9.2f}  {r.peer:<26} "
        if r.peer_ms is None or r.ratio is None:
            print(line + "not installed")
            continue
        goal = "" if r.goal is None else f"{r.goal:.0f}"
        apart = "" if r.difference is None else f"apart {r.difference:.0e}"
        print(f"{line}{r.peer_ms:>10.1f} {r.ratio:>7.1f} {goal:>6} {r.verdict:<6}  {apart}")


def version(package: str) -> str:
    """The version of a package, or that there is none."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
