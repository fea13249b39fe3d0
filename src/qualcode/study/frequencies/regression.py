"""How the odds of a theme change with attributes: crude beside adjusted, under the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode import estimation
from qualcode.errors import InputError, QualcodeError
from qualcode.estimation.reading import all_known, centred, level_sizes, size
from qualcode.estimation.reasons import (
    EMPTY_BASE,
    NO_DEGREES_OF_FREEDOM,
    NO_VARIATION,
    RANK_DEFICIENT,
    SEPARATION,
    TOO_FEW_EVENTS,
)
from qualcode.study.frequencies.counting import counted, refuse_unknown
from qualcode.study.frequencies.hiding import Counts, hidden, nothing_hidden
from qualcode.study.frequencies.predictors import predictors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from qualcode.estimation import Attribute, JointTest, Regression, Term
    from qualcode.estimation.arrays import BoolArray
    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.hiding import Hidden
    from qualcode.study.frequencies.wish import Wish

REASONS = {
    EMPTY_BASE: "there is nobody to count",
    NO_VARIATION: "all are alike",
    RANK_DEFICIENT: "some attributes say the same, so their effects cannot be told apart",
    SEPARATION: "a category has the theme always or never, so its odds have no limit",
    TOO_FEW_EVENTS: "too few answers with the theme, or without it",
    NO_DEGREES_OF_FREEDOM: "the design leaves no degrees of freedom",
}
ADVICE = {
    EMPTY_BASE: "look at the attributes with `qualcode frequencies --by`",
    NO_VARIATION: "take another code",
    RANK_DEFICIENT: "leave one of them out",
    SEPARATION: "join the category with another one, or use exact or Firth's regression elsewhere",
    TOO_FEW_EVENTS: "take fewer attributes, or fewer categories",
    NO_DEGREES_OF_FREEDOM: "take fewer attributes",
}


@dataclass(frozen=True, slots=True)
class Level:
    """A category of an attribute: `k` of its `n` respondents have the theme; None where hidden."""

    attribute: str
    level: str
    k: int | None
    n: int | None


@dataclass(frozen=True, slots=True)
class RegressionReport:
    """A regression of a theme on attributes.

    `terms` and `tests` are those that may be shown, `levels` the categories behind them. `hidden`
    are the attributes of which something is not shown.
    """

    question: Question
    wish: Wish
    code: Code
    on: tuple[str, ...]
    coders: tuple[str, ...]
    codebooks: tuple[tuple[str, int], ...]
    rule: str
    base: str
    design: dict[str, str]
    is_weighted: bool
    n: int
    k: int
    left_out: int
    df: int
    is_low: bool
    terms: tuple[Term, ...]
    tests: tuple[JointTest, ...]
    levels: tuple[Level, ...]
    hidden: tuple[str, ...]
    interim: tuple[int, int] | None


def regress(
    database: Database,
    question: Question,
    code: Code,
    on: Sequence[str],
    wish: Wish,
    *,
    categorical: Collection[str] = (),
    references: Mapping[str, str] | None = None,
) -> RegressionReport:
    """Regress a theme on attributes of the respondents in the base.

    Attributes whose values are all numbers are numbers unless they are named in `categorical`;
    `references` says with which category of an attribute the others are compared, by default the
    first. Raises what `tabulate` does, and `QualcodeError` where the regression would print
    numbers that mean nothing.
    """
    if code.status:
        raise InputError(f"{code.path} is no theme: it says what an answer is")
    if len(set(on)) < len(on):
        raise InputError("an attribute is named twice", hint="name each attribute once")
    found = counted(database, question, wish, on)
    refuse_unknown(found)
    attributes = predictors(found.coded.columns, on, categorical, references or {})
    present = found.agreed.present(found.coded.codes.index(code))
    done = _fitted(found, present, attributes)
    known = found.domain & all_known(attributes)
    levels = tuple(_levels(attributes, present, known))
    covered = _covered(code, size(known), size(known & present), levels, wish)
    _refuse(done, wish, is_hidden=covered.cells[0][0] or covered.bases[0])
    return _report(found, code, on, wish, done, levels, covered)


def _fitted(found: Counted, present: BoolArray, attributes: Sequence[Attribute]) -> Regression:
    try:
        return estimation.regress(found.design, present, attributes, found.domain)
    except OverflowError:
        # The odds in the year 0 are too far off to be a number; those of the middle year are not.
        middle = [centred(attribute) for attribute in attributes]
        return estimation.regress(found.design, present, middle, found.domain)


def _levels(
    attributes: Sequence[Attribute], present: BoolArray, known: BoolArray
) -> Iterator[Level]:
    for attribute in attributes:
        if not attribute.levels:
            continue
        n, k = level_sizes(attribute, known), level_sizes(attribute, known & present)
        for level, with_theme, all_of_it in zip(attribute.levels, k, n, strict=True):
            yield Level(attribute.name, level, with_theme, all_of_it)


def _covered(code: Code, n: int, k: int, levels: Sequence[Level], wish: Wish) -> Hidden:
    columns: dict[str, list[int]] = {}
    for column, level in enumerate(levels, start=1):
        columns.setdefault(level.attribute, []).append(column)
    counts = Counts(
        (code.path,),
        ((k, *(level.k or 0 for level in levels)),),
        (n, *(level.n or 0 for level in levels)),
        tuple((0, tuple(own)) for own in columns.values()),
    )
    return nothing_hidden(counts) if wish.is_internal else hidden(counts, wish.threshold)


def _refuse(done: Regression, wish: Wish, *, is_hidden: bool) -> None:
    if done.reason:
        # How few there are must not be known either.
        is_secret = done.reason == TOO_FEW_EVENTS and is_hidden and not wish.is_internal
        detail = "" if is_secret or not done.detail else f": {done.detail}"
        raise QualcodeError(
            f"no regression: {REASONS[done.reason]}{detail}", hint=ADVICE[done.reason]
        )
    if is_hidden:
        raise QualcodeError(
            "no regression: it rests on so few respondents that it must not be shown",
            hint="--internal shows it to the team",
        )


def _report(
    found: Counted,
    code: Code,
    on: Sequence[str],
    wish: Wish,
    done: Regression,
    levels: tuple[Level, ...],
    covered: Hidden,
) -> RegressionReport:
    secret = {
        (level.attribute, level.level)
        for place, level in enumerate(levels, start=1)
        if covered.cells[0][place] or covered.bases[place]
    }
    attributes = {attribute for attribute, _ in secret}
    coded = found.coded
    return RegressionReport(
        question=coded.question,
        wish=wish,
        code=code,
        on=tuple(on),
        coders=coded.votes.coders,
        codebooks=coded.codebooks,
        rule=found.rule,
        base=found.base,
        design=coded.designed.columns,
        is_weighted=not found.design.is_simple,
        n=done.n,
        k=done.k,
        left_out=done.left_out,
        df=done.df,
        is_low=done.is_low,
        terms=tuple(_shown(done.terms, secret)),
        tests=tuple(test for test in done.tests if test.attribute not in attributes),
        levels=tuple(
            Level(
                level.attribute,
                level.level,
                None if covered.cells[0][place] else level.k,
                None if covered.bases[place] else level.n,
            )
            for place, level in enumerate(levels, start=1)
        ),
        hidden=tuple(name for name in on if name in attributes),
        interim=(found.n_coded, found.answered) if found.is_interim else None,
    )


def _shown(terms: Sequence[Term], secret: set[tuple[str, str]]) -> Iterator[Term]:
    """The terms that rest on no hidden category; the intercept is what they all start from."""
    intercept, *others = terms
    if not secret:
        yield intercept
    for term in others:
        if not {(term.attribute, term.level), (term.attribute, term.reference)} & secret:
            yield term
