"""An agreement report as a document: what was found, how sure, why, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.agreement.methods import methods_paragraph, references
from qualcode.study.agreement.next_steps import next_steps
from qualcode.study.agreement.wording import (
    REASONS,
    count,
    in_one,
    interval,
    number,
    percent,
    with_reason,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement import BatchCode, CodeAgreement, Plan
    from qualcode.study.agreement.history import SavedRun
    from qualcode.study.agreement.measure import AgreementReport

_SHOWN_CONFUSIONS = 15
_TOO_WIDE = 1.25
_SIGNIFICANT = 0.05

OVERALL = (
    ("alpha_masi", "Krippendorff's alpha, sets (MASI)"),
    ("alpha_jaccard", "Krippendorff's alpha, sets (Jaccard)"),
    ("mean_alpha", "Mean of the codes' alphas"),
    ("pooled_kappa", "Pooled kappa"),
    ("exact_match", "Same set of codes, share of pairs"),
)

COEFFICIENTS = (
    ("Conger κ", "conger_kappa"),
    ("AC1", "gwet_ac1"),
    ("BP", "brennan_prediger"),
    ("agree", "percent_agreement"),
    ("PA", "positive_agreement"),
    ("NA", "negative_agreement"),
)


def as_document(report: AgreementReport) -> Document:
    """The report in the order in which it is read; numbers have three decimals."""
    sections = (
        _header(report),
        _overall(report),
        _next(report),
        code_table(report),
        _coefficients(report),
        _pairs(report),
        _without(report),
        _confusions(report),
        _levels(report),
        _batches(report),
        _planning(report),
        _passages(report),
        Section("Methods paragraph", (methods_paragraph(report),)),
        _references(report),
    )
    title = f"Agreement on {report.question.key}: {report.question.text}"
    return Document(title, tuple(section for section in sections if section is not None))


def _header(report: AgreementReport) -> Section:
    books = ", ".join(f"“{name}” version {version}" for name, version in report.codebooks)
    people = ", ".join(f"{name} ({count(n)})" for name, n in report.coded_by.items())
    facts = [
        _answers(report),
        f"Coders, with the answers that each coded: {people or 'nobody yet'}. Codebook: {books}.",
        f"{_intervals(report)} Computed by qualcode {__version__}.",
    ]
    if report.pending:
        facts.append(
            f"{count(report.pending)} answers wait for one of the coders who are to code them and"
            " are left out: nobody shall see before what another did."
        )
    if report.copied:
        facts.append(
            f"{count(report.copied)} decisions were copied from an identical answer that the same"
            " coder had decided; they are counted like any other."
        )
    return Section("What was compared", tuple(facts))


def _answers(report: AgreementReport) -> str:
    if not report.n_responses:
        return "No substantive answers, so there is nothing to compare."
    share = percent(report.n_multiply_coded / report.n_responses)
    seen = ", ".join(
        f"{count(n)} by {coders or 'nobody'}" for coders, n in report.seen_by.items() if n
    )
    return (
        f"{count(report.n_responses)} substantive answers, {count(report.n_multiply_coded)}"
        f" ({share} %) coded by two coders or more ({seen}). The unit is the answer: a code on"
        " several clauses of it counts once."
    )


def _intervals(report: AgreementReport) -> str:
    if report.settings.ci == "bootstrap":
        return (
            f"Intervals: 95 %, percentiles of {count(report.settings.resamples)} resamples of"
            f" answers with all their codings, seed {report.settings.seed}."
        )
    return "Intervals: 95 %, by Gwet's linearised standard errors and the t distribution."


def _overall(report: AgreementReport) -> Section:
    rows = [
        (label, with_reason(found), interval(found))
        for name, label in OVERALL
        if (found := getattr(report.overall, name)).reason != "not_two_coders"
    ]
    return Section("Overall", grid=Grid(("measure", "value", "95 % interval"), tuple(rows)))


def _next(report: AgreementReport) -> Section | None:
    steps = tuple(next_steps(report))
    return Section("What to do next", steps) if steps else None


def code_table(report: AgreementReport) -> Section:
    """The codes, worst first."""
    two = len(report.coders) == 2  # noqa: PLR2004
    columns = (
        "code",
        "n",
        "positives",
        "prevalence %",
        "agree %",
        "PA",
        "NA",
        "Cohen κ" if two else "Fleiss κ",
        "α",
        "95 % of α",
        "AC1",
        "note",
    )
    rows = tuple(_code_row(code, two=two) for code in report.codes)
    order = f"Positives are in the order {', '.join(report.coders)}. " if report.coders else ""
    notes = (
        f"{order}PA and NA: agreement on applying and on not applying the code. A code is called"
        " by the lower end of its interval: rely on it from .800, tentative conclusions from .667"
        " (Krippendorff 2019).",
        "For rare codes no interval of any method holds its level; see the page on agreement.",
    )
    return Section("Codes, worst first", grid=Grid(columns, rows), notes=notes)


def _code_row(code: CodeAgreement, *, two: bool) -> tuple[str, ...]:
    kappa = code.cohen_kappa if two else code.fleiss_kappa
    reason = REASONS.get(code.alpha.reason or "", "")
    return (
        code.code,
        count(code.n),
        " / ".join(map(str, code.positives.values())),
        percent(code.prevalence),
        percent(code.percent_agreement.value),
        number(code.positive_agreement.value),
        number(code.negative_agreement.value),
        number(kappa.value),
        number(code.alpha.value),
        interval(code.alpha),
        number(code.gwet_ac1.value),
        "; ".join(note for note in (reason, *code.flags) if note),
    )


def _coefficients(report: AgreementReport) -> Section | None:
    """Everything else that is known of a code, for who wants to report another coefficient."""
    if not report.n_multiply_coded:
        return None
    two = len(report.coders) == 2  # noqa: PLR2004
    kappa = ("Cohen κ", "cohen_kappa") if two else ("Fleiss κ", "fleiss_kappa")
    shown = (kappa, *COEFFICIENTS)
    indices = ("PI", "BI") if two else ()
    rows = tuple(
        (
            code.code,
            *(in_one(getattr(code, name)) for _, name in shown),
            *(number(i) for i in (code.prevalence_index, code.bias_index)[: len(indices)]),
            code.band,
        )
        for code in report.codes
    )
    columns = ("code", *(label for label, _ in shown), *indices, "called, by the lower limit of α")
    note = "With 95 % intervals. BP: Brennan–Prediger. PA and NA: positive and negative agreement."
    more = " PI and BI: prevalence and bias index (Byrt et al. 1993)." if two else ""
    return Section("Codes: other coefficients", grid=Grid(columns, rows), notes=(note + more,))


def _pairs(report: AgreementReport) -> Section | None:
    if not any(pair.n for pair in report.pairs):
        return None
    rows = tuple(
        (
            " and ".join(pair.coders),
            count(pair.n),
            with_reason(pair.pooled_kappa),
            interval(pair.pooled_kappa),
        )
        for pair in report.pairs
    )
    return Section(
        "Pairs of coders",
        grid=Grid(("pair", "n", "pooled κ", "95 % interval"), rows),
        notes=("Every code's Cohen kappa for each pair is in the JSON form.",),
    )


def _without(report: AgreementReport) -> Section | None:
    if not report.without:
        return None
    rows = tuple(
        (each.coder, count(each.n), with_reason(each.mean_alpha), with_reason(each.alpha_masi))
        for each in report.without
    )
    return Section(
        "If one coder is left out",
        grid=Grid(("without", "n", "mean α", "α of sets (MASI)"), rows),
    )


def _confusions(report: AgreementReport) -> Section | None:
    if not report.confusions:
        return None
    rows = tuple(
        (each.code, each.instead or "(no code)", count(each.count), _who(each.coders))
        for each in report.confusions[:_SHOWN_CONFUSIONS]
    )
    return Section(
        "Which code the other used instead",
        grid=Grid(("one used", "the other instead", "times", "who"), rows),
    )


def _who(coders: dict[tuple[str, str], int]) -> str:
    return ", ".join(f"{one}–{other} {times}" for (one, other), times in coders.items())


def _levels(report: AgreementReport) -> Section | None:
    if len(report.levels) < 2 or not report.n_multiply_coded:  # noqa: PLR2004
        return None
    rows = tuple(
        (
            _level_name(level.level, place),
            count(len(level.codes)),
            with_reason(level.overall.mean_alpha),
            with_reason(level.overall.alpha_masi),
        )
        for place, level in enumerate(report.levels)
    )
    return Section(
        "By level of the codebook",
        grid=Grid(("level", "codes", "mean α", "α of sets (MASI)"), rows),
    )


def _level_name(level: int | None, place: int) -> str:
    if level is None:
        return "each code with all above it"
    if place == 0:
        return "as applied"
    return "top of the codebook" if level == 0 else f"level {level + 1}"


def _batches(report: AgreementReport) -> Section | None:
    if not report.batches:
        return None
    rows = tuple(
        (
            batch.name,
            count(batch.n),
            with_reason(batch.mean_alpha),
            interval(batch.mean_alpha),
            ", ".join(_drifted(batch.codes)) or "none",
        )
        for batch in report.batches
    )
    return Section(
        "Over time",
        grid=Grid(("batch", "n", "mean α", "95 % interval", "codes unlike the rest"), rows),
        notes=(
            "Batches follow the order in which the answers were coded. A code is unlike the rest"
            " where a permutation test of its alpha gives p < .05 after Holm's correction.",
        ),
    )


def _drifted(codes: tuple[BatchCode, ...]) -> Iterator[str]:
    for code in codes:
        if code.p_holm is not None and code.p_holm < _SIGNIFICANT:
            yield f"{code.code} (p = {code.p_holm:.3f})"


def _planning(report: AgreementReport) -> Section | None:
    if not (report.plans and report.n_multiply_coded):
        return None
    widths = sorted({plan.half_width for plan in report.plans}, reverse=True)
    by_code: dict[str, dict[float, str]] = {}
    for plan in report.plans:
        by_code.setdefault(plan.code, {})[plan.half_width] = _more(plan)
    rows = tuple((code, *(each[width] for width in widths)) for code, each in by_code.items())
    return Section(
        "How many more answers to double-code",
        grid=Grid(("code", *(f"for ± {width:.2f}" for width in widths)), rows),
        notes=(
            "More answers coded by two or more that bring the interval of a code's alpha to this"
            " half-width, at its present prevalence and agreement. ≥ marks a number that is"
            " certainly too low: samples of that size, drawn from these answers, spread wider.",
        ),
    )


def _more(plan: Plan) -> str:
    if plan.more is None:
        return REASONS.get(plan.reason or "", "–")
    is_too_low = plan.simulated is None or plan.simulated > _TOO_WIDE * plan.half_width
    return f"≥ {count(plan.more)}" if is_too_low else count(plan.more)


def _passages(report: AgreementReport) -> Section | None:
    if report.passages is None:
        return None
    labels = {
        "u_alpha": "u-alpha: where passages are, and their codes",
        "binary_alpha": "binary alpha: whether a place is coded at all",
        "cu_alpha": "cu-alpha: which code, where both coded",
    }
    rows = tuple(
        (labels[name], with_reason(found), interval(found))
        for name, found in report.passages.items()
    )
    return Section(
        "Passages",
        (
            f"Over the {count(report.n_passages)} answers on which a clause was marked, in"
            " characters; a code on the whole answer is a passage as long as the answer.",
        ),
        Grid(("measure", "value", "95 % interval"), rows),
    )


def _references(report: AgreementReport) -> Section | None:
    found = references(report)
    return Section("References", found) if found else None


def history_document(report_key: str, runs: list[SavedRun]) -> Document:
    """The runs that were kept, oldest first."""
    rows = tuple(
        (
            run.time[:16].replace("T", " "),
            run.by,
            ", ".join(run.coders),
            ", ".join(f"{name} {version}" for name, version in run.codebooks),
            count(run.result["n_multiply_coded"]),
            number(run.result["overall"]["mean_alpha"]["value"]),
            number(run.result["overall"]["alpha_masi"]["value"]),
        )
        for run in runs
    )
    columns = ("time (UTC)", "by", "coders", "codebook", "n", "mean α", "α of sets (MASI)")
    section = (
        Section("Runs that were kept", grid=Grid(columns, rows))
        if rows
        else Section("Runs that were kept", ("None yet; --save keeps one.",))
    )
    return Document(f"Agreement on {report_key} over time", (section,))
