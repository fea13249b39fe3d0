"""Quotes: which answers stand for a theme, what in them names somebody, what a text leaks.

Pure functions on texts and values; no study is opened here::

    from qualcode.quotes import choose, leaks, redacted, scanner
    exemplars = choose(candidates, 3)
    found = scanner({"contact": names}).scan(text)
    printed = redacted(text, [Replacement(one.start, one.end, suggested(one)) for one in found])
    leaks(report, answers, allowed=[printed])
"""

from __future__ import annotations

from qualcode.quotes.choosing import Candidate, Choice, choose, is_one_voice
from qualcode.quotes.found import Found
from qualcode.quotes.leaks import Leak, leaks
from qualcode.quotes.names import Scanner, scanner
from qualcode.quotes.ordinary import common_words
from qualcode.quotes.personal import personal_columns
from qualcode.quotes.pipeline import Pipeline, installed_pipeline
from qualcode.quotes.redaction import (
    Removal,
    Replacement,
    as_text,
    from_text,
    log_of,
    redacted,
    suggested,
)

__all__ = [
    "Candidate",
    "Choice",
    "Found",
    "Leak",
    "Pipeline",
    "Removal",
    "Replacement",
    "Scanner",
    "as_text",
    "choose",
    "common_words",
    "from_text",
    "installed_pipeline",
    "is_one_voice",
    "leaks",
    "log_of",
    "personal_columns",
    "redacted",
    "scanner",
    "suggested",
]
