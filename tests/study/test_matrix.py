"""The 0/1 matrix holds what frequencies count, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from coded import LIBRARY, LIBRARY_BOOK, TWO, coding_rows, library_triples
from qualcode import Study
from qualcode.errors import InputError, NotFound
from qualcode.estimation import crosstab, survey_design
from qualcode.study import codebooks, verdicts
from qualcode.study.design import Design
from qualcode.study.matrix import matrix
from studies import BOOK, SURVEY, apply_book, make, read_csv, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

EXPECTED = LIBRARY.parents[1] / "estimation" / "library_expected.csv"


def table(study: Path, **how: str) -> dict[str, list[Any]]:
    """The columns of the matrix."""
    with Study.open(study, readonly=True) as opened:
        found = matrix(opened.database, **how).table
        rows = list(found.rows)
    return {name: [row[place] for row in rows] for place, name in enumerate(found.columns)}


def notes(study: Path, **how: str) -> str:
    with Study.open(study, readonly=True) as opened:
        return "\n".join(matrix(opened.database, **how).notes)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library example with its design."""
    header, *people = read_csv(LIBRARY / "library_respondents.csv")
    lines = [
        ",".join((*row[:-1], "" if row[-1] == "blank" else f"answer of {row[0]}")) for row in people
    ]
    survey = "\n".join((",".join((*header[:-1], "q1")), *lines)) + "\n"
    study = make(
        tmp_path_factory.mktemp("library"),
        survey,
        [LIBRARY_BOOK],
        questions=(("q1", "q1"),),
        id_column="respondent_id",
        design=Design(weight="weight", stratum="stratum"),
    )
    take_in_codings(study, *coding_rows(library_triples()))
    return study


def expected() -> dict[tuple[str, str, str], list[str]]:
    return {
        (rule, base.replace("any_theme", "any_code"), path): values
        for _, rule, path, base, *values in read_csv(EXPECTED)[1:]
    }


@pytest.mark.parametrize("base", ["asked", "answered", "coded", "any_code"])
@pytest.mark.parametrize("rule", ["any", "majority", "unanimous"])
def test_its_columns_add_up_to_the_frequencies(library: Path, rule: str, base: str) -> None:
    found = table(library, rule=rule, base=base)
    themes = {path: values for (r, b, path), values in expected().items() if (r, b) == (rule, base)}
    assert len(themes) == 7
    for path, (k, n, *_) in themes.items():
        cells = found[f"q1__{path.replace('/', '_')}"]
        assert cells.count(1) == int(k)
        assert len(cells) - cells.count(None) == int(n)


def test_the_blanks_of_its_columns_are_a_domain_with_the_p_of_r(library: Path) -> None:
    found = table(library, base="coded")
    design = survey_design(
        144, weights=[float(weight) for weight in found["weight"]], stratum=found["stratum"]
    )
    cells = found["q1__access_parking"]
    sites = sorted(set(found["site"]))
    group = np.array([sites.index(site) for site in found["site"]])
    present, base = np.array([c == 1 for c in cells]), np.array([c is not None for c in cells])
    (one,) = crosstab([present], base, design, group, len(sites))
    statistic, ndf, ddf, p = expected()["majority", "coded:RaoScott_by_site", "access/parking"][2:6]
    assert one.test.p == pytest.approx(float(p), rel=1e-6)
    assert (one.test.statistic, one.test.ndf, one.test.ddf) == pytest.approx(
        (float(statistic), float(ndf), float(ddf)), rel=1e-6
    )


def test_a_status_is_a_column_of_all_coded_answers_whatever_the_base(library: Path) -> None:
    for base in ("answered", "coded"):
        cells = table(library, base=base)["q1__dont_know"]
        assert (cells.count(1), cells.count(None)) == (4, 144 - 137)


