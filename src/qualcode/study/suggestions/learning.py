"""From a study to a model: the answers that it reads, the codes it learns, the model itself."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, MissingExtra
from qualcode.store import codebook, learning, responses
from qualcode.suggest import StaticVectors, suggester

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.store.learning import Text
    from qualcode.study.suggestions.configured import Configured

READ_AT_MOST = 50_000
"""Answers from which the vocabulary is taken; of more, a sample of so many."""


@dataclass(frozen=True, slots=True)
class Learnable:
    """What a model of one question is made from, without what coders gave.

    `pool` are all answers or a sample of them; `codebooks` the names and versions of the
    codebooks that the `codes` come from. Of several questions `together`, the model learns from
    the answers to all, and which one was answered is the first column of their context.
    """

    question: Question
    codes: tuple[Code, ...]
    codebooks: list[tuple[str, int]]
    pool: list[Text]
    configured: Configured
    together: tuple[Question, ...]

    @property
    def path_of(self) -> dict[int, str]:
        """The path of each code by its id."""
        return {code.id: code.path for code in self.codes}

    @property
    def id_of(self) -> dict[str, int]:
        """The id of each code by its path."""
        return {code.path: code.id for code in self.codes}


@dataclass(frozen=True, slots=True)
class Labels:
    """Coded answers and the paths of the codes of each.

    The first `own` answer the question itself, the others those that it learns together with.
    """

    answers: list[Text]
    codes: list[frozenset[str]]
    own: int

    def __len__(self) -> int:
        return len(self.answers)


def learnable(
    database: Database, question: Question, configured: Configured, *, seed: int, pool: bool = False
) -> Learnable:
    """Read what a model of a question is made from; with `pool` of all that share its codes.

    Raises `InputError` where there is no code to suggest.
    """
    codes, books = usable(database, question)
    together = sharing(database, question) if pool else (question,)
    names = context_of(configured, together)
    texts = [
        text
        for each in together
        for text in _placed(
            learning.some_texts(database, each.id, READ_AT_MOST // len(together), seed, names),
            each,
            together,
        )
    ]
    return Learnable(question, codes, books, texts, configured, together)


def sharing(database: Database, question: Question) -> tuple[Question, ...]:
    """A question and then the others that have the very same codes."""
    codes = codebook.codes_for(database, question.key)
    others = (each for each in responses.questions(database) if each != question)
    return question, *(each for each in others if codebook.codes_for(database, each.key) == codes)


def context_of(configured: Configured, together: Sequence[Question]) -> tuple[str, ...]:
    """The attributes that the answers to some questions are read with."""
    names = (name for question in together for name in configured.context_of(question.key))
    return tuple(dict.fromkeys(names))


def _placed(texts: list[Text], question: Question, together: Sequence[Question]) -> list[Text]:
    if len(together) == 1:
        return texts
    return [replace(text, context=(question.key, *text.context)) for text in texts]


def usable(
    database: Database, question: Question
) -> tuple[tuple[Code, ...], list[tuple[str, int]]]:
    """The codes for a question, and the names and versions of their codebooks.

    Raises `InputError` where there is no code to suggest.
    """
    codes = codebook.codes_for(database, question.key)
    if all(code.is_retired for code in codes):
        raise InputError(
            f"there is no code to suggest for {question.key}",
            hint="`qualcode codebook apply` adds a codebook",
        )
    books = [
        (book.name, book.version)
        for book in codebook.codebooks(database)
        if codebook.covers(book, question.key)
    ]
    return codes, books


def is_current(database: Database, known: Learnable, configured: Configured) -> bool:
    """Whether the codes, and what the study says of suggestions, are still what they were."""
    codes = codebook.codes_for(database, known.question.key)
    return known.codes == codes and known.configured == configured


def labels(database: Database, known: Learnable, *, coder_id: int = 0) -> Labels:
    """What the coders gave: of one coder alone, or what most coders of each answer gave."""
    names = context_of(known.configured, known.together)
    paths = known.path_of
    answers: list[Text] = []
    codes: list[frozenset[str]] = []
    own = 0
    for question in known.together:
        if coder_id:
            given = learning.own_codes(database, question.id, coder_id)
        else:
            given = learning.majority_codes(database, question.id)
        texts = learning.texts(database, list(given), names)
        answers += _placed(texts, question, known.together)
        codes += [
            frozenset(paths[code] for code in given[text.id] if code in paths) for text in texts
        ]
        if question == known.question:
            own = len(answers)
    return Labels(answers, codes, own)


def prepared(known: Learnable, name: str = "hybrid", *, seed: int, vectors: bool | None) -> Any:
    """A suggester that has read the answers and the codebook and learned from no coder yet.

    `vectors` None: word vectors if they are installed. Raises `MissingExtra` where they are
    asked for and absent, `NotFound` for a suggester that there is not.
    """
    options: Mapping[str, Any] = {}
    if name == "hybrid":
        options = {
            "thresholds": known.configured.thresholds,
            "language": known.configured.language,
            "vectors": _vectors(wanted=vectors),
        }
    model = suggester(name)(known.codes, seed=seed, **options)
    return model.prepare(*columns(known.pool))


def has_vectors(*, wanted: bool | None) -> bool:
    """Whether word vectors are used. Raises `MissingExtra` where they are wanted and absent."""
    return _vectors(wanted=wanted) is not None


def _vectors(*, wanted: bool | None) -> StaticVectors | None:
    if wanted is False:
        return None
    try:
        return StaticVectors()
    except MissingExtra:
        if wanted:
            raise
        return None


def taught(model: Any, given: Labels) -> Any:
    """A copy of a prepared model that has learned from coded answers; `model` stays as it is."""
    texts, contexts = columns(given.answers)
    return copy.copy(model).fit(texts, given.codes, contexts)


def columns(answers: list[Text]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Texts and contexts apart; no contexts where there are none."""
    contexts = [answer.context for answer in answers]
    return [answer.text for answer in answers], contexts if any(contexts) else []
