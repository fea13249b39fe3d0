"""The process that suggests: it learns from this coder alone, only reads, ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from frames import PATIENCE
from qualcode import Study
from qualcode.model import Filter
from qualcode.study import assigning
from qualcode.study.assigning import Plan
from qualcode.study.suggestions.messages import (
    Draw,
    Draws,
    Hinted,
    Learn,
    Learned,
    Refused,
    Score,
    packed,
    unpacked,
)
from studies import apply_book, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.model import Hint
    from qualcode.study.suggestions.messages import Message

TOPICS = {
    "money": ("prices", "costs", "fees", "budget", "cheap rates"),
    "people": ("staff", "colleagues", "officers", "a larger team", "personnel"),
    "tools": ("software", "laptops", "phones", "databases", "new equipment"),
}
SURVEY = "id,why\n" + "".join(
    f"r{3 * number + at},{words[number % 5]} and {words[(number + 1) % 5]} number {number}\n"
    for number in range(20)
    for at, words in enumerate(TOPICS.values())
)
BOOK = "codebook: Topics\nversion: 1\ncodes:\n" + "".join(
    f"  - key: {key}\n    name: {key.title()}\n    definition: About {' '.join(words)}.\n"
    for key, words in TOPICS.items()
)


class Companion:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def say(self, message: Message) -> None:
        self.process.stdin.write(packed(message))
        self.process.stdin.flush()

    def hear(self, kind: type[Message]) -> Message:
        """The next message of a kind."""
        for line in self.process.stdout:
            if isinstance(message := unpacked(line), kind):
                return message
        raise AssertionError(f"it ended without saying {kind}")

    def hint(self, response_id: int) -> Hint:
        self.say(Score([response_id]))
        while True:
            message = self.hear(Hinted)
            if message.hint.response_id == response_id:
                return message.hint


@contextmanager
def companion(study: Path, coder: str = "ana") -> Iterator[Companion]:
    with subprocess.Popen(
        [sys.executable, "-m", "qualcode.study.suggestions.companion", study, "why", coder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        try:
            yield Companion(process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("topics"), SURVEY, (BOOK,), questions=(("why", "why"),))


@pytest.fixture
def own(study: Path, tmp_path: Path) -> Path:
    """A copy for the test alone, with two coders."""
    path = tmp_path / "study.db"
    path.write_bytes(study.read_bytes())
    with Study.open(path) as opened:
        opened.session("ana")
        opened.session("ben")
    return path


def code(study: Path, coder: str, count: int, key: str) -> list[int]:
    """Put one code on the first answers, and decide them."""
    with Study.open(study) as opened:
        session, _ = opened.session(coder)
        wanted = next(one.id for one in session.codes if one.key == key)
        done = list(session.queue()[:count])
        for response_id in done:
            session.toggle(response_id, wanted)
            session.decide(response_id)
    return done


def names(study: Path, hint: Hint) -> list[str]:
    with Study.open(study, readonly=True) as opened:
        keys = {one.id: one.key for one in opened.codebooks[0].codes}
    return [keys[one.code_id] for one in hint.suggested]


def answers(study: Path) -> list[int]:
    with Study.open(study, readonly=True) as opened:
        rows = opened.database.rows("SELECT id FROM response ORDER BY respondent_id")
    return [number for (number,) in rows]


def test_it_suggests_from_the_codebook_alone_before_anyone_has_coded(own: Path) -> None:
    ids = answers(own)
    with companion(own) as asked:
        assert [names(own, asked.hint(one))[0] for one in ids[:3]] == list(TOPICS)
        found = asked.hint(ids[0])
    assert (found.labels, found.is_calibrated) == (0, False)
    assert found.suggested[0].words
    assert found.suggested[0].example


def test_it_learns_from_what_the_coder_codes_meanwhile(own: Path) -> None:
    ids = answers(own)
    with companion(own) as asked:
        assert asked.hear(Learned) == Learned(0)
        code(own, "ana", 30, "tools")
        asked.say(Learn())
        assert asked.hear(Learned) == Learned(30)
        assert names(own, asked.hint(ids[57]))[0] == "tools"


def test_one_coders_judgement_never_reaches_another(own: Path) -> None:
    code(own, "ben", 40, "tools")
    with companion(own, "ana") as asked:
        assert asked.hear(Learned) == Learned(0)
        assert names(own, asked.hint(answers(own)[0]))[0] == "money"


def test_it_notices_a_codebook_that_changes(own: Path) -> None:
    with companion(own) as asked:
        asked.hear(Learned)
        apply_book(own, BOOK + "  - key: time\n    name: Time\n    definition: About hours.\n")
        code(own, "ana", 1, "money")
        asked.say(Learn())
        assert asked.hear(Learned) == Learned(1)
        assert "time" in names(own, asked.hint(answers(own)[1]))


def test_it_writes_nothing(own: Path) -> None:
    def everything() -> list[str]:
        with Study.open(own, readonly=True) as opened:
            return list(opened.database.connection.iterdump())

    before = everything()
    with companion(own) as asked:
        asked.hint(answers(own)[0])
    assert everything() == before


def test_it_draws_for_a_queue_and_leaves_the_writing_to_the_coder(own: Path) -> None:
    with Study.open(own) as opened, companion(own) as asked:
        session, _ = opened.session("ana")
        done = set(code(own, "ana", 5, "money"))
        for number, kind in enumerate(("random", "uncertain", "half", "code")):
            sought = session.codes[0].id if kind == "code" else 0
            queue = session.take_up(kind, code_id=sought)  # type: ignore[arg-type]
            asked.say(Draw(queue.id, 10))
            found = asked.hear(Draws)
            assert len({one.response_id for one in found.draws} - done) == 10
            hows = {"half": ["random", "uncertain"] * 5}.get(kind, [kind] * 10)
            assert [one.how for one in found.draws] == hows
            for one in found.draws:
                assert (one.probability is None) == (one.how != "random")
                assert one.is_blind == (kind == "half" and one.how == "random")
                assert one.population == 60
            assert opened.database.value("SELECT count(*) FROM draw") == 10 * number
            assert session.add_draws(found.queue_id, found.draws) == 10
            assert session.add_draws(found.queue_id, found.draws) == 0


def test_it_ends_with_its_parent(own: Path) -> None:
    with companion(own) as asked:
        asked.hear(Learned)
        asked.process.stdin.close()
        assert asked.process.wait(PATIENCE) == 0


def test_a_question_without_codes_is_refused_in_words(tmp_path: Path) -> None:
    path = make(tmp_path, SURVEY, (), questions=(("why", "why"),))
    with Study.open(path) as opened:
        opened.session("ana")
    with companion(path) as asked:
        assert asked.hear(Refused) == Refused("there is no code to suggest for why")
        assert asked.process.wait(PATIENCE) == 0


def test_it_never_reminds_of_the_first_time(own: Path) -> None:
    done = code(own, "ana", 30, "tools")
    other = answers(own)[57]
    with companion(own) as asked:
        assert asked.hear(Learned) == Learned(30)
        with Study.open(own) as opened:
            plan = Plan(repeat=0.25)
            assigning.assign(opened.database, ("ana",), opened.questions, plan, by="lead")
            queue = opened.session("ana")[0].queue(Filter("assigned"))
        again = [-one for one in done if -one in queue]
        assert again
        asked.say(Score([again[0], other]))
        assert asked.hear(Hinted).hint.response_id == other, "the model still knows the first time"
        asked.say(Learn())
        assert asked.hear(Learned) == Learned(30 - len(again))
        hint = asked.hint(again[0])
    assert hint.response_id == again[0]
    assert hint.suggested