def test_the_columns_come_as_the_contract_says(library: Path) -> None:
    assert list(table(library)) == [
        *("respondent", "weight", "stratum", "psu", "site", "visitor", "q1_status"),
        *("q1__access", "q1__access_hours", "q1__access_parking", "q1__space", "q1__space_quiet"),
        *("q1__staff", "q1__staff_friendly", "q1__dont_know", "q1__uncodable"),
    ]


def test_what_the_design_does_not_have_is_empty(small: Path) -> None:
    found = table(small)
    assert list(found)[:7] == [
        "respondent",
        "weight",
        "stratum",
        "psu",
        "region",
        "asked",
        "weight_2",
    ]
    assert set(found["weight"]) == set(found["stratum"]) == set(found["psu"]) == {""}
    assert found["weight_2"] == ["1.5", "1", "2", "1", "1", "1"]


def test_an_attribute_of_the_design_keeps_its_own_column_too(tmp_path: Path) -> None:
    design = Design(weight="weight", stratum="region", psu="asked")
    found = table(make(tmp_path, design=design))
    assert list(found)[:6] == ["respondent", "weight", "stratum", "psu", "region", "asked"]
    assert found["stratum"] == found["region"]
    assert found["psu"] == found["asked"]


def test_a_weight_is_written_as_every_program_reads_it(tmp_path: Path) -> None:
    survey = "id,w,why\nr1,1e-3,a\nr2,１２,b\nr3, 07.50 ,c\nr4,1_000,d\n"
    study = make(tmp_path, survey, questions=(("why", "why"),), design=Design(weight="w"))
    assert table(study)["weight"] == ["0.001", "12", "7.50", "1000"]


def test_while_answers_wait_the_base_is_what_is_coded(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,,,")
    found = table(small)
    assert found["why_status"] == [
        *("substantive", "substantive", "blank", "blank", "substantive", "substantive")
    ]
    assert found["why__reach"] == [1, 0, None, None, None, None]
    assert found["how__reach"] == [None] * 6
    said = notes(small)
    assert "why: rule any, base coded: 2 of 6 respondents" in said
    assert "why: interim: 2 of 4 coded" in said
    assert "how: interim: 0 of 5 coded" in said


def test_nobody_is_given_0_for_an_answer_that_nobody_coded(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    assert table(small, base="asked")["why__reach"] == [1, None, 0, 0, None, None]
    assert table(small, base="answered")["why__reach"] == [1, None, None, None, None, None]


def test_a_parent_has_what_is_under_it_and_a_tie_is_0_and_counted(small: Path) -> None:
    take_in_codings(small, *TWO)
    found = table(small)
    assert found["why__cost"] == [0, 0, None, None, 0, 1]
    assert found["why__cost_cheap"] == [0, 0, None, None, 0, 0]
    assert "why: 2 answers are unresolved under a code: 0 stands there" in notes(small)
    assert table(small, rule="any")["why__cost"] == [1, 1, None, None, 0, 1]
    assert "unresolved" not in notes(small, rule="any")


def test_one_coder_alone_and_the_name_without_case(small: Path) -> None:
    take_in_codings(small, *TWO, "r1,how,ben,reach,,")
    assert table(small, rule="coder:ANA")["why__cost"] == [1, 0, None, None, 0, 1]
    assert table(small, rule="coder:ben")["why__cost"] == [0, 1, None, None, 0, 1]
    assert set(table(small, rule="coder:ana")["how__reach"]) == {None}
    assert "rule coder:ana" in notes(small, rule="coder: Ana ")


def test_verdicts_override_and_what_has_none_is_0_and_counted(small: Path) -> None:
    take_in_codings(small, *TWO)
    source = small.with_name("verdicts.csv")
    source.write_text("respondent,question,coder,code,start,end\nr1,why,eve,cost/dear,,\n")
    with Study.open(small) as opened:
        verdicts.import_verdicts(opened.database, source, by="tester")
    found = table(small, rule="adjudicated")
    assert found["why__cost"] == [1, 0, None, None, 0, 0]
    assert found["why__reach"] == [0, 0, None, None, 0, 0]
    assert "why: 3 answers are unresolved" in notes(small, rule="adjudicated")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"rule": "most"}, InputError),
        ({"rule": "coder:"}, InputError),
        ({"base": "all"}, InputError),
        ({"rule": "coder:anna"}, NotFound),
    ],
)
def test_a_rule_or_base_that_there_is_not(
    small: Path, how: dict[str, str], error: type[Exception]
) -> None:
    take_in_codings(small, *TWO)
    with pytest.raises(error):
        table(small, **how)


