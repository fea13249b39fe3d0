"""Who codes what is dealt out by chance and evenly; what several are to code is blind."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import Study
from qualcode.errors import InputError
from qualcode.model import Filter
from qualcode.study import agreement, assigning, exports
from qualcode.study.assigning import Plan, Unit, deal, probabilities, wanted_coders
from studies import SURVEY, errors, make, read_csv, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.study.assigning import Dealt

UNITS = st.lists(st.sampled_from("abc"), min_size=1, max_size=80).map(
    lambda strata: [Unit(n, f"r{n}", stratum) for n, stratum in enumerate(strata)]
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Study]:
    with Study.open(make(tmp_path)) as found:
        yield found


def dealt(opened: Study, *names: str, **plan: float) -> Dealt:
    question = opened.question("why")
    (found,) = assigning.assign(opened.database, names, [question], Plan(**plan), by="lead")
    return found


@given(UNITS, st.floats(0, 1), st.integers(0, 9))
def test_the_share_is_met_in_all_and_in_every_stratum(
    units: list[Unit], double: float, seed: int
) -> None:
    wanted = wanted_coders(units, Plan(double, 2, seed))
    by_stratum = Counter(unit.stratum for unit in units if wanted[unit.respondent_id] > 1)
    sizes = Counter(unit.stratum for unit in units)
    assert sum(by_stratum.values()) == round(double * len(units))
    for stratum, size in sizes.items():
        assert abs(by_stratum[stratum] - double * size) < 1.5
        assert probabilities(units, Plan(double, 2, seed))[stratum] == by_stratum[stratum] / size


@given(UNITS, st.floats(0, 1), st.integers(2, 6), st.integers(0, 9))
def test_everybody_has_as_much_as_the_others(
    units: list[Unit], double: float, people: int, seed: int
) -> None:
    wanted = wanted_coders(units, Plan(double, 2, seed))
    found = deal(units, wanted, list(range(people)), {}, seed)
    loads = Counter(coder for own in found.values() for coder in own)
    assert {unit: len(own) for unit, own in found.items()} == wanted
    assert all(len(set(own)) == len(own) for own in found.values())
    counts = [loads[coder] for coder in range(people)]
    assert max(counts) - min(counts) <= 2 + len({unit.stratum for unit in units})


@given(UNITS, st.integers(0, 9))
def test_every_pair_meets_as_often_as_the_others(units: list[Unit], seed: int) -> None:
    found = deal(units, wanted_coders(units, Plan(1, 2, seed)), [0, 1, 2], {}, seed)
    pairs = Counter(frozenset(own) for own in found.values())
    counts = [pairs[frozenset(pair)] for pair in combinations(range(3), 2)]
    assert max(counts) - min(counts) <= 2


@given(UNITS, st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_a_larger_share_keeps_what_was_dealt_before(
    units: list[Unit], one: float, other: float, seed: int
) -> None:
    less, more = sorted((one, other))
    before = deal(units, wanted_coders(units, Plan(less, 2, seed)), [0, 1, 2], {}, seed)
    kept = {unit: list(own) for unit, own in before.items()}
    after = deal(units, wanted_coders(units, Plan(more, 2, seed)), [0, 1, 2], kept, seed)
    assert all(after[unit][: len(own)] == own for unit, own in before.items())


@given(UNITS, st.floats(0, 1), st.integers(0, 9), st.randoms())
def test_the_order_of_the_file_does_not_matter(
    units: list[Unit], double: float, seed: int, chance: object
) -> None:
    shuffled = list(units)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    plan = Plan(double, 2, seed)
    assert wanted_coders(units, plan) == wanted_coders(shuffled, plan)
    found = [deal(each, wanted_coders(each, plan), [0, 1], {}, seed) for each in (units, shuffled)]
    assert found[0] == found[1]


def test_a_coders_queue_is_their_assignment(opened: Study) -> None:
    dealt(opened, "ana", "ben", double=0.5)
    session, _ = opened.session("ana", "why")
    mine = list(session.queue(Filter("assigned")))
    assert 1 < len(mine) < 4
    assert session.opening() == mine[0]
    session.decide(mine[0])
    assert session.opening() == mine[1]
    other, _ = opened.session("eva", "why")
    assert not other.is_assigned
    assert other.opening() == other.queue()[0]


def test_assigning_again_takes_nothing_back_and_new_answers_find_a_coder(opened: Study) -> None:
    dealt(opened, "ana", "ben", double=0.5)
    session, _ = opened.session("ana", "why")
    before = list(session.queue(Filter("assigned")))
    assert dealt(opened, "ana", "ben", double=0.5).added == 0
    take_in(opened.path, SURVEY + "r7,south,yes,1,new,\nr8,south,yes,1,newer,\n")
    assert dealt(opened, "ana", "ben", double=0.5).added >= 2
    assert list(session.queue(Filter("assigned")))[: len(before)] == before


def test_who_has_coded_an_answer_keeps_it(opened: Study) -> None:
    take_in_codings(opened.path, "r1,why,ana,reach,,", "r2,why,ana,,,")
    dealt(opened, "ana", "ben")
    rows = opened.database.rows("SELECT respondent, coder FROM v_assignment ORDER BY 1, 2")
    assert {("r1", "ana"), ("r2", "ana")} <= set(rows)
    assert len(rows) == 4


def test_a_changed_answer_stays_whose_it_was(opened: Study) -> None:
    dealt(opened, "ana", "ben", double=1)
    take_in(opened.path, SURVEY.replace("nobody is watching", "somebody is watching"))
    session, _ = opened.session("ana", "why")
    assert len(session.queue(Filter("assigned"))) == 4


def test_what_two_are_to_code_is_hidden_until_both_have_decided(
    opened: Study, tmp_path: Path
) -> None:
    dealt(opened, "ana", "ben", double=1)
    ana, ben = opened.session("ana", "why")[0], opened.session("ben", "why")[0]
    answer = ana.queue()[0]
    reach, cost = ana.codes[0].id, ana.codes[1].id
    ana.toggle(answer, reach)
    ana.decide(answer)

    def seen(*, lead: bool = False) -> tuple[int, int, int]:
        question = opened.question("why")
        exports.export_codings(opened.database, tmp_path / "c.csv", wide=False, with_pending=lead)
        report = agreement.measure(opened.database, question, with_pending=lead)
        apart = agreement.disagreements(opened.database, question, with_pending=lead)
        return len(read_csv(tmp_path / "c.csv")) - 1, report.n_multiply_coded, len(apart)

    assert ana.answer(answer).is_blind
    assert ben.answer(answer).is_blind
    assert seen() == (0, 0, 0)
    assert seen(lead=True)[0] == 1
    ben.toggle(answer, cost)
    assert seen() == (0, 0, 0)
    assert seen(lead=True) == (2, 1, 1)
    ben.decide(answer)
    assert seen() == (2, 1, 1)
    assert not ana.answer(answer).is_blind
    ben.undo()
    assert seen() == (0, 0, 0)


def test_the_agreement_says_how_many_answers_wait(opened: Study) -> None:
    dealt(opened, "ana", "ben", double=1)
    report = agreement.measure(opened.database, opened.question("why"))
    assert report.pending == 4
    assert (
        agreement.measure(opened.database, opened.question("why"), with_pending=True).pending == 0
    )


def test_identical_answers_that_two_code_are_never_coded_along(opened: Study) -> None:
    dealt(opened, "ana", "ben", double=1)
    session, _ = opened.session("ana", "why")
    for _ in session.group_identical():
        pass
    for answer in session.queue():
        assert session.answer(answer).twins == 0


@pytest.mark.parametrize(
    ("names", "plan", "message"),
    [
        (("ana",), {"double": 0.5}, "2 coders cannot code one answer where 1 are named"),
        (("ana", "Ana"), {}, "a coder is named twice"),
        (("ana", "ben"), {"double": 1.5}, "a share lies between 0 and 1"),
        (("-",), {}, "cannot be called"),
    ],
)
def test_what_cannot_be_dealt_changes_nothing(
    opened: Study, names: tuple[str, ...], plan: dict[str, float], message: str
) -> None:
    before = list(opened.database.connection.iterdump())
    with pytest.raises(InputError, match=message):
        dealt(opened, *names, **plan)
    assert list(opened.database.connection.iterdump()) == before
    assert errors(opened.path) == []
