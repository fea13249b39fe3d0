"""Everything about the agreement on one question, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.agreement.codes import CodeAgreement, assess_codes
from qualcode.agreement.confusion import Confusion, confusions
from qualcode.agreement.levels import LevelAgreement, roll_up
from qualcode.agreement.overall import Overall, assess_overall
from qualcode.agreement.pairs import PairAgreement, WithoutCoder, compare_pairs, leave_one_out
from qualcode.agreement.planning import Plan, plan

if TYPE_CHECKING:
    from qualcode.agreement.codings import Codings


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of `coders` on one question.

    `n_units` are the units that anybody coded, `n_multiply_coded` those that two or more coders
    did. `ci`, `resamples` and `seed` say how the intervals were made. `without` is empty for
    fewer than three coders.
    """

    coders: tuple[str, ...]
    n_units: int
    n_multiply_coded: int
    ci: str
    resamples: int
    seed: int
    overall: Overall
    codes: tuple[CodeAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    without: tuple[WithoutCoder, ...]
    confusions: tuple[Confusion, ...]
    levels: tuple[LevelAgreement, ...]
    plans: tuple[Plan, ...]

    @property
    def worst_first(self) -> tuple[CodeAgreement, ...]:
        """The codes by alpha, the lowest first, those without one last."""
        undefined = 2.0
        return tuple(
            sorted(
                self.codes,
                key=lambda code: undefined if code.alpha.value is None else code.alpha.value,
            )
        )


def report(
    codings: Codings, ci: str = "analytic", resamples: int = 2000, seed: int = 0
) -> Agreement:
    """The whole report on the codings of one question.

    `ci` is ``analytic`` or ``bootstrap`` and holds for the codes and the overall figures; pairs,
    leave-one-out and levels always have analytic intervals.
    """
    return Agreement(
        coders=codings.coders,
        n_units=int(codings.saw.any(axis=1).sum()),
        n_multiply_coded=int(codings.pairable.sum()),
        ci=ci,
        resamples=resamples if ci == "bootstrap" else 0,
        seed=seed,
        overall=assess_overall(codings, ci, resamples, seed),
        codes=assess_codes(codings, ci, resamples, seed),
        pairs=compare_pairs(codings),
        without=leave_one_out(codings) if len(codings.coders) > 2 else (),  # noqa: PLR2004
        confusions=confusions(codings),
        levels=roll_up(codings),
        plans=plan(codings, seed=seed),
    )
