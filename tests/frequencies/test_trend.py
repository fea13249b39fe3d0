"""Themes from wave to wave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.study.design import Design
from qualcode.study.frequencies import Wish, trend
from qualcode.study.frequencies.trend_output import as_document, as_json
from studies import plant

from .made import coded, rows, small

if TYPE_CHECKING:
    from pathlib import Path


def trends(
    study: Path, wave: str = "wave", order: tuple[str, ...] = (), **wish: Any
) -> trend.TrendReport:
    with Study.open(study, readonly=True) as opened:
        question = opened.question("q1")
        return trend.trend(opened.database, question, wave, Wish(**wish), order)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """40 in each of three waves; 10, 18 and 26 of them have theme b."""
    waves = [[i for i in range(120) if i % 3 == w] for w in range(3)]
    who = [*waves[0][:10], *waves[1][:18], *waves[2][:26]]
    codings = [*coded(who, "ana", "b"), *coded(waves[0][10:13], "ana", "c")]
    done = {int(line.split(",")[0][1:]) for line in codings}
    codings += coded(sorted(set(range(120)) - done), "ana", "")
    return small(tmp_path, codings, n=120)


def test_the_change_is_in_points_for_one_more_of_the_score(study: Path) -> None:
    found = as_json(trends(study))
    assert found["scores"] == [2001, 2002, 2003]
    row = next(row for row in found["trends"] if row["code"] == "b")
    assert row["slope"]["value"] == pytest.approx(20)
    assert row["slope"]["low"] < 20 < row["slope"]["high"]
    assert row["p"] < 0.001 < row["p_holm"] * 10
    assert row["odds_ratio"]["value"] > 1
    assert [group["percent"] for group in rows(found)["b"]["groups"]] == [25, 45, 65]


def test_an_order_of_its_own(study: Path) -> None:
    forward = as_json(trends(study, "size", ("5-9", "10-19", "20")))
    assert forward["scores"] == [1, 2, 3]
    assert [group["value"] for group in rows(forward)["b"]["groups"]] == ["5-9", "10-19", "20"]
    back = as_json(trends(study, "size", ("20", "10-19", "5-9")))
    slopes = [
        next(row for row in found["trends"] if row["code"] == "b")["slope"]["value"]
        for found in (forward, back)
    ]
    assert slopes == [pytest.approx(20), pytest.approx(-20)]


def test_a_trend_over_a_hidden_cell_is_hidden(study: Path) -> None:
    found = {row["code"]: row for row in as_json(trends(study))["trends"]}
    assert found["c"]["suppressed"]
    assert found["c"]["slope"] is found["c"]["p"] is found["c"]["p_holm"] is None
    grid = as_document(trends(study)).sections[0].grid
    assert grid
    line = next(row for row in grid.rows if row[0] == "C")
    assert set(line[1:]) <= {"s", "0.0 (0)"}
    shown = {row["code"]: row for row in as_json(trends(study, is_internal=True))["trends"]}
    assert shown["c"]["slope"]["value"] is not None


def test_the_document_names_the_scores(study: Path) -> None:
    (section,) = as_document(trends(study)).sections
    text = " ".join(section.notes)
    assert "scored 2001, 2002, 2003" in text
    assert section.grid
    assert section.grid.columns[1] == "2001 (n = 40)"


def test_a_weighted_trend(study: Path) -> None:
    plant(
        study,
        """INSERT OR REPLACE INTO setting (name, value)
 VALUES ('design', '{"weight": "weight"}')""",
    )
    found = as_json(trends(study))
    assert found["weighted"]
    assert found["trends"][3]["df"] == 118


def test_what_is_no_wave_is_refused(study: Path) -> None:
    with pytest.raises(NotFound, match="no attribute “year”"):
        trends(study, "year")
    with pytest.raises(InputError, match="does not name every wave"):
        trends(study, "wave", ("2001", "2002"))
    plant(study, "UPDATE respondent SET attributes = json_set(attributes, '$.wave', '2001')")
    with pytest.raises(InputError, match="fewer than two values"):
        trends(study)


def test_while_the_coding_goes_on_only_what_is_coded_has_a_trend(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(30), "ana", "b"), n=60, design=Design())
    with pytest.raises(QualcodeError, match="not coded yet"):
        trends(study, base="answered")
    assert as_json(trends(study))["base"] == "coded"
