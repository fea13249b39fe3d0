"""What was changed on both sides is named, and settled by a rule that holds in any order."""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copies import bring, common, copy_of, undo_all, work
from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.store import journal
from qualcode.study import agreement
from qualcode.study import design as designs
from studies import BOOK, SURVEY, apply_book, codings, errors, plant, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.study.merging import Merged


@pytest.fixture
def origin(small: Path) -> Path:
    """A study on which two coders have begun."""
    work(small, [("ana", "toggle", "r1", 0), ("ben", "toggle", "r1", 1)])
    return small


def rows(study: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(study)) as plain:
        return plain.execute(sql).fetchall()


def both_ways(one: Path, two: Path) -> Merged:
    """Merge each into the other: the same comes out; what the first merge told."""
    other = copy_of(two, "other")
    told = bring(one, two)
    bring(other, copy_of(one, "merged"))
    assert common(one) == common(other)
    return told


def said(merged: Merged) -> list[tuple[str, str]]:
    return [(each.about, each.message) for each in merged.differences]


def test_the_work_of_two_coders_comes_together(origin: Path) -> None:
    copy = copy_of(origin, "ben")
    work(origin, [("ana", "toggle", "r2", 1), ("ana", "decide", "r2", 0)])
    work(copy, [("ben", "toggle", "r2", 2), ("ben", "flag", "r6", 0), ("ben", "undo", "r6", 0)])
    merged = both_ways(origin, copy)
    assert said(merged) == []
    (brought,) = merged.copies
    assert (brought.steps, brought.acts) == (3, 3)
    assert codings(origin) == [
        ("r1", "why", "ana", "reach", None, None),
        ("r1", "why", "ben", "cost", None, None),
        ("r2", "why", "ana", "cost", None, None),
        ("r2", "why", "ben", "cost/cheap", None, None),
    ]


def test_of_one_coder_on_one_answer_the_later_side_stands_as_a_whole(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("ana", "toggle", "r1", 1), ("ana", "memo", "r1", 1)])
    work(copy, [("ana", "toggle", "r1", 0), ("ana", "toggle", "r1", 2)])
    merged = both_ways(origin, copy)
    ((about, message),) = said(merged)
    assert about == "coding"
    assert message.startswith("ana coded r1, why on both sides; the side that was at work last")
    assert [row for row in codings(origin) if row[2] == "ana"] == [
        ("r1", "why", "ana", "cost/cheap", None, None)
    ]
    assert rows(origin, "SELECT count(*) FROM lost") == [(2,)]
    assert rows(origin, "SELECT count(*) FROM mark") == [(0,)]
    assert bring(origin, copy).is_nothing


def test_a_third_copy_can_turn_the_scale(origin: Path) -> None:
    one, two, three = (copy_of(origin, name) for name in ("one", "two", "three"))
    work(one, [("ana", "toggle", "r1", 1)])
    bring(three, one)
    work(two, [("ana", "toggle", "r1", 2)])
    bring(origin, one, two)
    assert ("r1", "why", "ana", "cost/cheap", None, None) in codings(origin)
    work(three, [("ana", "decide", "r1", 0)])
    merged = bring(origin, three)
    assert [about for about, _ in said(merged)] == ["coding"]
    assert ("r1", "why", "ana", "cost", None, None) in codings(origin)
    assert rows(origin, "SELECT count(*) FROM lost") == [(1,)]


