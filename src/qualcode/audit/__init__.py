"""The audit: every percentage of a manuscript has a base, a count that gives it, and its table.

Pure functions on bytes, texts and values; no study is opened here::

    from qualcode.audit import Known, audit, read_manuscript
    report = audit(read_manuscript(path.read_bytes(), path.name), known)

`read_manuscript` makes paragraphs and tables of .md, .txt, .html and .docx; `Known` is what a
study's tables say, made by hand or by `known_from_frequencies`; `audit` gives an `AuditReport`,
and `as_plain` the same for JSON.

What no rule can tell is not found: a theme that does not exist and is named in free prose without
a number, the word “theme”, quotation marks or a place among themes; a set whose sentence names
its groups in other words than the study does; a quantifier said of a theme in another sentence.
"""

from __future__ import annotations

from qualcode.audit.auditing import audit
from qualcode.audit.checks.rules import RULES
from qualcode.audit.findings import Finding
from qualcode.audit.grim import Fit, fit
from qualcode.audit.known import (
    Known,
    KnownBase,
    KnownCell,
    KnownTheme,
    known_from_frequencies,
)
from qualcode.audit.manuscript import Manuscript, Paragraph, Place, Table
from qualcode.audit.printed import Printed, parse_printed
from qualcode.audit.reading import ENDINGS, read_manuscript
from qualcode.audit.report import AuditReport, Counts, Unchecked, as_plain

__all__ = [
    "ENDINGS",
    "RULES",
    "AuditReport",
    "Counts",
    "Finding",
    "Fit",
    "Known",
    "KnownBase",
    "KnownCell",
    "KnownTheme",
    "Manuscript",
    "Paragraph",
    "Place",
    "Printed",
    "Table",
    "Unchecked",
    "as_plain",
    "audit",
    "fit",
    "known_from_frequencies",
    "parse_printed",
    "read_manuscript",
]
