"""A codebook lives on: merges, splits, versions and undo, while codings stay as they were made."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.model import Filter
from qualcode.store import codebook as store
from qualcode.store import learning
from qualcode.study import (
    agreement,
    assigning,
    codebook_versions,
    codebooks,
    exports,
    frequencies,
    home,
    incoming,
    verdicts,
)
from qualcode.study.adjudication.summary import summarise
from qualcode.study.agreement import as_json as agreement_json
from qualcode.study.codebook_preview import preview
from qualcode.study.frequencies import Wish
from qualcode.study.frequencies.as_json import as_json
from qualcode.study.frequencies.notes import on_themes
from qualcode.study.quotes.themed import themed
from studies import BOOK, apply_book, codings, content, errors, read_csv, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database

THEMES = ("reach", "cost", "cost/cheap", "cost/dear")
PAIRS = [("reach", "cost"), ("reach", "cost/dear"), ("cost/cheap", "reach"), ("cost/dear", "cost")]


def change(study: Path, do: Callable[..., Applied], *words: Any) -> Applied:
    with Study.open(study) as opened:
        return do(opened.database, *words, by="lead")


def step(study: Path, do: Callable[..., Applied | None], *words: Any) -> Applied | None:
    with Study.open(study) as opened:
        return do(opened.database, codebooks.chosen(opened.database), *words, by="lead")


def codes(study: Path) -> dict[str, Any]:
    """The codes of a study without their ids."""
    with Study.open(study, readonly=True) as opened:
        return {code.path: code for book in opened.codebooks for code in book}


def counts(study: Path, rule: str = "any") -> dict[str, int]:
    with Study.open(study, readonly=True) as opened:
        wish = Wish(rule=rule, base="coded", is_internal=True)
        report = frequencies.tabulate(opened.database, opened.question("why"), wish)
    return {row.code.path: row.cell.k for row in report.rows}


def read_anew(study: Path) -> list[Any]:
    """What everybody who reads codings makes of a study."""
    with Study.open(study, readonly=True) as opened:
        database, question = opened.database, opened.question("why")
        seen: list[Any] = []
        for rule in ("any", "majority", "unanimous", "coder:ana"):
            wish = Wish(rule=rule, base="coded", is_internal=True)
            seen.append(as_json(frequencies.tabulate(database, question, wish)))
            out = study.with_name("matrix.csv")
            exports.export_matrix(database, out, rule=rule, base="", with_stubs=False)
            seen.append(read_csv(out))
        seen.append(agreement_json.as_json(agreement.measure(database, question)))
        seen.append([each.sets for each in agreement.disagreements(database, question)])
        seen.append(learning.majority_codes(database, question.id))
        for wide in (False, True):
            out = study.with_name("codings-out.csv")
            exports.export_codings(database, out, wide=wide)
            seen.append(read_csv(out))
        *_, glance = home.measured(database, home.look(database))
        seen.append([(each.agreed, each.disagreements, each.progress) for each in glance.questions])
        themes = themed(database, question)
        for code in themes.themes:
            having = themes.answers(code)
            seen.append((code.path, having, themes.candidates(code, having)))
        session, _ = opened.session("ana", "why")
        seen.append([session.answer(each).state.whole for each in session.queue()])
        return seen


row = st.tuples(
    st.sampled_from(["r1", "r2", "r5", "r6"]),
    st.sampled_from(["ana", "ben", "cid"]),
    st.sampled_from([*THEMES, ""]),
)


@settings(max_examples=15)
@given(rows=st.lists(row, min_size=3, max_size=20), pair=st.sampled_from(PAIRS))
def test_a_merge_counts_as_if_everybody_had_put_the_one_code(
    small_built: Path, rows: list[tuple[str, str, str]], pair: tuple[str, str]
) -> None:
    old, into = pair
    rows = [("r1", "ana", old), ("r2", "ben", into), *rows]
    with tempfile.TemporaryDirectory() as folder:
        merged = Path(folder) / "merged.db"
        straight = Path(folder) / "straight" / "merged.db"
        straight.parent.mkdir()
        for study in (merged, straight):
            shutil.copyfile(small_built, study)
        take_in_codings(merged, *(f"{who},why,{coder},{code},," for who, coder, code in rows))
        change(merged, codebooks.merge, old, into)
        change(straight, codebooks.merge, old, into)
        take_in_codings(
            straight,
            *(f"{who},why,{coder},{into if code == old else code},," for who, coder, code in rows),
        )
        assert read_anew(merged) == read_anew(straight)
        union = {who for who, _, code in rows if code in {old, into}}
        below = {w for w, _, code in rows if code.startswith(f"{into}/") or code in {old, into}}
        assert counts(merged)[into] == len(below | union)
        assert errors(merged) == []


@settings(max_examples=10)
@given(
    rows=st.lists(row, min_size=2, max_size=12),
    steps=st.lists(st.sampled_from(["merge", "split", "rename", "redefine", "undo", "redo"])),
)
def test_undo_and_redo_are_the_same_study_again(
    small_built: Path, rows: list[tuple[str, str, str]], steps: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study.db"
        shutil.copyfile(small_built, study)
        take_in_codings(study, *(f"{who},why,{coder},{code},," for who, coder, code in rows))
        stack, undone = [(codes(study), counts(study))], []
        put = codings(study)
        for number, name in enumerate(steps):
            if name in {"undo", "redo"}:
                done = step(study, getattr(codebook_versions, name))
                if name == "undo" and len(stack) > 1:
                    undone.append(stack.pop())
                elif name == "redo" and undone:
                    stack.append(undone.pop())
                else:
                    assert done is None
            else:
                _do(study, name, number)
                if (codes(study), counts(study)) != stack[-1]:
                    stack.append((codes(study), counts(study)))
                    undone = []
            assert (codes(study), counts(study)) == stack[-1]
        while step(study, codebook_versions.undo):
            pass
        assert (codes(study), counts(study)) == stack[0]
        assert codings(study) == put
        assert errors(study) == []


def _do(study: Path, name: str, number: int) -> None:
    try:
        if name == "merge":
            change(study, codebooks.merge, "cheap", "reach")
        elif name == "split":
            change(study, codebooks.split, "Costs", {f"n{number}": "", f"m{number}": ""})
        elif name == "rename":
            change(study, codebooks.rename, "Wider reach", f"reach-{number}")
        else:
            change(study, codebooks.redefine, "Dear", {"definition": f"said {number}"})
    except (Conflict, NotFound):
        pass


def test_the_coding_screen_shows_what_a_merged_code_counts_as(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ana,cost,,", "r2,why,ana,reach,,")
    with Study.open(small) as opened:
        session, _ = opened.session("ana", "why")
        ids = {code.path: code.id for code in session.codes}
        first, second, *_ = session.queue()
        codebooks.merge(opened.database, "reach", "cost", by="lead")
        session.reload_codes()
        state = session.answer(first).state
        assert state.whole == {ids["cost"]}
        assert len(state.shown) == 1
        assert list(session.queue(Filter("code", ids["cost"]))) == [first, second]
        done = session.toggle(first, ids["cost"])
        assert done
        assert done.acts == 2
        assert session.answer(first).state.whole == frozenset()
        session.undo()
        assert session.answer(first).state.whole == {ids["cost"]}
        assert session.toggle(second, ids["reach"])
        assert session.answer(second).state.whole == frozenset()
    assert errors(small) == []


def test_an_act_from_before_a_merge_is_undone_and_done_again(small: Path) -> None:
    with Study.open(small) as opened:
        session, _ = opened.session("ana", "why")
        ids = {code.path: code.id for code in session.codes}
        first = session.queue()[0]
        session.toggle(first, ids["reach"])
        codebooks.merge(opened.database, "reach", "cost", by="lead")
        assert session.undo()
        assert not session.answer(first).state.codings
        assert session.redo()
        assert session.answer(first).state.whole == {ids["cost"]}
    assert codings(small) == [("r1", "why", "ana", "cost", None, None)]


def test_a_file_from_before_a_merge_comes_in_as_what_counts(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    change(small, codebooks.merge, "reach", "cost")
    assert take_in_codings(small, "r1,why,ana,reach,,").new_acts == 0
    assert take_in_codings(small, "r2,why,ana,reach,,").new_acts == 1
    assert codings(small)[1] == ("r2", "why", "ana", "cost", None, None)
    source = small.with_name("codings.csv")
    source.write_text("respondent,question,coder,code\nr6,why,ana,reach\n")
    with Study.open(small) as opened:
        assert incoming.import_codings(opened.database, source, by="ana").new_acts == 1


def test_verdicts_follow_a_merge(small: Path) -> None:
    source = small.with_name("verdicts.csv")
    source.write_text(
        "respondent,question,coder,code\nr1,why,pi,reach\nr1,why,pi,cost\nr2,why,pi,reach\n"
    )
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,,,")
    with Study.open(small) as opened:
        verdicts.import_verdicts(opened.database, source, by="pi")
    change(small, codebooks.merge, "reach", "cost")
    assert counts(small, "adjudicated")["cost"] == 2
    with Study.open(small, readonly=True) as opened:
        listed = opened.database.rows("SELECT respondent, code FROM v_verdict ORDER BY 1")
    assert listed == [("r1", "cost"), ("r2", "cost")]


def test_cases_and_their_summary_follow_a_merge(small: Path) -> None:
    take_in_codings(
        small, "r1,why,ana,reach,,", "r1,why,ben,,,", "r2,why,ana,,,", "r2,why,ben,cost,,"
    )
    take_in_codings(small, "r6,why,ana,,,", "r6,why,ben,,,")
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        for respondent in ("r1", "r2"):
            case = session.case(session.answer_of(respondent))
            session.settle(case.response.id, case.disputed)
    change(small, codebooks.merge, "reach", "cost")
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        answer = session.answer_of("r1")
        case = session.case(answer)
        assert [code.path for code in case.of(case.verdict.codes)] == ["cost"]
        found = summarise(opened.database, opened.question("why"))
        assert [(one.code, one.settled, one.holds) for one in found.codes] == [("cost", 2, 2)]
        assert found.after.value == 1
        assert session.settle(answer, case.verdict.codes) is None
        session.write_memo(answer, "the wider of the two")
    with Study.open(small) as opened:
        codebook_versions.undo(opened.database, codebooks.chosen(opened.database), by="lead")
        case = opened.adjudicating("ana", "why").case(answer)
        assert [code.path for code in case.of(case.verdict.codes)] == ["reach"]
    assert not errors(small)


def test_no_verdict_has_a_code_that_is_out_of_use_and_that_nobody_took(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ben,cost,,", "r2,why,ana,cost,,")
    take_in_codings(small, "r2,why,ben,,,")
    change(small, codebooks.split, "reach", {"near": "", "far": ""})
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        reach = [code.id for code in opened.codebooks[0] if code.path == "reach"]
        with pytest.raises(Conflict, match="“Wider reach” is retired"):
            session.settle(session.answer_of("r2"), reach)
        assert session.settle(session.answer_of("r1"), reach)


def test_no_verdict_comes_back_onto_a_code_that_is_gone(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ben,,,")
    wider = BOOK.replace("version: 1", "version: 2") + "  - key: extra\n    name: Extra\n"
    apply_book(small, wider)
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        answer = session.answer_of("r1")
        [extra] = [code.id for code in opened.codebooks[0] if code.path == "extra"]
        session.toggle(answer, extra)
        session.settle(answer, ())
    apply_book(small, BOOK.replace("version: 1", "version: 3"))
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        with pytest.raises(Conflict, match="extra is no longer in the codebook"):
            session.undo()
    assert not errors(small)
    apply_book(small, wider.replace("version: 2", "version: 4"))
    with Study.open(small) as opened:
        session = opened.adjudicating("ana", "why")
        assert session.undo()
        assert session.case(answer).verdict.codes == (extra,)


def test_a_split_opens_the_answers_of_those_who_coded_them(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,reach,,", "r1,why,ben,cost,,")
    change(small, codebooks.split, "reach", {"near": "", "far": ""})
    assert counts(small)["reach"] == 2
    with Study.open(small) as opened:
        wish = Wish(base="coded", is_internal=True)
        report = frequencies.tabulate(opened.database, opened.question("why"), wish)
        assert any(note.startswith("Split in the codebook:") for note in on_themes(report))
        assert opened.info()["questions"][0]["split"] == {"ana": 2}
        session, _ = opened.session("ana", "why")
        ids = {code.path: code.id for code in session.codes}
        waiting = session.queue(Filter("split"))
        assert len(waiting) == 2
        with pytest.raises(Conflict, match="is retired"):
            session.toggle(session.queue()[2], ids["reach"])
        done = session.toggle(waiting[0], ids["near"])
        assert done
        assert done.acts == 2
        session.toggle(waiting[0], ids["far"])
        assert session.answer(waiting[0]).state.whole == {ids["near"], ids["far"]}
        assert list(session.queue(Filter("split"))) == [waiting[1]]
        session.undo()
        session.undo()
        assert list(session.queue(Filter("split"))) == list(waiting)
        other, _ = opened.session("ben", "why")
        assert len(other.queue(Filter("split"))) == 0
        session.toggle(waiting[1], ids["reach"])
        assert len(session.queue(Filter("split"))) == 1
    assert errors(small) == []


def test_what_was_used_since_stays_when_a_version_comes_back(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    change(small, codebooks.split, "reach", {"near": "", "far": ""})
    take_in_codings(small, "r2,why,ana,near,,")
    assert step(small, codebook_versions.undo)
    found = codes(small)
    assert "far" not in found
    assert found["near"].is_retired
    assert not found["reach"].is_retired
    assert counts(small) == {"reach": 1, "cost": 0, "cost/cheap": 0, "cost/dear": 0, "near": 1} | {
        "nothing": 0
    }
    assert step(small, codebook_versions.redo)
    assert [code for code in codes(small).values() if code.is_retired] == [codes(small)["reach"]]
    assert codes(small)["far"]
    assert errors(small) == []


def test_a_code_whose_path_is_taken_stays_under_another(small: Path) -> None:
    change(small, codebooks.rename, "reach", "range")
    change(small, codebooks.rename, "dear", "reach")
    take_in_codings(small, "r1,why,ana,range,,", "r2,why,ana,cost/reach,,")
    change(small, codebooks.move, "cost/reach", "")
    apply_book(small, exported(small) + "  - key: more\n    name: More\n")
    take_in_codings(small, "r5,why,ana,more,,")
    assert step(small, codebook_versions.restore, "1")
    assert [(who, code) for who, _, _, code, _, _ in codings(small)] == [
        ("r1", "reach"),
        ("r2", "cost/dear"),
        ("r5", "more"),
    ]
    assert codes(small)["more"].is_retired


def exported(study: Path) -> str:
    with Study.open(study, readonly=True) as opened:
        return store.text_of(opened.database, opened.codebooks[0].id)


def test_versions_are_listed_and_compared(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    change(small, codebooks.merge, "reach", "cost")
    step(small, codebook_versions.undo)
    step(small, codebook_versions.redo)
    step(small, codebook_versions.restore, "1")
    with Study.open(small, readonly=True) as opened:
        book = opened.codebooks[0]
        past = store.versions(opened.database, book.id)
        assert [each.number for each in past] == [1, 2, 3, 4, 5]
        assert codebook_versions.in_words(past) == [
            ("first version, 6 codes",),
            ("merged reach into cost",),
            ("took back: merged reach into cost",),
            ("did again: merged reach into cost",),
            ("brought back version 1", "reach is no longer merged"),
        ]
        changes = codebook_versions.between(opened.database, book, "1", "2")
        assert {each.field for each in changes} == {"version", "retired", "merged_into"}
        with pytest.raises(NotFound, match="no version 9"):
            codebook_versions.between(opened.database, book, "9")
    assert exported(small) == BOOK.replace("version: 1", "version: 5")


def test_codings_keep_the_version_under_which_they_were_made(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    change(small, codebooks.merge, "reach", "cost")
    take_in_codings(small, "r2,why,ana,cost,,")
    with Study.open(small, readonly=True) as opened:
        kept = opened.database.rows(
            "SELECT respondent, code, put_as, codebook_version FROM v_coding ORDER BY 1"
        )
    assert kept == [("r1", "cost", "reach", 1), ("r2", "cost", "cost", 2)]


def test_a_merged_code_is_found_and_says_where_it_went(small: Path) -> None:
    change(small, codebooks.merge, "reach", "cost")
    with Study.open(small, readonly=True) as opened:
        for wanted in ("reach", "Wider reach"):
            with pytest.raises(NotFound, match="“reach” was merged into “cost”"):
                codebooks.find_code_for(opened.database, opened.question("why"), wanted)
        assert codebooks.find_code(opened.database, "reach")[1].merged_into == "cost"


def test_doctor_sees_a_merge_that_the_codes_do_not_follow(small: Path) -> None:
    change(small, codebooks.merge, "reach", "cost")
    assert errors(small) == []
    with Study.open(small) as opened, opened.database.transaction():
        opened.database.run("UPDATE code SET counts_as = NULL")
    assert errors(small) == ["reach"]


def test_a_preview_says_what_is_touched_and_leaves_the_study(small: Path) -> None:
    take_in_codings(
        small,
        "r1,why,ana,reach,,",
        "r1,why,ben,cost,,",
        "r2,why,ana,reach,,",
        "r2,why,ana,cost,,",
        "r2,why,ben,,,",
    )
    before = content(small)

    def merge(database: Database) -> Applied:
        return codebooks.merge(database, "reach", "cost", by="lead")

    with Study.rehearse(small) as copy:
        found = preview(copy.database, merge)
        again = preview(copy.database, merge)
    assert found == again
    assert found
    assert content(small) == before
    assert [(one.code, one.codings, one.answers, one.coders) for one in found.touched] == [
        ("reach", 2, 2, 1),
        ("cost", 2, 2, 2),
    ]
    shown = {(one.code, one.rule): (one.before, one.after, one.both) for one in found.recounted}
    assert shown == {
        ("reach", "any"): (2, 0, None),
        ("cost", "any"): (2, 2, 2),
        ("cost", "majority"): (0, 1, 0),
        ("cost", "unanimous"): (0, 1, 0),
    }


def test_a_preview_says_what_it_leaves_out_because_it_waits_for_a_coder(small: Path) -> None:
    with Study.open(small) as opened:
        (question,) = (one for one in opened.questions if one.key == "why")
        plan = assigning.Plan(1.0)
        assigning.assign(opened.database, ["ana", "ben"], (question,), plan, by="lead")
        session, _ = opened.session("ana", "why")
        answer = session.opening()
        assert answer
        session.toggle(answer, next(code.id for code in session.codes if code.path == "reach"))
        session.decide(answer)
    with Study.rehearse(small) as copy:
        found = preview(copy.database, lambda db: codebooks.merge(db, "reach", "cost", by="lead"))
    assert found
    assert (found.recounted, found.pending) == ((), {"why": 4})


def test_a_split_of_several_codebooks_asks_which(sample: Path) -> None:
    with Study.open(sample) as opened, pytest.raises(InputError, match="several codebooks"):
        codebooks.chosen(opened.database)
