"""Survey files and coding files of every format, as plain values.

::

    registry ─ delimited · xlsx · jsonl      rows of text cells
    header · body                            where the table is; rows of one width
    detect · columns · scan                  which column is what; one pass over every row
    survey · codings                         what the study takes
"""

from qualcode.importers.codings import CodingRow, read_codings
from qualcode.importers.options import ReadOptions
from qualcode.importers.registry import extensions
from qualcode.importers.survey import LongRow, Survey, SurveyRow, read_survey

__all__ = [
    "CodingRow",
    "LongRow",
    "ReadOptions",
    "Survey",
    "SurveyRow",
    "extensions",
    "read_codings",
    "read_survey",
]
