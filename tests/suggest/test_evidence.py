"""Why a code is suggested."""

from __future__ import annotations

import pytest

from qualcode.errors import NotFound
from qualcode.model import Code
from qualcode.suggest.evidence import explain
from qualcode.suggest.hybrid import Suggester

from .made import made

SET = made(300)


@pytest.fixture(scope="module")
def model() -> Suggester:
    return Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:150], SET.labels[:150])


def test_the_words_that_carry_a_code_are_found_where_they_stand(model: Suggester) -> None:
    text = "Today, the Soup was bland – and the nurses kind."
    words = {text[w.start : w.end] for w in explain(model, text, "food").words}

    assert {"Soup", "bland"} <= words
    assert not words & {"the", "was", "and"}


def test_a_word_is_shown_only_if_the_probability_falls_without_it(model: Suggester) -> None:
    text = "meals cold parking"
    p = model.predict_proba([text])[0, 2]

    for word in explain(model, text, "food").words:
        without = model.predict_proba([text[: word.start] + " " + text[word.end :]])[0, 2]
        assert word.drop == pytest.approx(p - without)
        assert word.drop > 0


def test_each_code_has_evidence_of_its_own(model: Suggester) -> None:
    text = "the queue was endless and parking expensive"

    waiting, parking = (explain(model, text, code).words for code in ("waiting", "parking"))

    assert {text[w.start : w.end] for w in waiting} & {"queue", "endless"}
    assert {text[w.start : w.end] for w in parking} & {"parking", "expensive"}


def test_the_nearest_example_has_the_code(model: Suggester) -> None:
    near = explain(model, "lunch was hot", "food").example

    assert near is not None
    assert near.source == "answer"
    assert "food" in SET.labels[SET.texts.index(near.text)]


def test_before_any_label_the_codebook_is_the_example() -> None:
    cold = Suggester(SET.codes).prepare(SET.texts)
    found = explain(cold, "the food was tasty", "food")

    assert found.example is not None
    assert found.example.source == "codebook"
    assert found.words


def test_keywords_are_found_whole_and_without_case() -> None:
    codes = [
        Code(path="reach", name="Reach", keywords=("wider audience", "pool")),
        Code(path="cost", name="Cost", keywords=("cheap",)),
    ]
    text = "A Wider Audience, not a carpool; and it is cheap"
    model = Suggester(codes).prepare([text, "something else"])

    assert explain(model, text, "reach").keywords == ((2, 16),)
    assert explain(model, text, "cost").keywords == ((len(text) - 5, len(text)),)


def test_a_keyword_raises_its_code() -> None:
    codes = [Code(path="a", name="Alpha", keywords=("zebra",)), Code(path="b", name="Beta")]
    model = Suggester(codes).prepare(["the zebra ran", "it rained", "beta and alpha"])
    p = model.predict_proba(["the zebra ran"])[0]

    assert p[0] > p[1]


def test_words_of_a_script_without_spaces_are_its_characters() -> None:
    codes = [Code(path="food", name="食事"), Code(path="staff", name="看護師")]
    texts = ["食事が冷たい", "看護師は親切", "食事はよい"]
    model = Suggester(codes).prepare(texts)
    found = explain(model, texts[0], "food")

    assert {texts[0][w.start : w.end] for w in found.words} & {"食", "事"}


@pytest.mark.parametrize("text", ["", "?!", "the and of", "\x1b[0m"])
def test_a_text_that_says_nothing_has_no_evidence(model: Suggester, text: str) -> None:
    assert explain(model, text, "food").words == ()


def test_an_unknown_code_is_not_found(model: Suggester) -> None:
    with pytest.raises(NotFound, match="foot"):
        explain(model, "soup", "foot")
