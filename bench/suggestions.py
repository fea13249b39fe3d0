"""How good the suggestions are on real coded answers, beside the baselines.

``python bench/suggestions.py DATA CODEBOOK`` with two CSV files: id, text, labels (joined by ``|``)
and code, name, definition, examples (joined by ``||``). The protocol: the first of each duplicate
text (letters and digits, lower case) is kept, empty answers and those equal to an example of the
codebook are dropped, and so are codes with fewer than 10 uses; 1,000 answers (half of a smaller
set) are held out by a permutation of the seed, the first n of the rest are learned from; the
vocabulary is learned from all. At 0 labels the best code of each answer is taken. Figures are
means over the seeds; fit times are medians of CPU time.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.model import Code
from qualcode.suggest.baselines import LogisticSuggester, PriorSuggester
from qualcode.suggest.evaluation import judge
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.vectors import StaticVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_USES = 10
HELD_OUT = 1_000
GOALS = {
    ("hybrid", 0): (None, None, 0.57),
    ("hybrid", 50): (0.51, 0.44, 0.70),
    ("hybrid", 200): (0.60, 0.48, 0.76),
    ("hybrid", 1000): (0.67, 0.54, 0.80),
    ("hybrid + vectors", 50): (0.56, 0.49, 0.74),
    ("hybrid + vectors", 200): (0.62, 0.53, 0.78),
}
"""Micro-F1, macro-F1 and LRAP on nhs_fft of which at most .015 may be missing."""
SLACK = 0.015
FIGURES = ("micro_f1", "macro_f1", "lrap", "precision_at_3", "recall_at_3", "calibration_error")


@dataclass(frozen=True)
class Data:
    """Answers, the paths of their codes, their contexts, and the codes."""

    texts: list[str]
    labels: list[frozenset[str]]
    contexts: list[tuple[str, ...]]
    codes: list[Code]


def plain(text: str) -> str:
    """Letters and digits in lower case."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def read(data: Path, codebook: Path, context: str) -> Data:
    """Read the two files and keep what the protocol keeps."""
    with codebook.open(encoding="utf-8", newline="") as file:
        book = list(csv.DictReader(file))
    examples = {row["code"]: [e for e in row["examples"].split(" || ") if e] for row in book}
    quoted = {plain(example) for some in examples.values() for example in some}
    kept: dict[tuple[str, str], dict[str, str]] = {}
    with data.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = plain(row["text"]), row[context] if context else ""
            if key[0] and key[0] not in quoted:
                kept.setdefault(key, row)
    rows = list(kept.values())
    uses = Counter(name for row in rows for name in row["labels"].split("|"))
    path = {r["code"]: f"c{i}" for i, r in enumerate(book) if uses[r["code"]] >= LEAST_USES}
    codes = [
        Code(path[r["code"]], r["name"], definition=r["definition"], examples=tuple(some))
        for r, some in zip(book, examples.values(), strict=True)
        if r["code"] in path
    ]
    labels = [frozenset(path[c] for c in r["labels"].split("|") if c in path) for r in rows]
    contexts = [(row[context],) for row in rows] if context else []
    return Data([row["text"] for row in rows], labels, contexts, codes)


def measure(model: Any, data: Data, n: int, seed: int, *, use_context: bool) -> dict[str, Any]:
    """Figures of one model learned from n answers."""
    order = np.random.default_rng(seed).permutation(len(data.texts)).tolist()
    test = order[: min(HELD_OUT, len(order) // 2)]
    train = order[len(test) : len(test) + n]

    def of(rows: Sequence[int]) -> tuple[list[str], list[tuple[str, ...]]]:
        about = [data.contexts[i] for i in rows] if use_context else []
        return [data.texts[i] for i in rows], about

    texts, about = of(train)
    begun = time.process_time()
    model.fit(texts, [data.labels[i] for i in train], about)
    took = time.process_time() - begun
    p = model.predict_proba(*of(test))
    chosen = p >= (model.thresholds_ if n else p.max(axis=1, keepdims=True))
    found = judge(p, chosen, [data.labels[i] for i in test], model.classes_.tolist())
    return {"fit": took, **{name: getattr(found, name) for name in FIGURES}}


def table(data: Data, chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """The rows of the table: a model, a number of labels, its mean figures and the verdict."""
    models: dict[str, tuple[Any, bool]] = {"prior": (PriorSuggester(data.codes), False)}
    models["TF-IDF + logistic"] = LogisticSuggester(data.codes), False
    models["hybrid"] = Suggester(data.codes), False
    if chosen.context:
        models[f"hybrid + {chosen.context}"] = Suggester(data.codes), True
    if chosen.vectors:
        models["hybrid + vectors"] = Suggester(data.codes, vectors=StaticVectors()), False
    lines: list[dict[str, Any]] = []
    for name, (model, use_context) in models.items():
        print(f"  {name}", file=sys.stderr, flush=True)
        model.prepare(data.texts, data.contexts if use_context else ())
        for n in chosen.labels:
            if n == 0 and not name.startswith("hybrid"):
                continue
            runs = [
                measure(model, data, n, s, use_context=use_context) for s in range(chosen.seeds)
            ]
            means = {key: statistics.fmean(run[key] or 0 for run in runs) for key in FIGURES}
            fit = statistics.median(run["fit"] for run in runs)
            lines.append({"model": name, "labels": n, **means, "fit_seconds": fit})
            if chosen.goals:
                lines[-1]["verdict"] = verdict(name, n, means)
    return lines


def verdict(name: str, n: int, means: dict[str, float]) -> str:
    """Whether the goals of the three figures hold, empty where there are none."""
    goals = GOALS.get((name, n))
    if goals is None:
        return ""
    wanted = zip(goals, ("micro_f1", "macro_f1", "lrap"), strict=True)
    short = [key for goal, key in wanted if goal is not None and means[key] < goal - SLACK]
    return f"MISSED {', '.join(short)}" if short else "holds"


def show(lines: list[dict[str, Any]]) -> None:
    """Print the table."""
    print(
        f"{'':20}{'labels':>7}{'micro':>7}{'macro':>7}{'LRAP':>7}{'P@3':>7}{'R@3':>7}{'ECE':>7}"
        f"{'fit s':>8}"
    )
    for line in lines:
        numbers = "".join(f"{line[key]:7.3f}" for key in FIGURES)
        end = f"{line['fit_seconds']:8.3f}  {line.get('verdict', '')}".rstrip()
        print(f"{line['model']:20}{line['labels']:7}{numbers}{end}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("codebook", type=Path)
    parser.add_argument("--labels", type=int, nargs="+", default=[0, 25, 50, 100, 200, 500, 1000])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--context", default="", help="a column to learn with")
    parser.add_argument("--vectors", action="store_true", help="also with word vectors")
    parser.add_argument("--goals", action="store_true", help="say whether the goals (nhs_fft) hold")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args()
    data = read(chosen.data, chosen.codebook, chosen.context)
    lines = table(data, chosen)
    if chosen.json:
        size = {"answers": len(data.texts), "codes": len(data.codes), "seeds": chosen.seeds}
        print(json.dumps({**size, "rows": lines}, indent=2))
        return
    print(f"{len(data.texts):,} answers, {len(data.codes)} codes, {chosen.seeds} seeds")
    show(lines)


if __name__ == "__main__":
    main()
