"""Write what the docs show of the program: pictures, commands and their output, keys, columns.

``python docs/build.py`` brings README.md and docs/*.md up to date; with ``--check`` it writes
nothing and fails where one of them is not. In a page, everything between ``<!-- made: NAME -->``
and ``<!-- end -->`` is made here: ``run COMMAND`` is the output of that command on the sample
study, the other names are the functions in `MAKERS`.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import sample_files
from pyarrow import parquet

from qualcode.agreement import assess, kappa, unitize
from qualcode.audit import as_plain, audit, read_manuscript
from qualcode.cli import COMMANDS, cli, demo
from qualcode.study import Study
from qualcode.study.quotes import stated
from qualcode.tui.adjudicating import AdjudicationApp
from qualcode.tui.app import QualcodeApp
from qualcode.tui.clearing import ClearingApp
from qualcode.tui.commands import ADJUDICATING, CLEARING, CODING, HOME, Table, shown_key
from qualcode.tui.home_app import HomeApp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.pilot import Pilot

    from qualcode.model import Estimate

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PICTURES = {
    "coding-screen.svg": (
        ("ana", "Q1", (120, 36), "textual-dark"),
        ["enter", "enter", "enter", "l", "m", "]", "]", "o"],
    ),
    "coding-screen-light.svg": (("ana", "Q1", (80, 24), "textual-light"), ["l", "]", "n"]),
    "suggestions-screen.svg": (("coder-a", "Q5", (120, 36), "textual-dark"), ["suggested", "="]),
    "frequencies-screen.svg": (
        ("coder-a", "Q5", (120, 36), "textual-dark"),
        ["f8", "down", "down", "down", "down", "down", "right"],
    ),
    "agreement-screen.svg": (
        ("coder-a", "Q5", (120, 36), "textual-dark"),
        ["f4", "down", "down"],
    ),
}
_PATIENCE = 600
_SETTLED = 1.5
"""Seconds in which a screen that looks again by itself has looked again."""
_BLOCK = re.compile(r"(<!-- made: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Bring the docs up to date, or say which are not."""
    is_check = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        made = make_all(Path(folder))
    stale = [
        path
        for path, content in made.items()
        if not path.exists() or told(path, path.read_bytes()) != told(path, content)
    ]
    for path in stale:
        print(f"{'not up to date' if is_check else 'written'}: {path.relative_to(ROOT)}")
        if not is_check:
            path.write_bytes(made[path])
    if is_check and stale:
        print("run: python docs/build.py")
    return int(is_check and bool(stale))


def make_all(folder: Path) -> dict[Path, bytes]:
    """Every file that is made here, each page in a folder of its own, several at once."""
    os.environ["QUALCODE_SETTINGS"] = str(folder / "settings.json")
    sample = build_sample(folder / "sample")

    def page(path: Path) -> dict[Path, bytes]:
        own = Path(shutil.copytree(sample, folder / path.stem))
        made = {path: page_text(path, own).encode()}
        if path.stem == "paper":
            files = sample_files.make(run, own)
            made |= {ROOT / "docs" / "sample" / name: content for name, content in files.items()}
        return made

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # The longest first; while commands run, the pictures are taken here.
        pages = pool.map(page, sorted(PAGES, key=lambda path: path.stem != "paper"))
        pictures = {name: picture(sample, *what) for name, what in PICTURES.items()}
        made = {path: content for page in pages for path, content in page.items()}
    pictures["clearing-screen.svg"] = clearing_picture(folder / "paper")
    pictures["adjudication-screen.svg"] = adjudication_picture(folder / "paper")
    pictures["home-screen.svg"] = home_picture(folder / "paper")
    return made | {ROOT / "docs" / name: text.encode() for name, text in pictures.items()}


def told(path: Path, content: bytes) -> bytes | dict[str, bytes]:
    """What a file says; of a packed one the texts, since packers and drawings differ."""
    if path.suffix not in {".docx", ".xlsx"}:
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name.endswith(".xml")}


def build_sample(folder: Path) -> Path:
    """The sample study, built as `qualcode demo` builds it; the folder that holds it."""
    folder.mkdir()
    run(["demo", ".", "--no-open"], folder)
    shutil.copy(folder / demo.SURVEY, folder / "survey.csv")
    shutil.copy(folder / demo.STUDY, folder / sample_files.STUDY)
    build_uncoded(folder / "team.db")
    build_led(folder / "lead.db", folder / demo.STUDY)
    for manuscript in (ROOT / "docs" / "sample").glob("manuscript*.md"):
        shutil.copy(manuscript, folder)
    sample_files.clear(run, folder)
    sample_files.corpus(run, folder)
    return folder


