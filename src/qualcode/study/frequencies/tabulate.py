"""Count the themes of a question: shares, groups, tests, and what of it may be shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.estimation import frequencies
from qualcode.study.frequencies.counting import counted
from qualcode.study.frequencies.groups import groups_of
from qualcode.study.frequencies.hiding import LEAST_BASE, shown, small_counts, without
from qualcode.study.frequencies.report import FrequencyReport, Sampled, StatusRow, Suppressed
from qualcode.study.frequencies.rules import by_rule
from qualcode.study.frequencies.table import cell_of, measured, protected, rows_of, tests_of
from qualcode.study.frequencies.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.groups import Groups
    from qualcode.study.frequencies.hiding import Hidden


def tabulate(
    database: Database,
    question: Question,
    wish: Wish | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> FrequencyReport:
    """The frequencies of the themes of a question.

    Raises `NotFound` for an unknown attribute or coder, `InputError` for an unknown rule or base,
    a question without codebook and a design that cannot be used, `QualcodeError` where the coded
    answers were chosen by something other than chance; for a corpus as `with_corpus` does.
    """
    wish = wish or Wish()
    if wish.estimate == "corrected":
        wish = replace(wish, sample="random")
    found = counted(database, question, wish, wish.by)
    groups = groups_of(wish, found.coded.columns)
    report = reported(found, groups, wish)
    if wish.estimate == "human":
        return report
    # They load what suggestions need.
    if wish.corpus:
        from qualcode.study.frequencies.corpus import with_corpus  # noqa: PLC0415

        return with_corpus(database, report, found, wish.corpus, progress)
    from qualcode.study.frequencies.machine import with_machine  # noqa: PLC0415

    return with_machine(database, report, found, groups, progress)


def reported(found: Counted, groups: tuple[Groups, ...], wish: Wish) -> FrequencyReport:
    """The frequencies of those who are counted, by groups."""
    table = measured(found, groups)
    covered = protected(found, table, wish)
    coded, designed = found.coded, found.coded.designed
    is_weighted = not designed.design.is_simple
    return FrequencyReport(
        question=coded.question,
        wish=wish,
        coders=coded.votes.coders,
        codebooks=coded.codebooks,
        rule=found.rule,
        base=found.base,
        n=_sizes(found, covered, wish),
        answered=found.answered,
        n_coded=found.n_coded,
        unknown=found.unknown,
        design=designed.columns,
        lonely_psu=designed.design.lonely,
        is_weighted=is_weighted,
        df=designed.design.df if is_weighted else None,
        rows=rows_of(found, table, covered, by_rule(found, table.shares, wish, covered), wish),
        statuses=tuple(_statuses(found, wish)),
        groupings=table.groupings(covered),
        tests=tuple(tests_of(found, table, covered)),
        ties=shown(found.unresolved, wish),
        verdicts=coded.n_verdicts,
        copied=coded.copied,
        pending=coded.pending,
        suppressed=None if wish.is_internal else _suppressed(covered, wish),
        sampled=_sampled(found),
    )


def _sizes(found: Counted, covered: Hidden, wish: Wish) -> dict[str, int | None]:
    """The sizes of the bases, as they may be shown."""
    sizes: dict[str, int | None] = {
        base: shown(count, wish, LEAST_BASE) for base, count in found.bases.n.items()
    }
    if covered.is_any_code:
        sizes["any_code"] = None
    return sizes


def _statuses(found: Counted, wish: Wish) -> Iterator[StatusRow]:
    """The codes that say what an answer is, among all answers that are coded."""
    codes = found.coded.status_codes
    everybody = found.bases.answered & ~found.bases.uncoded
    shares = frequencies((found.agreed.present(code) for code in codes), everybody, found.design)
    are_hidden = small_counts([share.k for share in shares], found.n_coded, wish)
    is_base_hidden = shown(found.n_coded, wish, LEAST_BASE) is None
    for place, share, is_hidden in zip(codes, shares, are_hidden, strict=True):
        cell = cell_of(share, found)
        yield StatusRow(
            found.coded.codes[place],
            without(cell, is_hidden=is_hidden, is_base_hidden=is_base_hidden),
        )


def _suppressed(covered: Hidden, wish: Wish) -> Suppressed:
    least = max(LEAST_BASE, wish.threshold)
    return Suppressed(wish.threshold, least, covered.count, covered.added)


def _sampled(found: Counted) -> Sampled | None:
    part = found.part
    if part is None:
        return None
    return Sampled(part.seed, part.depth, part.population, part.left_out, part.next_one)
