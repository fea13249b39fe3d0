"""The verbs of the product, and the only place where the parts meet."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from qualcode.errors import NotFound
from qualcode.model import Coder
from qualcode.store import (
    assignments,
    coders,
    codings,
    connection,
    journal,
    maintenance,
    queries,
    responses,
    reviews,
    schema,
    settings,
)
from qualcode.store import codebook as codebook_store
from qualcode.store.journal import JOURNAL_COLUMNS
from qualcode.study.coding import CodingSession

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from qualcode.model import Change, Code, Codebook, Question
    from qualcode.store.connection import Database
    from qualcode.store.maintenance import Finding
    from qualcode.study.adjudication.session import AdjudicationSession
    from qualcode.study.quotes.clearing import ClearingSession

__all__ = ["JOURNAL_COLUMNS", "CodingSession", "Study", "login_name"]


def login_name() -> str:
    """The name under which this person is known to the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was taken over onto changed answers: how many answers a question, and codings."""

    step: int | None
    coder: str
    answers: dict[str, int]
    codings: int


@dataclass(frozen=True, slots=True)
class Study:
    """An open study: one SQLite file. A context manager that closes it.

    The verbs of one coder are on `session`; those on files and codebooks are the functions
    of `qualcode.study.surveys`, `codebooks`, `incoming`, `exports` and `design`, which take
    `database`.
    """

    path: Path
    database: Database

    @classmethod
    def open(cls, path: str | Path, *, readonly: bool = False) -> Self:
        """Open an existing study.

        With `readonly` it is only looked at, and may lie where nothing can be written. Raises
        `NotFound` if there is none, `InputError` if the file is something else,
        `QualcodeError` if it cannot be written or was made by a newer qualcode.
        """
        path = Path(path)
        database = (connection.open_to_read if readonly else connection.open_to_write)(path)
        if readonly and schema.is_outdated(database):
            database = connection.in_memory(database)
        try:
            schema.migrate(database)
            if settings.read(database, "sensitive"):
                database.keep_private()
        except BaseException:
            database.close()
            raise
        return cls(path, database)

    @classmethod
    def rehearse(cls, path: str | Path) -> Self:
        """Open a copy of a study in memory, to see what a change would do: nothing is kept."""
        opened = cls.open(path, readonly=True)
        return cls(opened.path, connection.in_memory(opened.database))

    def close(self) -> None:
        """Close the file; the last process to close it leaves one file behind."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The open questions in their order."""
        return responses.questions(self.database)

    @property
    def coders(self) -> tuple[Coder, ...]:
        """Everybody who codes, in the order of their coming."""
        return coders.coders(self.database)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the respondents' attributes, in the order of the file."""
        return responses.attributes(self.database)

    @property
    def codebooks(self) -> tuple[Codebook, ...]:
        """The codebooks with their codes."""
        return codebook_store.codebooks(self.database)

    def question(self, key: str) -> Question:
        """The question of that key. Raises `NotFound` with the nearest."""
        keys = [question.key for question in self.questions]
        for question in self.questions:
            if question.key == key:
                return question
        raise NotFound(
            f"there is no question “{key}”",
            wanted=key,
            there_are=keys,
            hint="" if keys and len(keys) > 1 else f"the study has {', '.join(keys)}",
        )

    def coder(self, name: str) -> Coder:
        """The coder of that name, without case. Raises `NotFound` with the nearest."""
        return coders.find(self.database, name)

    def session(self, coder: str, question: str = "") -> tuple[CodingSession, str]:
        """A coder at work on a question, and a remark where a new coder has a near namesake.

        Without `question`, the coder's last one, else the first.
        """
        if question:
            self.question(question)
        person, remark = coders.find_or_add(self.database, coder)
        key = question or responses.last_question(self.database, person.id)
        chosen = self.question(key) if key else self.questions[0]
        return CodingSession(self.database, person, chosen), remark

    def clearing(
        self,
        person: str,
        question: Question,
        *,
        code: Code | None = None,
        rule: str = "",
        count: int = 5,
    ) -> tuple[ClearingSession, str]:
        """A person who clears quotes of a question, and a remark as `session` gives.

        Of all its themes, `count` exemplars each, or of one theme all its answers. Raises what
        `quotes.themed.themed` raises.
        """
        # It loads numpy, which the coding screen does without.
        from qualcode.study.quotes.clearing import ClearingSession  # noqa: PLC0415

        who, remark = coders.find_or_add(self.database, person)
        session = ClearingSession(self.database, who, question, code=code, rule=rule, count=count)
        return session, remark

    def adjudicating(
        self, person: str = "", question: str = "", *, code: str = ""
    ) -> AdjudicationSession:
        """A person who settles answers in dispute, of one question or of all; or who only looks.

        With `code`, those on which that code is in dispute. Raises `NotFound` for a coder, question
        or code that is not there.
        """
        # It loads numpy, which the coding screen does without.
        from qualcode.study import codebooks  # noqa: PLC0415
        from qualcode.study.adjudication.session import AdjudicationSession  # noqa: PLC0415

        asked = (self.question(question),) if question else self.questions
        who = self._known(person) if person else Coder(0, "")
        within = codebooks.find_code(self.database, code)[1] if code else None
        return AdjudicationSession(self.database, who, asked, code=within)

    def meet(self, name: str) -> tuple[Coder, str]:
        """The coder of that name, new if there is none, and a remark as `session` gives."""
        return coders.find_or_add(self.database, name)

    def _known(self, name: str) -> Coder:
        """The coder of that name. Raises `NotFound` with the nearest, or how one comes to be."""
        try:
            return self.coder(name)
        except NotFound as error:
            hint = error.hint or "a coder comes with `qualcode code`, `assign` or `import-codings`"
            raise NotFound(error.message, hint=hint) from None

    def rename_coder(self, old: str, new: str, *, by: str) -> Coder:
        """Give a coder another name. Raises `NotFound`, or `Conflict` if another has it."""
        return coders.rename(self.database, old, new, by=by)

    def undo(self, coder: str) -> Change | None:
        """Take back a coder's last step; None if there is none. Raises `NotFound`."""
        person = self.coder(coder)
        return codings.undo(self.database, person.id, by=person.name)

    def redo(self, coder: str) -> Change | None:
        """Take back a coder's last undo; None if there is none. Raises `NotFound`."""
        person = self.coder(coder)
        return codings.redo(self.database, person.id, by=person.name)

    def confirm(self, coder: str, question: str = "") -> Confirmed:
        """Take over, in one step, what a coder had put on answers that have changed since.

        Without `question`, on all. Raises `NotFound`.
        """
        person = self.coder(coder)
        asked = (self.question(question),) if question else self.questions
        with self.database.transaction():
            acts = {
                each.key: CodingSession(self.database, person, each).confirmed_acts()
                for each in asked
            }
            everything = [act for some in acts.values() for act in some]
            change = codings.perform(
                self.database, person.id, "confirm", everything, by=person.name
            )
        counts = {key: sum(act.name == "decide" for act in some) for key, some in acts.items()}
        n_codings = sum(act.name == "code" for act in everything)
        return Confirmed(change.step if change else None, person.name, counts, n_codings)

    def describe(self, response_id: int) -> dict[str, str]:
        """Whose answer it is, and to which question."""
        response, _ = responses.response(self.database, response_id)
        return {"respondent": response.respondent, "question": response.question}

    def serve_keys(self) -> None:
        """Let no key wait long; call `move_log` now and then in return."""
        connection.serve_keys(self.database)

    def move_log(self) -> None:
        """Move a long write-ahead log into the file; safe to call from another thread."""
        connection.move_log(self.path)

    def backup(self, target: Path) -> None:
        """Write a checked copy. Raises `Conflict` if `target` exists."""
        maintenance.backup(self.database, target)

    def examine(self) -> list[Finding]:
        """Everything that can be wrong with the file and the place where it lies."""
        return list(maintenance.examine(self.database))

    def journal(
        self, *, last: int | None = None, with_pending: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """The acts of the study as `journal.JOURNAL_COLUMNS`, oldest first.

        Those on answers that wait for one of their coders, and those on repeats, are there for the
        lead alone, `with_pending`.
        """
        but = "" if with_pending else assignments.HIDDEN_ACT
        return journal.entries(self.database, last=last, but=but)

    def info(self) -> dict[str, Any]:
        """Questions, respondents, answers by status, coders and their progress."""
        counts = responses.status_counts(self.database)
        progress = responses.progress(self.database)
        asked = queries.waiting(self.database)
        noted = reviews.waiting(self.database)
        return {
            "study": str(self.path),
            "questions": [
                {
                    "key": question.key,
                    "text": question.text,
                    "asked": counts[question.key]["blank"] + counts[question.key]["substantive"],
                    "not_asked": counts[question.key]["not_asked"],
                    "blank": counts[question.key]["blank"],
                    "substantive": counts[question.key]["substantive"],
                    "coders": {
                        coder.name: progress.get((question.key, coder.name), 0)
                        for coder in self.coders
                    },
                    "asked_about": asked.get(question.key, {}),
                    "changed": responses.to_confirm(self.database, question.id),
                    "split": responses.to_recode(self.database, question.id),
                    "review": noted.get(question.id, 0),
                }
                for question in self.questions
            ],
            "respondents": responses.respondent_count(self.database),
            "sensitive": bool(settings.read(self.database, "sensitive")),
            "pseudonyms": bool(settings.read(self.database, "pseudonyms")),
            "shared": bool(settings.read(self.database, "shared")),
            "codebooks": [
                {"name": book.name, "version": book.version, "codes": len(book.codes)}
                for book in self.codebooks
            ],
        }
