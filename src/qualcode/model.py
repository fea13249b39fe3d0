"""The values that travel between the parts: frozen, plain, and free of any storage or screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Status: TypeAlias = Literal["not_asked", "blank", "substantive"]
CodeStatus: TypeAlias = Literal["", "dont_know", "refused", "uncodable"]

STATUSES: tuple[Status, ...] = ("not_asked", "blank", "substantive")
CODE_STATUSES: tuple[CodeStatus, ...] = ("dont_know", "refused", "uncodable")


@dataclass(frozen=True, slots=True)
class Question:
    """An open question; `asked_if` is the rule that says who was asked, empty for everybody."""

    key: str
    text: str
    asked_if: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a codebook.

    `path` is the keys from the top of the codebook joined by ``/``; `id` is 0 outside a study.
    A code with a `status` says what an answer is, not what it is about; such a code and one
    that `is_exclusive` stand alone on an answer. `merged_into` and `split_into` are paths: what
    was merged counts as that code, what was split waits to be coded anew as one of those; both
    are retired.
    """

    path: str
    name: str
    hotkey: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    is_exclusive: bool = False
    status: CodeStatus = ""
    is_retired: bool = False
    merged_into: str = ""
    split_into: tuple[str, ...] = ()
    id: int = 0

    @property
    def key(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The path of the code above, empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def depth(self) -> int:
        """How many codes stand above this one."""
        return self.path.count("/")

    @property
    def stands_alone(self) -> bool:
        """Whether the code clears the others on an answer and they clear it."""
        return self.is_exclusive or bool(self.status)


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes in their order, parents before their children.

    `questions` are the keys of the questions that it is for, empty for all.
    """

    name: str
    version: int
    codes: tuple[Code, ...]
    questions: tuple[str, ...] = ()
    id: int = 0

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def by_path(self) -> dict[str, Code]:
        """The codes under their paths."""
        return {code.path: code for code in self.codes}


def standing(code: Code, by_path: Mapping[str, Code]) -> Code:
    """The code that `code` counts as: itself, or the one at the end of its merges."""
    while code.merged_into:
        code = by_path[code.merged_into]
    return code


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes. The machine is never one."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Response:
    """One version of one respondent's answer to one question, the text exactly as given."""

    id: int
    respondent: str
    question: str
    text: str
    status: Status
    version: int = 1


@dataclass(frozen=True, slots=True)
class Coding:
    """A code on an answer; `start` and `end` are None for the whole answer.

    `put_as` is the code that the coder put on it; it is another where that was merged since.
    """

    code_id: int
    start: int | None = None
    end: int | None = None
    source: str = ""
    put_as: int = 0


@dataclass(frozen=True, slots=True)
class AnswerState:
    """Everything that one coder has put on one answer."""

    codings: tuple[Coding, ...] = ()
    is_decided: bool = False
    is_flagged: bool = False
    memo: str = ""

    @property
    def is_coded(self) -> bool:
        """Whether the answer counts as coded: a code is on it, or the coder decided it."""
        return self.is_decided or bool(self.codings)

    @property
    def whole(self) -> frozenset[int]:
        """The codes on the answer, whatever part of it they are on."""
        return frozenset(coding.code_id for coding in self.codings)

    @property
    def shown(self) -> tuple[Coding, ...]:
        """The codings as they are shown: what counts as the same code at one place comes once."""
        places = {(coding.code_id, coding.start, coding.end): coding for coding in self.codings}
        return tuple(places.values())


@dataclass(frozen=True, slots=True)
class Change:
    """What one step did: its number, its kind and the answer it was on (0 if on none).

    `newly_coded` is how many answers more, or fewer, count as coded by the coder since;
    `code_id` is the code that the step was about, 0 if none.
    """

    step: int
    kind: str
    response_id: int = 0
    acts: int = 1
    newly_coded: int = 0
    code_id: int = 0


FilterKind: TypeAlias = Literal[
    "all",
    "uncoded",
    "coded",
    "flagged",
    "blank",
    "not_asked",
    "code",
    "text",
    "queue",
    "assigned",
    "asked",
    "split",
]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which answers a coder walks through; the other fields go with their kinds.

    All come in the order of the file but those of a queue, which come as they were drawn, and those
    that the coder is assigned.
    """

    kind: FilterKind = "all"
    code_id: int = 0
    text: str = ""
    queue_id: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """A code that a model suggests for an answer, and why.

    `probability` lies in [0, 1]; `wording` is what may be shown of it while it is no more than a
    score. `words` are the places in the text that carry it, `example` the nearest text that has
    the code; a family is suggested where one of the codes below it fits and none is sure.
    """

    code_id: int
    probability: float
    wording: str
    is_above: bool
    is_family: bool
    words: tuple[tuple[int, int], ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a model that has learned from `labels` coded answers suggests for one answer."""

    response_id: int
    labels: int
    is_calibrated: bool
    suggested: tuple[Suggested, ...]

    @property
    def accepted(self) -> tuple[Suggested, ...]:
        """What accepting all above the threshold puts on the answer."""
        return tuple(one for one in self.suggested if one.is_above)


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer drawn for a coder's queue.

    `place` counts from 0 along the order in which chance takes all `population` answers;
    `probability` is None where chance did not choose it. A blind one is coded unaided.
    """

    response_id: int
    how: Literal["random", "uncertain", "code"]
    place: int
    population: int
    probability: float | None
    is_blind: bool


@dataclass(frozen=True, slots=True)
class ListedResponse:
    """An answer as a list shows it: the beginning of its text and the coder's marks."""

    id: int
    respondent: str
    text: str
    is_coded: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A column that becomes a question."""

    key: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What an importer found in a survey file and what will be made of it.

    `header_row` is the first row of the header, counted from 1 as the file does.
    `notes` are one-line remarks for the person who imports.
    """

    source: str
    layout: Literal["wide", "long"]
    id_column: str
    questions: tuple[PlannedQuestion, ...]
    attributes: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int = 1
    n_rows: int = 0
    blanks: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty, or the reason why there is none.

    `value` lies on the scale of the thing estimated, `se` is its standard error, `low` and
    `high` the ends of its 95 % interval. Where `value` is undefined it is None and `reason`
    says why in one word; with the reason ``one_unit`` there is a value and no interval.
    An interval by resampling says from how many `resamples`, and in how many of these the
    value was `undefined`; both are 0 for an interval by formula.
    """

    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    resamples: int = 0
    undefined: int = 0