def test_a_question_without_a_codebook_has_its_status_alone(tmp_path: Path) -> None:
    study = make(tmp_path, books=(BOOK.replace("version: 1", "version: 1\nquestions: [why]"),))
    found = table(study)
    assert [name for name in found if name.startswith("how")] == ["how_status"]
    assert found["how_status"].count("blank") == 1
    assert "how has no codebook yet" in notes(study)


def test_a_retired_code_is_there_as_long_as_it_holds_codings(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,")
    with Study.open(small) as opened:
        for code in ("reach", "cost/dear"):
            codebooks.retire(opened.database, code, by="tester")
    found = table(small)
    assert "why__reach" in found
    assert "why__cost_dear" not in found


def test_names_that_would_repeat_get_a_number(tmp_path: Path) -> None:
    book = "codebook: B\nversion: 1\ncodes:\n" + "".join(
        f"  - key: {key}\n    name: {key}\n    children:\n      - key: {child}\n        name: x\n"
        for key, child in (("a", "b-c"), ("a-b", "c"), ("a_b", "c"), ("a-b_c", "x"))
    )
    survey = SURVEY.replace("id,region,asked", "id,Site,site").replace("weight", "how-Many?")
    study = make(tmp_path, survey, [book], questions=(("Q-1", "why"), ("2", "how")))
    names = list(table(study))
    assert names[4:8] == ["Site", "site_2", "how_Many_", "Q_1_status"]
    assert names[8:16] == [
        *("Q_1__a", "Q_1__a_b_c", "Q_1__a_b", "Q_1__a_b_c_2", "Q_1__a_b_2"),
        *("Q_1__a_b_c_3", "Q_1__a_b_c_4", "Q_1__a_b_c_x"),
    ]
    assert names[16:18] == ["x2_status", "x2__a"]
    assert len({name.lower() for name in names}) == len(names)


def test_the_description_tells_numbers_from_texts_and_where_the_path_went(tmp_path: Path) -> None:
    survey = "id,w,region,zip,age,long,why\n" + "".join(
        f"r{n},1.25,{'ns'[n % 2]},0{n},{n}.5,12345678901234567,answer\n" for n in range(14)
    )
    design = Design(weight="w", fpc="age")
    study = make(tmp_path, survey, questions=(("why", "why"),), design=design)
    with Study.open(study, readonly=True) as opened:
        found = matrix(opened.database).described("m.csv")
    kinds = {each.name: each.kind for each in found.variables}
    assert [kinds[name] for name in ("respondent", "weight", "zip", "age", "long_")] == [
        *("text", "number", "text", "number", "text")
    ]
    assert (found.group, found.drawn.fpc, found.drawn.stratum) == ("region", "age", "")
    (cheap,) = (each for each in found.variables if each.name == "why__cost_cheap")
    assert cheap.label == "why: cost/cheap (Cheap)"
    (asked,) = found.questions
    assert "why__uncodable" in kinds
    assert "why__uncodable" not in asked.themes
    assert "why__nothing" in asked.themes


def test_an_updated_codebook_gives_its_new_codes_columns(small: Path) -> None:
    apply_book(small, BOOK.replace("version: 1", "version: 2") + "  - key: new\n    name: New\n")
    assert "why__new" in table(small)
