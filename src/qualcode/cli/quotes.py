"""Commands on quotes: which answers show a theme, who clears them, and what leaks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.agree import one_question, question_option
from qualcode.cli.counting import rule_option
from qualcode.cli.output import json_option, print_json, print_table, say, show, study_argument
from qualcode.cli.progress import progress
from qualcode.errors import InputError, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Question
    from qualcode.study import Study
    from qualcode.study.quotes.choosing import Exemplar, Exemplars
    from qualcode.study.quotes.clearing import ClearingSession

code_option = click.option(
    "--code", required=True, metavar="CODE", help="The theme, by path, key or name."
)
count_option = click.option(
    "--count", type=click.IntRange(1), default=5, show_default=True, help="How many, at the most."
)


@click.command("exemplars")
@study_argument
@code_option
@question_option
@count_option
@rule_option
@click.option("--cleared", is_flag=True, help="Only what was cleared, as it may be printed.")
@json_option
def exemplars_command(
    study: Path,
    code: str,
    key: str,
    count: int,
    rule: str,
    *,
    cleared: bool,
    as_json: bool,
) -> None:
    """Choose answers that show the range of a theme, word for word, for the team's eyes.

    They come from different groups, lengths and coders. With --cleared what a person has cleared
    is shown instead, as it may be printed; `qualcode clear` clears.
    """
    from qualcode.study import Study, codebooks
    from qualcode.study.quotes.choosing import exemplars
    from qualcode.study.quotes.cleared import cleared as all_cleared
    from qualcode.study.quotes.names import study_scanner
    from qualcode.study.quotes.themed import themed

    with Study.open(study, readonly=True) as opened, progress("choosing"):
        database = opened.database
        question = one_question(opened, key)
        theme = codebooks.find_code_for(database, question, code)
        themes = themed(database, question, rule)
        if theme not in themes.themes:
            raise InputError(f"“{theme.path}” says what an answer is: it is no theme")
        only = list(all_cleared(database, question)) if cleared else None
        found = exemplars(themes, theme, count, study_scanner(database), only)
    if as_json:
        print_json(_as_json(question, found))
        return
    if not found.chosen:
        what = "nothing of it is cleared" if cleared else "no answer has it"
        raise QualcodeError(
            f"no exemplar of “{theme.name}”: {what}",
            hint="`qualcode clear` clears quotes" if cleared else "",
        )
    _print(found, is_printed=cleared)


def _as_json(question: Question, found: Exemplars) -> dict[str, Any]:
    return {
        "question": question.key,
        "code": found.code.path,
        "name": found.code.name,
        "rule": found.rule,
        "answers": found.answers,
        "one_voice": found.is_one_voice,
        "exemplars": [
            {
                "respondent": one.choice.candidate.respondent,
                "text": one.choice.candidate.text,
                "printed": one.printed,
                "state": one.together.state,
                "by": list(one.together.people),
                "reasons": list(one.choice.reasons),
                "found": [
                    {"start": each.start, "end": each.end, "kind": each.kind, "by": each.by}
                    for each in one.found
                ],
            }
            for one in found.chosen
        ],
    }


def _print(found: Exemplars, *, is_printed: bool) -> None:
    voice = " – voiced by one respondent alone" if found.is_one_voice else ""
    show(f"{found.code.name} ({found.code.path}), {found.answers:,} answers{voice}")
    for one in found.chosen:
        show("")
        show(f"“{one.printed if is_printed else one.choice.candidate.text}”")
        show(f"  {one.choice.candidate.respondent}, {_remarks(one)}")


def _remarks(one: Exemplar) -> str:
    names = sorted({each.kind for each in one.found})
    parts = [*one.choice.reasons, one.together.state]
    if names:
        parts.append(f"may name somebody: {', '.join(names)}")
    return "; ".join(parts)


@click.command("clear")
@study_argument
@click.option("--coder", required=True, metavar="NAME", help="Who clears.")
@question_option
@click.option("--code", default="", metavar="CODE", help="All answers of this theme alone.")
@count_option
@rule_option
@click.option("--respondent", default="", metavar="ID", help="This answer, without the screen.")
@click.option(
    "--replace",
    "replacements",
    multiple=True,
    metavar="WORDS=[WHAT]",
    help="With --respondent: what to put in the place of some words.",
)
@click.option("--withhold", is_flag=True, help="With --respondent: keep it in the study.")
@click.option("--reopen", is_flag=True, help="With --respondent: take back what you said of it.")
@json_option
def clear_command(
    study: Path,
    coder: str,
    key: str,
    code: str,
    count: int,
    rule: str,
    respondent: str,
    replacements: tuple[str, ...],
    *,
    withhold: bool,
    reopen: bool,
    as_json: bool,
) -> None:
    """Clear quotes, one by one, in a screen with the rhythm of coding.

    Nothing leaves a study as a quote before a person has looked at it here: Enter clears it as it
    stands, digits replace what may name somebody. With --respondent one answer is cleared without
    the screen.
    """
    from qualcode.study import Study, codebooks

    if not respondent and (replacements or withhold or reopen):
        raise InputError("--replace, --withhold and --reopen go with --respondent")
    if withhold and reopen:
        raise InputError("--withhold and --reopen exclude each other")
    with Study.open(study) as opened:
        question = one_question(opened, key)
        theme = codebooks.find_code_for(opened.database, question, code) if code else None
        if not respondent and not all(
            stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
        ):
            raise QualcodeError(
                "the clearing screen needs a terminal",
                hint="--respondent clears an answer without it",
            )
        session, remark = opened.clearing(coder, question, code=theme, rule=rule, count=count)
        if remark:
            say(remark)
        if respondent:
            _clear_one(opened, session, respondent, replacements, withhold, reopen, as_json)
            return
        from qualcode.tui import run_clearing

        run_clearing(opened, session, remark)


def _clear_one(
    study: Study,
    session: ClearingSession,
    respondent: str,
    replacements: Sequence[str],
    withhold: bool,  # noqa: FBT001 - one of three things to do
    reopen: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    answer = session.answer_of(respondent)
    with study.database.transaction():
        for words, equals, by in (each.rpartition("=") for each in replacements):
            if not equals or not words:
                raise InputError(f"--replace {words or by}: write WORDS=[WHAT]")
            session.replace(answer, words, by)
        if withhold:
            session.withhold(answer)
        elif reopen:
            session.reopen(answer)
        else:
            session.clear(answer)
    found = session.quotable(answer)
    if as_json:
        print_json(
            {
                "respondent": respondent,
                "question": session.question.key,
                "state": found.together.state,
                "printed": found.printed,
                "by": list(found.together.people),
            }
        )
        return
    say(f"{found.together.state}: “{found.printed}”")


@click.command("leaks")
@study_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
@click.pass_context
def leaks_command(
    ctx: click.Context, study: Path, files: tuple[Path, ...], *, as_json: bool
) -> None:
    """Look into files for words of answers that nobody cleared: six in a row give one away.

    Any text will do, and .docx, .xlsx, .html, .svg, .tex, .json. Exit code 1 where something leaks.
    """
    from qualcode.study import Study
    from qualcode.study.quotes.leaks import leaked
    from qualcode.study.quotes.written import words_of

    with Study.open(study, readonly=True) as opened, progress("looking"):
        found = [(path, one) for path in files for one in leaked(opened.database, words_of(path))]
    if as_json:
        print_json(
            {
                "files": [str(path) for path in files],
                "leaks": [
                    {
                        "file": str(path),
                        "words": one.leak.words,
                        "respondent": one.respondent,
                        "question": one.question,
                    }
                    for path, one in found
                ],
            }
        )
    elif found:
        print_table(
            ("file", "respondent", "question", "words"),
            [(str(path), one.respondent, one.question, one.leak.words) for path, one in found],
        )
    else:
        say("no run of six words of an answer that was not cleared")
    if found:
        ctx.exit(1)
