"""`suggest` and what it writes: one run a question, shown when finished, never a coding."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.store import suggestions
from qualcode.suggest import vectors
from studies import BOOK, apply_book, errors, make, plant, read_csv, take_in, take_in_codings
from topics import BOOK as TOPICS_BOOK
from topics import CODES, answers, survey, topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

    Command = Callable[..., Done]

COLUMNS = ["respondent", "question", "code", "probability", "calibrated", "source", "evidence"]


@pytest.fixture(scope="module")
def topics_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return topics(tmp_path_factory.mktemp("topics"))


@pytest.fixture
def study(topics_built: Path, tmp_path: Path) -> Path:
    """150 answers to one question, 60 of them coded by ana and ben."""
    return Path(shutil.copyfile(topics_built, tmp_path / "study.db"))


def table(study: Path, name: str) -> list[Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(f"SELECT * FROM {name}")


def exported(study: Path, qualcode: Command, *words: object) -> list[list[str]]:
    """The rows of the exported suggestions."""
    out = study.with_name("suggestions.csv")
    done = qualcode("export", study, "suggestions", out, *words)
    assert (done.code, done.out) == (0, "")
    columns, *rows = read_csv(out)
    assert columns == COLUMNS
    return rows


def test_it_writes_suggestions_and_never_codings(study: Path, qualcode: Command) -> None:
    before = [table(study, name) for name in ("coding", "mark", "coder")]
    acts = len(table(study, "act"))

    assert qualcode("suggest", study, "--by", "eva").code == 0

    assert [table(study, name) for name in ("coding", "mark", "coder")] == before
    journal = table(study, "v_journal")
    assert len(journal) == acts + 1
    assert journal[-1][3:5] == ("eva", "suggest")
    assert len(table(study, "v_suggestion")) >= 150 * 5
    assert errors(study) == []


def test_the_json_says_what_the_run_was(study: Path, qualcode: Command) -> None:
    done = qualcode("suggest", study, "--seed", 3, "--top", 2, "--no-vectors", "--json")

    assert (done.code, done.err) == (0, "")
    (found,) = done.json["questions"]
    assert {name: found[name] for name in ("question", "answers", "labels", "calibrated")} == {
        "question": "why",
        "answers": 150,
        "labels": 60,
        "calibrated": True,
    }
    assert found["codebooks"] == [{"name": "Topics", "version": 1}]
    assert set(found["thresholds"]) == set(CODES)
    assert set(found["thresholds"].values()) == {found["threshold"]}
    assert found["settings"]["seed"] == 3
    assert found["settings"]["vectors"] is False
    (run,) = table(study, "v_suggestion_run")
    assert run[0] == found["run"]
    rows = exported(study, qualcode, "--top", 0)
    assert len(rows) == found["above"]
    assert min(float(row[3]) for row in rows) >= found["threshold"]


def test_the_figures_are_those_of_evaluate(study: Path, qualcode: Command) -> None:
    (run,) = qualcode("suggest", study, "--json").json["questions"]
    judged = qualcode("evaluate", study, "--json", "--model", "hybrid").json["models"][0]

    assert run["figures"]["micro_f1"] > 0.5
    assert run["figures"] == {name: judged[name] for name in run["figures"] if name != "reason"} | {
        "reason": None
    }


def test_the_table_has_a_line_for_every_question(small: Path, qualcode: Command) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    done = qualcode("suggest", small)

    head, _, why, how = done.out.splitlines()
    assert head.split()[:3] == ["question", "run", "answers"]
    assert why.split()[:6] == ["why", "1", "4", "1", "Small", "1"]
    assert how.split()[:6] == ["how", "2", "5", "0", "Small", "1"]
    assert "None" not in done.out + done.err


def test_what_is_exported_are_the_codes_above_and_the_first(study: Path, qualcode: Command) -> None:
    qualcode("suggest", study)
    rows = exported(study, qualcode, "--top", 2)

    assert list(dict.fromkeys(row[0] for row in rows)) == [f"r{i}" for i in range(150)]
    for name in ("r0", "r77", "r149"):
        own = [float(row[3]) for row in rows if row[0] == name]
        assert len(own) >= 2
        assert own == sorted(own, reverse=True)
    assert {(row[1], *row[4:6]) for row in rows} == {("why", "true", "hybrid, 60 labels")}
    assert any(row[6] for row in rows)
    assert len(exported(study, qualcode)) >= 5 * 150


def test_the_suggestions_follow_the_coders(study: Path, qualcode: Command) -> None:
    qualcode("suggest", study)
    best = {}
    for row in exported(study, qualcode):
        best.setdefault(row[0], row[2])
    truth = {f"r{i}": codes for i, (_, codes) in enumerate(answers(150))}

    unseen = [name for name in truth if int(name[1:]) >= 60]
    assert sum(best[name] in truth[name] for name in unseen) > 0.8 * len(unseen)


def test_the_view_and_the_export_say_the_same(study: Path, qualcode: Command) -> None:
    qualcode("suggest", study)
    rows = exported(study, qualcode)
    with Study.open(study, readonly=True) as opened:
        shown = opened.database.rows(
            "SELECT respondent, question, code, probability, calibrated, source, evidence"
            " FROM v_suggestion"
        )

    as_text = {(*row[:3], repr(row[3]), str(bool(row[4])).lower(), *row[5:]) for row in shown}
    assert as_text == {tuple(row) for row in rows}


def test_without_a_label_the_codebook_alone_suggests(tmp_path: Path, qualcode: Command) -> None:
    study = topics(tmp_path, labels=0)
    (found,) = qualcode("suggest", study, "--json").json["questions"]

    assert (found["labels"], found["calibrated"]) == (0, False)
    assert found["figures"]["reason"] == "too_few"
    assert found["figures"]["micro_f1"] is None
    rows = exported(study, qualcode)
    assert {tuple(row[4:6]) for row in rows} == {("false", "hybrid, 0 labels")}
    assert all(0 <= float(row[3]) <= 1 for row in rows)
    assert "None" not in qualcode("suggest", study, "--restart").out


def test_again_it_scores_only_if_something_has_changed(study: Path, qualcode: Command) -> None:
    assert qualcode("suggest", study).err == ""
    again = qualcode("suggest", study)
    assert "nothing has changed" in again.err
    assert len(table(study, "suggestion_run")) == 1

    for words in (("--restart",), ("--seed", 1), ("--top", 3)):
        assert qualcode("suggest", study, *words).code == 0
    assert len(table(study, "suggestion_run")) == 4
    take_in_codings(study, "r100,why,ana,food,,")
    (found,) = qualcode("suggest", study, "--top", 3, "--json").json["questions"]
    assert (found["run"], found["labels"], found["notes"]) == (5, 61, [])
    assert {row[0] for row in table(study, "suggestion")} == {5}


def test_one_question_can_be_named(small: Path, qualcode: Command) -> None:
    found = qualcode("suggest", small, "--question", "how", "--json").json

    assert [question["question"] for question in found["questions"]] == ["how"]
    assert [row[1] for row in exported(small, qualcode, "--top", 1)] == ["how"] * 5


def test_a_question_without_codes_is_passed_over_unless_it_is_named(
    tmp_path: Path, qualcode: Command
) -> None:
    study = make(tmp_path, books=[f"{BOOK}questions: [how]\n"])
    done = qualcode("suggest", study)
    assert (done.code, done.err) == (0, "note: why has no codes and is passed over\n")
    found = qualcode("suggest", study, "--json")
    assert (found.err, found.json["notes"]) == ("", ["why has no codes and is passed over"])

    done = qualcode("suggest", study, "--question", "why")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: there is no code to suggest for why\nHint: ")


def test_a_changed_answer_and_a_retired_code_are_left_out_and_said(
    study: Path, qualcode: Command
) -> None:
    qualcode("suggest", study)
    texts = [text for text, _ in answers(150)]
    take_in(study, survey(["changed", *texts[1:], "a new one"]))
    retired = TOPICS_BOOK.replace("    name: Food\n", "    name: Food\n    retired: true\n")
    apply_book(study, retired.replace("version: 1", "version: 2"))
    done = qualcode("export", study, "suggestions", study.with_name("out.csv"))

    rows = read_csv(study.with_name("out.csv"))[1:]
    assert "2 answers to why changed or came after the last run and are left out" in done.err
    assert "left out, because retired since: food" in done.err
    assert not {"r0", "r150", "food"} & {cell for row in rows for cell in row[:3]}
    qualcode("suggest", study)
    rows = exported(study, qualcode)
    assert {"r0", "r150"} < {row[0] for row in rows}
    assert "food" not in {row[2] for row in rows}


def test_context_and_thresholds_of_the_design_are_used(study: Path, qualcode: Command) -> None:
    done = qualcode("design", study, "--context", "why=region", "--threshold", "food=0.9")
    assert done.code == 0
    (found,) = qualcode("suggest", study, "--json").json["questions"]

    assert found["settings"]["context"] == ["region"]
    assert found["thresholds"]["food"] == 0.9
    assert found["threshold"] == found["thresholds"]["staff"] != 0.9
    qualcode("design", study, "--threshold", "Food=")
    (found,) = qualcode("suggest", study, "--json").json["questions"]
    assert found["thresholds"]["food"] == found["threshold"]


def test_the_same_seed_gives_the_same_suggestions(study: Path, qualcode: Command) -> None:
    qualcode("suggest", study)
    first = exported(study, qualcode)
    qualcode("suggest", study, "--restart")

    assert exported(study, qualcode) == first


def test_ctrl_c_after_the_last_answer_keeps_the_next_question_from_being_begun(
    small: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(suggestions, "sweep", pressed)
    done = qualcode("suggest", small)
    signal.signal(signal.SIGINT, before)

    assert (done.code, done.out) == (130, "")
    assert done.err == "why: stopped at 4 of 4; the same command goes on from there\n"
    assert [row[3] for row in table(small, "v_suggestion_run")] == ["why"]
    monkeypatch.undo()
    again = qualcode("suggest", small)
    assert again.err.startswith("why: nothing has changed since the last run")
    assert [row[3] for row in table(small, "v_suggestion_run")] == ["why", "how"]


REFUSED = {
    "an unknown question": (("--question", "wy"), 3, "there is no question “wy”"),
    "no process": (("--jobs", "0"), 2, "--jobs"),
    "no code kept": (("--top", "0"), 2, "--top"),
    "a seed below 0": (("--seed", "-1"), 2, "--seed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_one_error(study: Path, case: str, qualcode: Command) -> None:
    words, code, told = REFUSED[case]
    done = qualcode("suggest", study, *words)

    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert len(done.err.splitlines()) <= 2
    assert table(study, "suggestion_run") == []


def test_a_file_that_is_no_study_is_refused(tmp_path: Path, qualcode: Command) -> None:
    (tmp_path / "text.db").write_text("text")
    for command in ("suggest", "evaluate"):
        assert qualcode(command, tmp_path / "text.db").code == 2
        assert qualcode(command, tmp_path / "none.db").code == 3


def test_word_vectors_that_are_wanted_and_absent_name_the_extra(
    study: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_PACKAGE", "no_such_package")
    vectors._load.cache_clear()
    for command in ("suggest", "evaluate"):
        done = qualcode(command, study, "--vectors")
        assert (done.code, done.out) == (5, "")
        assert done.err.splitlines()[1] == "Hint: pip install 'qualcode[embeddings]'"
    assert qualcode("suggest", study, "--json").json["questions"][0]["settings"]["vectors"] is False
    vectors._load.cache_clear()


def test_an_export_without_a_run_names_the_command(study: Path, qualcode: Command) -> None:
    out = study.with_name("out.csv")
    done = qualcode("export", study, "suggestions", out)

    assert (done.code, done.out) == (1, "")
    assert "qualcode suggest" in done.err
    assert not out.exists()


def test_more_than_was_kept_cannot_be_exported(study: Path, qualcode: Command) -> None:
    qualcode("suggest", study, "--top", 2)
    out = study.with_name("out.csv")
    done = qualcode("export", study, "suggestions", out, "--top", 3)

    assert done.code == 2
    assert "`qualcode suggest --top 3` keeps more" in done.err
    assert not out.exists()
    qualcode("suggest", study, "--top", 99)
    assert len(exported(study, qualcode, "--top", 99)) == 150 * len(CODES)


def test_top_goes_with_suggestions(study: Path, qualcode: Command) -> None:
    done = qualcode("export", study, "codings", study.with_name("out.csv"), "--top", 3)

    assert done.code == 2
    assert done.err.startswith("Error: --top goes with suggestions\n")


NAMELESS = "codebook: Bare\nversion: 1\ncodes:\n  - key: a\n    name: A\n  - key: b\n    name: B\n"
ONE = "codebook: One\nversion: 1\ncodes:\n  - key: only\n    name: Only\n"
CHINESE = ("服务态度很好", "等待时间太长", "医生很友好", "排队太久了", "护士非常热情", "停车位不够")
ODD: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "no definitions": (("one thing", "another thing"), NAMELESS, ("r0,why,ana,a,,",)),
    "one code": (("one thing", "another thing"), ONE, ("r0,why,ana,only,,", "r1,why,ana,,,")),
    "one label": (("one thing", "another thing"), NAMELESS, ("r0,why,ana,b,,",)),
    "all blank": (("", "-", "n/a"), NAMELESS, ()),
    "no spaces": (CHINESE, NAMELESS, ("r0,why,ana,a,,", "r1,why,ana,b,,", "r2,why,ana,a,,")),
    "all the same": (("the same",) * 10_000, NAMELESS, ("r0,why,ana,a,,", "r1,why,ben,b,,")),
    "nobody gave a code": (("one", "two"), NAMELESS, ("r0,why,ana,,,", "r1,why,ana,,,")),
}


@pytest.mark.parametrize("case", ODD)
def test_every_odd_study_gives_a_sound_result(tmp_path: Path, case: str, qualcode: Command) -> None:
    texts, book, codings = ODD[case]
    study = make(tmp_path, survey(texts), [book], questions=(("why", "why"),))
    if codings:
        take_in_codings(study, *codings)
    done = qualcode("suggest", study)

    assert (done.code, done.err) == (0, "")
    assert "None" not in done.out
    assert "nan" not in done.out
    rows = exported(study, qualcode)
    asked = 0 if case == "all blank" else len(texts)
    assert len({row[0] for row in rows}) == asked
    assert all(0 <= float(row[3]) <= 1 for row in rows)


def test_codings_of_a_retired_code_teach_nothing(study: Path, qualcode: Command) -> None:
    retired = TOPICS_BOOK.replace("    name: Food\n", "    name: Food\n    retired: true\n")
    apply_book(study, retired.replace("version: 1", "version: 2"))

    (found,) = qualcode("suggest", study, "--json").json["questions"]
    assert set(found["thresholds"]) == set(CODES) - {"food"}
    assert qualcode("evaluate", study).code == 0


def test_a_language_that_nobody_knows_is_refused(study: Path, qualcode: Command) -> None:
    plant(study, "UPDATE code SET keywords = '[\"staff\"]' WHERE path = 'staff'")
    plant(
        study,
        """INSERT INTO setting (name, value) VALUES ('suggestions', '{"language": "zz"}')""",
    )
    done = qualcode("suggest", study)

    assert done.code == 2
    assert "language “zz”" in done.err
    assert table(study, "suggestion_run") == []
