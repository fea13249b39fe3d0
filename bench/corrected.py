"""How often corrected estimates cover the truth, and how much narrower their intervals are.

A simulation on real coded answers: of all of them a sample is drawn by chance and taken for coded;
the share of each code in all is estimated by people alone, by the machine alone, and by both. An
interval has to cover the true share in 95 of 100 samples.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from harness import note
from qualcode.estimation import correct, random_sample
from qualcode.suggest import Suggester
from qualcode.suggest.everywhere import cross_scores, fold_models
from suggestions import read

_USUAL = 0.05


def simulate(data: Any, n: int, seeds: range, most: int) -> list[dict[str, Any]]:
    """A line for each code: how often each interval covers, and how wide it is."""
    rng = np.random.default_rng(0)
    everyone = rng.permutation(len(data.texts))[:most]
    texts, labels = [data.texts[i] for i in everyone], [data.labels[i] for i in everyone]
    model = Suggester(data.codes).prepare(texts)
    paths = model.classes_.tolist()
    truth = np.array([[path in found for path in paths] for found in labels])
    rows, hits = model.scorer_.features.transform(texts), model.scorer_.keywords.hits(texts)
    whole = np.ones(len(texts), dtype=np.bool_)
    seen: list[list[tuple[bool, float, bool, float, bool]]] = [[] for _ in paths]
    for seed in seeds:
        chosen = np.random.default_rng(seed).permutation(len(texts))[:n]
        scorers, fold = fold_models(
            model, [texts[i] for i in chosen], [labels[i] for i in chosen], seed=seed
        )
        own = np.full(len(texts), -1)
        own[chosen] = fold
        p = cross_scores(scorers, rows, hits, own).astype(np.float64)
        drawn = own >= 0
        sample, _, why = random_sample(drawn, drawn)
        if sample is None:
            sys.exit(why)
        for place in range(len(paths)):
            found = correct(truth[:, place], p[:, place], sample, whole)
            share = truth[:, place].mean()
            machine = p[:, place]
            apart = 1.96 * machine.std() / np.sqrt(len(machine))
            naive = bool(abs(machine.mean() - share) <= apart)
            seen[place].append(
                (*_covers(found.estimate, share), *_covers(found.human, share), naive)
            )
    return [_line(path, truth[:, i].mean(), seen[i]) for i, path in enumerate(paths)]


def _covers(found: Any, share: float) -> tuple[bool, float]:
    return bool(found.low <= share <= found.high), found.high - found.low


def _line(path: str, share: float, seen: list[Any]) -> dict[str, Any]:
    mean = np.mean(np.array(seen, dtype=np.float64), axis=0)
    return {
        "code": path,
        "share": float(share),
        "covered": float(mean[0]),
        "width": float(mean[1]),
        "human_covered": float(mean[2]),
        "human_width": float(mean[3]),
        "machine_covered": float(mean[4]),
    }


def summary(n: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The means over codes; widths over the codes of 5 % and more."""
    usual = [line for line in lines if line["share"] >= _USUAL]
    narrower = 1 - np.mean([line["width"] / line["human_width"] for line in usual])
    found = {
        name: float(np.mean([line[name] for line in lines]))
        for name in ("covered", "human_covered", "machine_covered")
    }
    return {
        "n": n,
        **found,
        "narrower": float(narrower),
        "worth_percent_fewer_codes": float(100 * (1 - (1 - narrower) ** 2)),
        "codes": len(lines),
        "usual_codes": len(usual),
    }


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="coded answers: id, text, labels joined by |")
    parser.add_argument("codebook", type=Path, help="code, name, definition, examples")
    parser.add_argument("--runs", type=int, default=200, help="samples of each size")
    parser.add_argument("--answers", type=int, default=3_000, help="answers in all")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args()
    data = read(chosen.data, chosen.codebook, "")
    results = []
    for n in (100, 200, 400):
        note(f"{chosen.runs} samples of {n}")
        lines = simulate(data, n, range(chosen.runs), chosen.answers)
        results.append({**summary(n, lines), "by_code": lines})
    middle = results[1]
    verdicts = {
        "coverage at 200 between 93 and 97 %": 0.93 <= middle["covered"] <= 0.97,
        "intervals at 200 at least 15 % narrower": middle["narrower"] >= 0.15,
    }
    if chosen.json:
        document = {
            "runs": chosen.runs,
            "answers": min(chosen.answers, len(data.texts)),
            "results": results,
            "verdicts": {name: "holds" if is_so else "MISSED" for name, is_so in verdicts.items()},
        }
        print(json.dumps(document, indent=2))
        return
    print(f"{'n':>5} {'both':>7} {'people':>7} {'machine':>8} {'narrower':>9}")
    for line in results:
        print(
            f"{line['n']:>5} {line['covered']:>7.1%} {line['human_covered']:>7.1%}"
            f" {line['machine_covered']:>8.1%} {line['narrower']:>9.1%}"
        )
    for name, is_so in verdicts.items():
        print(f"{name}: {'holds' if is_so else 'MISSED'}")


if __name__ == "__main__":
    main()
