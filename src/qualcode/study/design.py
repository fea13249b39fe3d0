"""The survey's design: who was asked what, and the columns for weights, strata and clusters."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from qualcode import expression
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.privacy import quoted, shown
from qualcode.store import intake, journal, responses, settings
from qualcode.text import BLANKS, bare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from qualcode.model import Status
    from qualcode.store.connection import Database

LONELY_PSU = ("error", "certainty", "centered")


@dataclass(frozen=True, slots=True)
class Design:
    """What a study knows about how its respondents were drawn and asked.

    `asked_if` maps the key of a question to its rule; the others name columns.
    """

    weight: str = ""
    stratum: str = ""
    psu: str = ""
    fpc: str = ""
    lonely_psu: str = ""
    asked_if: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the design names."""
        named = (self.weight, self.stratum, self.psu, self.fpc)
        return tuple(dict.fromkeys(column for column in named if column))

    def check_cell(self, column: str, value: str) -> str:
        """What is wrong with a respondent's value in a column of the design, or nothing."""
        if column in (self.stratum, self.psu) and not value.strip():
            return "is empty, but the design needs it"
        if column == self.weight and not _is_positive(value):
            return f"{quoted(value)} is not a weight: a number above 0"
        if column == self.fpc and not _is_positive(value):
            return (
                f"{quoted(value)} is not a population size or sampling fraction: a number above 0"
            )
        return ""


