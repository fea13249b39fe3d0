"""What a reader should take away first: sentences whose numbers lead to the cells of the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.exporters.documents import Ref
from qualcode.study.agreement.wording import in_one
from qualcode.study.frequencies.wording import BASES, count, percent, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Paragraph
    from qualcode.study.agreement import AgreementReport
    from qualcode.study.frequencies import FrequencyReport, Row
    from qualcode.study.frequencies.report import Test
    from qualcode.study.report.gathering import Asked, Gathered

_MOST = 3
_SIGNIFICANT = 0.05
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def cell_name(question: str, place: int, part: str) -> str:
    """The name of the cell of a question's table that holds a part of its row `place`."""
    key = _NOT_WORD.sub("-", question.lower()).strip("-")
    return f"{key}-{place + 1}-{part}"


def highlights(found: Gathered) -> Iterator[Paragraph]:
    """For each question its most frequent themes, the clearest difference, and the agreement."""
    for one in found.asked:
        yield from _of_question(one)


def _of_question(one: Asked) -> Iterator[Paragraph]:
    report = one.frequencies
    top = _top(report)
    if top:
        yield _frequent(report, top)
    difference = _clearest(report)
    if difference:
        yield _different(report, difference)
    agreed = _agreement(one.agreement)
    if agreed:
        yield agreed


def _top(report: FrequencyReport) -> list[tuple[int, Row]]:
    """The most frequent themes at the top of the codebook, with their places in the table."""
    known = [
        (place, row)
        for place, row in enumerate(report.rows)
        if not row.code.depth and not row.cell.is_suppressed and row.cell.best.value
    ]
    return sorted(known, key=lambda one: -(one[1].cell.best.value or 0.0))[:_MOST]


def _frequent(report: FrequencyReport, top: list[tuple[int, Row]]) -> Paragraph:
    key, n = report.question.key, report.n[report.base]
    words: list[str | Ref] = [f"{key}, of the {whole(n)} {_who(report)}: "]
    for number, (place, row) in enumerate(top):
        share, cell = row.cell.best, row.cell
        weighted = "weighted, " * report.is_weighted
        words += [
            "; " * bool(number),
            f"{row.code.name} ",
            Ref(f"{percent(share.value)} %", cell_name(key, place, "share")),
            f" ({weighted}",
            Ref(f"{whole(cell.k)} of {whole(cell.n)}", cell_name(key, place, "k")),
        ]
        if share.low is not None and share.high is not None:
            ends = f"{percent(share.low)} to {percent(share.high)}"
            words += [", 95 % interval ", Ref(ends, cell_name(key, place, "interval"))]
        words.append(")")
    return (*words, ".")


def _who(report: FrequencyReport) -> str:
    return {"asked": "asked", "answered": "who answered", "coded": "coded"}.get(
        report.base, BASES[report.base]
    )


def _clearest(report: FrequencyReport) -> Test | None:
    """The difference between groups with the least p-value, if it holds after Holm."""
    known = [
        test
        for test in report.tests
        if not test.is_suppressed and test.p_holm is not None and test.p_holm < _SIGNIFICANT
    ]
    return min(known, key=lambda test: test.p_holm or 0.0, default=None)


def _different(report: FrequencyReport, test: Test) -> Paragraph:
    key = report.question.key
    place = next(i for i, row in enumerate(report.rows) if row.code.path == test.code.path)
    number = next(i for i, one in enumerate(report.groupings) if one.attribute == test.by)
    cells = zip(report.groupings[number].groups, report.rows[place].groups[number], strict=True)
    groups = [
        f"{group.value} {percent(cell.best.value)} %"
        for group, cell in cells
        if not cell.is_suppressed and cell.best.value is not None
    ]
    p = test.p_holm or 0.0
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"  # noqa: PLR2004 – what three decimals tell
    return (
        f"{key}, clearest difference by {test.by}: {test.code.name} (",
        Ref(", ".join(groups), cell_name(key, place, f"by-{number + 1}")),
        f"; {shown} after Holm's correction).",
    )


def _agreement(report: AgreementReport) -> Paragraph | None:
    if not report.n_multiply_coded or report.overall.mean_alpha.value is None:
        return None
    key = report.question.key
    return (
        f"{key}, agreement: mean Krippendorff's α ",
        Ref(in_one(report.overall.mean_alpha), cell_name(key, -1, "alpha")),
        f" over {count(report.n_multiply_coded)} answers that two coders or more coded.",
    )
