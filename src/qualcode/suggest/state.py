"""A scorer as named plain arrays, for another process or a file that runs no code.

As bytes they are an `.npz` archive that is read without pickle.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import InputError
from qualcode.suggest.codes import Classes
from qualcode.suggest.features import TextFeatures
from qualcode.suggest.scoring import Learned, Scorer
from qualcode.suggest.stacker import Stacker
from qualcode.suggest.tfidf import Tfidf
from qualcode.suggest.vectors import StaticVectors
from qualcode.suggest.words import Keywords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

VERSION = 1
_STACKER = ("mean", "spread", "weights", "offsets", "slopes")


def to_arrays(scorer: Scorer) -> dict[str, NDArray[Any]]:
    """The arrays of a scorer; none holds objects."""
    features, learned = scorer.features, scorer.learned
    words = {
        "version": VERSION,
        "paths": scorer.classes.paths,
        "labels": scorer.labels,
        "cold_spread": scorer.cold_spread,
        "keywords": scorer.keywords.keywords,
        "language": scorer.keywords.language,
        "values": features.values_,
        "vectors": features.vectors is not None,
        "terms": [features.words_.terms, features.parts_.terms],
    }
    arrays: dict[str, NDArray[Any]] = {
        "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
        "alone": scorer.classes.alone,
        "family": scorer.classes.family,
        "word_idf": features.words_.idf,
        "part_idf": features.parts_.idf,
        "cold": scorer.cold,
        "thresholds": scorer.thresholds,
    }
    return arrays | learned_to_arrays(learned)


def learned_to_arrays(learned: Learned | None) -> dict[str, NDArray[Any]]:
    """The arrays of what labels added; none where there were no labels."""
    if learned is None:
        return {}
    return {
        "learned": learned.weights,
        "odds": learned.odds,
        "scarcity": learned.scarcity,
        **{f"stacker_{name}": getattr(learned.stacker, name) for name in _STACKER},
    }


def to_bytes(scorer: Scorer) -> bytes:
    """A scorer as the bytes of an `.npz` archive."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **to_arrays(scorer))
    return file.getvalue()


def from_bytes(content: bytes) -> Scorer:
    """The scorer that `to_bytes` wrote down. Raises as `from_arrays` does."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return from_arrays(arrays)


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Scorer:
    """The scorer that `to_arrays` took apart.

    Raises `InputError` for arrays of another version, `MissingExtra` where the word vectors that
    it learned with are not installed.
    """
    words = json.loads(arrays["words"].tobytes())
    if words["version"] != VERSION:
        raise InputError("these suggestions were learned by another version of qualcode")
    return Scorer(
        Classes(tuple(words["paths"]), arrays["alone"], arrays["family"]),
        _features(words, arrays),
        Keywords(words["keywords"], words["language"]),
        arrays["cold"],
        float(words["cold_spread"]),
        learned_from_arrays(arrays),
        arrays["thresholds"],
        int(words["labels"]),
    )


def learned_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Learned | None:
    """What `learned_to_arrays` took apart."""
    if "learned" not in arrays:
        return None
    stacker = Stacker(*(arrays[f"stacker_{name}"] for name in _STACKER))
    return Learned(arrays["learned"], stacker, arrays["odds"], arrays["scarcity"])


def _features(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> TextFeatures:
    features = TextFeatures(vectors=StaticVectors() if words["vectors"] else None)
    single, parts = words["terms"]
    features.words_ = Tfidf("word", single, arrays["word_idf"])
    features.parts_ = Tfidf("part", parts, arrays["part_idf"])
    features.values_ = [list(column) for column in words["values"]]
    return features
