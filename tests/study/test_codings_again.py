"""Codings leave a study and come back exactly, or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode import Study
from qualcode.errors import InputError
from qualcode.study import exports, incoming
from studies import codings, content, errors, make, read_csv, take_in, take_in_codings

HEADER = "respondent,question,coder,code,start,end"
ROWS = (
    "r2,why,ben,cost/cheap,,",
    "r1,why,ana,reach,0,13",
    "r1,why,ana,reach,15,41",
    "r1,why,ana,cost,15,41",
    "r2,why,ana,,,",
    "r1,how,carl,nothing,,",
)


def export(study: Path, *, wide: bool = False, ending: str = ".csv") -> bytes:
    out = study.with_name(f"{study.stem}-out{ending}")
    with Study.open(study, readonly=True) as opened:
        exports.export_codings(opened.database, out, wide=wide)
    return out.read_bytes()


def into(study: Path, data: bytes, ending: str = ".csv") -> incoming.ImportedCodings:
    file = study.with_name(f"{study.stem}-in{ending}")
    file.write_bytes(data)
    with Study.open(study) as opened:
        return incoming.import_codings(opened.database, file, by="tester")


def decided(study: Path) -> list[tuple[str, ...]]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(
            "SELECT respondent, question, coder FROM v_mark WHERE is_decided ORDER BY 1, 2, 3"
        )


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".xlsx"])
@pytest.mark.parametrize("wide", [False, True])
def test_codings_come_back_exactly(small: Path, *, wide: bool, ending: str) -> None:
    take_in_codings(small, *ROWS)
    first = export(small, wide=wide, ending=ending)
    fresh = make(small.parent, name="fresh.db")
    done = into(fresh, first, ending)
    assert set(done.coders) == {"ana", "ben", "carl"}
    if ending != ".xlsx":  # which holds the time of its making
        assert export(fresh, wide=wide, ending=ending) == first
    assert export(fresh, wide=wide) == export(small, wide=wide)
    assert decided(fresh) == [("r2", "why", "ana")]
    if not wide:
        assert codings(fresh) == codings(small)
    before = content(fresh)
    assert into(fresh, first, ending).new_acts == 0
    assert content(fresh) == before
    assert errors(fresh) == []


def test_a_wide_table_takes_no_part_of_an_answer_for_something_new(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,0,13")
    assert take_in_codings(small, "r1,why,ana,reach,,").new_acts == 0
    assert into(small, export(small, wide=True)).new_acts == 0
    both = ("r1,why,ben,reach,0,13", "r1,why,ben,reach,,")
    assert take_in_codings(small, *both).new_acts == 2


def test_the_sample_comes_back_exactly(sample: Path) -> None:
    for wide in (False, True):
        data = export(sample, wide=wide)
        assert into(sample, data).new_acts == 0
        assert export(sample, wide=wide) == data


coding = st.tuples(
    st.sampled_from(("r1", "r2", "r5", "r6")),
    st.sampled_from(("why", "how")),
    st.sampled_from(("zoe", "ana", "Ben", "émile", "-x")),
    st.sampled_from(("", "reach", "cost", "cost/cheap", "cost/dear")),
    st.sampled_from((",", "0,1", "0,2", "1,2")),
)


@settings(max_examples=25)
@given(st.lists(coding, max_size=25))
def test_any_codings_come_back_exactly(small_built: Path, rows: list[tuple[str, ...]]) -> None:
    lines = (",".join(row if row[3] else (*row[:4], ",")) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        studies = [Path(folder) / name for name in ("one.db", "two.db")]
        for study in studies:
            study.write_bytes(small_built.read_bytes())
        into(studies[0], "\n".join((HEADER, *lines, "")).encode())
        for wide in (False, True):
            data = export(studies[0], wide=wide)
            into(studies[1], data)
            assert export(studies[1], wide=wide) == data
        assert codings(studies[1]) == codings(studies[0])
        assert errors(studies[1]) == []


def test_seen_without_a_code_is_kept_apart_from_not_seen(small: Path) -> None:
    take_in_codings(small, "r2,why,ana,,,")
    assert read_csv_of(small) == [["r2", "why", "ana", "", "", ""]]
    wide = read_csv_of(small, wide=True)
    assert wide == [["r2", "why", "ana", "0", "0", "0", "0", "0", "0"]]


def read_csv_of(study: Path, *, wide: bool = False) -> list[list[str]]:
    export(study, wide=wide)
    return read_csv(study.with_name(f"{study.stem}-out.csv"))[1:]


def test_each_coder_has_one_step_that_undo_takes_back(small: Path) -> None:
    done = take_in_codings(small, *ROWS)
    assert (done.rows, done.new_acts) == (6, 6)
    with Study.open(small) as study:
        for name in ("ana", "ben", "carl"):
            change = study.undo(name)
            assert change
            assert change.kind == "import-codings"
            assert study.undo(name) is None
        assert study.database.value("SELECT count(*) FROM coding") == 0
    assert decided(small) == []


def test_what_is_there_already_is_left_alone(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ana,reach,,")
    done = take_in_codings(
        small, "r1,why,Ana,cost,,", "r1,why, ANA ,reach,,", "r2,why,ana,,,", "r2,why,ana,,,"
    )
    assert (done.new_acts, done.coders) == (1, ("ana",))
    assert [row[3] for row in codings(small)] == ["cost", "reach", "reach"]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("r9,why,ana,reach,,", "respondent", "no respondent “r9”"),
        ("r1,wha,ana,reach,,", "question", "no question “wha”"),
        ("r1,why,-,reach,,", "coder", "cannot be called “-”"),
        ("r1,why, ,reach,,", "coder", "empty"),
        ("r1,why,a\u202eb,reach,,", "coder", "printable"),
        ("r1,why,ana,cheap,,", "code", "no code “cheap” for why"),
        ("r1,why,ana,reach,0,99", "end", "only 42 characters"),
        ("r1,why,ana,reach,5,5", "end", "before or where it starts"),
        ("r1,why,ana,reach,-1,5", "start", "no whole number"),
        ("r1,why,ana,nothing,,", "code", "“nothing” cannot stand beside “cost”"),
        ("r2,why,ana,reach,,", "code", "“reach” cannot stand beside “uncodable”"),
        ("r3,why,ana,reach,0,1", "end", "only 0 characters"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(
    small: Path, row: str, column: str, words: str
) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ana,uncodable,,")
    before = content(small)
    with pytest.raises(InputError) as caught:
        take_in_codings(small, "r6,why,dora,reach,,", row, "r6,why,dora,cost,,")
    assert (caught.value.row, caught.value.column) == (3, column)
    assert words in caught.value.message
    assert str(small.with_name("codings.csv")) in caught.value.message
    assert content(small) == before


def test_two_codes_that_cannot_stand_together_in_one_file_are_refused(small: Path) -> None:
    before = content(small)
    with pytest.raises(InputError, match="row 3, column “code”"):
        take_in_codings(small, "r1,why,ana,cost,,", "r1,why,ana,nothing,,")
    assert content(small) == before
    take_in_codings(small, "r1,why,ana,cost,,", "r1,why,ben,nothing,,")


def test_codings_of_a_blank_answer_are_taken_and_said(small: Path) -> None:
    done = take_in_codings(small, "r4,why,ana,uncodable,,")
    assert done.remarks == ("1 rows code an answer that is blank or not asked",)


def test_codings_count_for_the_answer_as_it_stands(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    take_in(small, "id,region,asked,weight,why,how\nr1,north,yes,1.5,changed,we call them\n")
    assert read_csv_of(small) == []
    take_in_codings(small, "r1,why,ana,reach,0,7")
    assert read_csv_of(small) == [["r1", "why", "ana", "reach", "0", "7"]]


def test_offsets_are_code_points_whatever_the_text(tmp_path: Path) -> None:
    text = "👩‍👩‍👧 e\u0301 and\r\nmore"
    study = make(tmp_path, f'why,how\n"{text}",x\n', ending=".csv")
    take_in_codings(study, f"1,why,ana,reach,0,{len(text)}", "1,why,ana,cost,6,8")
    with pytest.raises(InputError, match=f"only {len(text)} characters"):
        take_in_codings(study, f"1,why,ben,reach,0,{len(text) + 1}")
    with Study.open(study) as opened:
        session, _ = opened.session("ana", "why")
        answer = session.answer(session.queue()[0])
    assert answer.response.text == text
    spans = sorted((c.start or 0, c.end or 0) for c in answer.state.codings)
    assert [text[start:end] for start, end in spans] == [text, "e\u0301"]


def test_a_wide_row_that_says_nothing_is_not_seen_and_a_zero_is(tmp_path: Path) -> None:
    study = make(tmp_path)
    into(study, b"respondent,question,coder,reach\nr1,why,eva,\nr2,why,eva,0\nr5,why,eva,1\n")

    with Study.open(study) as opened:
        exported = list(opened.database.rows("SELECT response_id FROM v_coded"))
    assert len(exported) == 2
    assert codings(study) == [("r5", "why", "eva", "reach", None, None)]


def test_a_code_that_is_not_for_a_question_is_empty_there_in_the_wide_form(tmp_path: Path) -> None:
    books = (
        "codebook: A\nquestions: [why]\ncodes: [{key: a}, {key: both}]\n",
        "codebook: B\nquestions: [how]\ncodes: [{key: b}, {key: both}]\n",
    )
    study = make(tmp_path, books=books)
    take_in_codings(study, "r1,why,ana,a,,", "r1,how,ana,both,,")

    rows = export(study, wide=True).decode().splitlines()

    assert rows == ["respondent,question,coder,a,both,b", "r1,why,ana,1,0,", "r1,how,ana,,1,0"]