def _is_positive(value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and number > 0


def read(database: Database) -> Design:
    """The design of a study."""
    rules = {question.key: question.asked_if for question in responses.questions(database)}
    stored = settings.read(database, "design", {})
    return Design(**stored, asked_if={key: rule for key, rule in rules.items() if rule})


def blanks(database: Database) -> frozenset[str]:
    """What counts as no answer in this study, in lower case."""
    return frozenset(settings.read(database, "blanks", sorted(BLANKS)))


def write(database: Database, design: Design, *, clock: int = 0) -> None:
    """Store a design; the rules go with their questions."""
    columns: dict[str, Any] = asdict(design)
    rules = columns.pop("asked_if")
    named = {name: value for name, value in columns.items() if value}
    settings.write(database, "design", named, clock=clock)
    for key, rule in rules.items():
        database.run(
            "UPDATE question SET asked_if = ?, clock = ? WHERE key = ? AND asked_if <> ?",
            (rule, clock, key, rule),
        )


def check_rules(
    rules: Mapping[str, str], questions: Collection[str], attributes: Collection[str]
) -> None:
    """Raise `InputError` or `NotFound` unless every rule can be used."""
    for key, rule in rules.items():
        if key not in questions:
            raise NotFound(f"there is no question “{key}”", wanted=key, there_are=questions)
        if not rule.strip():
            continue
        for name in expression.parse(rule).names:
            if name not in attributes:
                raise NotFound(
                    f"the rule of {key} compares “{name}”, which is no attribute",
                    wanted=name,
                    there_are=attributes,
                )


class Classifier:
    """Works out an answer's status: "not asked" by rule only, never guessed from a blank."""

    def __init__(
        self,
        question_ids: Mapping[str, int],
        rules: Mapping[str, str],
        blank_texts: Collection[str],
    ) -> None:
        self._blank_texts = blank_texts
        self._rules = {
            question_ids[key]: expression.parse(rule) for key, rule in rules.items() if rule.strip()
        }
        self.ruled = frozenset(self._rules)

    def __call__(self, question_id: int, text: str, attributes: Mapping[str, str]) -> Status:
        """Give the status of an answer."""
        if bare(text) not in self._blank_texts:
            return "substantive"
        return "not_asked" if self.is_unasked(question_id, attributes) else "blank"

    def is_unasked(self, question_id: int, attributes: Mapping[str, str]) -> bool:
        """Whether the rule of a question says that the respondent was not asked."""
        rule = self._rules.get(question_id)
        return rule is not None and not rule.evaluate(attributes)


def typed_unasked(database: Database, limit: int = 5) -> tuple[int, list[str]]:
    """How many answers were typed where the rule says "not asked", and the first few."""
    found: list[str] = []
    count = 0
    for question in responses.questions(database):
        if not question.asked_if:
            continue
        rule = expression.parse(question.asked_if)
        for respondent, attributes in responses.substantive_of(database, question.id):
            if not rule.evaluate(attributes):
                count += 1
                if len(found) < limit:
                    found.append(f"{respondent} {question.key}")
    return count, found


def change(
    database: Database,
    changes: Mapping[str, str],
    rules: Mapping[str, str],
    *,
    blank: Sequence[str] = (),
    not_blank: Sequence[str] = (),
    by: str,
) -> int:
    """Set or change parts of the design, and the statuses that follow from the rules.

    `blank` and `not_blank` are texts that shall count as no answer, or as one after all. An
    empty value takes a part away. Gives how many answers changed their status. Raises
    `NotFound` for an unknown column or question, `InputError` for values that cannot serve,
    `Conflict` for rules and blanks of a copy that was made to be shared.
    """
    if (rules or blank or not_blank) and settings.read(database, "shared"):
        raise Conflict("a shared copy keeps the statuses of its answers: it does not hold them")
    attributes = responses.attributes(database)
    questions = {question.key: question.id for question in responses.questions(database)}
    with database.transaction():
        old = read(database)
        parts = {
            name: getattr(old, name) for name in ("weight", "stratum", "psu", "fpc", "lonely_psu")
        }
        all_rules = {key: rule.strip() for key, rule in (old.asked_if | dict(rules)).items()}
        new = Design(**(parts | dict(changes)), asked_if=all_rules)
        for column in new.columns:
            if column not in attributes:
                raise NotFound(
                    f"there is no column “{column}”", wanted=column, there_are=attributes
                )
        check_rules(new.asked_if, questions, attributes)
        _check_cells(database, new)
        old_blanks = blanks(database)
        new_blanks = (old_blanks | set(map(bare, blank))) - set(map(bare, not_blank))
        if _same(new, old) and new_blanks == old_blanks:
            return 0
        clock = journal.next_clock(database)
        write(database, new, clock=clock)
        settings.write(database, "blanks", sorted(new_blanks), clock=clock)
        detail = {**changes, "asked_if": dict(rules), "blank": blank, "not_blank": not_blank}
        journal.add_note(
            database,
            "design",
            by=by,
            detail={name: value for name, value in detail.items() if value},
            clock=clock,
        )
        return intake.reclassify(database, Classifier(questions, new.asked_if, new_blanks))


def _same(new: Design, old: Design) -> bool:
    rules = {key: rule for key, rule in new.asked_if.items() if rule}
    return replace(new, asked_if=rules) == old


def _check_cells(database: Database, design: Design) -> None:
    for respondent, attributes in responses.respondents(database) if design.columns else ():
        for column in design.columns:
            if wrong := design.check_cell(column, attributes.get(column, "")):
                raise InputError(f"respondent {shown(respondent)}, column “{column}”: {wrong}")


def checked(
    rows: Iterable[intake.IncomingRow],
    design: Design,
    attributes: Sequence[str],
    source: str,
) -> Iterable[intake.IncomingRow]:
    """The rows of a survey file, each checked against the design as it passes."""
    places = [(column, attributes.index(column)) for column in design.columns]
    if not places:
        return rows
    return _checked(rows, design, places, source)


def _checked(
    rows: Iterable[intake.IncomingRow],
    design: Design,
    places: list[tuple[str, int]],
    source: str,
) -> Iterable[intake.IncomingRow]:
    for row in rows:
        for column, place in places:
            if wrong := design.check_cell(column, row[3][place]):
                raise InputError(wrong, source=source, row=row[0], column=column)
        yield row
