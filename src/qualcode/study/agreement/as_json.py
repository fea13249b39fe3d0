"""An agreement report as JSON, at full precision."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode.agreement import Batch, CodeAgreement, Overall
    from qualcode.model import Estimate
    from qualcode.study.agreement.disagreements import Disagreement
    from qualcode.study.agreement.measure import AgreementReport

_ESTIMATES = (
    "percent_agreement",
    "positive_agreement",
    "negative_agreement",
    "cohen_kappa",
    "scott_pi",
    "fleiss_kappa",
    "conger_kappa",
    "alpha",
    "gwet_ac1",
    "brennan_prediger",
)


def estimate(value: Estimate) -> dict[str, float | str | None]:
    """An estimate: value, standard error, interval, and the reason where there is none."""
    return {
        "value": value.value,
        "se": value.se,
        "low": value.low,
        "high": value.high,
        "reason": value.reason,
    }


def as_json(report: AgreementReport) -> dict[str, Any]:
    """The whole report; agreement values are 0 to 1."""
    return {
        "question": report.question.key,
        "coders": list(report.coders),
        "n_responses": report.n_responses,
        "n_multiply_coded": report.n_multiply_coded,
        "coded_by": report.coded_by,
        "copied": report.copied,
        "codebooks": [{"name": name, "version": version} for name, version in report.codebooks],
        "settings": asdict(report.settings),
        "overall": overall_json(report.overall),
        "codes": [code_json(code) for code in report.codes],
        "pairs": [
            {
                "coders": list(pair.coders),
                "n": pair.n,
                "pooled_kappa": estimate(pair.pooled_kappa),
                "codes": [
                    {"code": code, "cohen_kappa": estimate(kappa)}
                    for code, kappa in pair.cohen_kappa.items()
                ],
            }
            for pair in report.pairs
        ],
        "without": [
            {
                "coder": each.coder,
                "n": each.n,
                "mean_alpha": estimate(each.mean_alpha),
                "alpha_masi": estimate(each.alpha_masi),
                "codes": [
                    {"code": code, "alpha": estimate(alpha)} for code, alpha in each.alpha.items()
                ],
            }
            for each in report.without
        ],
        "levels": [
            {
                "level": level.level,
                "codes": list(level.codes),
                "overall": overall_json(level.overall),
            }
            for level in report.levels
        ],
        "confusions": [
            {
                "code": each.code,
                "instead": each.instead,
                "count": each.count,
                "coders": [
                    {"coders": list(pair), "count": count} for pair, count in each.coders.items()
                ],
            }
            for each in report.confusions
        ],
        "batches": [_batch(batch) for batch in report.batches],
        "planning": [asdict(plan) for plan in report.plans],
        "passages": {name: estimate(value) for name, value in report.passages.items()}
        if report.passages
        else None,
    }


def overall_json(overall: Overall) -> dict[str, Any]:
    """The agreement on all codes together."""
    return {
        name: estimate(getattr(overall, name))
        for name in ("alpha_masi", "alpha_jaccard", "exact_match", "mean_alpha", "pooled_kappa")
    }


def code_json(code: CodeAgreement) -> dict[str, Any]:
    """The agreement on one code."""
    return {
        "code": code.code,
        "n": code.n,
        "positives": code.positives,
        "prevalence": code.prevalence,
        **{name: estimate(getattr(code, name)) for name in _ESTIMATES},
        "prevalence_index": code.prevalence_index,
        "bias_index": code.bias_index,
        "flags": list(code.flags),
        "band": code.band,
    }


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.name,
        "n": batch.n,
        "mean_alpha": estimate(batch.mean_alpha),
        "codes": [
            {
                "code": code.code,
                "n": code.n,
                "prevalence": code.prevalence,
                "percent_agreement": estimate(code.percent_agreement),
                "alpha": estimate(code.alpha),
                "p": code.p,
                "p_holm": code.p_holm,
                "p_bh": code.p_bh,
            }
            for code in batch.codes
        ],
    }


def disagreement(each: Disagreement) -> dict[str, Any]:
    """One answer that coders coded differently."""
    return {
        "respondent": each.respondent,
        "question": each.question,
        "text": each.text,
        "coders": {name: list(codes) for name, codes in each.sets.items()},
        "distance": each.distance,
    }
