"""A regression as JSON and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.frequencies.wording import (
    BASES,
    HIDDEN,
    NONE,
    PARTS,
    RULES,
    count,
    listed,
    number,
    p_value,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation import Effect, Term
    from qualcode.study.frequencies.regression import RegressionReport

INTERCEPT = "intercept"


def as_json(report: RegressionReport) -> dict[str, Any]:
    """The whole regression at full precision; what is suppressed is not among the terms."""
    one = len(report.codebooks) == 1
    return {
        "question": report.question.key,
        "code": report.code.path,
        "on": list(report.on),
        "rule": report.rule,
        "base": report.base,
        "weighted": report.is_weighted,
        "codebook_version": report.codebooks[0][1] if one else None,
        "n": report.n,
        "k": report.k,
        "left_out": report.left_out,
        "df": report.df,
        "few_events": report.is_low,
        "terms": [_term(term) for term in report.terms],
        "tests": [
            {
                "attribute": test.attribute,
                "statistic": test.statistic,
                "ndf": test.ndf,
                "ddf": test.ddf,
                "p": test.p,
            }
            for test in report.tests
        ],
        "levels": [
            {
                "attribute": level.attribute,
                "level": level.level,
                "k": level.k,
                "n": level.n,
                "suppressed": level.k is None,
            }
            for level in report.levels
        ],
        "suppressed": list(report.hidden),
        "notes": list(notes(report)),
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "attribute": term.attribute,
        "level": term.level or None,
        "reference": term.reference or None,
        "coefficient": term.coefficient,
        "se": term.adjusted.estimate.se,
        "adjusted": _effect(term.adjusted),
        "crude": _effect(term.crude) if term.crude else None,
    }


def _effect(effect: Effect) -> dict[str, float | None]:
    found = effect.estimate
    return {
        "odds_ratio": found.value,
        "se": found.se,
        "low": found.low,
        "high": found.high,
        "p": effect.p,
    }


def as_document(report: RegressionReport) -> Document:
    """Crude beside adjusted odds ratios, the joint tests, and what has to be said."""
    sections = [
        Section(
            "Odds ratios", grid=Grid(_COLUMNS, tuple(_rows(report))), notes=tuple(notes(report))
        )
    ]
    if report.tests:
        rows = tuple(
            (
                test.attribute,
                number(test.statistic, 2),
                count(test.ndf),
                count(test.ddf),
                p_value(test.p),
            )
            for test in report.tests
        )
        columns = ("attribute", "F", "df", "df of error", "p")
        sections.append(Section("Each attribute as a whole", grid=Grid(columns, rows)))
    title = f"{report.code.name} by {listed(list(report.on))}, {report.question.key}"
    return Document(title, tuple(sections))


_COLUMNS = (
    "attribute",
    "category",
    "n",
    "k",
    "crude OR",
    "95 % interval",
    "p",
    "adjusted OR",
    "95 % interval, adjusted",
    "p, adjusted",
)
_OF_AN_EFFECT = 6


def _rows(report: RegressionReport) -> Iterator[tuple[str, ...]]:
    terms = {(term.attribute, term.level): term for term in report.terms}
    references = {(term.attribute, term.reference) for term in report.terms}
    for name in report.on:
        levels = [level for level in report.levels if level.attribute == name]
        if not levels:
            yield (name, "one more", "", "", *_effects(terms[name, ""]))
        for place, level in enumerate(levels):
            row = (name if place == 0 else "", level.level, whole(level.n), whole(level.k))
            if (name, level.level) in terms:
                yield (*row, *_effects(terms[name, level.level]))
            elif (name, level.level) in references:
                yield (*row, "1", "", "", "1", "", "")
            elif name in report.hidden:
                yield (*row, *(HIDDEN for _ in range(_OF_AN_EFFECT)))
            else:
                yield (*row, *(NONE for _ in range(_OF_AN_EFFECT)))


def _effects(term: Term) -> Iterator[str]:
    for effect in (term.crude, term.adjusted):
        found = effect.estimate if effect else None
        if effect is None or found is None or found.value is None:
            yield from (NONE, NONE, NONE)
            continue
        yield number(found.value, 2)
        yield f"{number(found.low, 2)} to {number(found.high, 2)}"
        yield p_value(effect.p)


def notes(report: RegressionReport) -> Iterator[str]:
    """What has to be said with the odds ratios."""
    if report.interim:
        yield "interim: {:,} of {:,} coded".format(*report.interim)
    rule = report.rule
    by_rule = f" – {RULES[rule]}" if rule in RULES else ""
    yield (
        f"Base: {report.base.replace('_', ' ')}, {BASES[report.base]}. n = {count(report.n)}, of"
        f" whom {count(report.k)} have the theme. Rule: {rule}{by_rule}."
    )
    if report.left_out:
        yield (
            f"{count(report.left_out)} of the base are left out: some attribute of theirs is not"
            " known."
        )
    kind = "Survey-weighted logistic regression" if report.is_weighted else "Logistic regression"
    columns = listed([f"{PARTS[part]} from “{name}”" for part, name in report.design.items()])
    yield (
        f"{kind}{f' ({columns})' if columns else ''}: 95 % intervals by Taylor linearisation and"
        f" Student's t, {report.df} degrees of freedom. Crude: each attribute alone, over the same"
        " respondents. Adjusted: all of them together. A category is compared with the one"
        " marked 1; of a number, the odds ratio is that of one more."
    )
    if report.is_low:
        yield (
            "Fewer than 10 respondents with the theme, or without it, for each coefficient: take"
            " the numbers with caution (Peduzzi et al. 1996)."
        )
    if report.hidden:
        yield (
            f"{HIDDEN}: suppressed – a category of {listed(list(report.hidden))} has so few with"
            " the theme, or without it, that it must not be shown."
        )
    if report.wish.is_internal:
        yield "Internal: small cells are shown. Not for publication."
    books = listed([f"“{name}” version {version}" for name, version in report.codebooks])
    yield f"Codebook: {books}. Computed by qualcode {__version__}."