def test_a_machine_whose_time_went_back_does_not_lose(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(origin, "copy")
    work(copy, [("ana", "toggle", "r1", 1)])
    bring(origin, copy)
    monkeypatch.setattr(journal.time, "time_ns", lambda: 1)
    work(origin, [("ana", "toggle", "r1", 2)])
    monkeypatch.undo()
    time.sleep(0.002)
    bring(copy, origin)
    assert codings(copy) == codings(origin)
    assert ("r1", "why", "ana", "cost/cheap", None, None) in codings(copy)
    clocks = [clock for (clock,) in rows(origin, "SELECT clock FROM step ORDER BY id")]
    assert clocks == sorted(set(clocks))


def test_steps_that_no_longer_count_are_no_step_of_undo(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("ana", "toggle", "r1", 1), ("ana", "toggle", "r2", 0)])
    work(copy, [("ana", "toggle", "r1", 2), ("ana", "decide", "r5", 0)])
    both_ways(origin, copy)
    with Study.open(origin) as study:
        undone = [study.undo("ana") for _ in range(5)]
        kinds = [change and (change.kind, change.acts) for change in undone]
        assert kinds == [("decide", 1), ("code", 1), ("code", 1), ("code", 1), None]
        assert study.undo("ben")
    assert codings(origin) == []
    assert errors(origin) == []
    with Study.open(origin) as study:
        for _ in range(4):
            assert study.redo("ana")
    assert rows(origin, "SELECT count(*) FROM coding") == [(3,)]
    assert errors(origin) == []


def test_a_step_of_which_a_part_counts_is_taken_back_in_that_part(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    with Study.open(origin) as study:
        session, _ = study.session("ana", "why")
        for _ in session.group_identical():
            pass
        twins = [answer for answer in session.queue() if session.answer(answer).twins]
        assert session.toggle(twins[0], session.codes[0].id).acts == 2  # type: ignore[union-attr]
    work(copy, [("ana", "toggle", "r5", 2)])
    bring(origin, copy)
    with Study.open(origin) as study:
        changes = [study.undo("ana") for _ in range(3)]
    assert [change and change.acts for change in changes] == [1, 1, 1]
    assert [row for row in codings(origin) if row[2] == "ana"] == []
    assert errors(origin) == []


def test_the_last_verdict_stands_whoever_gave_it(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("ana", "adjudicate", "r1", 0)])
    work(copy, [("ben", "adjudicate", "r1", 1)])
    ((about, message),) = said(both_ways(origin, copy))
    assert about == "verdict"
    assert message.startswith("r1, why was settled on both sides; what ben did last")
    assert rows(origin, "SELECT adjudicator, code FROM v_verdict") == [("ben", "cost")]
    undo_all(origin)
    assert rows(origin, "SELECT adjudicator, code FROM v_verdict") == []
    assert errors(origin) == []


def test_questions_of_both_sides_are_all_there_and_an_answer_answers_its_own(
    origin: Path,
) -> None:
    work(origin, [("ana", "ask", "r1", 1)])
    copy = copy_of(origin, "copy")
    work(copy, [("ben", "decide", "r1", 0)])
    time.sleep(0.002)
    work(origin, [("ana", "ask", "r1", 3), ("ana", "ask", "r2", 5)])
    assert said(both_ways(origin, copy)) == []
    asked = "SELECT respondent, coder, text, is_answered FROM v_query WHERE coder = 'ben'"
    assert sorted(rows(origin, asked)) == [
        ("r1", "ben", "why 1?", 1),
        ("r1", "ben", "why 3?", 0),
        ("r2", "ben", "why 5?", 0),
    ]
    with Study.open(origin) as study:
        session, _ = study.session("ben", "why")
        assert study.undo("ben")
        assert sorted(session.answer(session.queue()[0]).asked) == ["why 1?", "why 3?"]
    assert errors(origin) == []


def test_questions_and_verdicts_know_people_who_have_other_numbers_elsewhere(
    origin: Path,
) -> None:
    copy = copy_of(origin, "copy")
    for path, new, other in ((origin, "cem", "zoe"), (copy, "zoe", "cem")):
        with Study.open(path) as study:
            for name in (new, f"{new}2"):
                study.session(name, "why")
        work(path, [(new, "toggle", "r1", 2), (new, "adjudicate", "r2", 0)])
        with Study.open(path) as study:
            lead = study.adjudicating(f"{new}2", "why")
            lead.send_back(lead.answer_of("r1"), f"not from {other}")
            study.session(new, "why")[0].decide(lead.answer_of("r1"))
    both_ways(origin, copy)
    assert sorted(rows(origin, "SELECT adjudicator, coder, is_answered FROM v_query")) == [
        *(("cem2", "ana", 0), ("cem2", "ben", 0), ("cem2", "cem", 1)),
        *(("zoe2", "ana", 0), ("zoe2", "ben", 0), ("zoe2", "zoe", 1)),
    ]
    assert rows(origin, "SELECT adjudicator FROM v_verdict") == [("zoe",)]
    assert errors(origin) == []


