"""Cases and what came of them as plain values for a JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qualcode.study.agreement.as_json import estimate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.study.adjudication.case import Case
    from qualcode.study.adjudication.summary import OfCoder, Summary


def case(found: Case) -> dict[str, Any]:
    """A case; its coders have letters, and names only once it is settled."""
    verdict = found.verdict
    return {
        "respondent": found.response.respondent,
        "question": found.question.key,
        "text": found.response.text,
        "state": found.state,
        "agreed": _paths(found, found.agreed),
        "disputed": _paths(found, found.disputed),
        "sides": [
            {
                "letter": side.letter,
                "coder": side.coder.name if verdict else None,
                "codes": _paths(found, side.state.whole),
                "flagged": side.state.is_flagged,
                "memo": side.state.memo,
            }
            for side in found.sides
        ],
        "verdict": {
            "codes": _paths(found, verdict.codes),
            "adjudicator": found.adjudicator,
            "reason": verdict.reason,
            "memo": verdict.memo,
        }
        if verdict
        else None,
        "asked": [
            {"letter": one.letter, "text": one.query.text, "answered": one.query.is_answered}
            for one in found.asked
        ],
    }


def _paths(found: Case, code_ids: Iterable[int]) -> list[str]:
    return [code.path for code in found.of(code_ids)]


def summary(found: Summary) -> dict[str, Any]:
    """What came of the cases of a question."""
    return {
        "question": found.question.key,
        "cases": {state.replace(" ", "_"): n for state, n in found.cases.items()},
        "n": found.n,
        "n_settled": found.n_settled,
        "mean_alpha": {"before": estimate(found.before), "after": estimate(found.after)},
        "reasons": [
            {"reason": one.reason, "n": one.n, "mean_alpha": estimate(one.mean_alpha)}
            for one in found.reasons
        ],
        "codes": [asdict(one) for one in found.codes],
        "coders": [_coder(one) for one in found.coders],
    }


def _coder(found: OfCoder) -> dict[str, Any]:
    return {
        "coder": found.coder,
        "n": found.n,
        "exact_match": estimate(found.exact_match),
        "mean_alpha": estimate(found.mean_alpha),
        "codes": [
            {
                "code": code.code,
                "n": code.n,
                "percent_agreement": estimate(code.percent_agreement),
                "alpha": estimate(code.alpha),
            }
            for code in found.codes
        ],
    }
