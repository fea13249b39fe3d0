"""Commands on suggestions: score every answer, and say how good the suggestions are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.agree import one_question, question_option
from qualcode.cli.corpus import corpus_options, is_corpus, suggest_for_corpus
from qualcode.cli.output import (
    by_option,
    json_option,
    print_json,
    print_table,
    say,
    study_argument,
)
from qualcode.cli.progress import progress
from qualcode.cli.stopping import held_back, leaving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from qualcode.model import Question
    from qualcode.store.suggestions import Run
    from qualcode.study import Study

_FORMATS = ("table", "json", "markdown", "html")
vectors_option = click.option(
    "--vectors/--no-vectors",
    default=None,
    help="Word vectors beside the words; unless said, if they are installed.",
)
pool_option = click.option(
    "--pool", is_flag=True, help="Questions with the very same codes learn together."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=0, help="Of all that is left to chance."
)


@click.command("suggest")
@study_argument
@question_option
@click.option("--jobs", type=click.IntRange(1), default=1, help="How many processes score.")
@seed_option
@click.option(
    "--top", type=click.IntRange(1), default=5, help="Keep at least so many codes of each answer."
)
@vectors_option
@pool_option
@click.option("--restart", is_flag=True, help="Learn and score anew whatever there is.")
@corpus_options
@by_option
@json_option
def suggest_command(
    study: Path,
    key: str,
    jobs: int,
    seed: int,
    top: int,
    patterns: tuple[str, ...],
    target: Path | None,
    engine: str,
    scheduler: str | None,
    *,
    vectors: bool | None,
    pool: bool,
    restart: bool,
    dry_run: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Score every answer for every code: it writes suggestions, never codings.

    It learns from the codebook and from what most coders gave each answer that is coded.
    Stopped by Ctrl-C or a crash, the same command goes on where it was.

    With --input it scores a corpus beyond the study, Parquet files with the columns respondent,
    question and text, and leaves the study as it is: the suggestions are Parquet files in --output,
    a folder that appears when all of it is scored.
    """
    wish = {"seed": seed, "top": top, "vectors": vectors, "pool": pool}
    given = {"--jobs": jobs > 1, "--restart": restart, "--by": by is not None}
    of_study = [name for name, is_given in given.items() if is_given]
    if is_corpus(patterns, target, engine, scheduler, dry_run=dry_run, of_study=of_study):
        suggest_for_corpus(
            study, key, patterns, target, scheduler, wish, dry_run=dry_run, as_json=as_json
        )
        return
    from qualcode.study import Study, login_name
    from qualcode.study.suggestions.asking import with_codes

    def tell(line: str) -> None:
        if not as_json:
            say(line)

    with leaving(lambda: "stopped; the same command goes on"), Study.open(study) as opened:
        wanted = (opened.question(key),) if key else opened.questions
        questions, without = with_codes(opened.database, wanted)
        notes = [f"{question.key} has no codes and is passed over" for question in without]
        for note in notes:
            tell(f"note: {note}")
        done = []
        for question in questions:
            run, remark = _scored(
                opened, question, wish, jobs=jobs, restart=restart, by=by or login_name(), tell=tell
            )
            done.append((question, run, [remark] if remark else []))
        shown = [_as_json(opened, *each) for each in done]
    if as_json:
        print_json({"study": str(study), "questions": shown, "notes": notes})
    else:
        print_table(_COLUMNS, [_row(each) for each in shown])


def _scored(
    study: Study,
    question: Question,
    wish: dict[str, Any],
    *,
    jobs: int,
    restart: bool,
    by: str,
    tell: Callable[[str], None],
) -> tuple[Run, str]:
    """A finished run on a question, and how it came about; leaves the program at Ctrl-C."""
    runs: list[Run] = []
    with leaving(partial(_where, study, question, runs)):
        with progress(f"{question.key}: learning"):
            running = _engine()
            begun = running.begin(
                study.database, question, running.Wish(**wish), restart=restart, by=by
            )
        if begun.remark:
            tell(f"{question.key}: {begun.remark}")
        with held_back() as is_pressed, progress(f"{question.key}: scoring") as update:
            run = running.score(
                study.database, begun, jobs=jobs, progress=update, should_stop=is_pressed
            )
            runs.append(run)
        if is_pressed():
            raise KeyboardInterrupt
    return run, begun.remark


def _engine() -> ModuleType:
    """What learns and scores. Compiled modules do not bear Ctrl-C while they are loaded."""
    with held_back() as is_pressed:
        from qualcode.study.suggestions import running

        running.load()
    if is_pressed():
        raise KeyboardInterrupt
    return running


def _where(study: Study, question: Question, runs: list[Run]) -> str:
    from qualcode.study.suggestions.asking import place

    done, total = (runs[0].done, runs[0].total) if runs else place(study.database, question)
    return f"{question.key}: stopped at {done:,} of {total:,}; the same command goes on from there"


def _as_json(study: Study, question: Question, run: Run, notes: list[str]) -> dict[str, Any]:
    from qualcode.study.suggestions.as_json import run_as_json

    return run_as_json(study.database, question, run, notes)


_COLUMNS = (
    "question",
    "run",
    "answers",
    "learned from",
    "codebook",
    "threshold",
    "suggested",
    "micro-F1",
    "macro-F1",
    "P at 3",
    "R at 3",
    "LRAP",
    "calibration error",
)
_FIGURES = ("micro_f1", "macro_f1", "precision_at_3", "recall_at_3", "lrap", "calibration_error")


def _row(found: dict[str, Any]) -> tuple[Any, ...]:
    figures = found["figures"]
    return (
        found["question"],
        str(found["run"]),
        found["answers"],
        found["labels"],
        ", ".join(f"{book['name']} {book['version']}" for book in found["codebooks"]),
        _number(found["threshold"], 2),
        found["above"],
        *(_number(figures[name], 3) for name in _FIGURES),
    )


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


@click.command("evaluate")
@study_argument
@question_option
@click.option(
    "--folds", type=click.IntRange(2), default=5, help="Parts that are held out by turns."
)
@seed_option
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="Only this one (hybrid, logistic, prior, or one that is installed); the first is judged"
    " in full.",
)
@vectors_option
@pool_option
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="table", help="How to print it."
)
@json_option
def evaluate_command(
    study: Path,
    key: str,
    folds: int,
    seed: int,
    models: tuple[str, ...],
    form: str,
    *,
    vectors: bool | None,
    pool: bool,
    as_json: bool,
) -> None:
    """Measure how good the suggestions are, beside simple models and beside people.

    Each coded answer is judged by a model that has not seen it.
    """
    from qualcode.study import Study

    form = "json" if as_json else form
    stopped = "stopped; nothing was to be kept"
    with leaving(lambda: stopped), Study.open(study, readonly=True) as opened:
        question = one_question(opened, key)
        with progress("judging") as update:
            _engine()
            from qualcode.study.suggestions.evaluating import evaluate

            found = evaluate(
                opened.database,
                question,
                wanted=models,
                folds=folds,
                seed=seed,
                vectors=vectors,
                pool=pool,
                progress=update,
            )
    if form == "json":
        from qualcode.study.suggestions.as_json import evaluation_as_json

        print_json(evaluation_as_json(found))
        return
    from qualcode.exporters.documents import render
    from qualcode.study.suggestions.as_document import as_document

    document = as_document(found)
    click.echo(render(document, "text" if form == "table" else form), nl=False)  # type: ignore[arg-type]
