"""The command of adjudicators: the screen, one case without it, the open cases, the summary."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from qualcode.cli.agree import one_question, question_option
from qualcode.cli.output import json_option, print_json, print_table, say, show, study_argument
from qualcode.cli.progress import progress
from qualcode.errors import InputError, QualcodeError
from qualcode.text import lettered

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.model import Estimate
    from qualcode.study import Study
    from qualcode.study.adjudication.case import Case
    from qualcode.study.adjudication.session import AdjudicationSession
    from qualcode.study.adjudication.summary import Summary

_REASONS = ("rule_unclear", "missed", "double_barrelled", "wrong_code", "other")


@dataclass(frozen=True, slots=True)
class _Deed:
    """What to do to one case; None is not to do it."""

    take: str | None
    codes: str | None
    reason: str | None
    memo: str | None
    send_back: str | None
    take_back: bool

    @property
    def verdicts(self) -> int:
        """How many of the things that exclude each other are to be done."""
        settling = (self.take, self.codes, self.send_back)
        return sum(one is not None for one in settling) + self.take_back

    @property
    def is_nothing(self) -> bool:
        return self.verdicts == 0 and self.reason is None and self.memo is None


@click.command("adjudicate")
@study_argument
@click.option("--coder", default="", metavar="NAME", help="Who adjudicates.")
@question_option
@click.option("--code", default="", metavar="CODE", help="Only cases in which this is in dispute.")
@click.option("--respondent", default="", metavar="ID", help="This case, without the screen.")
@click.option("--take", metavar="LETTER", help="With --respondent: all that this coder put on it.")
@click.option("--codes", metavar="CODE,CODE", help="With --respondent: these; empty for none.")
@click.option("--reason", type=click.Choice(_REASONS), help="With --respondent: why they differ.")
@click.option("--memo", metavar="TEXT", help="With --respondent: a memo on the verdict.")
@click.option("--send-back", metavar="TEXT", help="With --respondent: ask its coders; “B: …” one.")
@click.option("--take-back", is_flag=True, help="With --respondent: the verdict or the question.")
@click.option("--list", "lists", is_flag=True, help="List the open cases, worst codes first.")
@click.option("--summary", is_flag=True, help="Show what came of the cases.")
@json_option
def adjudicate_command(
    study: Path,
    coder: str,
    key: str,
    code: str,
    respondent: str,
    take: str | None,
    codes: str | None,
    reason: str | None,
    memo: str | None,
    send_back: str | None,
    *,
    take_back: bool,
    lists: bool,
    summary: bool,
    as_json: bool,
) -> None:
    """Settle what coders disagree on, case by case; or show what came of it.

    The coders are A, B, C … until a case is settled, and other people on the next. A verdict lies
    beside the codings and never in their place; `--rule adjudicated` counts it.
    """
    from qualcode.study import Study

    deed = _Deed(take, codes, reason, memo, send_back, take_back)
    _check(deed, respondent, coder, looks=lists or summary)
    with Study.open(study, readonly=lists or summary) as opened:
        if summary:
            _summarise(opened, key, as_json=as_json)
        elif lists:
            _list(opened, key, code, as_json=as_json)
        elif respondent:
            question = one_question(opened, key)
            session = opened.adjudicating(coder, question.key, code=code)
            _settle(opened, session, respondent, deed, as_json=as_json)
        else:
            _open(opened, coder, key, code)


def _check(deed: _Deed, respondent: str, coder: str, *, looks: bool) -> None:
    if looks and respondent:
        raise InputError("--list and --summary go without --respondent")
    if not respondent and not deed.is_nothing:
        raise InputError("--take, --codes, --reason, --memo, --send-back go with --respondent")
    if deed.verdicts > 1:
        raise InputError("--take, --codes, --send-back and --take-back exclude each other")
    if (deed.send_back is not None or deed.take_back) and (deed.reason or deed.memo):
        raise InputError("--reason and --memo go with a verdict")
    if not coder and not looks:
        raise InputError("say who adjudicates: --coder NAME")


def _open(study: Study, coder: str, key: str, code: str) -> None:
    session = study.adjudicating(coder, key, code=code)
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise QualcodeError(
            "the adjudication screen needs a terminal",
            hint="--list shows the cases, --respondent settles one without it",
        )
    from qualcode.tui import run_adjudicating

    run_adjudicating(study, session)


def _settle(
    study: Study,
    session: AdjudicationSession,
    respondent: str,
    deed: _Deed,
    *,
    as_json: bool,
) -> None:
    from qualcode.study.adjudication import as_json as told

    answer = session.answer_of(respondent)
    with study.database.transaction():
        _do(study, session, answer, deed)
    case = session.case(answer)
    if as_json:
        print_json(told.case(case))
    else:
        _show(case)


def _do(study: Study, session: AdjudicationSession, answer: int, deed: _Deed) -> None:
    from qualcode.study import codebooks

    if deed.take is not None:
        session.take(answer, deed.take)
    elif deed.codes is not None:
        wanted = [name.strip() for name in deed.codes.split(",") if name.strip()]
        question = session.questions[0]
        found = [codebooks.find_code_for(study.database, question, name) for name in wanted]
        session.settle(answer, [code.id for code in found])
    elif deed.send_back is not None:
        session.send_back(answer, deed.send_back)
    elif deed.take_back:
        session.take_back(answer)
    if deed.reason is not None:
        session.explain(answer, deed.reason)
    if deed.memo is not None:
        session.write_memo(answer, deed.memo)


def _show(case: Case) -> None:
    show(f"{case.response.respondent}, {case.question.key}: {case.state}")
    show(f"“{case.response.text}”")
    for side in case.sides:
        name = side.coder.name if case.verdict else side.letter
        show(f"  {name}: {_names(case, side.state.whole)}")
    if case.verdict:
        reason = f", {case.verdict.reason}" if case.verdict.reason else ""
        show(f"  verdict of {case.adjudicator}: {_names(case, case.verdict.codes)}{reason}")
    for one in case.asked:
        state = "answered" if one.query.is_answered else "asked"
        show(f"  {state} {one.letter}: {one.query.text}")


def _names(case: Case, code_ids: tuple[int, ...] | frozenset[int]) -> str:
    return " | ".join(code.path for code in case.of(code_ids)) or "(no code)"


def _list(study: Study, key: str, code: str, *, as_json: bool) -> None:
    from qualcode.study.adjudication import as_json as told

    with progress("reading"):
        session = study.adjudicating("", key, code=code)
        cases = [session.case(one) for one in session.queue("open")]
    if as_json:
        print_json([told.case(case) for case in cases])
        return
    most = max((len(case.sides) for case in cases), default=0)
    letters = [lettered(place) for place in range(most)]
    print_table(
        ("respondent", "question", *letters, "in dispute"),
        [
            (
                case.response.respondent,
                case.question.key,
                *(_names(case, side.state.whole) for side in case.sides),
                *[""] * (most - len(case.sides)),
                _names(case, case.disputed),
            )
            for case in cases
        ],
    )
    say(f"{len(cases):,} open cases")


def _summarise(study: Study, key: str, *, as_json: bool) -> None:
    from qualcode.study.adjudication import as_json as told
    from qualcode.study.adjudication.summary import summarise

    questions = (study.question(key),) if key else study.questions
    with progress("measuring"):
        found = [summarise(study.database, question) for question in questions]
    if as_json:
        print_json([told.summary(one) for one in found])
        return
    for one in found:
        _show_summary(one)


def _show_summary(found: Summary) -> None:
    cases = ", ".join(f"{n:,} {state}" for state, n in found.cases.items())
    show(f"{found.question.key}: {sum(found.cases.values()):,} cases, {cases}")
    show(
        f"mean alpha over {found.n:,} answers of two coders or more: {_value(found.before)} as"
        f" coded, {_value(found.after)} with the {found.n_settled:,} settled taken as agreed"
    )
    if found.reasons:
        print_table(
            ("reason", "settled", "mean alpha if agreed"),
            [(one.reason, one.n, _value(one.mean_alpha)) for one in found.reasons],
        )
    if found.codes:
        print_table(
            ("code", "in dispute", "settled", "holds"),
            [(one.code, one.disputed, one.settled, one.holds) for one in found.codes],
        )
    if found.coders:
        print_table(
            ("coder", "n", "code", "percent", "alpha"),
            [
                (one.coder, one.n, code, _value(percent, 100), _value(alpha))
                for one in found.coders
                for code, percent, alpha in (
                    ("(all codes)", one.exact_match, one.mean_alpha),
                    *((each.code, each.percent_agreement, each.alpha) for each in one.codes),
                )
            ],
        )


def _value(estimate: Estimate, times: int = 1) -> str:
    if estimate.value is None:
        return f"({(estimate.reason or 'undefined').replace('_', ' ')})"
    return f"{estimate.value * times:.{0 if times > 1 else 2}f}"
