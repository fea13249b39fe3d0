"""`suggest --input`: a corpus beyond the study, here or on a cluster."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import print_json, print_table, say
from qualcode.cli.progress import progress
from qualcode.cli.stopping import held_back, leaving
from qualcode.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from qualcode.corpus.engines import Engine
    from qualcode.corpus.record import Record
    from qualcode.corpus.running import Corpus
    from qualcode.model import Question
    from qualcode.study import Study


def corpus_options(command: Any) -> Any:
    """The options of a corpus, on the command that suggests."""
    options = (
        click.option(
            "--input",
            "patterns",
            multiple=True,
            metavar="PARQUET",
            help="Score this corpus instead, for example 'answers/*.parquet'; may be repeated.",
        ),
        click.option(
            "--output",
            "target",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Where the suggestions for a corpus go: a new folder.",
        ),
        click.option(
            "--engine",
            type=click.Choice(["local", "dask"]),
            default="local",
            help="What scores a corpus: this process, or a Dask cluster that is running.",
        ),
        click.option("--scheduler", metavar="ADDRESS", help="Of the cluster: tcp://HOST:8786."),
        click.option("--dry-run", is_flag=True, help="Check a corpus, and score nothing."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def is_corpus(
    patterns: Sequence[str],
    target: Path | None,
    engine: str,
    scheduler: str | None,
    *,
    dry_run: bool,
    of_study: Sequence[str],
) -> bool:
    """Whether a corpus is asked for; `of_study` are options that only answers of a study take."""
    wanted = {
        "--output": target is not None,
        "--engine dask": engine == "dask",
        "--scheduler": scheduler is not None,
        "--dry-run": dry_run,
    }
    if not patterns:
        for name in (name for name, is_given in wanted.items() if is_given):
            raise click.UsageError(f"{name} goes with --input")
        return False
    if of_study:
        raise click.UsageError(f"{of_study[0]} does not go with --input")
    if target is None and not dry_run:
        raise click.UsageError("--input goes with --output")
    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler ADDRESS go together")
    return True


def suggest_for_corpus(
    path: Path,
    key: str,
    patterns: Sequence[str],
    target: Path | None,
    scheduler: str | None,
    wish: dict[str, Any],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Check a corpus and, unless `dry_run`, score it."""
    from qualcode.study import Study
    from qualcode.study.suggestions.asking import with_codes

    stopped = "stopped; nothing was written"
    with leaving(lambda: stopped), Study.open(path, readonly=True) as study:
        wanted = (study.question(key),) if key else study.questions
        questions, others = with_codes(study.database, wanted)
        corpora = _loaded(is_on_cluster=scheduler is not None)
        planned = corpora.plan(
            study.database, questions, others, patterns, target, is_partial=bool(key)
        )
        with _engine(scheduler) as engine:
            with progress("checking") as update:
                corpus = corpora.checked(planned, engine, update)
            notes = _notes(corpus, others)
            for note in notes if not as_json else ():
                say(f"note: {note}")
            if dry_run:
                _show(path, _of_corpus(corpus, questions), None, notes, as_json=as_json)
                return
            found = _scored(study, corpora, corpus, planned, questions, wish, engine)
    _show(path, _of_record(found), (target, found), notes, as_json=as_json)


def _loaded(*, is_on_cluster: bool) -> ModuleType:
    """What learns and scores. Compiled modules do not bear Ctrl-C while they are loaded."""
    with held_back() as is_pressed:
        if is_on_cluster:
            importlib.import_module("qualcode.corpus.cluster")
        from qualcode.study.suggestions import corpus, running

        running.load()
    if is_pressed():
        raise KeyboardInterrupt
    return corpus


@contextmanager
def _engine(scheduler: str | None) -> Iterator[Engine]:
    if scheduler is None:
        from qualcode.corpus.engines import Local

        yield Local()
        return
    from qualcode.corpus.cluster import cluster

    with cluster(scheduler) as engine:
        yield engine


def _scored(
    study: Study,
    corpora: ModuleType,
    corpus: Corpus,
    planned: Any,
    questions: Sequence[Question],
    wish: dict[str, Any],
    engine: Engine,
) -> Record:
    from qualcode.study.suggestions.running import Wish

    asked = Wish(**wish)
    with progress("learning"):
        asked_of = [question for question in questions if question.key in corpus.answers]
        taught = corpora.taught(study.database, asked_of, asked)
    with progress("scoring") as update:
        found: Record = corpora.write(corpus, taught, planned.place, engine, update)
    return found


def _notes(corpus: Corpus, others: Sequence[Question]) -> list[str]:
    notes = [f"{question.key} has no codes and is passed over" for question in others]
    if corpus.passed_over:
        rows = counted(corpus.passed_over, "row")
        verb = "is" if corpus.passed_over == 1 else "are"
        notes.append(f"{rows} of other questions {verb} passed over")
    notes += [
        f"the corpus has no answer to {key}"
        for key in corpus.expected.context
        if key not in corpus.answers
    ]
    return notes


def _of_corpus(corpus: Corpus, questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {
            "question": question.key,
            "answers": corpus.answers.get(question.key, 0),
            "blank": corpus.blanks.get(question.key, 0),
        }
        for question in questions
    ]


def _of_record(found: Record) -> list[dict[str, Any]]:
    return [
        {
            "question": one.key,
            "answers": one.answers,
            "blank": one.blank,
            "labels": one.labels,
            "calibrated": one.calibrated,
            "codebooks": [{"name": name, "version": version} for name, version in one.codebooks],
            "thresholds": one.thresholds,
            "settings": one.settings,
        }
        for one in found.questions
    ]


def _show(
    path: Path,
    questions: list[dict[str, Any]],
    written: tuple[Path | None, Record] | None,
    notes: list[str],
    *,
    as_json: bool,
) -> None:
    target, found = written or (None, None)
    if as_json:
        document = {
            "study": str(path),
            "output": str(target) if target else None,
            "parts": len(found.parts) if found else None,
            "rows": sum(part.rows for part in found.parts) if found else None,
            "questions": questions,
            "notes": notes,
        }
        print_json(document)
        return
    if found is None:
        columns = ("question", "answers", "blank")
        print_table(columns, [tuple(one[name] for name in columns) for one in questions])
        say("nothing was scored")
        return
    rows = [
        (
            one["question"],
            one["answers"],
            one["blank"],
            one["labels"],
            ", ".join(f"{book['name']} {book['version']}" for book in one["codebooks"]),
            one["calibrated"],
        )
        for one in questions
    ]
    print_table(("question", "answers", "blank", "learned from", "codebook", "calibrated"), rows)
    count = sum(part.rows for part in found.parts)
    say(f"{counted(count, 'row')} in {counted(len(found.parts), 'part')} in {target}")
