"""What scores a corpus, as one value and as bytes that hold plain arrays and no code."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import QualcodeError
from qualcode.suggest.state import (
    from_arrays,
    learned_from_arrays,
    learned_to_arrays,
    to_arrays,
)
from qualcode.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from qualcode.suggest.scoring import Scorer


@dataclass(frozen=True, slots=True, eq=False)
class QuestionModel:
    """What scores the answers to one question.

    `scorer` learned from all coded answers and makes the rows. Each of `parts` learned from all
    but one part of them: their mean is the machine's side of an estimate. `which` comes before
    the context of each answer. `source` says which model it is and how much it has learned.
    """

    scorer: Scorer
    parts: tuple[Scorer, ...]
    which: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model for each question, by key; of each answer at least the `top` codes are kept."""

    questions: dict[str, QuestionModel]
    top: int


@dataclass(frozen=True, slots=True)
class _About:
    key: str
    which: tuple[str, ...]
    source: str
    parts: int


def packed(model: Model) -> bytes:
    """The bytes of an `.npz` archive of plain arrays."""
    about = [
        asdict(_About(key, one.which, one.source, len(one.parts)))
        for key, one in model.questions.items()
    ]
    head = {"version": __version__, "top": model.top, "questions": about}
    arrays: dict[str, NDArray[Any]] = {"about": np.frombuffer(json.dumps(head).encode(), np.uint8)}
    for number, one in enumerate(model.questions.values()):
        arrays |= _named(f"{number}", to_arrays(one.scorer))
        for place, part in enumerate(one.parts):
            arrays |= _named(f"{number}.{place}", learned_to_arrays(part.learned))
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _named(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}:{each}": array for each, array in arrays.items()}


@lru_cache(maxsize=1)
def unpacked(content: bytes) -> Model:
    """The model that `packed` wrote down; a process that scores many pieces builds it once.

    Raises `QualcodeError` for that of another version of qualcode, `MissingExtra` where the word
    vectors that it learned with are not installed.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = dict(file)
    head = json.loads(arrays["about"].tobytes())
    if head["version"] != __version__:
        raise QualcodeError(
            f"this is qualcode {__version__}, the model is of {head['version']}",
            hint="install the same version on every worker",
        )
    questions = {}
    for number, each in enumerate(head["questions"]):
        scorer = from_arrays(_of(f"{number}", arrays))
        learned = (
            learned_from_arrays(_of(f"{number}.{place}", arrays)) for place in range(each["parts"])
        )
        parts = tuple(replace(scorer, learned=one) for one in learned)
        questions[each["key"]] = QuestionModel(scorer, parts, tuple(each["which"]), each["source"])
    return Model(questions, head["top"])


def _of(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    start = f"{name}:"
    return {key.removeprefix(start): each for key, each in arrays.items() if key.startswith(start)}
