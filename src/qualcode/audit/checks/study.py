"""Numbers against the study's own table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qualcode.audit.checks.agreeing import agreeing, exact
from qualcode.audit.findings import Finding, finding
from qualcode.audit.grim import share
from qualcode.audit.names import stems
from qualcode.audit.printed import Rounding, explaining, rounded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from qualcode.audit.known import Known, KnownCell, KnownTheme
    from qualcode.audit.mentions import Mention
    from qualcode.audit.printed import Printed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell of the study that a number may be: of all respondents or of a group.

    `bases` are the bases that its count may be printed with, and what they are called.
    """

    theme: KnownTheme
    cell: KnownCell
    group: str
    bases: dict[int, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """How a number stands to the study's table.

    It is ``none`` without a theme that the study knows, a ``part`` where it is about respondents
    or a base that the study's table does not show. `cell` is the one that it equals, with the
    base `n` that it is of, None for a weighted percentage.
    """

    how: Literal["equal", "differs", "suppressed", "part", "none"]
    right: str = ""
    cell: KnownCell | None = None
    n: int | None = None
    roundings: frozenset[Rounding] = frozenset()


def candidates(mention: Mention, known: Known) -> list[Candidate]:
    """The cells that a number may be; empty where its theme is in doubt or the study has none."""
    cells = [c for name in mention.themes for c in _of_theme(mention, known, name)]
    near = ((mention.n,) if mention.n is not None else (), mention.bases, mention.nearby)
    for bases in near:
        cells = in_context(cells, known, bases)
    return cells


def in_context(cells: list[Candidate], known: Known, bases: Collection[int]) -> list[Candidate]:
    """Give the cells of the questions that have one of `bases`; all where none has."""
    questions = {cell.theme.question for cell in cells}
    if len(questions) < 2:  # noqa: PLR2004
        return cells
    here = {
        question for question in questions if not known.bases_of(question).keys().isdisjoint(bases)
    }
    return [cell for cell in cells if cell.theme.question in here] or cells


def compare(mention: Mention, known: Known, stated: Collection[int] = ()) -> Compared:
    """Set a number against the study's table; `stated` are the bases of the whole manuscript."""
    cells = candidates(mention, known)
    if not cells:
        has_theme = any(known.named(name) for name in mention.themes)
        return Compared("part" if has_theme else "none")
    equal = next((same for one in cells if (same := _equal(mention, one))), None)
    own = {
        base for base in stated if sum(base in known.bases_of(q) for q in known.questions()) == 1
    }
    return equal or _unequal(mention, in_context(cells, known, own))


def _unequal(mention: Mention, cells: list[Candidate]) -> Compared:
    """Say what it means that a number is none of the cells that it may be."""
    open_cells = [candidate for candidate in cells if not candidate.cell.is_suppressed]
    if not mention.is_theme_sure:
        return Compared("none")
    if not open_cells:
        is_number = mention.hedge not in {"under", "at most"}
        return Compared("suppressed" if is_number else "part")
    if mention.is_part or _is_of_other_base(mention, open_cells):
        return Compared("part", described(open_cells, mention.percent))
    is_known = not all(_is_empty(candidate.cell, mention) for candidate in open_cells)
    return Compared("differs" if is_known else "none", described(open_cells, mention.percent))


def described(cells: list[Candidate], like: Printed | None = None) -> str:
    """What the study's table says, with as many decimals as the number that it is set against."""
    decimals = like.decimals if like else 1
    are_many = len({candidate.theme.question for candidate in cells}) > 1
    told = dict.fromkeys(_told(candidate, decimals, has_question=are_many) for candidate in cells)
    return "; ".join(words for words in told if words)


def interval_finding(mention: Mention, compared: Compared) -> Iterator[Finding]:
    """Say where the interval beside a number is not the study's."""
    cell = compared.cell
    if cell is None or mention.interval is None or mention.hedge:
        return
    low, high = cell.low, cell.high
    if compared.n is None:
        low, high = cell.weighted_low, cell.weighted_high
    elif compared.n != cell.n:
        return
    if low is None or high is None:
        return
    printed = mention.interval
    if explaining(printed[0], exact(low)) and explaining(printed[1], exact(high)):
        return
    shown = [rounded(exact(end), printed[0].decimals) for end in (low, high)]
    wrong = f"the study has another interval than {printed[0]} to {printed[1]}"
    yield finding("error", "interval", mention, wrong, f"{shown[0]} to {shown[1]}")


def _of_theme(mention: Mention, known: Known, name: str) -> Iterator[Candidate]:
    themes = known.named(name)
    if len({theme.question for theme in themes}) > 1:
        said = set(stems(mention.said))
        here = [theme for theme in themes if set(stems(theme.question)) <= said]
        themes = here or themes
    for theme in themes:
        if not mention.is_group_sure:
            bases = known.bases_of(theme.question)
            if theme.overall.n is not None:
                bases.setdefault(theme.overall.n, "")
            yield Candidate(theme, theme.overall, "", bases)
        for (attribute, value), cell in theme.groups.items():
            if value in mention.groups:
                bases = {cell.n: ""} if cell.n is not None else {}
                yield Candidate(theme, cell, f"{attribute} {value}", bases)


def _equal(mention: Mention, candidate: Candidate) -> Compared | None:
    cell, k = candidate.cell, mention.k if mention.is_count_sure else None
    if cell.is_suppressed or (k is not None and cell.k is not None and k != cell.k):
        return None
    if mention.percent is None:
        is_base = mention.n is None or mention.n in candidate.bases
        return Compared("equal", cell=cell, n=mention.n) if k == cell.k and is_base else None
    if mention.is_of_responses:
        return _explained(mention, cell, cell.percent_of_responses, None)
    weighted = _explained(mention, cell, cell.weighted_percent, None)
    if weighted or (mention.is_weighted and cell.weighted_percent is not None):
        return weighted
    if cell.k is None:
        return _explained(mention, cell, cell.percent, cell.n)
    return _counted(mention, mention.percent, candidate, cell.k)


def _counted(mention: Mention, percent: Printed, candidate: Candidate, k: int) -> Compared | None:
    """Give the base of the study of which `k` is the percentage."""
    for n in _bases(mention, candidate):
        if roundings := agreeing(percent, mention.hedge, share(k, n)):
            return Compared("equal", cell=candidate.cell, n=n, roundings=roundings)
    return None


def _explained(
    mention: Mention, cell: KnownCell, value: float | None, n: int | None
) -> Compared | None:
    if value is None or mention.percent is None:
        return None
    roundings = agreeing(mention.percent, mention.hedge, exact(value))
    return Compared("equal", cell=cell, n=n, roundings=roundings) if roundings else None


def _bases(mention: Mention, candidate: Candidate) -> list[int]:
    """Give the bases of the study that the number may be of, by what the manuscript says."""
    if mention.n is not None:
        return [mention.n] if mention.n in candidate.bases and mention.n > 0 else []
    there = [n for n in candidate.bases if n > 0]
    if mention.bases:
        return [n for n in there if n in mention.bases] or [n for n in there if n in mention.nearby]
    return sorted(there, key=lambda n: (n != candidate.cell.n, n not in mention.nearby))


def _is_of_other_base(mention: Mention, cells: list[Candidate]) -> bool:
    """Whether the number is of a base that is not the study's, and not simply a wrong one.

    A count that is the study's own, beside a base that is not, is a wrong base.
    """
    said = (mention.n,) if mention.n is not None else (*mention.bases, *mention.nearby)
    if not said or not (mention.n or mention.bases):
        return False
    if any(n in candidate.bases for candidate in cells for n in said):
        return False
    k = mention.k if mention.is_count_sure else None
    return k is None or all(k != candidate.cell.k for candidate in cells)


def _is_empty(cell: KnownCell, mention: Mention) -> bool:
    """Whether the study has no number of the kind that was printed."""
    if mention.is_of_responses:
        return cell.percent_of_responses is None
    if mention.is_weighted and mention.percent is not None:
        return cell.weighted_percent is None
    return cell.k is None and cell.percent is None and cell.weighted_percent is None


def _told(candidate: Candidate, decimals: int, *, has_question: bool) -> str:
    cell = candidate.cell
    who = candidate.theme.name + (f", {candidate.group}" if candidate.group else "")
    who += f" ({candidate.theme.question})" if has_question else ""
    if cell.is_suppressed:
        return f"{who}: suppressed"
    numbers: list[str] = []
    if cell.k is not None:
        first = sorted(candidate.bases, key=lambda n: n != cell.n)
        numbers = [
            f"{cell.k} of {n}{f' {candidate.bases[n]}' if candidate.bases[n] else ''}"
            f" ({rounded(share(cell.k, n), decimals)} %)"
            for n in first
            if n > 0
        ]
    elif cell.percent is not None:
        numbers = [f"{rounded(exact(cell.percent), decimals)} %"]
    if cell.weighted_percent is not None:
        numbers.append(f"weighted {rounded(exact(cell.weighted_percent), decimals)} %")
    return f"{who}: {', '.join(numbers)}" if numbers else ""
