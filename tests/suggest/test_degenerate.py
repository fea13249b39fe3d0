"""Bad input gives a clear message or a sound result."""

from __future__ import annotations

import time

import numpy as np
import pytest

from qualcode.errors import InputError
from qualcode.model import Code
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.ranking import ranked

from .made import made

SET = made(200)


def sound(model: Suggester, texts: list[str]) -> np.ndarray:
    p = model.predict_proba(texts)
    assert p.shape == (len(texts), len(model.classes_))
    assert np.isfinite(p).all()
    assert p.min(initial=0) >= 0
    assert p.max(initial=0) <= 1
    return p


def test_a_codebook_without_definitions_works_by_its_names() -> None:
    codes = [Code(path=code.path, name=code.name) for code in SET.codes]
    p = sound(Suggester(codes).prepare(SET.texts), ["parking my car", "the food"])

    assert [codes[i].path for i in p.argmax(axis=1)] == ["parking", "food"]


def test_codes_with_no_words_at_all_are_scored() -> None:
    codes = [Code(path="a", name=""), Code(path="b", name="?"), Code(path="c", name="!!")]
    model = Suggester(codes).prepare(SET.texts)

    sound(model, SET.texts)
    sound(model.fit(SET.texts[:20], [{"a"}] * 10 + [{"b"}] * 10), SET.texts)


@pytest.mark.parametrize("n", [0, 1, 2, 60])
def test_one_code_is_enough(n: int) -> None:
    model = Suggester([Code(path="staff", name="Staff")]).prepare(SET.texts)
    model.fit(SET.texts[:n], [one & {"staff"} for one in SET.labels[:n]])

    p = sound(model, ["the staff", "an apple"])

    assert p[0, 0] > p[1, 0]


@pytest.mark.parametrize("label", [{"staff"}, set()])
def test_one_label_is_enough(label: set[str]) -> None:
    model = Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:1], [label])

    sound(model, SET.texts)


def test_every_answer_with_the_same_code_or_with_all_or_none() -> None:
    paths = {code.path for code in SET.codes}
    for label in ({"food"}, paths, set()):
        model = Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:60], [label] * 60)
        sound(model, SET.texts)


def test_all_answers_blank() -> None:
    blank = ["", "  ", "-", "n/a", "\u200b"]
    model = Suggester(SET.codes).prepare(blank).fit(blank, [set()] * len(blank))

    assert not model.scorer_.is_calibrated
    sound(model, [*blank, "food"])


def test_a_language_that_puts_no_space_between_words() -> None:
    codes = [
        Code(path="food", name="食事", keywords=("食事",)),
        Code(path="staff", name="看護師", definition="看護師や医師の態度"),
        Code(path="waiting", name="待ち時間"),
    ]
    texts = ["食事が冷たかった", "看護師さんが親切でした", "待ち時間が長すぎます", "食事はおいしい"]
    model = Suggester(codes).prepare(texts)

    assert sound(model, texts).argmax(axis=1).tolist() == [0, 1, 2, 0]
    model.fit(texts[:3], [{"food"}, {"staff"}, {"waiting"}])
    assert sound(model, ["とても親切な看護師"]).argmax() == 1


def test_ten_thousand_identical_answers_take_no_time() -> None:
    texts = ["the food was cold"] * 10_000
    begun = time.process_time()
    model = Suggester(SET.codes).prepare(texts).fit(texts, [{"food"}] * 9_000 + [set()] * 1_000)

    p = sound(model, texts[:3])

    assert time.process_time() - begun < 5
    assert p[0].argmax() == [code.path for code in SET.codes].index("food")


def test_a_code_retired_since_is_neither_learned_nor_suggested() -> None:
    codes = [*SET.codes[1:], Code(path="staff", name="Staff", is_retired=True)]
    model = Suggester(codes).prepare(SET.texts).fit(SET.texts[:60], SET.labels[:60])

    assert "staff" not in model.classes_
    sound(model, SET.texts)


def test_labels_of_another_codebook_teach_nothing_wrong() -> None:
    model = Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:9], [{"elsewhere"}] * 9)

    sound(model, SET.texts)


def test_hostile_and_very_long_texts_are_scored() -> None:
    texts = ["\x1b[31m food \udcff", "food " * 20_000, "\x00", "🙂" * 500, "\n\t\r"]
    model = Suggester(SET.codes).prepare([*SET.texts, *texts]).fit(SET.texts[:20], SET.labels[:20])

    sound(model, texts)


def test_contexts_must_fit_the_answers() -> None:
    with pytest.raises(InputError, match="contexts"):
        Suggester(SET.codes).prepare(SET.texts, [("a",)])
    model = Suggester(SET.codes).prepare(SET.texts, [("a",)] * len(SET.texts))
    with pytest.raises(InputError, match="context"):
        model.predict_proba(["food"], [("a", "b")])
    assert np.isfinite(model.predict_proba(["food"], [("never seen",)])).all()


def test_a_language_that_spacy_does_not_know() -> None:
    codes = [Code(path="food", name="Food", keywords=("food",)), SET.codes[0]]

    with pytest.raises(InputError, match="tlh"):
        Suggester(codes, language="tlh").prepare(SET.texts)


def test_a_suggestion_for_no_words_is_still_a_list() -> None:
    model = Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:60], SET.labels[:60])
    found = ranked(
        model.predict_proba(["?!"])[0],
        model.scorer_.classes,
        model.thresholds_,
        is_calibrated=True,
        most=3,
    )

    assert len(found) == 3
