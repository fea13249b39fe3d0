"""What has to be said with the numbers, so that a table stands by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.estimation import legend
from qualcode.study.frequencies.report import NO_VERDICTS
from qualcode.study.frequencies.wording import BASES, HIDDEN, PARTS, RULES, count, listed, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.study.frequencies.report import FrequencyReport, Grouping, Test

TESTS = {
    "rao_scott": "Rao and Scott's second-order test (F)",
    "pearson": "Pearson's chi-square test",
    "fisher": "Fisher's exact test",
}


def notes(report: FrequencyReport) -> Iterator[str]:
    """Everything that has to be said, in the order of the tables."""
    yield from on_counting(report)
    yield from on_themes(report)
    for grouping in report.groupings:
        yield from on_groups(report, grouping)
    yield from on_rules(report)


def on_counting(report: FrequencyReport) -> Iterator[str]:
    """Who was counted, by which rule, and what is still open."""
    yield from _progress(report)
    yield (
        f"Base: {report.base.replace('_', ' ')}, {BASES[report.base]},"
        f" n = {whole(report.n[report.base])}. Asked {whole(report.n['asked'])},"
        f" answered {whole(report.n['answered'])}, coded {whole(report.n['coded'])},"
        f" with any code {whole(report.n['any_code'])}."
    )
    yield from _sample(report)
    yield from _machine(report)
    yield _rule(report)
    yield from _ties(report)
    if report.copied:
        yield (
            f"{count(report.copied)} decisions were copied from an identical answer that the same"
            " coder had decided."
        )
    books = listed([f"“{name}” version {version}" for name, version in report.codebooks])
    yield f"Codebook: {books}. Computed by qualcode {__version__}."


def _machine(report: FrequencyReport) -> Iterator[str]:
    side = report.machine
    if side is None:
        return
    made = (
        f"A model that learned from {count(side.labels)} coded answers, in {side.parts} parts so"
        " that no answer's own codes are in its probability, scored"
        f" {count(side.answers)} answers{f' of the corpus in {side.corpus}' * bool(side.corpus)}."
    )
    if side.kind == "machine":
        yield (
            f"{made} Warning: counts by machine alone are biased, by how much nobody knows, and"
            " have no interval; do not publish them. `--estimate corrected` has one."
        )
        return
    yield (
        f"{made} Corrected: the machine's mean over all answers plus the mean of what people and"
        " machine differ by on the random sample (PPI++; a difference estimator). It is unbiased"
        " however wrong the model is; its interval is about the answers that there are, and"
        " leaves strata and clusters aside. Where fewer than 5 people of the sample have a theme"
        " the people's share stands alone."
    )
    if side.corpus:
        yield (
            "The estimates are of the corpus, and hold if the answers of the study are a simple"
            " random sample of it. It was checked that all of them are in it, that those which are"
            " coded have the same words there, and that the machine sees no theme in the study far"
            " more or less often than in the corpus; how the study was drawn nobody can check"
            " here."
        )


def _progress(report: FrequencyReport) -> Iterator[str]:
    if not report.answered:
        yield "nobody gave an answer: there is nothing to count"
    elif not report.n_coded:
        yield f"nothing coded yet: 0 of {count(report.answered)} answers"
    elif report.is_interim:
        yield f"interim: {count(report.n_coded)} of {count(report.answered)} coded"
    if report.pending:
        yield (
            f"{count(report.pending)} answers wait for one of the coders who are to code them and"
            " are left out; --lead counts them"
        )
    if report.unknown == NO_VERDICTS:
        yield "nothing is adjudicated yet, so there are no percentages under this rule"
    elif report.unknown:
        yield (
            f"no percentages of all {report.base}: some answers are not coded yet, and nobody"
            " knows what they hold"
        )


def _sample(report: FrequencyReport) -> Iterator[str]:
    found = report.sampled
    if found is None:
        return
    left_out = f" {count(found.left_out)} other coded answers are left out." * bool(found.left_out)
    yield (
        f"random sample: the first {count(found.depth)} of {count(found.population)} answers in the"
        f" order of chance of seed {found.seed}, all of them coded. The percentages estimate those"
        f" of all answers.{left_out} Next to be coded is the answer of {found.next_one}."
    )


def _rule(report: FrequencyReport) -> str:
    if report.rule.startswith("coder:"):
        return f"Rule: {report.rule} – a code counts where {report.rule[6:]} applied it."
    people = listed(list(report.coders)) or "nobody yet"
    return f"Rule: {report.rule} – {RULES[report.rule]}. Coders: {people}."


def _ties(report: FrequencyReport) -> Iterator[str]:
    if report.ties == 0:
        return
    few = f"fewer than {report.wish.threshold}" if report.ties is None else count(report.ties)
    if report.rule == "adjudicated":
        yield (
            f"{few} answers have no verdict: unresolved, they count for no theme and stay in n;"
            f" {count(report.verdicts)} are adjudicated."
        )
    else:
        yield (
            f"{few} answers have a tie between coders on some code: there it is unresolved, which"
            " is not counted in k and stays in n."
        )


def on_themes(report: FrequencyReport) -> Iterator[str]:
    """How the table of themes is to be read."""
    yield (
        "An answer can have several themes, so percentages of cases do not add to 100 %; those of"
        " responses, of the themes without sub-themes, do."
    )
    if any(row.code.depth for row in report.rows):
        yield "A theme with sub-themes counts whoever has it or one of them, once."
    if report.statuses:
        yield (
            "Below the themes: what answers are, in percent of the coded answers; no theme, and not"
            " in the base coded."
        )
    yield from _intervals(report)
    yield from on_design(report)
    yield from on_suppression(report)
    gone = [row.code for row in report.rows if row.code.is_retired]
    if retired := [code.name for code in gone if not code.split_into]:
        yield f"Retired from the codebook: {listed(retired)}."
    if split := [
        f"{code.name} into {listed(list(code.split_into))}" for code in gone if code.split_into
    ]:
        yield (
            f"Split in the codebook: {'; '.join(split)}. Answers that are not coded anew yet count"
            " as they are."
        )


def _intervals(report: FrequencyReport) -> Iterator[str]:
    if not report.is_weighted:
        yield "Intervals: 95 %, Wilson's."
        return
    yield (
        "Intervals: 95 % of the weighted percentage, by Student's t on the log odds; with fewer"
        " than 5 respondents or within 2 points of 0 or 100 %, Korn and Graubard's beta interval."
    )
    cells = [row.cell for row in report.rows]
    if any(cell.weighted and cell.weighted.is_by_kish for cell in cells):
        yield (
            "At 0 and 100 % no standard error exists: the interval there is Clopper and Pearson's"
            " for Kish's effective sample size."
        )


def on_design(report: FrequencyReport) -> Iterator[str]:
    """What the weights, errors and degrees of freedom are."""
    if not report.is_weighted:
        if report.wish.is_unweighted:
            yield "Unweighted: the survey's design is left aside."
        return
    columns = [f"{PARTS[part]} from “{column}”" for part, column in report.design.items()]
    lonely = {
        "error": "",
        "certainty": " A stratum with one sampling unit counts as certain: it adds no variance.",
        "centered": " A stratum with one sampling unit is centred at the mean of all.",
    }
    yield (
        f"Design: {listed(columns)}. Standard errors by Taylor linearisation, {report.df} degrees"
        " of freedom, those of the whole design; a base or a group is a domain, and nobody is"
        f" dropped.{lonely[report.lonely_psu]} k and n are unweighted."
    )
    if all(row.cell.total is None for row in report.rows):
        yield "Totals of the population need every answer coded; there are none yet."


def on_suppression(report: FrequencyReport) -> Iterator[str]:
    """What is hidden, and by which rule."""
    found = report.suppressed
    if found is None:
        yield "Internal: small cells are shown. Not for publication."
        return
    if found.hidden or any(n is None for n in report.n.values()):
        yield (
            f"{HIDDEN}: suppressed – a count below {found.threshold}, or that many without the"
            f" theme, or a base below {found.least_base}; and what would give such a cell away."
            " Tables of the same answers by other attributes were not looked into."
        )


def on_groups(report: FrequencyReport, grouping: Grouping) -> Iterator[str]:
    """How a table by groups is to be read."""
    tests = [test for test in report.tests if test.by == grouping.attribute]
    names = sorted({test.association.name for test in tests if test.association.p is not None})
    if names:
        kinds = " and ".join(TESTS[name] for name in names)
        choice = ", where a group is expected to hold fewer than 5," * (
            names == ["fisher", "pearson"]
        )
        yield (
            f"By {grouping.attribute}: {kinds}{choice} of each theme. One family of"
            f" {len(tests)} tests: p after Holm and after Benjamini and Hochberg; stars follow"
            f" Holm's: {legend()}. V is Cramér's."
        )
    yield from _doubts(tests)
    if grouping.empty:
        yield f"Nobody in the base: {grouping.attribute} {listed(grouping.empty)}."
    if grouping.without:
        yield (
            f"{count(grouping.without)} of the base have no value of {grouping.attribute}: they are"
            " in no group, and in the column of all."
        )


def _doubts(tests: list[Test]) -> Iterator[str]:
    low = [test.code.name for test in tests if test.association.is_low]
    if low and any(test.association.name == "rao_scott" for test in tests):
        yield f"Few respondents, so the test is a rough one: {listed(low)}."
    simulated = [test for test in tests if test.association.simulated]
    if simulated:
        yield (
            f"Fisher's p-value is simulated ({count(simulated[0].association.simulated)} tables,"
            f" seed 0) for {listed([test.code.name for test in simulated])}."
        )


def on_rules(report: FrequencyReport) -> Iterator[str]:
    """How the table of other rules is to be read."""
    if any(row.by_rule for row in report.rows):
        yield (
            "By other rules: the same codings under any, majority and unanimous; where these are"
            " far apart, coders do not agree on the theme."
        )
