"""Frequencies of themes: who is counted, what is printed, and what must not be."""

from __future__ import annotations

from qualcode.study.frequencies.report import Cell, FrequencyReport, Row
from qualcode.study.frequencies.tabulate import tabulate
from qualcode.study.frequencies.wish import Wish

__all__ = ["Cell", "FrequencyReport", "Row", "Wish", "tabulate"]
