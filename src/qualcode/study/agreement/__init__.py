"""Agreement between the coders of a study: measured, kept over time, and told as a report."""

from __future__ import annotations

from qualcode.study.agreement.consistency import Consistency, consistency
from qualcode.study.agreement.disagreements import Disagreement, disagreements
from qualcode.study.agreement.history import SavedRun, history, save
from qualcode.study.agreement.measure import AgreementReport, Settings, measure

__all__ = [
    "AgreementReport",
    "Consistency",
    "Disagreement",
    "SavedRun",
    "Settings",
    "consistency",
    "disagreements",
    "history",
    "measure",
    "save",
]
