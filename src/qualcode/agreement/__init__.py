"""Agreement between coders: coefficients, their uncertainty, and why there may be none.

Pure functions on plain values and numpy arrays. From a notebook::

    from qualcode.agreement import assess, kappa, unitize
    assess([["a", "a"], ["b", None], ["a", "b"]], categories=["a", "b"])["alpha"].value

For a study's codings: `codings` or `codings_from_triples` makes a `Codings`, and from it come
`assess_codes`, `assess_overall`, `compare_pairs`, `leave_one_out`,
`confusions`, `roll_up`, `drift`, `compare_batches` and `plan`.
"""

from __future__ import annotations

from qualcode.agreement.assessing import assess
from qualcode.agreement.bands import band, probability_of
from qualcode.agreement.classic import fleiss_z, light_kappa
from qualcode.agreement.codes import FEW, CodeAgreement, assess_codes
from qualcode.agreement.codings import Codings, codings, codings_from_triples
from qualcode.agreement.confusion import Confusion, confusions
from qualcode.agreement.contingency import (
    kappa,
    kappa_max,
    kappa_null_error,
    prevalence_and_bias,
)
from qualcode.agreement.difference import Difference, compare_batches
from qualcode.agreement.drift import Batch, BatchCode, drift
from qualcode.agreement.levels import LevelAgreement, roll_up
from qualcode.agreement.overall import Overall, assess_overall
from qualcode.agreement.pairs import PairAgreement, WithoutCoder, compare_pairs, leave_one_out
from qualcode.agreement.planning import Plan, answers_for_guess, plan
from qualcode.agreement.spans import unitize, unitize_all
from qualcode.agreement.table import ratings_from_triples
from qualcode.model import Estimate

__all__ = [
    "FEW",
    "Batch",
    "BatchCode",
    "CodeAgreement",
    "Codings",
    "Confusion",
    "Difference",
    "Estimate",
    "LevelAgreement",
    "Overall",
    "PairAgreement",
    "Plan",
    "WithoutCoder",
    "answers_for_guess",
    "assess",
    "assess_codes",
    "assess_overall",
    "band",
    "codings",
    "codings_from_triples",
    "compare_batches",
    "compare_pairs",
    "confusions",
    "drift",
    "fleiss_z",
    "kappa",
    "kappa_max",
    "kappa_null_error",
    "leave_one_out",
    "light_kappa",
    "plan",
    "prevalence_and_bias",
    "probability_of",
    "ratings_from_triples",
    "roll_up",
    "unitize",
    "unitize_all",
]
