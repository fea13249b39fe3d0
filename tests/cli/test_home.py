"""The home screen from the command line: its numbers, and when it opens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pexpect
import pytest

from frames import PATIENCE
from studies import take_in_codings
from tui.test_terminal import SRC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def coded(small: Path) -> Path:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ben,cost,,", "r2,why,ben,reach,,")
    return small


def test_its_json_holds_all_of_info_and_more(coded: Path, qualcode: Callable[..., Done]) -> None:
    info, found = qualcode("info", coded, "--json").json, qualcode("home", coded, "--json").json
    assert info.items() <= found.items()
    assert found["coder"] is None
    assert found["progress"][1] == {
        "question": "why",
        "coder": "ben",
        "coded": 2,
        "substantive": 4,
        "to_code": 4,
        "percent": 50.0,
        "to_confirm": 0,
        "to_recode": 0,
    }
    assert found["agreement"][0]["n_multiply_coded"] == 1
    assert set(found["agreement"][0]["mean_alpha"]) == {"value", "se", "low", "high", "reason"}
    assert found["waiting"][0] == {
        "question": "why",
        "to_confirm": 0,
        "to_recode": 0,
        "disagreements": 1,
        "to_settle": 1,
        "sent_back": 0,
        "review": 0,
        "flagged": 0,
        "memos": 0,
        "quotes": {"open": 1, "cleared": 0, "withheld": 0},
    }
    assert found["suggestions"][0] == {"question": "why", "finished": None, "answers": None}


def test_agreement_is_that_of_its_command(sample: Path, qualcode: Callable[..., Done]) -> None:
    found = qualcode("home", sample, "--json").json["agreement"]
    for one in found[:2]:
        other = qualcode("agreement", sample, "--question", one["question"], "--json").json
        assert one["mean_alpha"] == other["overall"]["mean_alpha"]
        assert one["n_multiply_coded"] == other["n_multiply_coded"]


def test_a_coder_gets_their_own_numbers(coded: Path, qualcode: Callable[..., Done]) -> None:
    found = qualcode("home", coded, "--coder", "ana", "--json")
    assert found.json["coder"] == "ana"
    assert "ben" not in found.out
    assert found.json["agreement"] is None
    assert found.json["waiting"][0]["review"] is None
    assert qualcode("home", coded, "--coder", "anna", "--json").code == 3


def test_a_coder_learns_of_a_split_only_what_is_theirs(
    coded: Path, qualcode: Callable[..., Done]
) -> None:
    assert qualcode("codebook", "split", coded, "reach", "near", "far").code == 0
    whole = qualcode("home", coded, "--json").json
    assert whole["questions"][0]["split"] == {"ana": 1, "ben": 1}
    assert [one["to_recode"] for one in whole["progress"][:2]] == [1, 1]
    own = qualcode("home", coded, "--coder", "ana", "--json")
    assert own.json["questions"][0]["split"] == {"ana": 1}
    assert own.json["waiting"][0]["to_recode"] == 1
    assert "ben" not in own.out


def test_without_a_terminal_a_study_is_shown_as_info_does(
    coded: Path, qualcode: Callable[..., Done]
) -> None:
    for words in ((), ("--json",)):
        assert qualcode(coded, *words).out == qualcode("info", coded, *words).out
    done = qualcode("home", coded)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: the home screen needs a terminal\nHint: --json prints everything that it shows\n"
    )


@pytest.mark.parametrize("words", [(), ("--coder", "ana")])
def test_in_a_terminal_a_study_opens(coded: Path, words: tuple[str, ...]) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "qualcode", str(coded), *words],
        env={"PYTHONPATH": str(SRC), "TERM": "xterm-256color", "PATH": "/usr/bin:/bin"},
        dimensions=(24, 100),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    child.expect("the work of ana" if words else "the whole study, for its lead")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert not list(coded.parent.glob("study.db-*")), "a closed study is one file"


def test_in_a_terminal_json_is_still_that_of_info(
    coded: Path, qualcode: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True, raising=False)
    assert qualcode(coded, "--json").json == qualcode("info", coded, "--json").json
