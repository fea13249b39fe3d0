"""Frequencies of themes that survive peer review: bases, consensus, designs, tests, protection.

Pure functions on plain values and numpy arrays, one row a respondent. From a notebook::

    from qualcode.estimation import bases_of, code_tree, consensus_of, frequencies, votes
    tree = code_tree(["access", "access/parking"])
    agreed = consensus_of(votes(n, coders, decided, applied, len(tree)), tree)
    found = bases_of(status, agreed, tree)
    frequencies(agreed.indicators(), found.coded, survey_design(n, weights=weights))

Shares are 0 to 1. What is undefined is None with a reason, never NaN. A name is loaded when it is
first used: importing this package loads neither numpy nor scipy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode.estimation.bases import BASES, Base, Bases, bases_of
    from qualcode.estimation.cells import Cells, CellTotals
    from qualcode.estimation.codetree import CodeTree, code_tree
    from qualcode.estimation.consensus import (
        ABSENT,
        PRESENT,
        RULES,
        UNRESOLVED,
        Consensus,
        consensus_of,
        default_rule,
    )
    from qualcode.estimation.cooccurrence import Combination, Overlap, combinations, overlap
    from qualcode.estimation.corrected import (
        Corrected,
        correct,
        corrected_difference,
        machine_alone,
    )
    from qualcode.estimation.design import Design, survey_design
    from qualcode.estimation.disclosure.additive import suppress_counts
    from qualcode.estimation.disclosure.layout import Breakdown, ThemeTable
    from qualcode.estimation.disclosure.themes import Suppression, suppress
    from qualcode.estimation.effects import Effect, difference, odds_ratio
    from qualcode.estimation.independence import Association, association, fisher, pearson
    from qualcode.estimation.linearised import Estimated, covariance, means, ratios, totals
    from qualcode.estimation.model_matrix import Attribute, categorical, numeric
    from qualcode.estimation.multiplicity import adjusted, benjamini_hochberg, holm, legend, stars
    from qualcode.estimation.proportions import clopper_pearson, of_responses, share, wilson
    from qualcode.estimation.raoscott import rao_scott
    from qualcode.estimation.regression import JointTest, Regression, Term, regress
    from qualcode.estimation.sample_size import MoreAnswers, more_answers
    from qualcode.estimation.sampled import Sample, random_sample
    from qualcode.estimation.tables import CodeByGroup, Share, crosstab, frequencies
    from qualcode.estimation.trends import Trend, trend
    from qualcode.estimation.voting import Verdicts, Votes, verdicts_on_answers, votes
    from qualcode.estimation.weighted import (
        Weighted,
        beta_interval,
        logit_interval,
        weighted_proportion,
    )

_NAMES = {
    "bases": "BASES Base Bases bases_of",
    "cells": "CellTotals Cells",
    "codetree": "CodeTree code_tree",
    "consensus": "ABSENT PRESENT RULES UNRESOLVED Consensus consensus_of default_rule",
    "cooccurrence": "Combination Overlap combinations overlap",
    "corrected": "Corrected correct corrected_difference machine_alone",
    "design": "Design survey_design",
    "disclosure.additive": "suppress_counts",
    "disclosure.layout": "Breakdown ThemeTable",
    "disclosure.themes": "Suppression suppress",
    "effects": "Effect difference odds_ratio",
    "independence": "Association association fisher pearson",
    "linearised": "Estimated covariance means ratios totals",
    "model_matrix": "Attribute categorical numeric",
    "multiplicity": "adjusted benjamini_hochberg holm legend stars",
    "proportions": "clopper_pearson of_responses share wilson",
    "raoscott": "rao_scott",
    "regression": "JointTest Regression Term regress",
    "sample_size": "MoreAnswers more_answers",
    "sampled": "Sample random_sample",
    "tables": "CodeByGroup Share crosstab frequencies",
    "trends": "Trend trend",
    "voting": "Verdicts Votes verdicts_on_answers votes",
    "weighted": "Weighted beta_interval logit_interval weighted_proportion",
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = [
    "ABSENT",
    "BASES",
    "PRESENT",
    "RULES",
    "UNRESOLVED",
    "Association",
    "Attribute",
    "Base",
    "Bases",
    "Breakdown",
    "CellTotals",
    "Cells",
    "CodeByGroup",
    "CodeTree",
    "Combination",
    "Consensus",
    "Corrected",
    "Design",
    "Effect",
    "Estimated",
    "JointTest",
    "MoreAnswers",
    "Overlap",
    "Regression",
    "Sample",
    "Share",
    "Suppression",
    "Term",
    "ThemeTable",
    "Trend",
    "Verdicts",
    "Votes",
    "Weighted",
    "adjusted",
    "association",
    "bases_of",
    "benjamini_hochberg",
    "beta_interval",
    "categorical",
    "clopper_pearson",
    "code_tree",
    "combinations",
    "consensus_of",
    "correct",
    "corrected_difference",
    "covariance",
    "crosstab",
    "default_rule",
    "difference",
    "fisher",
    "frequencies",
    "holm",
    "legend",
    "logit_interval",
    "machine_alone",
    "means",
    "more_answers",
    "numeric",
    "odds_ratio",
    "of_responses",
    "overlap",
    "pearson",
    "random_sample",
    "rao_scott",
    "ratios",
    "regress",
    "share",
    "stars",
    "suppress",
    "suppress_counts",
    "survey_design",
    "totals",
    "trend",
    "verdicts_on_answers",
    "votes",
    "weighted_proportion",
    "wilson",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
