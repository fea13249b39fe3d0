"""Rules over attributes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.expression import DEEPEST, LONGEST, parse

ANA = {
    "years": "5.0",
    "unit": "computer crimes",
    "town size": "large",
    "weight": "1e3",
    "empty": "",
}


@pytest.mark.parametrize(
    "rule",
    [
        "years == 5",
        'years == "5"',
        "years >= 5 and years<6",
        "years != 6",
        "weight > 999",
        'unit == "computer crimes"',
        "unit == 'computer crimes'",
        'not unit == "Computer crimes"',
        '`town size` in ("small", "large")',
        'unit not in ("a", "b")',
        "years in (4, 5)",
        'years == 6 or years == 5 and unit != "x"',
        '(years == 5 or years == 6) and not (unit == "x")',
        'empty == ""',
        'nobody == ""',
        "years > -1",
        "5 == years",
        'unit > "a"',
        "unit == unit",
    ],
)
def test_rules_that_hold(rule: str) -> None:
    assert parse(rule).evaluate(ANA)
    assert not parse(f"not ({rule})").evaluate(ANA)


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    assert parse("years == 5 or years == 5 and years == 6").evaluate(ANA)
    assert not parse("not years == 5 and years == 5").evaluate(ANA)


def test_text_is_compared_as_text_where_one_side_is_no_number() -> None:
    assert parse('unit != 5 and years < "a" and "nan" != 5 and "1e999" == "1e999"').evaluate(ANA)
    assert not parse("empty == 0").evaluate(ANA)


def test_names_come_once_in_order() -> None:
    assert parse('b == 1 and `a c` == "x" and b in (d, 2)').names == ("b", "a c", "d")


@pytest.mark.parametrize(
    ("rule", "position"),
    [
        ("", 1),
        ("years", 6),
        ("years = 5", 7),
        ("years == ", 10),
        ("years == 5 years", 12),
        ('unit == "open', 9),
        ("(years == 5", 12),
        ("years in 5", 10),
        ("years in ()", 11),
        ("not", 4),
        ("years == 5x", 10),
        ("a == 1 && b == 2", 8),
        ("1 < years < 9", 11),
        ("__import__('os')", 11),
    ],
)
def test_a_mistake_is_said_with_its_position(rule: str, position: int) -> None:
    with pytest.raises(InputError, match=rf"position {position}:") as caught:
        parse(rule)
    assert "\n" not in caught.value.message


def test_rules_are_bounded() -> None:
    with pytest.raises(InputError, match="inside"):
        parse("(" * (DEEPEST + 2) + "a == 1" + ")" * (DEEPEST + 2))
    with pytest.raises(InputError, match="inside"):
        parse("not " * 2000 + "a == 1")
    with pytest.raises(InputError, match="characters"):
        parse("a == 1 or " * LONGEST)
    assert parse(" or ".join(["a == 1"] * 500)).names == ("a",)


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_an_error(text: str) -> None:
    try:
        rule = parse(text)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert rule.evaluate({}) in {True, False}


@given(
    st.lists(
        st.sampled_from(
            ["a", "`b c`", '"x"', "5", "==", "<", "and", "or", "not", "in", "(", ")", ","]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_any_words_of_a_rule_are_a_rule_or_an_error(text: str) -> None:
    try:
        rule = parse(text)
    except InputError as error:
        assert "position" in str(error)  # noqa: PT017
    else:
        assert rule.evaluate({"a": "5", "b c": "x"}) in {True, False}
