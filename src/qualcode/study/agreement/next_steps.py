"""What a report means for the work: which codes to talk about, and where to code more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.study.agreement.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement import CodeAgreement, Confusion
    from qualcode.study.agreement.measure import AgreementReport

TENTATIVE = 0.667
_MOST = 5


def next_steps(report: AgreementReport) -> Iterator[str]:
    """One sentence for each thing worth doing, the most useful first."""
    if not report.n_responses:
        return
    if not any(report.coded_by.values()):
        yield "Nobody has coded an answer yet: let two coders code some of the same answers."
        return
    if len(report.coders) < 2:  # noqa: PLR2004
        yield "One coder only: let a second coder code at least some of the answers."
        return
    if not report.n_multiply_coded:
        yield "No answer was coded by two coders yet: let them code some of the same answers."
        return
    weak = [code for code in report.codes if _is_weak(code)]
    for code in weak[:_MOST]:
        yield _talk_about(code, report.confusions)
    if len(weak) > _MOST:
        yield f"{len(weak) - _MOST} more codes are below {TENTATIVE}: see the table."
    rare = [code.code for code in report.codes if any("rare" in flag for flag in code.flags)]
    if rare:
        yield (
            f"Too rare to judge: {', '.join(rare)}. Their intervals say less than they seem to;"
            " double-code more answers, or judge them together with the code above."
        )
    yield from _crowded(report)


def _is_weak(code: CodeAgreement) -> bool:
    value = code.alpha.value
    return value is not None and value < TENTATIVE and not any("rare" in f for f in code.flags)


def _talk_about(code: CodeAgreement, confusions: tuple[Confusion, ...]) -> str:
    first = f"Talk about {code.code} (α {number(code.alpha.value)}): "
    mixed = [each for each in confusions if code.code in (each.code, each.instead)]
    if not mixed:
        return first + "read its disagreements together and sharpen its definition."
    worst = mixed[0]
    other = worst.instead if worst.code == code.code else worst.code
    if not other:
        return first + f"one coder applies it where another applies nothing, {worst.count} times."
    return first + f"where one used it, another used {other} instead, {worst.count} times."


def _crowded(report: AgreementReport) -> Iterator[str]:
    for code in report.codes:
        for flag in code.flags:
            if "beside other codes" in flag:
                yield f"{code.code}: {flag}. Correct these answers."
