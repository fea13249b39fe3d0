"""Why there is no number, in one word each: what an `Estimate` or a test holds instead."""

from __future__ import annotations

EMPTY_BASE = "empty_base"
"""Nobody is in the base, or in this group of it."""

NO_VARIATION = "no_variation"
"""A denominator is zero: everybody is alike, or the design leaves no variance."""

NO_DEGREES_OF_FREEDOM = "no_degrees_of_freedom"
"""There are no more sampling units than strata."""

ONE_GROUP = "one_group"
"""A comparison needs two groups with somebody in them."""

EMPTY_CELLS = "empty_cells"
"""So many cells are empty that the test is not defined."""

SEPARATION = "separation"
"""A category, or a mix of attributes, has the code always or never: odds without a limit."""

TOO_FEW_EVENTS = "too_few_events"
"""Too few answers with the code, or without it, for so many coefficients."""

RANK_DEFICIENT = "rank_deficient"
"""Some attributes say the same thing, so their effects cannot be told apart."""

NOT_RANDOM = "not_random"
"""The answers were not drawn at random, or nobody knows with what probability."""

NOTHING_CODED = "nothing_coded"
"""No answer of the sample has been coded."""
