"""The frequencies of a question as one value, from which every output is made.

What must not be printed is not in it: wherever a table, a page or a document of JSON is made of a
report, the same cells are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation import Association, Effect, Weighted
    from qualcode.model import Code, Question
    from qualcode.study.frequencies.wish import Wish

NOTHING = Estimate()

INTERIM = "not_all_coded"
"""Why there is no percentage: the base takes in answers that nobody has coded yet."""

NO_VERDICTS = "no_verdicts"
"""Why there is no percentage: nothing is adjudicated yet."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`k` of the `n` respondents of a base or group have a code; shares are 0 to 1.

    `share` is k / n with Wilson's interval. `weighted` and `total`, the number in the population,
    are None without a design. `of_row` is the part of all with the code who are in the group,
    `weighted_of_row` the same in weights. A cell that is suppressed holds nothing but `n`, and
    not even that where the base is small.
    """

    k: int | None
    n: int | None
    share: Estimate = NOTHING
    weighted: Weighted | None = None
    total: Estimate | None = None
    of_row: float | None = None
    weighted_of_row: float | None = None
    is_suppressed: bool = False

    @property
    def best(self) -> Estimate:
        """The share that the design gives, else the plain one."""
        return self.share if self.weighted is None else self.weighted.estimate


@dataclass(frozen=True, slots=True)
class Machined:
    """The share of a theme that uses a model: in all answers, and in the groups of each grouping.

    `method` is ``corrected``, or ``human`` where there was too little to correct by; empty for
    the machine alone, which has no interval. `tuning` (λ) is how much of the machine is in it.
    `more` answers are still to be coded for an interval of ± 3 points, `by_hand` in all without
    the machine.
    """

    whole: Estimate
    groups: tuple[tuple[Estimate, ...], ...] = ()
    method: str = ""
    tuning: float | None = None
    more: int | None = None
    by_hand: int | None = None


@dataclass(frozen=True, slots=True)
class MachineSide:
    """The model behind an estimate: it scored `answers` and learned from `labels` in `parts`.

    The answers are those of a `corpus` where its folder is named.
    """

    kind: str
    answers: int
    labels: int
    parts: int
    has_vectors: bool
    corpus: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The respondents of a base with one `value` of an attribute; n is None where it is hidden."""

    attribute: str
    value: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Grouping:
    """An attribute, or two crossed, and its groups.

    `without` is how many of the base have no value of it, None where that must not be known.
    """

    attribute: str
    groups: tuple[Group, ...]
    without: int | None

    @property
    def empty(self) -> list[str]:
        """The values that nobody in the base has."""
        return [group.value for group in self.groups if group.n == 0]


@dataclass(frozen=True, slots=True)
class Row:
    """A theme: in the whole base, in the groups of every grouping, and by other rules.

    `of_responses` is its part of all mentions, None for a parent. `unresolved` answers have a tie
    on it. `by_rule` says what other rules of consensus make of it.
    """

    code: Code
    cell: Cell
    of_responses: float | None
    unresolved: int | None
    groups: tuple[tuple[Cell, ...], ...] = ()
    by_rule: dict[str, Cell] | None = None
    machine: Machined | None = None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A code that says what an answer is, among all answers that are coded."""

    code: Code
    cell: Cell


@dataclass(frozen=True, slots=True)
class Test:
    """Whether the groups differ in a theme, with the p-values after Holm and Benjamini–Hochberg.

    `odds_ratio` compares the first of two groups with the second. A test that rests on a hidden
    cell is suppressed and holds nothing but its kind.
    """

    code: Code
    by: str
    association: Association
    p_holm: float | None = None
    p_bh: float | None = None
    odds_ratio: Effect | None = None
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Suppressed:
    """How small cells were hidden: `hidden` cells in all, `added` of them to protect others."""

    threshold: int
    least_base: int
    hidden: int
    added: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """The random sample that was counted: `depth` of `population` answers, drawn by a `seed`."""

    seed: int
    depth: int
    population: int
    left_out: int
    next_one: str


@dataclass(frozen=True, slots=True)
class FrequencyReport:
    """The frequencies of one question.

    `n` are the sizes of the bases, None where they must not be known. `answered` is how many gave
    an answer, `n_coded` how many of these are coded: fewer while the coding goes on. `unknown` says
    in one word why there are no percentages, and is empty where there are. `ties` are
    answers of the base that are unresolved, None where so few that it must not be known.
    `design` maps weight, stratum, psu and fpc to columns; it is empty without a design. `df` are
    the degrees of freedom of the design. `suppressed` is None where small cells are shown. What was
    put on `pending` answers is hidden until every coder who is to code them has decided.
    """

    question: Question
    wish: Wish
    coders: tuple[str, ...]
    codebooks: tuple[tuple[str, int], ...]
    rule: str
    base: str
    n: dict[str, int | None]
    answered: int
    n_coded: int
    unknown: str
    design: dict[str, str]
    lonely_psu: str
    is_weighted: bool
    df: int | None
    rows: tuple[Row, ...]
    statuses: tuple[StatusRow, ...]
    groupings: tuple[Grouping, ...]
    tests: tuple[Test, ...]
    ties: int | None
    verdicts: int
    copied: int
    suppressed: Suppressed | None
    sampled: Sampled | None
    machine: MachineSide | None = None
    pending: int = 0

    @property
    def is_interim(self) -> bool:
        """Whether some answers wait to be coded."""
        return self.n_coded < self.answered
