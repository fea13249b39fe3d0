"""A methods paragraph that can be pasted into a paper, and the references that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.study.agreement.wording import REASONS, number, percent

if TYPE_CHECKING:
    from qualcode.agreement import CodeAgreement
    from qualcode.model import Estimate
    from qualcode.study.agreement.measure import AgreementReport

_REFERENCES = {
    "Gwet 2014": (
        "Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics."
    ),
    "Krippendorff 2019": (
        "Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th "
        "ed.). Sage."
    ),
    "Passonneau 2006": (
        "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic "
        "and pragmatic annotation. LREC 2006."
    ),
    "Gwet 2008": (
        "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the "
        "presence of high agreement. British Journal of Mathematical and Statistical "
        "Psychology, 61, 29–48."
    ),
    "Brennan & Prediger 1981": (
        "Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: Some uses, misuses, and "
        "alternatives. Educational and Psychological Measurement, 41, 687–699."
    ),
    "Byrt et al. 1993": (
        "Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of "
        "Clinical Epidemiology, 46, 423–429."
    ),
    "Conger 1980": (
        "Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. "
        "Psychological Bulletin, 88, 322–328."
    ),
    "De Vries et al. 2008": (
        "De Vries, H., Elliott, M. N., Kanouse, D. E., & Teleki, S. S. (2008). Using pooled "
        "kappa to summarize interrater agreement across many items. Field Methods, 20, 272–282."
    ),
    "Cohen 1960": (
        "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and "
        "Psychological Measurement, 20, 37–46."
    ),
    "Fleiss 1971": (
        "Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. "
        "Psychological Bulletin, 76, 378–382."
    ),
    "Landis & Koch 1977": (
        "Landis, J. R., & Koch, G. G. (1977). The measurement of observer agreement for "
        "categorical data. Biometrics, 33, 159–174."
    ),
    "Efron & Tibshirani 1993": (
        "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall."
    ),
    "Krippendorff et al. 2016": (
        "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability"
        " of unitizing textual continua: Further developments. Quality & Quantity, 50, "
        "2347–2364."
    ),
}

_ALWAYS = (
    "Brennan & Prediger 1981",
    "Conger 1980",
    "De Vries et al. 2008",
    "Gwet 2008",
    "Gwet 2014",
    "Krippendorff 2019",
    "Landis & Koch 1977",
    "Passonneau 2006",
)
_FOR_TWO = ("Byrt et al. 1993", "Cohen 1960")
_FOR_MORE = ("Fleiss 1971",)


def methods_paragraph(report: AgreementReport) -> str:
    """What was done and found, with numbers to three decimals."""
    if not report.n_multiply_coded:
        return "No answer was coded by two coders, so agreement cannot be reported."
    coders = len(report.coders)
    share = percent(report.n_multiply_coded / report.n_responses)
    defined = [code for code in report.codes if code.alpha.value is not None]
    books = " and ".join(f"“{name}”, version {version}" for name, version in report.codebooks)
    sentences = [
        f"{_words(coders)} coders coded the answers to “{report.question.text}” with a codebook of"
        f" {len(report.codes)} codes ({books}); an answer could get several codes."
        f" Of {report.n_responses:,} substantive answers, {report.n_multiply_coded:,} ({share} %)"
        " were coded by at least two coders.",
        _sets(report.overall.alpha_masi),
    ]
    if defined:
        sentences += [
            f"For single codes, taken as present or absent, the mean α was"
            f" {_with_interval(report.overall.mean_alpha)}{_range(defined)} (Krippendorff 2019).",
            _how(report),
        ]
    undefined = len(report.codes) - len(defined)
    if undefined:
        sentences.append(f"α is not defined for {_codes(undefined)} without any variation.")
    rare = sum(any("rare" in flag for flag in code.flags) for code in report.codes)
    if rare:
        sentences.append(f"Too rare to be judged (fewer than 15 expected uses): {_codes(rare)}.")
    return " ".join(sentences)


def _sets(alpha: Estimate) -> str:
    if alpha.value is None:
        why = REASONS.get(alpha.reason or "", alpha.reason)
        return f"Krippendorff's α of whole sets of codes is not defined: {why}."
    return (
        f"Agreement on whole sets of codes was Krippendorff's α = {_with_interval(alpha)} with the"
        " MASI distance (Passonneau 2006)."
    )


def _codes(n: int) -> str:
    return "one code" if n == 1 else f"{n} codes"


def _words(n: int) -> str:
    names = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return names[n] if n < len(names) else str(n)


def _with_interval(estimate: Estimate) -> str:
    if estimate.low is None:
        return number(estimate.value)
    return f"{number(estimate.value)} (95 % CI {number(estimate.low)} to {number(estimate.high)})"


def _range(defined: list[CodeAgreement]) -> str:
    values = sorted(code.alpha.value for code in defined if code.alpha.value is not None)
    return f", from {values[0]:.3f} to {values[-1]:.3f}" if values else ""


def _how(report: AgreementReport) -> str:
    if report.settings.ci == "bootstrap":
        return (
            f"Confidence intervals are percentiles of {report.settings.resamples:,} bootstrap"
            " resamples of answers (Efron & Tibshirani 1993)."
        )
    return "Confidence intervals use linearised standard errors (Gwet 2014)."


def references(report: AgreementReport) -> tuple[str, ...]:
    """The references of what the report prints."""
    if not report.n_multiply_coded:
        return ()
    keys = [*_ALWAYS, *(_FOR_TWO if len(report.coders) == 2 else _FOR_MORE)]  # noqa: PLR2004
    if report.settings.ci == "bootstrap":
        keys.append("Efron & Tibshirani 1993")
    if report.passages is not None:
        keys.append("Krippendorff et al. 2016")
    return tuple(_REFERENCES[key] for key in sorted(keys))
