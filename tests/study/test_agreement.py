"""Agreement through the whole study: what counts, and that the numbers are the right ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from coded import TWO, library, library_triples
from qualcode import Study
from qualcode.agreement import assess_codes, assess_overall, codings_from_triples
from qualcode.errors import InputError, NotFound
from qualcode.study import agreement, codebooks
from qualcode.study.agreement.as_json import as_json
from studies import BOOK, SURVEY, apply_book, make, take_in, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from qualcode.agreement import CodeAgreement
    from qualcode.model import Estimate
    from qualcode.study.agreement import AgreementReport


def measured(study: Path, key: str = "why", *names: str, **options: Any) -> AgreementReport:
    with Study.open(study, readonly=True) as opened:
        return agreement.measure(opened.database, opened.question(key), names=names, **options)


def code(report: AgreementReport, path: str) -> CodeAgreement:
    return next(each for each in report.codes if each.code == path)


@pytest.fixture
def two(small: Path) -> Path:
    """The small study, coded by ana and ben."""
    take_in_codings(small, *TWO)
    return small


@pytest.fixture(scope="module")
def library_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("library"))


def test_the_numbers_of_a_small_study_are_those_worked_out_by_hand(two: Path) -> None:
    report = measured(two)
    assert (report.n_responses, report.n_multiply_coded) == (4, 4)
    assert report.coded_by == {"ana": 4, "ben": 4}
    reach = code(report, "reach")
    # Both applied it once, ana alone once, nobody twice.
    assert (reach.n, reach.positives, reach.prevalence) == (4, {"ana": 2, "ben": 1}, 3 / 8)
    assert reach.percent_agreement.value == pytest.approx(3 / 4)
    assert reach.positive_agreement.value == pytest.approx(2 / 3)
    assert reach.negative_agreement.value == pytest.approx(4 / 5)
    assert reach.cohen_kappa.value == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    assert reach.alpha.value == pytest.approx(1 - (1 / 4) / (2 * 3 * 5 / (8 * 7)))
    assert reach.brennan_prediger.value == pytest.approx(1 / 2)
    assert report.overall.exact_match.value == pytest.approx(1 / 2)
    assert report.overall.mean_alpha.value == pytest.approx((8 / 15 + 8 / 15 + 0) / 3)
    assert report.overall.pooled_kappa.value == pytest.approx((5.25 - 4.75) / (6 - 4.75))
    apart = (
        2 * (2 / 3) + 3 + 2 + 6 + 4 + 6
    )  # the pairs among {reach, cheap}, 2 {reach}, 3 {cost}, 2 {}
    assert report.overall.alpha_masi.value == pytest.approx(1 - ((2 / 3 + 1) / 4) / (apart / 28))


def alpha_of(sets: dict[str, list[set[str]]], path: str) -> tuple[float, float] | None:
    """Prevalence and Krippendorff's alpha of a code, by his book (2019, ch. 12)."""
    counts = [(len(each), sum(path in one for one in each)) for each in sets.values()]
    pairable = [(m, k) for m, k in counts if m > 1]
    n, ones = (sum(column) for column in zip(*pairable, strict=True))
    apart = sum(2 * k * (m - k) / (m - 1) for m, k in pairable) / n
    expected = 2 * ones * (n - ones) / (n * (n - 1))
    return (ones / n, 1 - apart / expected) if expected else None


def test_the_library_example_gives_the_alpha_of_its_csv(library_study: Path) -> None:
    by_answer: dict[str, dict[str, set[str]]] = {}
    for who, coder, path in library_triples():
        by_answer.setdefault(who, {}).setdefault(coder, set()).update({path} if path else ())
    sets = {who: list(by_coder.values()) for who, by_coder in by_answer.items()}
    report = measured(library_study, "q1")
    assert report.n_multiply_coded == len(sets)
    assert len(report.codes) == 9
    for each in report.codes:
        expected = alpha_of(sets, each.code)
        if expected is None:
            assert each.alpha.reason == "no_variation"
            continue
        assert each.prevalence == pytest.approx(expected[0])
        assert each.alpha.value == pytest.approx(expected[1], abs=1e-12)


