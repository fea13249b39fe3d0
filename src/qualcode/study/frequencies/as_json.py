"""A frequency report as JSON, at full precision; percentages are 0 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.model import Estimate
from qualcode.study.frequencies.notes import notes

if TYPE_CHECKING:
    from qualcode.study.frequencies.report import (
        Cell,
        FrequencyReport,
        Grouping,
        Row,
        StatusRow,
        Test,
    )


def as_json(report: FrequencyReport) -> dict[str, Any]:
    """The whole report. What is suppressed is null."""
    sampled, suppressed = report.sampled, report.suppressed
    return {
        "question": report.question.key,
        "rule": report.rule,
        "base": report.base,
        "estimate": report.wish.estimate,
        "weighted": report.is_weighted,
        "n": report.n,
        "codebook_version": report.codebooks[0][1] if len(report.codebooks) == 1 else None,
        "codebooks": [{"name": name, "version": version} for name, version in report.codebooks],
        "coders": list(report.coders),
        "interim": {"coded": report.n_coded, "of": report.answered} if report.is_interim else None,
        "design": {**report.design, "lonely_psu": report.lonely_psu, "df": report.df}
        if report.is_weighted
        else None,
        "sample": {
            "seed": sampled.seed,
            "n": sampled.depth,
            "of": sampled.population,
            "left_out": sampled.left_out,
        }
        if sampled
        else None,
        "suppression": {
            "threshold": suppressed.threshold,
            "least_base": suppressed.least_base,
            "cells": suppressed.hidden,
        }
        if suppressed
        else None,
        "machine": {
            "answers": report.machine.answers,
            "labels": report.machine.labels,
            "parts": report.machine.parts,
            "vectors": report.machine.has_vectors,
            **({"corpus": report.machine.corpus} if report.machine.corpus else {}),
        }
        if report.machine
        else None,
        "ties": report.ties,
        "rows": [_row(row, report) for row in report.rows],
        "statuses": [_status(row) for row in report.statuses],
        "tests": [_test(test) for test in report.tests],
        "notes": list(notes(report)),
    }


def _row(row: Row, report: FrequencyReport) -> dict[str, Any]:
    cell = row.cell
    return {
        "code": row.code.path,
        "name": row.code.name,
        "parent": row.code.parent or None,
        **_counts(cell),
        "percent_of_responses": percent(row.of_responses),
        "estimate": estimate(row.machine.whole if row.machine else Estimate()),
        **_of_machine(row),
        **_weighted(cell),
        "interval": _interval(cell),
        "df": report.df,
        "weighted_total": cell.total.value if cell.total else None,
        "weighted_total_se": cell.total.se if cell.total else None,
        "weighted_total_low": cell.total.low if cell.total else None,
        "weighted_total_high": cell.total.high if cell.total else None,
        "deff": cell.weighted.design_effect if cell.weighted else None,
        "unresolved": row.unresolved,
        "reason": cell.best.reason,
        "suppressed": cell.is_suppressed,
        "rules": {rule: _short(each) for rule, each in (row.by_rule or {}).items()},
        "groups": [
            each
            for place, (grouping, cells) in enumerate(
                zip(report.groupings, row.groups, strict=True)
            )
            for each in _groups(grouping, cells, row, place)
        ],
    }


def _of_machine(row: Row) -> dict[str, Any]:
    """How a corrected estimate came about, and what it takes for ± 3 points."""
    found = row.machine
    if found is None or not found.method:
        return {}
    return {
        "method": found.method,
        "tuning": found.tuning,
        "still_to_code": found.more,
        "to_code_by_hand": found.by_hand,
    }


def _groups(
    grouping: Grouping, cells: tuple[Cell, ...], row: Row, place: int
) -> list[dict[str, Any]]:
    by_machine = row.machine.groups[place] if row.machine else (Estimate(),) * len(cells)
    return [
        {
            "attribute": grouping.attribute,
            "value": group.value,
            **_counts(cell),
            **_weighted(cell),
            "interval": _interval(cell),
            "row_percent": percent(cell.of_row),
            "weighted_row_percent": percent(cell.weighted_of_row),
            "estimate": estimate(Estimate() if cell.is_suppressed else found),
            "suppressed": cell.is_suppressed,
        }
        for group, cell, found in zip(grouping.groups, cells, by_machine, strict=True)
    ]


def _counts(cell: Cell) -> dict[str, Any]:
    return {
        "k": cell.k,
        "n": cell.n,
        "percent": percent(cell.share.value),
        "low": percent(cell.share.low),
        "high": percent(cell.share.high),
    }


def _weighted(cell: Cell) -> dict[str, float | None]:
    found = cell.weighted.estimate if cell.weighted else Estimate()
    return {
        "weighted_percent": percent(found.value),
        "weighted_se": percent(found.se),
        "weighted_low": percent(found.low),
        "weighted_high": percent(found.high),
    }


def _interval(cell: Cell) -> str | None:
    """Which interval is the one to print."""
    if cell.weighted is None:
        return None if cell.share.low is None else "wilson"
    return cell.weighted.interval


def _short(cell: Cell) -> dict[str, Any]:
    weighted = cell.weighted.estimate.value if cell.weighted else None
    return {
        "k": cell.k,
        "n": cell.n,
        "percent": percent(cell.share.value),
        "weighted_percent": percent(weighted),
        "suppressed": cell.is_suppressed,
    }


def _status(row: StatusRow) -> dict[str, Any]:
    return {
        "status": row.code.status,
        "code": row.code.path,
        "name": row.code.name,
        **_short(row.cell),
    }


def _test(test: Test) -> dict[str, Any]:
    found, odds = test.association, test.odds_ratio
    return {
        "code": test.code.path,
        "by": test.by,
        "test": found.name,
        "statistic": found.statistic,
        "ndf": found.ndf,
        "ddf": found.ddf,
        "p": found.p,
        "p_holm": test.p_holm,
        "p_bh": test.p_bh,
        "cramers_v": found.effect,
        "odds_ratio": estimate(odds.estimate, 1.0) if odds else None,
        "low_n": found.is_low,
        "simulated": found.simulated,
        "reason": found.reason,
        "suppressed": test.is_suppressed,
    }


def percent(share: float | None) -> float | None:
    """A share as a percentage."""
    return None if share is None else 100 * share


def estimate(found: Estimate, factor: float = 100.0) -> dict[str, Any]:
    """An estimate: value, standard error, interval, and the reason where there is none."""
    numbers = {name: getattr(found, name) for name in ("value", "se", "low", "high")}
    scaled = {name: None if n is None else factor * n for name, n in numbers.items()}
    return {**scaled, "reason": found.reason}
