"""Whom a percentage is of, and what several coders become: the defaults, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.study import verdicts
from qualcode.study.design import Design
from qualcode.study.frequencies import tabulate
from studies import apply_book, make, plant, take_in, take_in_codings

from .made import TREE, coded, report, rows, small, table

if TYPE_CHECKING:
    from pathlib import Path

FULL = [*coded(range(12), "ana", "a/x"), *coded(range(12, 20), "ana", "")]
TWO = [
    *coded(range(10), "ana", "a/x"),
    *coded(range(10, 20), "ana", "b"),
    *coded(range(14), "ben", "a/x"),
    *coded(range(14, 20), "ben", "b"),
]
"""Ben says a/x of four answers of which Ana says b."""


def notes(found: dict[str, list[str]]) -> str:
    return "\n".join(found["notes"])


def test_one_coder_is_taken_at_their_word(tmp_path: Path) -> None:
    found = table(small(tmp_path, FULL))
    assert (found["rule"], found["base"], found["weighted"]) == ("any", "answered", False)
    row = rows(found)["a/x"]
    assert (row["k"], row["n"], row["percent"], row["interval"]) == (12, 20, 60, "wilson")
    assert row["low"] == pytest.approx(38.6582, abs=1e-4)
    assert "interim" not in notes(found)


def test_a_tie_is_kept_in_n_and_counted_in_a_note(tmp_path: Path) -> None:
    found = table(small(tmp_path, TWO), is_internal=True)
    assert found["rule"] == "majority"
    counts = {code: row["k"] for code, row in rows(found).items()}
    assert counts == {"a": 10, "a/x": 10, "a/y": 0, "b": 6, "c": 0}
    assert rows(found)["a/x"]["n"] == 20
    assert rows(found)["a/x"]["unresolved"] == 4
    assert found["ties"] == 4
    assert "4 answers have a tie" in notes(found)


def test_few_ties_are_not_told_outside(tmp_path: Path) -> None:
    found = table(small(tmp_path, TWO))
    assert found["ties"] is None
    assert "fewer than 5 answers have a tie" in notes(found)


@pytest.mark.parametrize(("rule", "k"), [("any", 14), ("majority", 10), ("unanimous", 10)])
def test_all_rules_stand_side_by_side(tmp_path: Path, rule: str, k: int) -> None:
    study = small(tmp_path, TWO)
    found = table(study, is_internal=True)
    assert rows(found)["a/x"]["rules"][rule]["k"] == k
    assert rows(table(study, rule=rule, is_internal=True))["a/x"]["k"] == k


def test_a_parent_counts_a_respondent_once(tmp_path: Path) -> None:
    codings = [*FULL, *coded(range(6, 14), "ana", "a/y"), *coded([19], "ana", "a")]
    found = rows(table(small(tmp_path, codings), is_internal=True))
    assert (found["a/x"]["k"], found["a/y"]["k"], found["a"]["k"]) == (12, 8, 15)
    assert found["a"]["percent_of_responses"] is None
    assert found["a/x"]["percent_of_responses"] == pytest.approx(60)
    assert found["a/y"]["percent_of_responses"] == pytest.approx(40)
    assert found["a/x"]["parent"] == "a"
    assert found["a"]["parent"] is None


def test_statuses_are_no_themes_and_leave_the_base_coded(tmp_path: Path) -> None:
    codings = [*coded(range(12), "ana", "b"), *coded(range(12, 18), "ana", "dk")]
    codings += coded([18], "ana", "refused") + coded([19], "ana", "")
    study = small(tmp_path, codings)
    found = table(study, is_internal=True)
    assert found["n"] == {"asked": 20, "answered": 20, "coded": 13, "any_code": 12}
    statuses = {row["status"]: (row["code"], row["k"], row["percent"]) for row in found["statuses"]}
    assert statuses == {"dont_know": ("dk", 6, 30), "refused": ("refused", 1, 5)}
    assert {code: row["k"] for code, row in rows(found).items()}["b"] == 12
    assert rows(table(study, base="coded", is_internal=True))["b"]["n"] == 13
    assert rows(table(study, base="any_code", is_internal=True))["b"]["percent"] == 100


def test_the_asked_are_all_but_those_whom_the_rule_leaves_out(tmp_path: Path) -> None:
    texts = {"r0": "", "r2": "", "r1": "-", "r4": "n/a"}
    rule = Design(asked_if={"q1": 'group == "one"'})
    study = small(tmp_path, coded(range(5, 20), "ana", "b"), design=rule, texts=texts)
    # Who typed an answer although not asked is kept, and coded.
    found = table(study, is_internal=True)
    assert found["n"]["asked"] == 17
    assert found["n"]["answered"] == 16
    assert found["base"] == "coded"


def test_while_the_coding_goes_on_the_base_is_coded(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(12), "ana", "b"))
    found = table(study)
    assert found["base"] == "coded"
    assert "interim: 12 of 20 coded" in notes(found)
    assert found["interim"] == {"coded": 12, "of": 20}
    assert rows(found)["a"]["n"] == 12


@pytest.mark.parametrize("base", ["asked", "answered"])
@pytest.mark.parametrize("weight", ["", "weight"])
def test_what_is_not_coded_has_no_percentage(tmp_path: Path, base: str, weight: str) -> None:
    study = small(tmp_path, coded(range(12), "ana", "b"), design=Design(weight=weight))
    found = table(study, base=base, by=("group",))
    assert f"no percentages of all {base}" in notes(found)
    for row in found["rows"]:
        assert row["n"] in (20, None)
        for name in ("percent", "low", "high", "percent_of_responses", "weighted_percent"):
            assert row[name] is None
        assert row["weighted_total"] is None
        assert all(group["percent"] is None for group in row["groups"])
        assert all(group["row_percent"] is None for group in row["groups"])
    assert all(test["p"] is None for test in found["tests"])


def test_totals_wait_for_the_last_answer(tmp_path: Path) -> None:
    design = Design(weight="weight")
    part = small(tmp_path, coded(range(12), "ana", "b"), design=design, n=20)
    found = table(part, is_internal=True)
    assert rows(found)["b"]["weighted_percent"] == 100
    assert rows(found)["b"]["weighted_total"] is None
    assert "Totals of the population need every answer coded" in notes(found)


def test_nothing_coded_is_a_note_and_no_number(tmp_path: Path) -> None:
    found = table(small(tmp_path, []), by=("group",))
    assert found["n"] == {"asked": 20, "answered": 20, "coded": 0, "any_code": 0}
    assert (found["base"], found["coders"]) == ("coded", [])
    assert "nothing coded yet" in notes(found)
    assert all(row["k"] == 0 and row["percent"] is None for row in found["rows"])
    assert all(row["reason"] == "empty_base" for row in found["rows"])
    assert all(row["percent"] is None for row in found["statuses"])
    assert all(test["p"] is None for test in found["tests"])


def test_no_answer_at_all(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=3, texts={"r0": "", "r1": "", "r2": ""})
    found = table(study)
    assert found["n"] == {"asked": None, "answered": 0, "coded": 0, "any_code": 0}
    assert "nobody gave an answer" in notes(found)
    assert all(row["percent"] is None for row in found["rows"])


def settle(study: Path, *lines: str) -> None:
    source = study.with_name("verdicts.csv")
    source.write_text("\n".join(("respondent,question,coder,code,start,end", *lines)) + "\n")
    with Study.open(study) as opened:
        verdicts.import_verdicts(opened.database, source, by="tester")


def test_what_is_adjudicated_overrides_and_the_rest_is_unresolved(tmp_path: Path) -> None:
    study = small(tmp_path, TWO)
    settle(study, *coded(range(8), "cho", "c"), *coded(range(8, 11), "cho", ""))
    found = table(study, rule="adjudicated", is_internal=True)
    counts = {code: row["k"] for code, row in rows(found).items()}
    assert counts == {"a": 0, "a/x": 0, "a/y": 0, "b": 0, "c": 8}
    assert rows(found)["c"]["n"] == 20
    assert "9 answers have no verdict" in notes(found)
    assert "11 are adjudicated" in notes(found)


def test_without_any_verdict_there_is_no_percentage(tmp_path: Path) -> None:
    found = table(small(tmp_path, TWO), rule="adjudicated")
    assert "nothing is adjudicated yet" in notes(found)
    assert all(row["percent"] is None for row in found["rows"])


def test_an_answer_that_changed_is_open_again(tmp_path: Path) -> None:
    study = small(tmp_path, FULL, n=20)
    lines = [f"r{i},{'changed' if i == 3 else f'text {i}'}" for i in range(20)]
    take_in(study, "\n".join(("id,q1", *lines)) + "\n")
    found = table(study, is_internal=True)
    assert "interim: 19 of 20 coded" in notes(found)
    assert rows(found)["a/x"]["k"] == 11


def test_a_retired_code_stays_while_it_is_used(tmp_path: Path) -> None:
    study = small(tmp_path, FULL)
    apply_book(
        study,
        TREE.replace("version: 3", "version: 4")
        .replace("name: AX", "name: AX\n        retired: true")
        .replace("name: C", "name: C\n    retired: true"),
    )
    found = table(study)
    assert list(rows(found)) == ["a", "a/x", "a/y", "b"]
    assert "Retired from the codebook: AX." in notes(found)
    assert found["codebook_version"] == 4


def test_copied_decisions_are_told(tmp_path: Path) -> None:
    study = small(tmp_path, FULL)
    plant(study, "UPDATE mark SET decided = 'copied' WHERE response_id IN (13, 14)")
    plant(
        study,
        "INSERT OR REPLACE INTO mark (coder_id, response_id, decided) VALUES (1, 15, 'copied')",
    )
    assert "decisions were copied" in notes(table(study))


def test_clauses_of_an_answer_count_once(tmp_path: Path) -> None:
    codings = [*FULL, "r0,q1,ana,a/x,0,2", "r0,q1,ana,a/x,3,5", "r13,q1,ana,a/x,0,4"]
    assert rows(table(small(tmp_path, codings), is_internal=True))["a/x"]["k"] == 13


def test_codings_of_another_question_count_in_nothing(tmp_path: Path) -> None:
    lines = [f"{i},why {i},how {i}" for i in range(12)]
    study = make(
        tmp_path,
        "\n".join(("id,q1,q2", *lines)) + "\n",
        [TREE],
        questions=(("q1", "q1"), ("q2", "q2")),
        id_column="id",
    )
    take_in_codings(study, *(f"{i},q2,ana,b,," for i in range(12)))
    take_in_codings(study, *(f"{i},q1,ben,c,," for i in range(12)))
    found = table(study)
    assert found["coders"] == ["ben"]
    assert found["rule"] == "any"
    assert {code: row["k"] for code, row in rows(found).items()}["b"] == 0


REFUSED = {
    "a rule": ({"rule": "most"}, InputError, "no rule “most”"),
    "a base": ({"base": "everybody"}, InputError, "no base “everybody”"),
    "a coder": ({"rule": "coder:ann"}, NotFound, "no coder “ann”"),
    "an attribute": ({"by": ("grup",)}, NotFound, "no attribute “grup”"),
    "an attribute twice": ({"by": ("group", "group")}, InputError, "named twice"),
    "one attribute crossed": ({"by": ("group",), "is_crossed": True}, InputError, "cannot be"),
    "a threshold": ({"threshold": 1}, InputError, "protects nobody"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_there_is_not_is_refused(tmp_path: Path, case: str) -> None:
    wish, error, words = REFUSED[case]
    study = small(tmp_path, FULL)
    with pytest.raises(error, match=words):
        report(study, **wish)


def test_the_nearest_attribute_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        report(small(tmp_path, FULL), by=("grup",))
    assert "group" in caught.value.hint


def test_a_question_without_codebook_is_refused(tmp_path: Path) -> None:
    study = make(tmp_path, "id,q1\n1,a\n2,b\n", [], questions=(("q1", "q1"),), id_column="id")
    with pytest.raises(InputError, match="no codebook"):
        report(study)


def test_an_attribute_of_many_values_is_refused(tmp_path: Path) -> None:
    people = [f"r{i},text {i},{i}" for i in range(130)]
    study = make(
        tmp_path,
        "\n".join(("id,q1,serial", *people)) + "\n",
        [TREE],
        questions=(("q1", "q1"),),
        id_column="id",
    )
    with pytest.raises(InputError, match="130 values, too many"):
        report(study, by=("serial",))


BAD_WEIGHTS = {"zero": "0", "negative": "-2", "missing": "", "no number": "much"}


@pytest.mark.parametrize("case", BAD_WEIGHTS)
def test_a_weight_that_is_none_is_one_clear_error(tmp_path: Path, case: str) -> None:
    study = small(tmp_path, FULL, design=Design(weight="weight"))
    plant(
        study,
        "UPDATE respondent SET attributes ="
        f" json_set(attributes, '$.weight', '{BAD_WEIGHTS[case]}') WHERE name IN ('r3', 'r7')",
    )
    with pytest.raises(InputError, match=r"2 weights are .* above 0: r3, r7") as caught:
        report(study)
    assert "--unweighted" in caught.value.hint
    assert rows(table(study, is_unweighted=True))["a/x"]["k"] == 12


def lonely(folder: Path, rule: str = "") -> Path:
    """r0 is alone in the stratum of its size, which is a cluster of its own."""
    study = small(folder, FULL, design=Design(weight="weight", stratum="size", lonely_psu=rule))
    plant(
        study,
        "UPDATE respondent SET attributes = json_set(attributes, '$.size', 'alone')"
        " WHERE name = 'r0'",
    )
    return study


def test_a_stratum_with_one_psu_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stratum “alone”: one PSU") as caught:
        report(lonely(tmp_path))
    assert "--lonely-psu" in caught.value.hint


@pytest.mark.parametrize("rule", ["certainty", "centered"])
def test_a_rule_for_it_is_told(tmp_path: Path, rule: str) -> None:
    found = table(lonely(tmp_path, rule), is_internal=True)
    assert rows(found)["a/x"]["weighted_se"] > 0
    assert "stratum with one sampling unit" in notes(found)


def test_an_empty_stratum_is_refused(tmp_path: Path) -> None:
    study = small(tmp_path, FULL, design=Design(stratum="size"))
    plant(
        study, "UPDATE respondent SET attributes = json_set(attributes, '$.size', ' ') WHERE id = 2"
    )
    with pytest.raises(InputError, match="1 stratum is missing: r1"):
        report(study)


def test_groups_that_nobody_is_in_are_noted(tmp_path: Path) -> None:
    texts = {f"r{i}": "" for i in range(0, 40, 2)}
    codings = [*coded(range(1, 21, 2), "ana", "b"), *coded(range(21, 40, 2), "ana", "")]
    study = small(tmp_path, codings, n=40, texts=texts)
    plant(
        study,
        "UPDATE respondent SET attributes = json_remove(attributes, '$.group') WHERE id <= 14",
    )
    found = table(study, by=("group",), is_internal=True)
    groups = {group["value"]: group for group in rows(found)["b"]["groups"]}
    assert (groups["two"]["n"], groups["two"]["percent"]) == (0, None)
    assert groups["one"]["n"] == 13
    assert "Nobody in the base: group two." in notes(found)
    assert "7 of the base have no value of group" in notes(found)
    assert all(test["p"] is None and test["reason"] for test in found["tests"])


def test_groups_come_in_their_natural_order(tmp_path: Path) -> None:
    found = table(small(tmp_path, FULL), by=("size", "wave"))
    assert [group["value"] for group in found["rows"][0]["groups"]] == [
        *("5-9", "10-19", "20"),
        *("2001", "2002", "2003"),
    ]


def test_two_attributes_can_be_crossed(tmp_path: Path) -> None:
    found = table(small(tmp_path, FULL), by=("group", "wave"), is_crossed=True, is_internal=True)
    groups = rows(found)["a/x"]["groups"]
    assert {group["attribute"] for group in groups} == {"group × wave"}
    assert len(groups) == 6
    assert sum(group["k"] for group in groups) == 12
    assert sum(group["n"] for group in groups) == 20
    assert {test["by"] for test in found["tests"]} == {"group × wave"}


def test_row_percentages_are_of_all_with_the_theme(tmp_path: Path) -> None:
    found = table(small(tmp_path, FULL), by=("group",), is_internal=True)
    groups = rows(found)["a/x"]["groups"]
    assert [group["row_percent"] for group in groups] == [50, 50]
    assert [group["percent"] for group in groups] == [60, 60]


def test_a_design_that_is_only_strata_is_a_design(tmp_path: Path) -> None:
    found = table(small(tmp_path, FULL, design=Design(stratum="group")), by=("wave",))
    assert found["weighted"]
    assert found["design"] == {"stratum": "group", "lonely_psu": "error", "df": 18}
    assert {test["test"] for test in found["tests"]} == {"rao_scott"}


def test_populations_make_a_census_certain(tmp_path: Path) -> None:
    study = small(tmp_path, FULL, design=Design(fpc="weight"))
    plant(study, "UPDATE respondent SET attributes = json_set(attributes, '$.weight', '20')")
    row = rows(table(study, is_internal=True))["a/x"]
    assert (row["weighted_percent"], row["weighted_se"]) == (60, 0)
    assert (row["weighted_low"], row["weighted_high"]) == (60, 60)


def test_refusing_leaves_no_transaction_open(tmp_path: Path) -> None:
    study = small(tmp_path, FULL, design=Design(weight="weight"))
    plant(study, "UPDATE respondent SET attributes = json_set(attributes, '$.weight', '0')")
    with Study.open(study) as opened:
        with pytest.raises(QualcodeError):
            tabulate(opened.database, opened.question("q1"))
        assert not opened.database.connection.in_transaction