def assert_same(one: Estimate, other: Estimate) -> None:
    assert one.reason == other.reason
    for name in ("value", "se", "low", "high"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-12)


def test_the_numbers_are_those_of_the_engine_fed_directly(library_study: Path) -> None:
    report = measured(library_study, "q1")
    paths = [each.code for each in report.codes]
    found = codings_from_triples(library_triples(), codes=paths)
    direct = {each.code: each for each in assess_codes(found)}
    for name in ("alpha_masi", "alpha_jaccard", "exact_match", "mean_alpha", "pooled_kappa"):
        assert_same(getattr(report.overall, name), getattr(assess_overall(found), name))
    for each in report.codes:
        for name in ("alpha", "gwet_ac1", "fleiss_kappa", "conger_kappa", "cohen_kappa"):
            assert_same(getattr(each, name), getattr(direct[each.code], name))


def test_codes_come_worst_first_and_undefined_ones_last(two: Path) -> None:
    values = [each.alpha.value for each in measured(two).codes]
    defined = [value for value in values if value is not None]
    assert values == sorted(defined) + [None] * (len(values) - len(defined))
    assert len(defined) == 3


def test_an_answer_that_was_not_seen_is_no_disagreement(two: Path) -> None:
    take_in_codings(two, "r1,why,cho,reach,,")
    report = measured(two)
    assert report.coded_by == {"ana": 4, "ben": 4, "cho": 1}
    assert report.seen_by == {0: 0, 2: 3, 3: 1}
    assert {pair.coders: pair.n for pair in report.pairs} == {
        ("ana", "ben"): 4,
        ("ana", "cho"): 1,
        ("ben", "cho"): 1,
    }
    assert code(report, "reach").positives["cho"] == 1
    # Had cho seen the rest and applied nothing, the agreement would be another one.
    before = report.overall.exact_match.value
    take_in_codings(two, *(f"{who},why,cho,,," for who in ("r2", "r5", "r6")))
    assert measured(two).overall.exact_match.value != before


def test_a_code_on_several_clauses_counts_once(two: Path) -> None:
    before = as_json(measured(two))["codes"]
    take_in_codings(two, "r1,why,ben,reach,0,3", "r1,why,ben,reach,5,9")
    assert as_json(measured(two))["codes"] == before
    passages = measured(two).passages
    assert passages is not None
    assert measured(two).n_passages == 1


