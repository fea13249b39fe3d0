"""The words that a batch gives as evidence."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import spacy

from qualcode.model import Code
from qualcode.suggest.batch import Answer, score_all
from qualcode.suggest.evidence import explain
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.words import stop_words

from .made import made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.suggest.scoring import Scorer

SET = made(300)


@pytest.fixture(scope="module")
def model() -> Suggester:
    return Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:150], SET.labels[:150])


def evidence(scorer: Scorer, texts: Sequence[str]) -> list[dict[str, str]]:
    """What is said of each text: the evidence of each code above its threshold."""
    found: list[dict[str, str]] = [{} for _ in texts]
    for part in score_all(scorer, (Answer(i, text) for i, text in enumerate(texts))):
        for row, code, is_above, words in zip(
            part.row, part.code, part.is_above, part.evidence, strict=True
        ):
            assert is_above or not words
            if is_above:
                found[part.ids[row]][scorer.classes.paths[code]] = words
    return found


def test_evidence_is_the_carrying_words_as_they_stand_in_the_text(model: Suggester) -> None:
    (found,) = evidence(model.scorer_, ["  Today, the Soup was BLAND – and the nurses kind."])

    assert found["food"] == "Soup, BLAND"
    assert found["staff"] == "nurses, kind"


def test_answers_that_differ_in_case_alone_keep_their_own_spelling(model: Suggester) -> None:
    texts = ["the soup was bland", "The Soup was Bland ", "\u200bTHE SOUP WAS BLAND"]

    said = [found["food"] for found in evidence(model.scorer_, texts)]

    assert said == ["soup, bland", "Soup, Bland", "SOUP, BLAND"]


def test_a_word_comes_once_and_there_are_at_most_four(model: Suggester) -> None:
    text = "food food food meals lunch soup cold tasty bland hot FOOD"
    (found,) = evidence(model.scorer_, [text])

    words = found["food"].split(", ")

    assert 1 < len(words) <= 4
    assert len({word.lower() for word in words}) == len(words)


def test_it_agrees_with_what_scoring_again_finds(model: Suggester) -> None:
    texts = SET.texts[150:]
    agreed = []
    for text, found in zip(texts, evidence(model.scorer_, texts), strict=True):
        for code, words in found.items():
            checked = {text[w.start : w.end] for w in explain(model, text, code).words}
            if checked and words:
                agreed.append(bool(checked & set(words.split(", "))))

    assert sum(agreed) / len(agreed) > 0.95


def test_before_any_label_there_is_evidence_too() -> None:
    cold = Suggester(SET.codes, thresholds=dict.fromkeys(["food"], 0.01)).prepare(SET.texts)

    (found,) = evidence(cold.scorer_, ["The food, I think, was good"])

    assert "food" in found["food"].split(", ")


def test_of_a_family_the_likeliest_member_speaks() -> None:
    codes = [Code(path="meals", name="Meals")]
    codes += [Code(path=f"meals/{name}", name=name) for name in ("breakfast", "lunch", "dinner")]
    model = Suggester(codes, thresholds={f"meals/{code.name}": 1.0 for code in codes[1:]})
    model.prepare(["a cold lunch", "a warm dinner", "breakfast came late", "it was fine"])
    model.scorer_.thresholds[0] = 0.05

    (found,) = evidence(model.scorer_, ["A Lunch too cold to eat"])

    assert "Lunch" in found["meals"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("Éléphant isn't here, the ÉLÉPHANT", "Éléphant"), ("İİ éléphant", "éléphant")],
)
def test_accents_and_letters_that_change_length(text: str, words: str) -> None:
    codes = [Code(path="a", name="Éléphant"), Code(path="b", name="Zebra")]
    model = Suggester(codes, thresholds={"a": 0.01}).prepare([text, "zebra", "nothing"])

    assert evidence(model.scorer_, [text])[0]["a"] == words


def test_an_ending_after_an_apostrophe_belongs_to_its_word() -> None:
    codes = [Code(path="no", name="isn't"), Code(path="b", name="Zebra")]
    model = Suggester(codes, thresholds={"no": 0.01}).prepare(["this isn’t it", "zebra"])

    assert evidence(model.scorer_, ["This Isn’t (it’s)"])[0]["no"] == "Isn’t"


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [("食事が冷たかった。", "食事", "食事"), ("พยาบาลใจดีมาก", "พยาบาล", "พยาบาล")],
)
def test_neighbours_of_a_script_without_spaces_stay_together(
    text: str, name: str, shown: str
) -> None:
    codes = [Code(path="a", name=name), Code(path="b", name="Zebra")]
    model = Suggester(codes, thresholds={"a": 0.01}).prepare([text, "zebra", "x y z"])
    (found,) = evidence(model.scorer_, [f" {text}"])

    assert found["a"]
    for piece in found["a"].split(", "):
        assert piece in text
    assert set(found["a"]) & set(shown)


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl", "zh", "xx"])
def test_stop_words_are_spacys(language: str) -> None:
    assert stop_words(language) == spacy.blank(language).Defaults.stop_words


@pytest.mark.parametrize("language", ["", "..", "tlh", "lex_attrs"])
def test_an_unknown_language_has_no_stop_words(language: str) -> None:
    assert stop_words(language) == frozenset()


def test_evidence_needs_no_spacy_and_no_scikit_learn() -> None:
    code = (
        "import sys, qualcode.suggest.workers as w; w.stop_words = None;"
        "from qualcode.suggest.words import stop_words; assert 'the' in stop_words();"
        "print(*(m in sys.modules for m in sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "sklearn", "spacy"], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == ["False", "False"]
