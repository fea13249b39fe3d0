"""An evaluation of suggestions as a document: what was judged, how good it is, how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.agreement.wording import count, number, percent

if TYPE_CHECKING:
    from qualcode.study.suggestions.evaluating import Evaluation
    from qualcode.study.suggestions.people import Shared
    from qualcode.suggest import CodeQuality, Quality

TOO_FEW = "too few to judge"
_PEOPLE = "people, each other"
_NOBODY_TWICE = (
    "No answer was coded by two people, so nobody knows how far people would agree here: let two"
    " coders code some of the same answers."
)
_READING = (
    "F1 is the balance of precision (of the codes suggested, the share that people gave) and"
    " recall (of the codes that people gave, the share suggested). Micro-F1 counts every code on"
    " every answer once, macro-F1 every code once, so that rare codes weigh as much as common"
    " ones; it leaves out codes used fewer than 5 times.",
    "People are the ceiling: a model cannot be expected to agree with a coder more than another"
    " coder does. The prior says of every answer how often each code was used; what a model adds"
    " is what it is better than that.",
    "LRAP says how far up the list the right codes stand (1: always first). Precision and recall"
    " at 3 are those of the first three suggestions. The calibration error is how far the"
    " probabilities of these three are from how often they came true, on average.",
    "The figures say how good a help the suggestions are. They are no ground to count themes by"
    " machine.",
)


def as_document(found: Evaluation) -> Document:
    """The evaluation in the order in which it is read; numbers have three decimals."""
    sections = (
        _judged(found),
        _beside(found),
        _codes(found),
        _pairs(found),
        _calibration(found),
        Section("How to read it", _READING),
    )
    title = f"Suggestions for {found.question.key}: {found.question.text}"
    return Document(title, tuple(section for section in sections if section is not None))


def _judged(found: Evaluation) -> Section:
    books = ", ".join(f"“{name}” version {version}" for name, version in found.codebooks)
    who = ", ".join(f"{name} ({count(n)})" for name, n in found.people.coders.items())
    context = f" Context: {', '.join(found.context)}." if found.context else ""
    if found.together[1:]:
        context += f" It learned from {', '.join(found.together)} together."
    vectors = "with" if found.vectors else "without"
    facts = [
        f"{count(found.n)} coded answers. What counts as right is what more than half of the"
        f" coders of an answer gave it. Coders, with the answers that each coded: {who}.",
        f"Each answer was judged by a model that had not seen it or one identical to it:"
        f" {found.folds} parts, seed {found.seed}. Codebook: {books}.{context} The model ran"
        f" {vectors} word vectors. Computed by qualcode {__version__}.",
    ]
    if found.taken_over:
        facts.append(
            f"{count(found.taken_over)} codings were taken over from suggestions. Where coders"
            " follow the machine it looks better here than it is; answers drawn for blind coding"
            " are free of that."
        )
    return Section("What was judged", tuple(facts))


def _beside(found: Evaluation) -> Section:
    rows = [_model_row(name, quality) for name, quality in found.models.items()]
    together = found.people.together
    if together.n:
        figures = number(together.micro_f1), number(together.macro_f1)
        rows.append((_PEOPLE, *figures, "", "", "", ""))
    columns = (
        "who",
        "micro-F1",
        "macro-F1",
        "precision at 3",
        "recall at 3",
        "LRAP",
        "calibration error",
    )
    notes = () if together.n else (_NOBODY_TWICE,)
    return Section("Beside simple models and people", grid=Grid(columns, tuple(rows)), notes=notes)


def _model_row(name: str, quality: Quality) -> tuple[str, ...]:
    return (
        name,
        number(quality.micro_f1),
        number(quality.macro_f1),
        number(quality.precision_at_3),
        number(quality.recall_at_3),
        number(quality.lrap),
        number(quality.calibration_error),
    )


def _codes(found: Evaluation) -> Section:
    together = {code.code: code for code in found.people.together.codes}
    rows = tuple(
        (*_code_row(code), _people_f1(found.people.together, together[code.code].f1))
        for code in found.models[found.subject].codes
    )
    columns = ("code", "n", "suggested", "precision", "recall", "F1", "people's F1")
    note = (
        "n: answers that people gave the code; suggested: answers for which the model's"
        " probability reached the threshold."
    )
    return Section(f"Codes: {found.subject}", grid=Grid(columns, rows), notes=(note,))


def _code_row(code: CodeQuality) -> tuple[str, ...]:
    figures = (number(code.precision), number(code.recall), number(code.f1))
    if code.reason:
        figures = ("", "", TOO_FEW)
    return code.code, count(code.n), count(code.suggested), *figures


def _people_f1(together: Shared, f1: float | None) -> str:
    if not together.n:
        return "–"
    return TOO_FEW if f1 is None else number(f1)


def _pairs(found: Evaluation) -> Section | None:
    if not found.people.pairs:
        return None
    rows = tuple(
        (" and ".join(pair), count(shared.n), number(shared.micro_f1), number(shared.macro_f1))
        for pair, shared in found.people.pairs.items()
    )
    columns = ("pair", "answers", "micro-F1", "macro-F1")
    note = "Every code's F1 for each pair is in the JSON form."
    return Section("Pairs of coders", grid=Grid(columns, rows), notes=(note,))


def _calibration(found: Evaluation) -> Section:
    if not found.bins:
        why = "There are no probabilities to check: with so few labels the scores only order codes."
        return Section("Are the percentages true?", (why,))
    rows = tuple(
        (
            f"{percent(each.low)[:-2]}–{percent(each.high)[:-2]}",
            count(each.n),
            percent(each.said),
            percent(each.observed),
        )
        for each in found.bins
    )
    columns = ("shown %", "n", "mean shown %", "right %")
    note = (
        "The three best codes of each answer. Where what is shown is true, the last two columns"
        " are alike."
    )
    return Section("Are the percentages true?", grid=Grid(columns, rows), notes=(note,))
