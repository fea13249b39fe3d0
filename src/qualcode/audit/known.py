"""What a study knows of its themes, as plain values: what the numbers of a manuscript must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STATUS_NAMES = {"dont_know": "Don't know", "refused": "Refused", "uncodable": "Uncodable"}


@dataclass(frozen=True, slots=True)
class KnownCell:
    """A theme among all respondents or in a group: `k` of `n`, and the percentages, 0–100.

    What a study does not know is None. A suppressed cell may not be printed at all, except for
    its base.
    """

    k: int | None = None
    n: int | None = None
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    weighted_percent: float | None = None
    weighted_low: float | None = None
    weighted_high: float | None = None
    percent_of_responses: float | None = None
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class KnownTheme:
    """A theme, or a status such as “Don't know”, of one `question`.

    `code` is its path; `groups` are its cells under (attribute, value).
    """

    name: str
    overall: KnownCell
    question: str = ""
    code: str = ""
    groups: Mapping[tuple[str, str], KnownCell] = field(default_factory=dict)
    is_status: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """How a manuscript may write the name: so, or as its key where that has several words."""
        key = self.code.rpartition("/")[2].replace("-", " ").replace("_", " ")
        return (self.name, key) if " " in key and key != self.name else (self.name,)


@dataclass(frozen=True, slots=True)
class KnownBase:
    """A base of a question, such as the 144 who were asked."""

    name: str
    n: int
    question: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The tables of a study; `closed` are sets of labels of which everybody has exactly one.

    The themes of a question may stand together on an answer and are no closed set.
    """

    themes: tuple[KnownTheme, ...] = ()
    bases: tuple[KnownBase, ...] = ()
    closed: tuple[tuple[str, ...], ...] = ()

    def named(self, name: str) -> list[KnownTheme]:
        """The themes of this name, one for each question that has it."""
        return [theme for theme in self.themes if theme.name == name]

    def questions(self) -> set[str]:
        """The questions that a base is known of."""
        return {base.question for base in self.bases}

    def bases_of(self, question: str) -> dict[int, str]:
        """What the bases of a question are called."""
        found: dict[int, str] = {}
        for base in self.bases:
            if base.question == question:
                found.setdefault(base.n, base.name)
        return found

    def all_bases(self) -> dict[int, str]:
        """What every base is called, those of groups included."""
        found: dict[int, str] = {}
        for base in self.bases:
            where = f", {base.question}" if base.question else ""
            found.setdefault(base.n, f"{base.name}{where}")
        for theme in self.themes:
            for (attribute, value), cell in theme.groups.items():
                if cell.n:
                    found.setdefault(cell.n, f"{attribute} {value}")
        return found

    def group_values(self) -> Iterator[str]:
        """The values of the groups, each once, also of those that no table is known of."""
        values = [value for theme in self.themes for _, value in theme.groups]
        return iter(dict.fromkeys([*values, *(label for one in self.closed for label in one)]))


def known_from_frequencies(
    tables: Iterable[Mapping[str, Any]], closed: Sequence[Sequence[str]] = ()
) -> Known:
    """What frequency tables say, as ``qualcode frequencies --json`` prints them.

    Several tables of one question, by different attributes, are put together.
    """
    themes: dict[tuple[str, str], KnownTheme] = {}
    bases: dict[tuple[str, str], KnownBase] = {}
    for table in tables:
        question = str(table["question"])
        for name, n in table["n"].items():
            if n:
                bases[question, name] = KnownBase(name, int(n), question)
        found = [_theme(row, question) for row in table["rows"]]
        n = table["n"].get(table["base"])
        found += [_status(row, question, n) for row in table.get("statuses", ())]
        for theme in found:
            before = themes.get((question, theme.code))
            groups = {**before.groups, **theme.groups} if before else theme.groups
            themes[question, theme.code] = KnownTheme(
                theme.name, theme.overall, question, theme.code, groups, theme.is_status
            )
    return Known(
        tuple(themes.values()), tuple(bases.values()), tuple(tuple(labels) for labels in closed)
    )


def _theme(row: Mapping[str, Any], question: str) -> KnownTheme:
    groups = {
        (str(group["attribute"]), str(group["value"])): _cell(group)
        for group in row.get("groups") or ()
    }
    return KnownTheme(str(row["name"]), _cell(row), question, str(row["code"]), groups)


def _status(row: Mapping[str, Any], question: str, n: int | None) -> KnownTheme:
    name = str(row.get("name") or STATUS_NAMES.get(str(row["status"]), row["status"]))
    return KnownTheme(name, _cell({"n": n, **row}), question, str(row["code"]), is_status=True)


def _cell(row: Mapping[str, Any]) -> KnownCell:
    return KnownCell(
        k=row.get("k"),
        n=row.get("n"),
        percent=row.get("percent"),
        low=row.get("low"),
        high=row.get("high"),
        weighted_percent=row.get("weighted_percent"),
        weighted_low=row.get("weighted_low"),
        weighted_high=row.get("weighted_high"),
        percent_of_responses=row.get("percent_of_responses"),
        is_suppressed=bool(row.get("suppressed")),
    )