def test_what_one_takes_back_on_two_copies_comes_back_once(origin: Path) -> None:
    work(origin, [("ana", "ask", "r1", 0)])
    copy = copy_of(origin, "copy")
    for path in (origin, copy):
        work(path, [("ana", "undo", "r1", 0)])
    both_ways(origin, copy)
    assert rows(origin, "SELECT count(*) FROM query") == [(0,)]
    work(origin, [("ana", "redo", "r1", 0)] * 3)
    assert rows(origin, "SELECT text, is_answered FROM query") == [("why 0?", 0)]
    assert errors(origin) == []


def test_the_last_word_on_a_quote_stands(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("ana", "clear", "r1", 1), ("ben", "clear", "r1", 1)])
    work(copy, [("ana", "clear", "r1", 2)])
    ((about, message),) = said(both_ways(origin, copy))
    assert about == "quote"
    assert message.startswith("ana cleared r1, why as a quote on both sides")
    assert rows(origin, "SELECT person, state FROM v_quote ORDER BY 1") == [
        ("ana", "withheld"),
        ("ben", "cleared"),
    ]


def test_the_same_later_file_on_both_sides_is_one(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    later = SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,new words") + "r7,,,1,late,\n"
    take_in(origin, later)
    take_in(copy, later)
    work(origin, [("ana", "decide", "r7", 0)])
    work(copy, [("ben", "decide", "r7", 0)])
    merged = both_ways(origin, copy)
    assert said(merged) == []
    assert merged.copies[0].answers == merged.copies[0].respondents == 0
    versions = "SELECT version, is_current, text FROM v_response WHERE question = 'why' AND "
    assert rows(origin, versions + "respondent = 'r7'") == [(1, 1, "late")]
    assert rows(origin, versions + "respondent = 'r2'") == [(1, 0, "same"), (2, 1, "new words")]


def test_a_text_that_went_apart_has_the_later_import_on_top(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    take_in(origin, SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,here"))
    take_in(copy, SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,there"))
    work(origin, [("ana", "toggle", "r2", 0)])
    work(copy, [("ben", "toggle", "r2", 1)])
    ((about, message),) = said(both_ways(origin, copy))
    assert about == "answer"
    assert message.startswith("r2, why: its text was changed on both sides; “there” was imported")
    assert rows(
        origin,
        "SELECT version, is_current, text FROM v_response WHERE respondent = 'r2'"
        " AND question = 'why'",
    ) == [(1, 0, "same"), (2, 0, "here"), (3, 1, "there")]
    assert rows(
        origin, "SELECT coder, version FROM v_coding WHERE respondent = 'r2' ORDER BY 1"
    ) == [("ana", 2), ("ben", 3)]


def test_attributes_join_and_the_later_import_wins(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    take_in(origin, SURVEY.replace("r1,north,yes,1.5", "r1,west,yes,2"))
    take_in(copy, SURVEY.replace("r1,north", "r1,east").replace("r2,south,yes", "r2,south,no"))
    ((about, message),) = said(both_ways(origin, copy))
    assert about == "attribute"
    assert message.startswith("respondent r1, region: “east” was imported later and stands; the")
    known = dict(rows(origin, "SELECT name, attributes FROM respondent"))
    assert json.loads(known["r1"]) == {"region": "east", "asked": "yes", "weight": "2"}
    assert json.loads(known["r2"])["asked"] == "no"


def test_statuses_follow_from_rules_and_attributes_of_both_sides(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    take_in(origin, SURVEY.replace("r4,south,yes", "r4,south,no"))
    with Study.open(copy) as study:
        rule = {"why": 'asked == "yes"'}
        designs.change(study.database, {"weight": "weight"}, rule, by="tester")
    assert said(both_ways(origin, copy)) == []
    statuses = "SELECT respondent, status FROM v_response WHERE question = 'why' AND is_current"
    assert dict(rows(origin, statuses))["r4"] == "not_asked"
    with Study.open(origin, readonly=True) as study:
        assert designs.read(study.database).weight == "weight"


def test_a_design_that_went_apart_is_named(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    for path, column, rule in ((origin, "region", "weight >= 1"), (copy, "asked", "weight >= 2")):
        with Study.open(path) as study:
            designs.change(study.database, {"stratum": column}, {"how": rule}, by="tester")
    assert said(both_ways(origin, copy)) == [
        ("rule", "who was asked how: the later rule stands"),
        ("setting", "the columns of the design: changed on both sides; the later stands"),
    ]
    with Study.open(origin, readonly=True) as study:
        design = designs.read(study.database)
    assert (design.stratum, design.asked_if) == ("asked", {"how": "weight >= 2"})


def test_a_codebook_that_one_side_changed_is_taken(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    apply_book(copy, BOOK.replace("version: 1", "version: 2") + "  - key: new\n    name: New\n")
    take_in_codings(copy, "r6,why,ben,new,,")
    merged = both_ways(origin, copy)
    assert said(merged) == []
    assert merged.copies[0].codes == ["new"]
    with Study.open(origin, readonly=True) as study:
        (book,) = study.codebooks
    assert (book.version, book.by_path()["new"].hotkey) == (2, "f")


def test_a_codebook_that_went_apart_is_named_and_loses_no_coding(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    apply_book(origin, BOOK + "  - key: mine\n    name: Mine\n  - key: both\n    name: B\n")
    take_in_codings(origin, "r6,why,ana,mine,,", "r5,why,ana,both,,")
    apply_book(copy, BOOK + "  - key: yours\n    name: Yours\n  - key: both\n    name: Both\n")
    take_in_codings(copy, "r5,why,ben,both,,")
    (book, kept) = said(both_ways(origin, copy))
    assert book[0] == kept[0] == "codebook"
    assert book[1].startswith("“Small” went apart: its version 1 by tester is the later one")
    assert kept[1].startswith("the code mine is not in the version that stands")
    listed = "SELECT path, name, is_retired FROM v_code WHERE path IN ('mine', 'yours', 'both')"
    assert rows(origin, listed + " ORDER BY 1") == [
        ("both", "Both", 0),
        ("mine", "Mine", 1),
        ("yours", "Yours", 0),
    ]
    assert rows(origin, "SELECT count(*) FROM codebook_version") == [(3,)]
    assert {(row[0], row[2], row[3]) for row in codings(origin)} >= {
        ("r6", "ana", "mine"),
        ("r5", "ana", "both"),
        ("r5", "ben", "both"),
    }
    applied = apply_book(
        origin, BOOK + "  - key: yours\n    name: Yours\n  - key: both\n    name: X\n"
    )
    assert applied.removed == ()
    assert ("mine", "Mine", 1) in rows(origin, listed)
    apply_book(origin, BOOK + "  - key: mine\n    name: Mine\n  - key: both\n    name: X\n")
    assert ("mine", "Mine", 0) in rows(origin, listed)
    assert errors(origin) == []


def test_two_new_codebooks_for_one_question_part_their_letters(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    book = "codebook: {}\nversion: 1\ncodes:\n  - key: {}\n    name: X\n  - key: z\n    name: Z\n"
    apply_book(origin, book.format("Two", "two"))
    apply_book(copy, book.format("One", "one"))
    told = [message for about, message in said(both_ways(origin, copy)) if about == "codebook"]
    assert told == [
        "the code z is in “One” and in “Two” for one question: rename one",
        "the letter “f” of two of “Two” belongs to “One” too, and stays there",
        "the letter “g” of z of “Two” belongs to “One” too, and stays there",
    ]
    letters = "SELECT hotkey FROM v_code WHERE codebook = '{}' ORDER BY path"
    assert rows(origin, letters.format("One")) == [("f",), ("g",)]
    assert rows(origin, letters.format("Two")) == [("",), ("",)]


def test_two_people_of_one_name_are_refused_or_said_to_be_one(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("Eva", "toggle", "r1", 0), ("Eva", "toggle", "r2", 0)])
    work(copy, [("eva", "toggle", "r1", 1)])
    before = origin.read_bytes()
    with pytest.raises(Conflict, match="“Eva”: another coder of that name") as refused:
        bring(origin, copy)
    assert refused.value.exit_code == 4
    assert "--same Eva" in refused.value.hint
    assert origin.read_bytes() == before
    other = copy_of(copy, "other")
    bring(origin, copy, same=["eva"])
    bring(other, origin, same=["eva"])
    assert common(origin) == common(other)
    assert [row for row in codings(origin) if row[2].casefold() == "eva"] == [
        ("r1", "why", "eva", "cost", None, None),
        ("r2", "why", "eva", "reach", None, None),
    ]
    assert bring(origin, copy).is_nothing
    with pytest.raises(NotFound, match="no coder “zoe”"):
        bring(origin, copy, same=["zoe"])


def test_the_later_name_of_a_coder_stands(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    with Study.open(origin) as study:
        study.rename_coder("ana", "Anna", by="tester")
        study.rename_coder("ben", "ana", by="tester")
    with Study.open(copy) as study:
        study.rename_coder("ana", "Anne", by="tester")
    ((about, message),) = said(both_ways(origin, copy))
    assert about == "coder"
    assert message == (
        "“Anna” and “Anne” are two new names of one coder; “Anne” was given later and stands"
    )
    assert sorted(rows(origin, "SELECT name FROM coder")) == [("Anne",), ("ana",)]


def test_two_changes_at_the_same_moment_are_named(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(origin, "copy")
    # The clock of both goes on from the newest step that they share, so that the times are equal.
    monkeypatch.setattr(journal.time, "time_ns", lambda: 1)
    for path, name in ((origin, "Anna"), (copy, "Anne")):
        with Study.open(path) as study:
            study.rename_coder("ana", name, by="tester")
    assert [about for about, _ in said(both_ways(origin, copy))] == ["coder"]


def test_queues_and_agreement_runs_come_together(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(origin, [("ana", "queue", "r1", 1)])
    work(copy, [("ana", "queue", "r1", 1), ("ana", "queue", "r1", 2)])
    with Study.open(copy) as study:
        question = study.question("why")
        agreement.save(study.database, agreement.measure(study.database, question), by="ana")
    both_ways(origin, copy)
    assert rows(origin, "SELECT seed, is_active FROM queue ORDER BY 1") == [(0, 1), (1, 0)]
    assert rows(origin, "SELECT count(*) FROM agreement_run") == [(1,)]


def test_what_copies_gave_uids_of_their_own_is_matched_by_what_it_is(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    later = SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,new words") + "r7,,,1,late,\n"
    book = BOOK + "  - key: new\n    name: New\n"
    for path in (origin, copy):
        take_in(path, later)
        apply_book(path, book)
        last = "(SELECT max(id) FROM {}) "
        plant(
            path,
            "DROP TRIGGER response_is_final",
            f"UPDATE response SET uid = randomblob(16) WHERE id > {last.format('response')} - 2",
            f"UPDATE code SET uid = randomblob(16) WHERE id = {last.format('code')}",
            "CREATE TRIGGER response_is_final BEFORE UPDATE OF text, uid, respondent_id,"
            " question_id, version ON response\nBEGIN SELECT RAISE(ABORT,"
            " 'an answer is never overwritten'); END",
        )
    take_in_codings(origin, "r7,why,ana,new,,")
    take_in_codings(copy, "r7,why,ben,new,,")
    both_ways(origin, copy)
    assert rows(origin, "SELECT count(*) FROM v_response WHERE respondent = 'r7'") == [(2,)]
    assert rows(origin, "SELECT count(*) FROM v_code WHERE path = 'new'") == [(1,)]
    assert [row[2:4] for row in codings(origin) if row[0] == "r7"] == [
        ("ana", "new"),
        ("ben", "new"),
    ]


@pytest.mark.parametrize("version", range(1, 6))
def test_copies_of_an_older_qualcode_come_together(tmp_path: Path, version: int) -> None:
    packed = Path(__file__).parent / "studies" / f"version-{version}.db.gz"
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    one.write_bytes(gzip.decompress(packed.read_bytes()))
    two.write_bytes(one.read_bytes())
    work(one, [("ana", "toggle", "r6", 1)])
    before = two.read_bytes()
    assert bring(one, two).is_nothing
    assert two.read_bytes() == before
    merged = bring(two, one)
    assert (merged.copies[0].acts, said(merged)) == (1, [])
    assert common(one) == common(two)
    undo_all(one)
    assert errors(one) == []


def test_a_dry_run_tells_and_changes_nothing(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(copy, [("ana", "toggle", "r2", 1)])
    before = origin.read_bytes(), copy.read_bytes()
    told = bring(origin, copy, dry_run=True)
    assert (origin.read_bytes(), copy.read_bytes()) == before
    assert told == bring(origin, copy)
    assert copy.read_bytes() == before[1]


def newer(path: Path) -> None:
    plant(path, "PRAGMA user_version = 999")


def damaged(path: Path) -> None:
    with Study.open(path, readonly=True) as study:
        page = study.database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'act'")
        size = study.database.value("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def unlinked(path: Path) -> None:
    plant(path, "DROP TRIGGER act_is_final", "UPDATE act SET response_id = 999 WHERE id > 3")


BAD: dict[str, tuple[Callable[[Path], object], type[QualcodeError], str]] = {
    "of another study": (
        lambda path: plant(path, "UPDATE study SET uid = x'00'"),
        Conflict,
        "is a copy of another study, nothing was changed",
    ),
    "of a newer qualcode": (newer, QualcodeError, "was made by a newer qualcode"),
    "damaged": (damaged, InputError, "damaged"),
    "with a broken reference": (unlinked, InputError, "is damaged, nothing was changed"),
    "no study": (lambda path: path.write_text("x"), InputError, "is not a qualcode study"),
    "missing": (lambda path: path.unlink(), NotFound, "there is no study"),
}


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_copy_and_nothing_comes_in(origin: Path, kind: str) -> None:
    spoil, error, words = BAD[kind]
    good, bad = copy_of(origin, "good"), copy_of(origin, "bad")
    work(good, [("ana", "toggle", "r2", 1)])
    spoil(bad)
    before = origin.read_bytes()
    with pytest.raises(error, match=words):
        bring(origin, good, bad)
    assert origin.read_bytes() == before
    assert [path.name for path in origin.parent.glob("study.db*")] == ["study.db"]


def test_the_study_itself_is_no_copy(origin: Path) -> None:
    link = origin.with_name("link.db")
    link.symlink_to(origin)
    for other in (origin, link):
        with pytest.raises(InputError, match="is the study itself, not a copy of it"):
            bring(origin, other)


def test_a_backup_is_a_copy(origin: Path) -> None:
    with Study.open(origin) as study:
        study.backup(origin.with_name("backup.db"))
        session, _ = study.session("ana", "why")
        session.decide(session.queue()[-1])
    merged = bring(origin.with_name("backup.db"), origin)
    assert merged.copies[0].acts == 1


def test_a_copy_that_is_open_elsewhere_is_read_as_it_is(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    with Study.open(copy) as study:
        session, _ = study.session("ana", "why")
        session.decide(session.queue()[-1])
        assert bring(origin, copy).copies[0].acts == 1


def test_what_a_merge_brought_is_on_record(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    work(copy, [("ana", "toggle", "r2", 1)])
    bring(origin, copy)
    bring(origin, copy)
    assert rows(origin, "SELECT by_name, file, steps, acts FROM merged") == [
        ("tester", "study.db", 1, 1)
    ]
