"""How the numbers were made, what they cannot say, and the sources: paragraphs for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.study.agreement.methods import methods_paragraph
from qualcode.study.agreement.methods import references as agreement_references
from qualcode.study.agreement.wording import count
from qualcode.study.frequencies.notes import on_counting, on_groups
from qualcode.study.frequencies.wording import listed, percent, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.study.frequencies import FrequencyReport
    from qualcode.study.report.gathering import Asked, Gathered

_RELIABLE = 0.667
_SMALL = 100
_REFERENCES = {
    "wilson": (
        "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical"
        " inference. Journal of the American Statistical Association, 22, 209–212."
    ),
    "korn": (
        "Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small"
        " expected number of positive counts estimated from survey data. Survey Methodology, 24,"
        " 193–201."
    ),
    "rao_scott": (
        "Rao, J. N. K., & Scott, A. J. (1984). On chi-squared tests for multiway contingency"
        " tables with cell proportions estimated from survey data. Annals of Statistics, 12,"
        " 46–60."
    ),
    "holm": (
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian"
        " Journal of Statistics, 6, 65–70."
    ),
    "benjamini": (
        "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical"
        " and powerful approach to multiple testing. Journal of the Royal Statistical Society B,"
        " 57, 289–300."
    ),
}


def methods(found: Gathered) -> Iterator[str]:
    """The questions, the coding, the counting and the tests."""
    yield _survey(found)
    for one in found.asked:
        yield _wording(one)
    for one in found.asked:
        has_agreement = bool(one.agreement.n_multiply_coded)
        words = methods_paragraph(one.agreement) if has_agreement else _alone(one)
        yield f"{one.question.key}. {words}"
    yield from _common(found)


def _survey(found: Gathered) -> str:
    of = (
        f" of {count(found.invited)} invited ({percent(found.respondents / found.invited)} %)"
        if found.invited
        else ""
    )
    return (
        f"{count(found.respondents)} respondents{of} took part. Open answers to"
        f" {_questions(len(found.asked))} were coded by people with a codebook; nothing was coded"
        f" by a machine. Computed by qualcode {__version__}."
    )


def _questions(n: int) -> str:
    return "one question" if n == 1 else f"{n} questions"


def _wording(one: Asked) -> str:
    n, question = one.frequencies.n, one.question
    rule = f" It was asked where {question.asked_if}." if question.asked_if else ""
    return (
        f"{question.key} read: “{question.text}”.{rule} Asked {whole(n['asked'])}, answered"
        f" {whole(n['answered'])}, coded {whole(n['coded'])}, with a theme {whole(n['any_code'])}."
    )


def _alone(one: Asked) -> str:
    people = listed(list(one.frequencies.coders)) or "nobody"
    return (
        f"No answer was coded by two coders (coded by {people}), so nothing is known of how far"
        " the coding depends on the coder."
    )


def _common(found: Gathered) -> Iterator[str]:
    """What the notes of the tables say, each sentence once, with the questions that it is of."""
    said: dict[str, list[str]] = {}
    for one in found.asked:
        report = one.frequencies
        grouped = (note for each in report.groupings for note in on_groups(report, each))
        for note in (*on_counting(report), *grouped):
            if not note.startswith(("Base:", "By other rules")):
                said.setdefault(note, []).append(one.question.key)
    for note, keys in said.items():
        yield note if len(keys) == len(found.asked) else f"{', '.join(keys)}: {note}"


def limits(found: Gathered) -> Iterator[str]:
    """What has to be kept in mind before anything is concluded."""
    yield from _of_survey(found)
    for one in found.asked:
        words = [*_of_coding(one), *_of_table(one.frequencies)]
        if words:
            yield f"{one.question.key}: {' '.join(words)}"
    for question, why in found.left_out:
        yield f"{question.key} is left out: {why}."
    if any(one.quotes for one in found.asked):
        yield "Quotes were chosen to show the range of a theme; they are no sample."


def _of_survey(found: Gathered) -> Iterator[str]:
    if found.invited > found.respondents:
        missing = found.invited - found.respondents
        yield (
            f"{count(missing)} of {count(found.invited)} invited"
            f" ({percent(missing / found.invited)} %) did not take part; nothing is known here of"
            " whether they would have answered alike."
        )
    elif not found.invited:
        yield "How many were invited is not on record, so the share that took part is unknown."
    if not found.asked[0].frequencies.is_weighted:
        yield "Percentages are of those who answered; no weights extend them to a population."


def _of_coding(one: Asked) -> Iterator[str]:
    report = one.agreement
    if not report.n_multiply_coded:
        yield "One coder coded each answer; agreement is unknown."
        return
    weak = [
        code.code
        for code in report.codes
        if code.alpha.low is not None
        and code.alpha.low < _RELIABLE
        and not any("rare" in flag for flag in code.flags)
    ]
    rare = sum(any("rare" in flag for flag in code.flags) for code in report.codes)
    if weak:
        yield (
            f"For {listed(weak)} the interval of α reaches below .667: their percentages depend on"
            " the coder."
        )
    if rare:
        codes = "one code" if rare == 1 else f"{rare} codes"
        yield f"Too rare to judge the agreement: {codes} with fewer than 15 expected uses."


def _of_table(report: FrequencyReport) -> Iterator[str]:
    if report.is_interim:
        yield (f"Interim: {count(report.n_coded)} of {count(report.answered)} answers are coded.")
    n = report.n[report.base]
    if n is None or n < _SMALL:
        yield f"The base is small (n = {whole(n)}): intervals are wide."
    if report.suppressed and report.suppressed.hidden:
        yield f"{count(report.suppressed.hidden)} cells are suppressed."
    if report.ties:
        yield f"{count(report.ties)} answers are unresolved between coders on some code."


def references(found: Gathered) -> tuple[str, ...]:
    """The sources of what the report prints, in the order of the alphabet."""
    keys = {"korn"} if any(one.frequencies.is_weighted for one in found.asked) else {"wilson"}
    tests = [test for one in found.asked for test in one.frequencies.tests]
    if tests:
        keys |= {"holm", "benjamini"}
    if any(test.association.name == "rao_scott" for test in tests):
        keys.add("rao_scott")
    own = {_REFERENCES[key] for key in keys}
    own |= {each for one in found.asked for each in agreement_references(one.agreement)}
    return tuple(sorted(own))
