"""Three coders, a lead and a PI from the survey file to the last table; every figure is checked."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from durability.checking import is_whole
from durability.running import environment
from team import world
from team.world import ANSWERED, BLANK, CODERS, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done
    from team.world import Codings

    Run = Callable[..., Done]

DOUBLE = 12
"""A fifth of the answers."""
HALF = (ANSWERED + DOUBLE) // len(CODERS) // 2
SURVIVED = 4
"""So many answers a coder decides before the process is killed."""
RULES = ("any", "majority", "unanimous", "adjudicated", *(f"coder:{name}" for name in CODERS))


def start(study: Path, name: str, most: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "team.coder", str(study), name, str(most)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """Whose answers a coder decided."""
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return out.split()


def killed(process: subprocess.Popen[str], decided: int) -> list[str]:
    """Whose answers a coder was seen to decide before the process was killed."""
    assert process.stdout
    seen = [process.stdout.readline().strip() for _ in range(decided)]
    process.kill()
    out, _ = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    return seen + out.split()


def assigned(study: Path) -> dict[str, set[str]]:
    """Who is to code what, by respondent."""
    found: dict[str, set[str]] = {}
    with closing(sqlite3.connect(study)) as database:
        for respondent, coder in database.execute("SELECT respondent, coder FROM v_assignment"):
            found.setdefault(respondent, set()).add(coder)
    return found


def codings(study: Path) -> Codings:
    """What stands on the answers that somebody decided, as the study's view tells."""
    found: Codings = {}
    with closing(sqlite3.connect(study)) as database:
        decided = "SELECT respondent, coder FROM v_mark WHERE is_decided"
        for respondent, coder in database.execute(decided):
            found.setdefault(respondent, {})[coder] = frozenset()
        for respondent, coder, code in database.execute(
            "SELECT respondent, coder, code FROM v_coding"
        ):
            if coder in found.get(respondent, {}):
                found[respondent][coder] |= {code}
    return found


@pytest.fixture
def study(tmp_path: Path, qualcode: Run) -> Path:
    """A survey with a codebook, and nobody at work."""
    book = tmp_path / "book.yaml"
    book.write_text(world.BOOK, "utf-8")
    path = tmp_path / "study.db"
    words = ("--question", "why=why", "--codebook", book)
    assert qualcode("new", path, world.write_survey(tmp_path / "survey.csv"), *words).code == 0
    return path


def test_a_team_codes_a_study_to_its_end(study: Path, tmp_path: Path, qualcode: Run) -> None:
    whose = deal(study, qualcode)

    # Three at once; one is killed and comes back.
    at_work = {name: start(study, name, HALF) for name in ("ana", "eva")}
    seen = killed(start(study, "ben", HALF), SURVIVED)
    ben = [one for one, sets in codings(study).items() if "ben" in sets]
    assert set(seen) <= set(ben), "what was seen to be decided is there"
    ben += finish(start(study, "ben", HALF - len(ben)))
    done = {name: finish(process) for name, process in at_work.items()} | {"ben": ben}
    first_half(study, qualcode, whose, done)

    # The lead splits a code, and those who used it get their answers back.
    costly = {
        name: [one for one in ones if world.COST in codings(study)[one][name]]
        for name, ones in done.items()
    }
    split(study, qualcode, costly)

    # One takes a copy along and comes back with it; the others go on.
    copy = shutil.copyfile(study, tmp_path / "eva.db")
    at_work = {name: start(study, name, ANSWERED) for name in ("ana", "ben")}
    at_work["eva"] = start(copy, "eva", ANSWERED)
    for name, process in at_work.items():
        anew = finish(process)
        assert set(anew[: len(costly[name])]) == set(costly[name]), "the split comes first"
        done[name] += anew[len(costly[name]) :]
    bring_home(study, copy, qualcode)

    everything = codings(study)
    assert everything == {
        respondent: {name: world.found(name, world.number_of(respondent)) for name in names}
        for respondent, names in whose.items()
    }
    assert {name: sorted(ones) for name, ones in done.items()} == {
        name: sorted(one for one, names in whose.items() if name in names) for name in CODERS
    }
    agreement(qualcode("agreement", study, "--json"), everything)
    verdicts = adjudicate(study, qualcode, everything)
    frequencies(study, qualcode, everything, verdicts)
    is_whole(study)