def build_uncoded(study: Path) -> None:
    """The sample study before anybody has coded."""
    for words in demo.build_commands(study.parent)[:-1]:
        named = [study.name if word.endswith(demo.STUDY) else word for word in words]
        run(named, study.parent)


def build_led(study: Path, sample: Path) -> None:
    """The sample study with a lead, and with global ids, which make the letters, by number."""
    shutil.copy(sample, study)
    with Study.open(study) as opened:
        opened.meet("lea")
    with closing(sqlite3.connect(study)) as plain:
        final = "SELECT sql FROM sqlite_schema WHERE name = 'response_is_final'"
        (trigger,) = plain.execute(final).fetchone()
        plain.execute("DROP TRIGGER response_is_final")
        for table in ("response", "coder"):
            plain.execute(f"UPDATE {table} SET uid = CAST(printf('%016d', id) AS BLOB)")
        plain.execute(trigger)
        plain.commit()


def run(words: list[str], folder: Path, code: int = 0) -> str:
    """What a command prints, stderr and stdout as a person sees them, if it ends with a code."""
    done = subprocess.run(
        [sys.executable, "-m", "qualcode", *words],
        cwd=folder,
        env={**os.environ, "LOGNAME": "ana"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != code:
        raise SystemExit(
            f"qualcode {shlex.join(words)} ended with {done.returncode}:\n{done.stdout}"
        )
    return done.stdout


def page_text(page: Path, sample: Path) -> str:
    """A page with every made block made anew."""

    def make(match: re.Match[str]) -> str:
        name = match[2]
        if name.startswith(("run ", "fails ", "head ")):
            kind, _, command = name.partition(" ")
            most = None
            if kind == "head":
                most, command = int(command.split()[0]), command.split(" ", 1)[1]
            words = shlex.split(command.removeprefix("qualcode "))
            output = run(words, sample, int(kind == "fails"))
            lines = output.splitlines()
            output = "\n".join([*lines[:most], "…"] if most and len(lines) > most else lines)
            body = f"```console\n$ {command}\n{output.rstrip()}\n```\n"
        elif name.startswith("python "):
            body = computed(name.removeprefix("python "))
        elif name.startswith("measured "):
            body = measured(name.removeprefix("measured "))
        elif name.startswith("suggested "):
            body = suggested(name.removeprefix("suggested "))
        else:
            body = MAKERS[name](sample)
        return match[1] + body + match[3]

    return _BLOCK.sub(make, page.read_text("utf-8"))


def keys(_: Path) -> str:
    """The keys of the coding screen as a table."""
    return _keys(CODING)


def clearing_keys(_: Path) -> str:
    """The keys of the clearing screen as a table."""
    return _keys(CLEARING)


def adjudication_keys(_: Path) -> str:
    """The keys of the adjudication screen as a table."""
    return _keys(ADJUDICATING, ADJUDICATING.others)


def home_keys(_: Path) -> str:
    """The keys of the home screen as a table."""
    return _keys(HOME)


def _keys(table: Table, others: Sequence[tuple[str, str]] = ()) -> str:
    rows = [f"| {_code(key)} | {does} |" for key, does in others]
    rows += [f"| {_code(shown_key(command.key))} | {command.help} |" for command in table.commands]
    return "\n".join(["| key | does |", "|---|---|", *rows]) + "\n"


def _code(text: str) -> str:
    return f"`{text}`"


def commands(_: Path) -> str:
    """The help of every command."""
    parts = []
    for name, command in every_command():
        context = click.Context(command, info_name=name, terminal_width=88, max_content_width=88)
        parts.append(f"### {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before what is in them."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is None:
            continue
        yield f"qualcode {name}", command
        if isinstance(command, click.Group):
            for inner in command.commands.values():
                yield f"qualcode {name} {inner.name}", inner


def use(sample: Path) -> str:
    """The lines of use, each of which has just been run on the sample study."""
    lines = USE.strip().splitlines()
    folder = sample / "use"
    folder.mkdir(exist_ok=True)
    shutil.copy(sample / demo.SURVEY, folder / "survey.csv")
    shutil.copy(sample / demo.CODEBOOKS[0], folder / "codebook.yaml")
    for line in lines:
        words = shlex.split(line.partition(" > ")[0])[1:]
        if words[0] == "code":
            code_one(folder / "study.db", words[3])
        else:
            run(words, folder)
    shutil.rmtree(folder)
    return f"```sh\n{USE.strip()}\n```\n"


USE = """
qualcode new study.db survey.csv --asked-if 'Q1=investigated == "yes"' --weight weight
qualcode codebook check codebook.yaml
qualcode codebook apply study.db codebook.yaml
qualcode code study.db --coder ana --question Q1
qualcode info study.db
qualcode suggest study.db --question Q1
qualcode agreement study.db --question Q1 --format html > agreement.html
qualcode frequencies study.db --question Q1 --by agency_type --out frequencies.xlsx
qualcode report study.db report.html --question Q1
qualcode undo study.db --coder ana
qualcode export study.db codings codings.csv
qualcode backup study.db study-backup.db
"""


def code_one(study: Path, coder: str) -> None:
    """Code one answer, as the screen does."""
    with Study.open(study) as opened:
        session, _ = opened.session(coder, "Q1")
        session.toggle(session.queue()[0], session.codes[0].id)


def computed(code: str) -> str:
    """An expression on the agreement functions, and what it gives to three decimals."""
    value = eval(code, {"assess": assess, "kappa": kappa, "unitize": unitize})
    shown = textwrap.indent(code.strip(), "... ").replace("... ", ">>> ", 1)
    return f"```pycon\n{shown}\n{_estimates(value)}\n```\n"


def _estimates(value: Estimate | dict[str, Estimate]) -> str:
    if isinstance(value, dict):
        width = max(map(len, value))
        return "\n".join(f"{name:<{width}}  {_estimates(found)}" for name, found in value.items())
    if value.value is None:
        return f"None ({value.reason})"
    if value.low is None or value.high is None:
        return f"{value.value:.3f}  ({value.reason or 'no interval'})"
    return f"{value.value:.3f}  [{value.low:.3f}, {value.high:.3f}]"


def measured(name: str) -> str:
    """What `bench/NAME.py --json` said when it was last kept in `docs/measured/`."""
    found = json.loads((ROOT / "docs" / "measured" / f"{name}.json").read_text("utf-8"))
    lines = [
        "| figure | unit | median | p95 | min–max | runs | goal | |",
        "|---|---|--:|--:|---|--:|--:|---|",
    ]
    for figure in found["figures"]:
        cells = (
            figure["name"],
            figure["unit"],
            _number(figure["median"]),
            _number(figure["p95"]),
            f"{_number(figure['low'])}–{_number(figure['high'])}",
            str(figure["runs"]),
            "" if figure["goal"] is None else f"≤ {_number(figure['goal'])}",
            figure["verdict"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    where = f"Python {found['python']}, {found['processors']} processors; {packages}."
    return "\n".join([*lines, "", where]) + "\n"


def coverage(_: Path) -> str:
    """How often the intervals of alpha cover the truth, by `bench/coverage.py`."""
    found = json.loads((ROOT / "docs" / "measured" / "coverage.json").read_text("utf-8"))
    cells: dict[tuple[int, float, float], dict[str, float]] = {}
    for row in found["rows"]:
        if row["coefficient"] == "alpha":
            place = (row["n"], row["prevalence"], row["positives"])
            cells.setdefault(place, {})[row["interval"]] = row["covered"]
    lines = [
        "| answers | prevalence | expected uses | analytic | bootstrap |",
        "|--:|--:|--:|--:|--:|",
        *(
            f"| {n} | {p:.2f} | {uses:g} | {100 * both['formula']:.1f} % |"
            f" {100 * both['bootstrap']:.1f} % |"
            for (n, p, uses), both in cells.items()
        ),
        "",
        f"{found['replications']:,} replications, {found['resamples']:,} resamples each.",
    ]
    return "\n".join(lines) + "\n"


def suggested(name: str) -> str:
    """What `bench/suggestions.py --json` said when it was last kept in `docs/measured/`."""
    found = json.loads((ROOT / "docs" / "measured" / f"{name}.json").read_text("utf-8"))
    figures = {
        "micro-F1": "micro_f1",
        "macro-F1": "macro_f1",
        "LRAP": "lrap",
        "P at 3": "precision_at_3",
        "R at 3": "recall_at_3",
        "calibration error": "calibration_error",
    }
    lines = [f"| model | coded | {' | '.join(figures)} |", f"|---|--:|{'--:|' * len(figures)}"]
    for row in found["rows"]:
        cells = " | ".join(f"{row[key]:.3f}" for key in figures.values())
        lines.append(f"| {row['model']} | {row['labels']:,} | {cells} |")
    size = f"{found['answers']:,} distinct answers, {found['codes']} codes"
    return "\n".join([*lines, "", f"{size}, means of {found['seeds']} seeds."]) + "\n"


def batch(_: Path) -> str:
    """How fast answers are scored and in how much memory, by `bench/batch.py`."""
    found = json.loads((ROOT / "docs" / "measured" / "batch.json").read_text("utf-8"))
    lines = [
        "| answers | a second | parent | a worker |",
        "|--:|--:|--:|--:|",
        *(
            f"| {row['answers']:,} | {row['answers_per_second']:,.0f} |"
            f" {row['parent_mb']:,.0f} MB | {row['worker_mb']:,.0f} MB |"
            for row in found["rows"]
        ),
    ]
    goals = (
        f"{goal}: {'holds' if is_so else 'MISSED'}" for goal, is_so in found["verdicts"].items()
    )
    return "\n".join([*lines, "", f"{'; '.join(goals)}."]) + "\n"


def corrected(_: Path) -> str:
    """How often corrected intervals cover the truth and how narrow they are, by its benchmark."""
    found = json.loads((ROOT / "docs" / "measured" / "corrected.json").read_text("utf-8"))
    lines = [
        "| coded | corrected covers | people alone cover | machine alone covers | narrower by |",
        "|--:|--:|--:|--:|--:|",
        *(
            f"| {row['n']} | {100 * row['covered']:.1f} % | {100 * row['human_covered']:.1f} % |"
            f" {100 * row['machine_covered']:.0f} % | {100 * row['narrower']:.0f} % |"
            for row in found["results"]
        ),
        "",
        f"Simulation on {found['answers']:,} real answers, {found['results'][0]['codes']} codes,"
        f" {found['runs']} samples of each size; 95 % is what an interval promises. Narrower: than"
        " people alone, codes of 5 % and more.",
    ]
    return "\n".join(lines) + "\n"


def peers(_: Path) -> str:
    """The same tasks by other packages, by `bench/agreement.py`."""
    found = json.loads((ROOT / "docs" / "measured" / "agreement.json").read_text("utf-8"))
    lines = [
        "| task | ms | another package | its ms | times | goal | values differ by |",
        "|---|--:|---|--:|--:|--:|--:|",
    ]
    for row in found["results"]:
        goal = "" if row["goal"] is None else f"≥ {row['goal']} {row['verdict']}"
        apart = "" if row["difference"] is None else f"{row['difference']:.0e}"
        lines.append(
            f"| {row['task']} | {_number(row['own_ms'])} | {row['peer']} |"
            f" {_number(row['peer_ms'])} | {_number(row['ratio'])} | {goal} | {apart} |"
        )
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    return "\n".join([*lines, "", f"Python {found['python']}; {packages}."]) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def example_code(sample: Path) -> str:
    """The head and the first code of the sample's first codebook, as it stands in its file."""
    text = (sample / demo.CODEBOOKS[0]).read_text("utf-8")
    head, first, *_ = re.split(r"(?m)^(?=  - )", text)
    return f"```yaml\n{head}{first.rstrip()}\n```\n"


def names(_: Path) -> str:
    """How much of what can name somebody the scan finds, by `bench/names.py`."""
    found = json.loads((ROOT / "docs" / "measured" / "names.json").read_text("utf-8"))
    lines = [
        "| planted | forms alone | and guesses | and a column of names |",
        "|---|--:|--:|--:|",
        *(
            f"| {row['kind']} | {100 * row['forms']['recall']:.0f} % |"
            f" {100 * row['forms_and_guesses']['recall']:.0f} % |"
            f" {100 * row['with_own_columns']['recall']:.0f} % |"
            for row in found["rows"]
        ),
    ]
    return "\n".join([*lines, "", f"{found['rows'][0]['planted']} plants of each kind."]) + "\n"


def quantifiers(_: Path) -> str:
    """What the audit lets quantifier words stand for."""
    lines = ["| words | may stand for | source |", "|---|---|---|"]
    rules = as_plain(audit(read_manuscript(b"Nothing.", "nothing.md")))["quantifier_rule"]
    lines += (
        f"| {', '.join(rule['words'])} | {rule['means']} | {rule['source']} |" for rule in rules
    )
    return "\n".join(lines) + "\n"


def corpus_rows(sample: Path) -> str:
    """The first rows that the page on a corpus has written."""
    found = parquet.read_table(sample / "scored").slice(0, 6).to_pydict()
    lines = [f"| {' | '.join(found)} |", "|---|---|---|--:|---|---|"]
    lines += (f"| {' | '.join(map(str, row))} |" for row in zip(*found.values(), strict=True))
    return "\n".join([*lines, ""])


MAKERS = {
    "corpus rows": corpus_rows,
    "names": names,
    "quantifiers": quantifiers,
    "batch": batch,
    "keys": keys,
    "clearing keys": clearing_keys,
    "adjudication keys": adjudication_keys,
    "home keys": home_keys,
    "commands": commands,
    "use": use,
    "example code": example_code,
    "corrected": corrected,
    "coverage": coverage,
    "peers": peers,
}


def picture(sample: Path, how: tuple[str, str, tuple[int, int], str], presses: list[str]) -> str:
    """The screen of a coder after some keys, as SVG, from the real application."""
    study = sample / "picture.db"
    shutil.copy(sample / demo.STUDY, study)
    svg = asyncio.run(_photograph(study, how, presses))
    study.unlink()
    return _plain(svg)


def _plain(svg: str) -> str:
    """A picture that fetches no font from elsewhere."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"[ \t]+$", "", svg.replace("Fira Code", "monospace"), flags=re.MULTILINE)


def clearing_picture(sample: Path) -> str:
    """The clearing screen on an answer in which something may name somebody."""
    study = sample / "picture.db"
    shutil.copy(sample / sample_files.STUDY, study)
    svg = asyncio.run(_photograph_clearing(study))
    study.unlink()
    return _plain(svg)


async def _photograph_clearing(study: Path) -> str:
    with Study.open(study) as opened:
        patterns = {"unit": r"\b(?:TF|task force)\b"}
        stated.change(opened.database, patterns=patterns, by="pi")
        session, _ = opened.clearing("pi", opened.question("Q4"))
        first = next(n for n, one in enumerate(session.queue()) if session.quotable(one).found)
        app = ClearingApp(opened, session)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            for key in (*["space"] * first, "1"):
                await pilot.press(key)
                await pilot.pause()
            return app.export_screenshot()


def adjudication_picture(sample: Path) -> str:
    """The adjudication screen on a case that three coders coded, one of them a part of it."""
    study = sample / "picture.db"
    build_led(study, sample / demo.STUDY)
    svg = asyncio.run(_photograph_adjudicating(study))
    study.unlink()
    return _plain(svg)


async def _photograph_adjudicating(study: Path) -> str:
    with Study.open(study) as opened:
        session = opened.adjudicating("lea", "Q5")
        cases = [session.case(answer) for answer in session.queue()]
        wanted = next(
            n for n, one in enumerate(cases) if len(one.sides) > 2 and one.agreed and one.majority
        )
        app = AdjudicationApp(opened, session)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            for key in (*["space"] * wanted, "="):
                await pilot.press(key)
                await pilot.pause()
            return app.export_screenshot()


def home_picture(sample: Path) -> str:
    """The home screen of the sample study, for its lead."""
    folder = sample / "home"
    folder.mkdir()
    study = Path(shutil.copy(sample / sample_files.STUDY, folder / "study.db"))
    svg = asyncio.run(_photograph_home(study))
    shutil.rmtree(folder)
    return _plain(svg)


async def _photograph_home(study: Path) -> str:
    app = HomeApp(Study.open(study, readonly=True))
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            for _ in range(_PATIENCE):
                await pilot.pause(0.1)
                if app.home.is_measured:
                    break
            await app.workers.wait_for_complete()
            for key in ("down", "down", "down", "down"):
                await pilot.press(key)
                await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.pause(_SETTLED)
            return app.export_screenshot()
    finally:
        app.close_study()


async def _photograph(
    study: Path, how: tuple[str, str, tuple[int, int], str], presses: list[str]
) -> str:
    coder, question, size, theme = how
    names = {"]": "right_square_bracket"}
    with Study.open(study) as opened:
        session, _ = opened.session(coder, question)
        app = QualcodeApp(opened, session)
        async with app.run_test(size=size) as pilot:
            app.theme = theme
            await pilot.pause()
            for key in presses:
                if key == "suggested":
                    await _suggested(app, pilot, study)
                    continue
                await pilot.press(names.get(key, key))
                await app.workers.wait_for_complete()
                await pilot.pause()
            return app.export_screenshot()


async def _suggested(app: QualcodeApp, pilot: Pilot[None], study: Path) -> None:
    """Have the process that suggests say what it makes of the answer shown."""
    suggesting, session = app.coding.suggesting, app.coding.session
    suggesting.start(study, session.question.key, session.coder.name)
    for _ in range(_PATIENCE):
        await pilot.pause(0.1)
        if suggesting.hint(app.coding.walk.response_id):
            suggesting.stop()
            return
    raise SystemExit("nothing was suggested for the picture")


if __name__ == "__main__":
    sys.exit(main())
