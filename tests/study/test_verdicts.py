"""What an adjudicator settled is a layer of its own: no coding changes, and undo takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import InputError
from qualcode.study import verdicts
from studies import codings, content, errors, make, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "respondent,question,coder,code,start,end"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = make(tmp_path)
    take_in_codings(path, "r1,why,ana,reach,,", "r1,why,ben,cost/cheap,,", "r2,why,ana,,,")
    return path


def settle(study: Path, *rows: str) -> verdicts.ImportedVerdicts:
    source = study.with_name("verdicts.csv")
    source.write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    with Study.open(study) as opened:
        return verdicts.import_verdicts(opened.database, source, by="lead")


def settled(study: Path) -> list[tuple[str, str, str | None]]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(
            "SELECT respondent, adjudicator, code FROM v_verdict ORDER BY 1, 3"
        )


def test_verdicts_stand_beside_the_codings_and_change_none(study: Path) -> None:
    before = codings(study)
    done = settle(study, "r1,why,eva,reach,,", "r1,why,eva,cost,,", "r2,why,eva,,,")
    assert (done.rows, done.answers, done.changed, done.adjudicators) == (3, 2, 2, ("eva",))
    assert settled(study) == [("r1", "eva", "cost"), ("r1", "eva", "reach"), ("r2", "eva", None)]
    assert codings(study) == before
    assert errors(study) == []


def test_the_same_file_again_changes_nothing(study: Path) -> None:
    settle(study, "r1,why,eva,reach,,")
    before = content(study)
    assert settle(study, "r1,why,eva,reach,,").changed == 0
    assert content(study) == before


def test_a_later_verdict_takes_the_place_of_the_earlier_one_and_undo_brings_it_back(
    study: Path,
) -> None:
    settle(study, "r1,why,eva,reach,,")
    settle(study, "r1,why,eva,nothing,,", "r2,why,eva,reach,,")
    with Study.open(study) as opened:
        opened.undo("eva")
    assert settled(study) == [("r1", "eva", "reach")]
    with Study.open(study) as opened:
        opened.redo("eva")
    assert settled(study) == [("r1", "eva", "nothing"), ("r2", "eva", "reach")]
    with Study.open(study) as opened:
        opened.undo("eva")
        opened.undo("eva")
    assert settled(study) == []
    assert errors(study) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("r1,why,eva,reach,0,3",), "a verdict is on the whole answer"),
        (("r1,why,eva,reach,,", "r1,why,ben,cost,,"), "is settled by eva too"),
        (("r1,why,eva,reach,,", "r1,why,eva,nothing,,"), "cannot stand beside another code"),
        (("r1,why,eva,nosuch,,",), "there is no code “nosuch” for why"),
        (("r9,why,eva,reach,,",), "the study has no respondent “r9”"),
        (("r1,why,-,reach,,",), "a coder cannot be called “-”"),
    ],
)
def test_a_file_that_cannot_be_leaves_the_study_as_it_was(
    study: Path, rows: tuple[str, ...], message: str
) -> None:
    before = content(study)
    with pytest.raises(InputError, match=message):
        settle(study, "r2,why,eva,reach,,", *rows)
    assert content(study) == before


def test_doctor_sees_a_verdict_that_no_journal_knows(study: Path) -> None:
    settle(study, "r1,why,eva,reach,,")
    with Study.open(study) as opened:
        opened.database.run("UPDATE verdict SET codes = '[]'")
    assert len(errors(study)) == 1