def deal(study: Path, qualcode: Run) -> dict[str, set[str]]:
    """Everybody gets as many answers and meets each other as often."""
    words = [word for name in CODERS for word in ("--coder", name)]
    dealt = qualcode("assign", study, *words, "--double", "0.2", "--by", "lead", "--json").json
    assert [one["added"] for one in dealt["dealt"]] == [ANSWERED + DOUBLE]
    whose = assigned(study)
    assert len(whose) == ANSWERED
    assert Counter(map(len, whose.values())) == {1: ANSWERED - DOUBLE, 2: DOUBLE}
    loads = Counter(name for names in whose.values() for name in names)
    assert loads == dict.fromkeys(CODERS, 2 * HALF)
    pairs = Counter(tuple(sorted(names)) for names in whose.values() if len(names) == 2)
    assert pairs == dict.fromkeys(combinations(CODERS, 2), DOUBLE // 3)
    return whose


def first_half(
    study: Path, qualcode: Run, whose: dict[str, set[str]], done: dict[str, list[str]]
) -> None:
    """What was decided is there, once, and counts; what waits for somebody is hidden."""
    assert {name: len(set(ones)) for name, ones in done.items()} == dict.fromkeys(CODERS, HALF)
    there = codings(study)
    assert {name: {one for one in there if name in there[one]} for name in CODERS} == {
        name: set(ones) for name, ones in done.items()
    }
    assert all(
        codes == world.before_the_split(world.found(name, world.number_of(respondent)))
        for respondent, sets in there.items()
        for name, codes in sets.items()
    )
    told = qualcode("info", study, "--json").json["questions"][0]
    assert (told["asked"], told["blank"], told["substantive"]) == (62, BLANK, ANSWERED)
    assert told["coders"] == dict.fromkeys(CODERS, HALF)
    complete = [one for one, sets in there.items() if sets.keys() == whose[one]]
    told = qualcode("agreement", study, "--json").json
    assert told["n_multiply_coded"] == sum(len(whose[one]) > 1 for one in complete)


def split(study: Path, qualcode: Run, costly: dict[str, list[str]]) -> None:
    """Who used the code is asked to code those answers anew."""
    words = ("codebook", "split", study, world.COST, *world.PARTS, "--by", "lead")
    assert qualcode(*words).code == 0
    told = qualcode("info", study, "--json").json["questions"][0]
    assert told["split"] == {name: len(ones) for name, ones in costly.items()}
    assert all(costly.values())


def bring_home(study: Path, copy: Path, qualcode: Run) -> None:
    """A copy comes in whole, and a second time brings nothing."""
    is_whole(copy)
    merged = qualcode("merge", study, copy, "--json").json
    assert merged["conflicts"] == []
    assert merged["copies"][0]["acts"] > 0
    again = qualcode("merge", study, copy, "--json").json
    assert again["copies"][0]["acts"] == again["copies"][0]["steps"] == 0


def agreement(done: Done, everything: Codings) -> None:
    """Every code's agreement over the answers that two coded."""
    told = done.json
    assert (told["n_responses"], told["n_multiply_coded"]) == (ANSWERED, DOUBLE)
    assert told["coders"] == list(CODERS)
    assert told["overall"]["exact_match"]["value"] == pytest.approx(world.exact_match(everything))
    codes = {one["code"]: one for one in told["codes"]}
    for code in THEMES:
        one = codes[code]
        assert one["n"] == DOUBLE
        expected = world.percent_agreement(everything, code)
        assert one["percent_agreement"]["value"] == pytest.approx(expected)
        if len({value for pair in world.ratings(everything, code) for value in pair}) > 1:
            assert one["alpha"]["value"] == pytest.approx(world.alpha(everything, code))
        else:
            assert one["alpha"]["reason"] == "no_variation"


def adjudicate(study: Path, qualcode: Run, everything: Codings) -> dict[str, world.Codes]:
    """All that is in dispute is settled by what the answers say; agreement is then whole."""
    disputed = {
        one for one, sets in everything.items() if len(sets) > 1 and len(set(sets.values())) > 1
    }
    assert len(disputed) > 1
    listed = qualcode("adjudicate", study, "--list", "--json").json
    assert {case["respondent"] for case in listed} == disputed
    assert {side["coder"] for case in listed for side in case["sides"]} == {None}
    reasons = ("missed", "wrong_code", "rule_unclear")
    verdicts = {}
    for place, one in enumerate(sorted(disputed)):
        verdicts[one] = world.truth(world.number_of(one))
        settle = ("--respondent", one, "--codes", ",".join(verdicts[one]))
        why = ("--reason", reasons[place % 3])
        words = ("adjudicate", study, "--coder", "ana", "--question", "why")
        assert qualcode(*words, *settle, *why).code == 0
    assert codings(study) == everything, "a verdict lies beside the codings"
    [told] = qualcode("adjudicate", study, "--summary", "--json").json
    assert told["cases"] == {"open": 0, "settled": len(disputed), "sent_back": 0}
    assert {one["reason"]: one["n"] for one in told["reasons"]} == Counter(
        reasons[place % 3] for place in range(len(disputed))
    )
    assert told["mean_alpha"]["after"]["value"] == pytest.approx(1)
    assert told["mean_alpha"]["before"]["value"] < 1
    return verdicts


def frequencies(
    study: Path, qualcode: Run, everything: Codings, verdicts: dict[str, world.Codes]
) -> None:
    """Counts, percentages and intervals of every theme under every rule."""
    for rule in RULES:
        told = qualcode("frequencies", study, "--rule", rule, "--internal", "--json").json
        counted = world.counted(
            world.agreed(sets, rule, verdicts.get(one)) for one, sets in everything.items()
        )
        n = 2 * HALF if rule.startswith("coder:") else ANSWERED
        assert told["n"]["asked"] == ANSWERED + BLANK
        assert told["n"]["answered"] == ANSWERED
        assert told["n"]["coded"] == n
        rows = {row["code"]: row for row in told["rows"]}
        for code in THEMES:
            row, k = rows[code], counted[code]
            assert (row["k"], row["n"]) == (k, n), (rule, code)
            assert row["percent"] == pytest.approx(100 * k / n)
            assert (row["low"], row["high"]) == pytest.approx(world.wilson(k, n), abs=1e-9)
        assert rows.get(world.COST, {"k": 0})["k"] == 0
