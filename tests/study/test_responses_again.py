"""What a respondent typed is stored and exported to the code point."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from qualcode import Study
from qualcode.study import exports
from studies import make, read_csv, read_jsonl, take_in

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4)
HOSTILE = [
    "a\0b",
    "line\r\nline\rline\nline\u2028line\x0bline",
    "\x1b[31mred\x1b]0;title\x07 \x9b31m",
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "👩‍👩‍👧 e\u0301 \U0010ffff \ufffe\uffff",
    '=cmd|" /C calc"!A0, "quoted"\t;',
    " leading and trailing \u00a0",
    "[/foo] [b]bold[/b] \\",
    "'); DROP TABLE response; --",
    "NA but more",
]


def as_csv(texts: list[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "why", "how"))
    writer.writerows((f"r{number}", text, "x") for number, text in enumerate(texts))
    return out.getvalue()


def as_jsonl(texts: list[str]) -> str:
    rows = ({"id": f"r{n}", "why": text, "how": "x"} for n, text in enumerate(texts))
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def exported(study: Path, ending: str) -> list[str]:
    out = study.with_name(f"out{ending}")
    with Study.open(study, readonly=True) as opened:
        exports.export_responses(opened.database, out)
    if ending == ".jsonl":
        return [row["text"] for row in read_jsonl(out) if row["question"] == "why"]
    return [row[3] for row in read_csv(out) if row[1] == "why"]


@settings(max_examples=30)
@given(TEXTS)
@example(HOSTILE)
@example(["\ufeff", "", " ", "\0", '"', '""', "\r", "\n"])
def test_any_text_is_exported_as_it_was_imported(texts: list[str]) -> None:
    for ending, write in ((".csv", as_csv), (".jsonl", as_jsonl)):
        with tempfile.TemporaryDirectory() as folder:
            study = make(Path(folder), write(texts), ending=ending, id_column="id")
            assert exported(study, ".csv") == texts
            assert exported(study, ".jsonl") == texts


def test_hostile_texts_come_back_and_again_change_nothing(tmp_path: Path) -> None:
    study = make(tmp_path, as_csv(HOSTILE), id_column="id")
    out = tmp_path / "again.jsonl"
    rows = [
        {"id": f"r{n}", "why": text, "how": "x"} for n, text in enumerate(exported(study, ".jsonl"))
    ]
    out.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert take_in(study, out.read_text(), ending=".jsonl").intake.is_nothing


def test_responses_carry_status_and_attributes(small: Path) -> None:
    out = small.with_name("out.csv")
    with Study.open(small, readonly=True) as study:
        exports.export_responses(study.database, out)
    rows = read_csv(out)
    assert rows[0] == ["respondent", "question", "status", "text", "region", "asked", "weight"]
    assert rows[5:8] == [
        ["r3", "why", "blank", "", "north", "no", "2"],
        ["r3", "how", "substantive", "by phone; by mail", "north", "no", "2"],
        ["r4", "why", "blank", "n/a", "south", "yes", "1"],
    ]
    assert len(rows) == 13


def test_attributes_are_exact_too(tmp_path: Path) -> None:
    names = ['a "b"', "$.x", "été", "status", "a.b[0]"]
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    study = make(tmp_path, f'why,how,{head}\nbecause,x,"1\r\n2",=1,\u202ex,007,n\n')
    with Study.open(study) as opened:
        _, *values = opened.database.row("SELECT * FROM v_respondent")
        assert dict(opened.database.rows("SELECT name, 1 FROM attribute")).keys() == set(names)
        columns = [row[1] for row in opened.database.rows("PRAGMA table_info(v_respondent)")]
    given = dict(zip(names, ["1\r\n2", "=1", "\u202ex", "007", "n"], strict=True))
    assert dict(zip(columns[1:], values, strict=True)) == {
        name: value for name, value in given.items() if '"' not in name
    }
