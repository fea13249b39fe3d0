"""What another coder put on an answer that waits for somebody can be learned from no command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.study import assigning
from qualcode.study.assigning import Plan
from studies import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

SURVEY = "id,region,why\n" + "".join(
    f"r{n},{'north' if n % 2 else 'south'},answer number {n}\n" for n in range(1, 9)
)
COMMANDS = (
    "info {study} --json",
    "home {study} --json --coder ana",
    "log {study} --json",
    "assign {study} --json",
    "agreement {study} --json",
    "agreement {study} --coder ana --coder ben --json",
    "disagreements {study} --json",
    "frequencies {study} --internal --json",
    "frequencies {study} --internal --rule coder:ben --base coded --by region --json",
    "frequencies {study} --internal --rule any --base coded --format csv",
    "overlap {study} --internal --rule any --base coded --json",
    "trend {study} --wave region --internal --rule any --base coded --json",
    "exemplars {study} --code dear --rule any --json",
    "export {study} codings out.csv",
    "export {study} codings out.csv --wide",
    "export {study} disagreements out.csv",
    "export {study} matrix out.csv --rule coder:ben",
    "export {study} matrix out.csv --rule any --base coded",
    "export {study} journal out.csv",
    "export {study} suggestions out.csv",
    "export {study} quotes out.csv",
    "figure {study} themes out.svg --rule any --base coded",
    "figure {study} agreement out.svg",
    "report {study} out.md --rule any --base coded",
)


def coded(folder: Path, place: int) -> None:
    """A study in which ben has decided the answers of both; ana decided those that are hers."""
    folder.mkdir()
    with Study.open(make(folder, SURVEY, questions=(("why", "why"),))) as study:
        question = study.question("why")
        assigning.assign(study.database, ("ana", "ben"), [question], Plan(0.5), by="lead")
        doubles = {
            answer
            for (answer,) in study.database.rows(
                "SELECT response.id FROM response JOIN assignment USING"
                " (question_id, respondent_id) GROUP BY response.id HAVING count(*) > 1"
            )
        }
        assert len(doubles) == 4
        for name in ("ana", "ben"):
            session, _ = study.session(name, "why")
            for answer in session.queue():
                if answer not in doubles:
                    session.toggle(answer, session.codes[answer % 3].id)
                    session.decide(answer)
                elif name == "ben":
                    session.toggle(answer, session.codes[place].id, (0, 6))
                    session.write_memo(answer, f"memo of {session.codes[place].name}")
                    session.decide(answer)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two studies that differ in what ben put on answers that wait for ana, and in nothing else."""
    folder = tmp_path_factory.mktemp("twins")
    for name, place in (("one", 2), ("other", 3)):
        coded(folder / name, place)
    return folder / "one", folder / "other"


def printed(
    folder: Path, command: str, qualcode: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """What a command prints and writes, but for times and global ids."""
    monkeypatch.chdir(folder)
    out = folder / next((word for word in command.split() if word.startswith("out.")), "-")
    done = qualcode(*command.format(study="study.db").split())
    texts = [done.out, done.err, out.read_text("utf-8") if out.is_file() else ""]
    out.unlink(missing_ok=True)
    return [_timeless(text) for text in texts]


def _timeless(text: str) -> str:

    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?", "TIME", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_the_same_whatever_the_other_put_on_it(
    twins: tuple[Path, Path],
    command: str,
    qualcode: Callable[..., Done],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = (printed(folder, command, qualcode, monkeypatch) for folder in twins)
    assert any(one)
    assert one == other


@pytest.mark.parametrize(
    "command",
    [
        "log {study} --lead --json",
        "export {study} journal out.csv --lead",
        "export {study} matrix out.csv --rule coder:ben --lead",
        "frequencies {study} --rule coder:ben --base coded --internal --lead --json",
    ],
)
def test_the_lead_sees_it(
    twins: tuple[Path, Path],
    command: str,
    qualcode: Callable[..., Done],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = (printed(folder, command, qualcode, monkeypatch) for folder in twins)
    assert one != other


def test_a_shared_copy_leaves_it_out_and_says_so(
    twins: tuple[Path, Path], tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    copy = tmp_path / "copy.db"
    done = qualcode("share", twins[0] / "study.db", copy, "--coders")
    assert "note: 4 answers wait for one of the coders" in done.err
    with Study.open(copy, readonly=True) as study:
        ((spans, codings),) = study.database.rows("SELECT count(span_start), count(*) FROM coding")
        assert (spans, codings) == (0, 8)
        assert study.database.value("SELECT count(*) FROM mark") == 8
        assert not study.database.value("SELECT count(*) FROM response WHERE text LIKE '░%'")


def test_a_shared_copy_has_no_repeats(tmp_path: Path, qualcode: Callable[..., Done]) -> None:
    path, copy = make(tmp_path, SURVEY, questions=(("why", "why"),)), tmp_path / "copy.db"
    with Study.open(path) as study:
        plan = Plan(repeat=0.5)
        assigning.assign(study.database, ("ana",), [study.question("why")], plan, by="lead")
        session, _ = study.session("ana", "why")
        while (opening := session.opening()) is not None:
            session.decide(opening)
        assert study.database.value("SELECT count(*) FROM repeated") == 4
    assert qualcode("share", path, copy).code == 0
    with Study.open(copy, readonly=True) as study:
        assert not study.database.value("SELECT count(*) FROM repeated")
        assert not study.database.value("SELECT count(*) FROM repeat")
        assert study.database.value("SELECT count(*) FROM mark") == 8