def test_codings_of_an_earlier_text_count_in_nothing(two: Path) -> None:
    take_in(two, SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,another answer"))
    report = measured(two)
    assert (report.n_responses, report.n_multiply_coded) == (4, 3)
    assert code(report, "reach").positives == {"ana": 1, "ben": 1}


def test_codings_on_answers_that_say_nothing_do_not_count(two: Path) -> None:
    before = as_json(measured(two))
    take_in_codings(two, "r4,why,ana,reach,,", "r4,why,ben,cost,,")
    assert as_json(measured(two)) == before


def test_the_other_question_does_not_count(two: Path) -> None:
    before = as_json(measured(two))
    take_in_codings(two, "r1,how,ana,reach,,", "r1,how,ben,cost,,", "r2,how,dee,cost,,")
    assert as_json(measured(two)) == before


def test_retired_codes_are_there_only_if_they_were_used(two: Path) -> None:
    with Study.open(two) as opened:
        codebooks.retire(opened.database, "reach", by="tester")
        codebooks.retire(opened.database, "dear", by="tester")
    paths = {each.code for each in measured(two).codes}
    assert "reach" in paths
    assert "cost/dear" not in paths


def test_a_status_and_an_exclusive_code_are_compared_like_any(small: Path) -> None:
    take_in_codings(
        small,
        *(f"{who},why,ana,uncodable,," for who in ("r1", "r2")),
        *(f"{who},why,ben,nothing,," for who in ("r1", "r6")),
        "r2,why,ben,uncodable,,",
        "r6,why,ana,nothing,,",
    )
    report = measured(small)
    assert code(report, "uncodable").positives == {"ana": 2, "ben": 1}
    assert code(report, "nothing").positives == {"ana": 1, "ben": 2}
    assert report.overall.exact_match.value == pytest.approx(2 / 3)


def test_coders_are_those_named_or_those_who_coded_the_question(two: Path) -> None:
    take_in_codings(two, "r1,why,cho,reach,,", "r1,how,dee,reach,,")
    assert measured(two).coders == ("ana", "ben", "cho")
    named = measured(two, "why", "BEN", "ana")
    assert named.coders == ("ben", "ana")
    assert code(named, "reach").cohen_kappa.value == pytest.approx(0.5)
    with pytest.raises(NotFound, match="no coder “bena”") as caught:
        measured(two, "why", "bena")
    assert "ben" in caught.value.hint
    with pytest.raises(InputError, match="twice"):
        measured(two, "why", "ana", "Ana")


def test_copied_decisions_are_counted_and_said(small: Path) -> None:
    take_in_codings(small, *TWO[-4:])
    with Study.open(small) as opened:
        session, _ = opened.session("ana", "why")
        list(session.group_identical())
        by_name = {session.answer(each).response.respondent: each for each in session.queue()}
        session.toggle(by_name["r2"], session.codes[0].id)
        session.decide(by_name["r2"])
    report = measured(small)
    assert report.coded_by["ana"] == 2
    assert report.copied == 1


def test_a_coder_sees_only_what_they_have_decided(two: Path) -> None:
    with Study.open(two) as opened:
        cho, _ = opened.session("cho", "why")
        first, second = cho.queue()[:2]
        cho.toggle(first, cho.codes[0].id)
        cho.toggle(second, cho.codes[0].id)
        cho.decide(second)
    report = measured(two, visible_to=cho.coder.id)
    assert (report.n_responses, report.n_multiply_coded) == (1, 1)
    with Study.open(two, readonly=True) as opened:
        found = agreement.disagreements(
            opened.database, opened.question("why"), visible_to=cho.coder.id
        )
    assert [each.respondent for each in found] == ["r2"]
    assert {each.coder: each.n for each in report.without} == {"ana": 1, "ben": 1, "cho": 1}


NOTHING: dict[str, tuple[tuple[str, ...], str]] = {
    "nothing coded": ((), "no_pairable_units"),
    "one coder": (TWO[:5], "one_coder"),
    "no overlap": ((TWO[0], TWO[6]), "no_pairable_units"),
    "nobody used a code": (("r1,why,ana,,,", "r1,why,ben,,,", "r2,why,ana,,,"), "no_variation"),
}


@pytest.mark.parametrize("ci", ["analytic", "bootstrap"])
@pytest.mark.parametrize("case", NOTHING)
def test_where_nothing_can_be_said_there_is_a_reason(small: Path, case: str, ci: Any) -> None:
    rows, reason = NOTHING[case]
    take_in_codings(small, *rows) if rows else None
    report = measured(small, settings=agreement.Settings(ci, 200))
    assert report.overall.alpha_masi.value is None
    assert report.overall.alpha_masi.reason == reason
    assert {each.alpha.reason for each in report.codes} == {reason}


def test_one_unit_has_a_value_and_no_interval(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ben,cost,,")
    found = measured(small).overall.exact_match
    assert (found.value, found.low, found.reason) == (0, None, "one_unit")


def test_a_question_without_any_answer_is_no_fault(tmp_path: Path) -> None:
    study = make(tmp_path, "id,why,how\n1,,a\n2,,b\n")
    report = measured(study)
    assert (report.n_responses, report.coders) == (0, ())
    assert report.overall.alpha_masi.reason == "no_pairable_units"


def test_without_a_codebook_it_says_how_to_add_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="why has no codebook yet"):
        measured(make(tmp_path, books=()))


def test_disagreements_come_most_apart_first(two: Path) -> None:
    with Study.open(two, readonly=True) as opened:
        why = opened.question("why")
        found = agreement.disagreements(opened.database, why)
        on_cheap = agreement.disagreements(opened.database, why, code="cost/cheap")
        of_ana = agreement.disagreements(opened.database, why, names=["ana"])
    assert [(each.respondent, each.distance) for each in found] == [
        ("r2", 1.0),
        ("r1", pytest.approx(2 / 3)),
    ]
    assert found[1].sets == {"ana": ("reach", "cost/cheap"), "ben": ("reach",)}
    assert [each.respondent for each in on_cheap] == ["r1"]
    assert of_ana == found


def test_one_coder_alone_gives_where_they_differ_from_anybody(two: Path) -> None:
    take_in_codings(two, "r1,why,cho,reach,,", "r2,why,cho,cost,,")
    with Study.open(two, readonly=True) as opened:
        why = opened.question("why")

        def found(*names: str, code: str = "") -> list[str]:
            every = agreement.disagreements(opened.database, why, names=names, code=code)
            return sorted(each.respondent for each in every)

        assert found("cho") == found("ben") == ["r1", "r2"]
        assert found("ben", "cho") == []
        assert found("ben", code="cost/cheap") == ["r1"]
        assert found("ben", code="cost/dear") == []


def test_a_run_is_kept_whole(two: Path) -> None:
    report = measured(two, settings=agreement.Settings("bootstrap", 200, 7))
    with Study.open(two) as opened:
        step = agreement.save(opened.database, report, by="ana")
        [run] = agreement.history(opened.database, opened.question("why"))
        assert agreement.history(opened.database, opened.question("how")) == []
        assert opened.journal(last=1).__next__()[1] == step
    assert run.result == as_json(report)
    assert (run.by, run.coders, run.codebooks) == ("ana", ("ana", "ben"), (("Small", 1),))
    assert run.settings == {"ci": "bootstrap", "resamples": 200, "seed": 7}


def test_agreement_is_followed_over_time_in_the_order_of_coding(tmp_path: Path) -> None:
    people = [f"p{number:03}" for number in range(120)]
    survey = "id,why\n" + "".join(f"{who},said {who}\n" for who in people)
    study = make(tmp_path, survey, questions=(("why", "why"),))
    late, early = people[:60], people[60:]
    both = [f"{who},why,{coder},reach,," for who in early for coder in ("ana", "ben")]
    none = [f"{who},why,{coder},,," for who in early[:30] for coder in ("ana", "ben")]
    take_in_codings(study, *none, *both[60:])
    differ = [f"{who},why,ana,{'reach' if n % 2 else 'cost'},," for n, who in enumerate(late)]
    take_in_codings(study, *differ, *(f"{who},why,ben,reach,," for who in late))
    for is_full in (True, False):
        batches = measured(study, is_full=is_full).batches
        assert [(batch.name, batch.n) for batch in batches] == [("1 of 2", 60), ("2 of 2", 60)]
        first, second = (batch.mean_alpha.value for batch in batches)
        assert first == pytest.approx(1)
        assert second is not None
        assert second < 0.1
    assert any(each.p is not None and each.p < 0.05 for each in measured(study).batches[0].codes)


def test_a_newer_codebook_is_the_one_that_is_named(two: Path) -> None:
    apply_book(two, BOOK.replace("version: 1", "version: 2").replace("Cheap", "Cheaper"))
    assert measured(two).codebooks == (("Small", 2),)


def test_nothing_in_the_json_is_a_number_that_is_none(library_study: Path) -> None:
    def numbers(value: Any) -> list[float]:
        if isinstance(value, dict | list):
            inside = value.values() if isinstance(value, dict) else value
            return [number for each in inside for number in numbers(each)]
        return [value] if isinstance(value, float) else []

    assert all(math.isfinite(number) for number in numbers(as_json(measured(library_study, "q1"))))
