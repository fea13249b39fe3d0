"""A codebook changes and its codes, their keys and their codings stay what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.study import codebooks, exports
from studies import BOOK, apply_book, codings, content, errors, make, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path

RAISED = BOOK.replace("version: 1", "version: 2")


def keys(study: Path) -> dict[str, str]:
    with Study.open(study, readonly=True) as opened:
        return {code.path: code.hotkey for book in opened.codebooks for code in book}


def exported(study: Path, name: str = "") -> str:
    out = study.with_name("out.yaml")
    with Study.open(study, readonly=True) as opened:
        exports.export_codebook_text(opened.database, name, out)
    return out.read_bytes().decode()


def book(*codes: str, name: str = "Other", version: int = 1, questions: str = "") -> str:
    """A codebook of codes given as `key` or `key=hotkey`."""
    lines = [f"codebook: {name}", f"version: {version}"]
    lines += [f"questions: [{questions}]"] if questions else []
    lines += ["codes:"] if codes else ["codes: []"]
    for code in codes:
        key, _, letter = code.partition("=")
        lines += [f"  - key: {key}", f"    name: {key.title()}"]
        lines += [f"    hotkey: {letter}"] if letter else []
    return "\n".join(lines) + "\n"


def test_what_was_applied_is_exported_byte_for_byte(small: Path) -> None:
    assert exported(small) == BOOK
    odd = BOOK.replace("\n", "\r\n").replace("version: 1", "version: 2") + "# the end"
    apply_book(small, odd)
    assert exported(small) == odd


def test_applying_the_same_again_changes_nothing(small: Path) -> None:
    before = content(small)
    assert apply_book(small, BOOK).is_nothing
    assert content(small) == before


def test_codes_without_a_letter_get_the_free_ones_in_order(small: Path) -> None:
    assert keys(small) == {
        "reach": "r",
        "cost": "a",
        "cost/cheap": "b",
        "cost/dear": "c",
        "nothing": "d",
        "uncodable": "e",
    }


def test_a_letter_once_given_stays_with_its_code(small: Path) -> None:
    before = keys(small)
    first = RAISED.replace("codes:\n", "codes:\n  - key: first\n    name: First\n", 1)
    applied = apply_book(small, first)
    assert (applied.added, applied.changed, applied.moved) == (("first",), (), ())
    assert keys(small) == {"first": "f"} | before
    apply_book(small, first.replace("version: 2", "version: 3").replace("hotkey: r", "hotkey: z"))
    assert keys(small) == {"first": "f"} | before | {"reach": "z"}


def test_more_codes_than_letters_leave_the_last_without(small: Path) -> None:
    apply_book(small, book(*(f"c{number}" for number in range(60)), name="Small", version=2))
    given = list(keys(small).values())
    assert given.count("") == 8
    letters = [letter for letter in given if letter]
    assert len(set(letters)) == len(letters) == 52


def test_a_letter_that_belongs_to_another_code_is_refused_with_its_name(small: Path) -> None:
    before = content(small)
    taken = RAISED.replace("    name: Costs\n", "    name: Costs\n    hotkey: d\n")
    with pytest.raises(InputError, match=r"hotkey “d” of cost belongs to nothing"):
        apply_book(small, taken)
    with pytest.raises(InputError, match=r"hotkey “r” of x belongs to reach of “Small”"):
        apply_book(small, book("x=r"))
    assert content(small) == before


def test_codebooks_for_other_questions_share_letters(tmp_path: Path) -> None:
    one, two = book("x=q", name="One", questions="why"), book("y=q", name="Two", questions="how")
    study = make(tmp_path, books=(one, two))
    with Study.open(study) as opened:
        codes = [[c.path for c in opened.session("ana", key)[0].codes] for key in ("why", "how")]
    assert codes == [["x"], ["y"]]


def test_the_same_path_twice_for_one_question_is_refused(small: Path) -> None:
    before = content(small)
    with pytest.raises(InputError, match="code reach is also in “Small”"):
        apply_book(small, book("reach", questions="why"))
    assert content(small) == before


def test_one_path_in_codebooks_of_different_questions_is_two_codes(tmp_path: Path) -> None:
    one, two = (book("x", name=key.title(), questions=key) for key in ("why", "how"))
    study = make(tmp_path, books=(one, two))
    take_in_codings(study, "r1,why,ana,x,,", "r1,how,ana,x,,")
    with Study.open(study) as opened:
        assert opened.database.value("SELECT count(DISTINCT code_id) FROM coding") == 2
        with pytest.raises(NotFound, match="not one code but 2: x of “Why”, x of “How”"):
            codebooks.find_code(opened.database, "x")


def test_a_version_never_goes_backwards(small: Path) -> None:
    apply_book(small, RAISED)
    with pytest.raises(Conflict, match="is version 1 of “Small”, the study has version 2"):
        apply_book(small, BOOK)


def test_a_changed_text_under_the_same_version_is_taken_and_said(small: Path) -> None:
    applied = apply_book(small, BOOK.replace("Wider reach", "Reach"))
    assert (applied.same_version, applied.changed) == (True, ("reach",))
    assert not apply_book(small, RAISED + "# a word\n").is_nothing


def test_added_changed_moved_and_removed_are_told_apart(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost/cheap,,")
    with Study.open(small) as study:
        before = study.database.rows("SELECT code_id FROM coding")
    new = RAISED.replace("Wider reach", "Reach")
    dear = "      - key: dear\n        name: Dear\n"
    cheap = "      - key: cheap\n        name: Cheap\n"
    new = new.replace("    children:\n" + cheap + dear, "")
    new = new.replace("codes:\n", "codes:\n  - key: cheap\n    name: Cheap\n", 1)
    applied = apply_book(small, new.replace("key: uncodable", "key: unclear"))
    assert applied.changed == ("reach",)
    assert applied.moved == (("cost/cheap", "cheap"),)
    assert applied.removed == ("cost/dear", "uncodable")
    assert applied.added == ("unclear",)
    assert codings(small) == [("r1", "why", "ana", "cheap", None, None)]
    assert keys(small)["cheap"] == "b"
    with Study.open(small) as study:
        assert study.database.rows("SELECT code_id FROM coding") == before
    assert errors(small) == []


def test_a_code_with_codings_is_never_lost(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ben,reach,,", "r1,why,ana,cost,,")
    before = content(small)
    gone = RAISED.replace("key: reach", "key: range")
    with pytest.raises(Conflict, match=r"reach \(2\)"):
        apply_book(small, gone)
    narrowed = RAISED.replace("codes:", "questions: [how]\ncodes:", 1)
    with pytest.raises(Conflict, match="3 on why"):
        apply_book(small, narrowed)
    assert content(small) == before


def test_a_code_that_comes_back_is_the_one_it_was(small: Path) -> None:
    with Study.open(small) as study:
        uid = study.database.value("SELECT uid FROM v_code WHERE path = 'reach'")
    gone = RAISED.replace("  - key: reach\n    name: Wider reach\n    hotkey: r\n", "")
    assert apply_book(small, gone).removed == ("reach",)
    apply_book(small, BOOK.replace("version: 1", "version: 3"))
    with Study.open(small) as study:
        assert study.database.value("SELECT uid FROM v_code WHERE path = 'reach'") == uid
        assert study.database.value("SELECT count(*) FROM code") == 6


def test_two_keys_that_change_places_keep_the_codings_with_the_keys(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost/cheap,,", "r2,why,ana,cost/dear,,")
    before = codings(small)
    swapped = RAISED.replace("key: cheap", "key: x").replace("key: dear", "key: cheap")
    applied = apply_book(small, swapped.replace("key: x", "key: dear"))
    assert set(applied.changed) == {"cost/cheap", "cost/dear"}
    assert codings(small) == before
    assert {path: keys(small)[path] for path in ("cost/cheap", "cost/dear")} == {
        "cost/cheap": "b",
        "cost/dear": "c",
    }
    assert errors(small) == []


def test_rename_and_move_keep_codings_letters_and_untouched_lines(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost/cheap,,", "r2,why,ana,cost,,")
    with Study.open(small) as study:
        renamed = codebooks.rename(study.database, "Costs", "price", by="ana")
        assert renamed.moved == (
            ("cost", "price"),
            ("cost/cheap", "price/cheap"),
            ("cost/dear", "price/dear"),
        )
        moved = codebooks.move(study.database, "cheap", "reach", by="ana")
        assert moved.moved == (("price/cheap", "reach/cheap"),)
    assert [row[3] for row in codings(small)] == ["reach/cheap", "price"]
    assert keys(small)["reach/cheap"] == "b"
    assert keys(small)["price"] == "a"
    old, new = BOOK.splitlines(), exported(small).splitlines()
    assert new[:2] == old[:2]
    assert new[2] == "version: 3"
    assert set(old) - set(new) == {"version: 1", "  - key: cost"}
    assert errors(small) == []


def test_moving_to_the_top_and_back_is_where_it_was(small: Path) -> None:
    with Study.open(small) as study:
        codebooks.move(study.database, "cost/dear", "", by="ana")
        assert "dear" in keys(small)
        codebooks.move(study.database, "dear", "cost", by="ana")
    assert "cost/dear" in keys(small)
    assert exported(small) == BOOK.replace("version: 1", "version: 3")


def test_a_code_moves_within_its_own_codebook_only(tmp_path: Path) -> None:
    one, two = (
        book("x", "top", name="A", questions="why"),
        book("y", "top", name="B", questions="how"),
    )
    with Study.open(make(tmp_path, books=(one, two))) as study:
        codebooks.move(study.database, "x", "top", by="ana")
        codebooks.move(study.database, "y", "top", by="ana")
        with pytest.raises(NotFound, match="no code “y”"):
            codebooks.move(study.database, "x", "y", by="ana")


def test_an_edit_that_cannot_be_changes_nothing(small: Path) -> None:
    before = content(small)
    with Study.open(small) as study:
        for old, new, error in (
            ("reach", "cost", Conflict),
            ("reach", "not a key", InputError),
            ("nosuch", "x", NotFound),
        ):
            with pytest.raises(error):
                codebooks.rename(study.database, old, new, by="ana")
        with pytest.raises(Conflict):
            codebooks.move(study.database, "cost", "cost/cheap", by="ana")
        with pytest.raises(NotFound):
            codebooks.retire(study.database, "nosuch", by="ana")
    assert content(small) == before


def test_retiring_keeps_the_code_its_letter_and_its_codings(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    before = codings(small), keys(small)
    with Study.open(small) as study:
        assert codebooks.retire(study.database, "reach", by="ana").changed == ("reach",)
        assert codebooks.retire(study.database, "reach", by="ana").is_nothing
        assert study.codebooks[0].by_path()["reach"].is_retired
    assert (codings(small), keys(small)) == before


def test_every_version_that_was_applied_is_kept(small: Path) -> None:
    apply_book(small, RAISED)
    take_in_codings(small, "r1,why,ana,reach,,")
    with Study.open(small) as study:
        assert study.database.rows("SELECT number, text FROM codebook_version ORDER BY id") == [
            (1, BOOK),
            (2, RAISED),
        ]
        assert study.database.value("SELECT codebook_version FROM v_coding") == 2


def test_diff_says_what_applying_would_change_and_changes_nothing(small: Path) -> None:
    before = content(small)
    file = small.with_name("new.yaml")
    with Study.open(small, readonly=True) as study:
        file.write_text(BOOK)
        assert codebooks.diff_file(study.database, file) == ()
        file.write_text(RAISED.replace("Wider reach", "Reach"))
        changes = codebooks.diff_file(study.database, file)
        assert [(c.path, c.field, c.after) for c in changes] == [
            ("", "version", "2"),
            ("reach", "name", "Reach"),
        ]
        file.write_text(book("x"))
        assert ("added", "x") in {
            (c.kind, c.path) for c in codebooks.diff_file(study.database, file)
        }
    assert content(small) == before


def test_export_asks_which_of_several_codebooks(tmp_path: Path) -> None:
    one, two = book("x", name="A"), book("y", name="B")
    study = make(tmp_path, books=(one, two))
    assert exported(study, "B") == two
    with pytest.raises(InputError, match="several"):
        exported(study)
    with pytest.raises(NotFound, match="no codebook “C”"):
        exported(study, "C")
    (tmp_path / "bare").mkdir()
    with pytest.raises(NotFound, match="no codebook yet"):
        exported(make(tmp_path / "bare", books=()))


DEFINED = BOOK.replace("    name: Costs\n", "    name: Costs\n    definition: What it costs.\n")


def test_a_code_of_which_only_the_key_is_other_keeps_its_codings(tmp_path: Path) -> None:
    study = make(tmp_path, books=(DEFINED,))
    take_in_codings(study, "r1,why,ana,cost,,")

    applied = apply_book(study, DEFINED.replace("key: cost\n", "key: price\n"))

    assert ("cost", "price") in applied.moved
    assert codings(study) == [("r1", "why", "ana", "price", None, None)]


def test_a_code_that_two_codebooks_have_is_renamed_in_the_one_that_is_named(tmp_path: Path) -> None:
    books = (
        "codebook: A\nquestions: [why]\ncodes: [{key: same}]\n",
        "codebook: B\nquestions: [how]\ncodes: [{key: same}]\n",
    )
    study = make(tmp_path, books=books)

    with Study.open(study) as opened:
        with pytest.raises(NotFound, match="not one code but 2"):
            codebooks.rename(opened.database, "same", "other", by="tester")
        codebooks.rename(opened.database, "same", "other", by="tester", within="B")
        assert [code.path for book in opened.codebooks for code in book.codes] == ["same", "other"]
