"""Tables of themes with their figures, for the files that can show them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.study.report.figures import groups_figure, themes_figure

if TYPE_CHECKING:
    from qualcode.exporters.documents import Document, Section
    from qualcode.study.frequencies import FrequencyReport

ENDINGS = (".xlsx", ".docx", ".html")
"""The files that show a figure."""


def illustrated(document: Document, report: FrequencyReport) -> Document:
    """The document of a frequency report with the figures of its themes and of its first groups."""
    return replace(
        document, sections=tuple(_drawn(section, report) for section in document.sections)
    )


def _drawn(section: Section, report: FrequencyReport) -> Section:
    if section.heading == "Themes" and any(row.cell.best.value for row in report.rows):
        return replace(section, figure=themes_figure(report), draws_grid=True)
    if report.groupings and section.heading == f"By {report.groupings[0].attribute}":
        figure = groups_figure(report)
        return replace(section, figure=figure, draws_grid=True) if figure.categories else section
    return section
