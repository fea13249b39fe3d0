"""Whatever coders do on copies: merged in any order it is the same, once, and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from copies import ANSWERS, CODERS, MARKS, REST, bring, common, copy_of, tolerated, undo_all, work
from qualcode import Study
from studies import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copies import Verb

mark = st.tuples(
    st.sampled_from(CODERS), st.sampled_from(MARKS), st.sampled_from(ANSWERS), st.integers(0, 5)
)
rest = st.tuples(
    st.sampled_from(CODERS), st.sampled_from(REST), st.sampled_from(ANSWERS), st.integers(0, 5)
)
verbs = st.lists(st.one_of(mark, mark, mark, rest), max_size=6)
PAST: tuple[Verb, ...] = (("ana", "toggle", "r1", 0), ("ben", "toggle", "r2", 1))


@contextmanager
def team(
    built: Path, past: Sequence[Verb], *parts: Sequence[Verb]
) -> Iterator[tuple[Path, list[Path]]]:
    """Copies of a study with a past, on each of which something else was done."""
    with tempfile.TemporaryDirectory() as folder:
        origin = Path(shutil.copyfile(built, Path(folder) / "study.db"))
        work(origin, [*PAST, *past])
        copies = [copy_of(origin, f"copy{number}") for number in range(len(parts))]
        for path, part in zip(copies, parts, strict=True):
            work(path, part)
        yield Path(folder), copies


def fresh(path: Path, count: list[int]) -> Path:
    """The same file elsewhere, to be merged into."""
    count.append(0)
    return copy_of(path, f"fresh{len(count)}")


@settings(max_examples=30)
@given(past=verbs, one=verbs, two=verbs, three=verbs)
def test_any_order_and_grouping_gives_the_same(
    small_built: Path, past: list[Verb], one: list[Verb], two: list[Verb], three: list[Verb]
) -> None:
    with team(small_built, past, one, two, three) as (_, copies):
        count: list[int] = []
        expected = None
        for first, second, third in list(permutations(copies))[::2]:
            target = fresh(first, count)
            bring(target, second, third)
            expected = expected or common(target)
            assert common(target) == expected
        a, b, c = copies
        pair, other = fresh(b, count), fresh(a, count)
        bring(pair, c)
        bring(other, pair)
        assert common(other) == expected


@settings(max_examples=30)
@given(past=verbs, one=verbs, two=verbs)
def test_again_adds_nothing_and_every_act_is_there_once(
    small_built: Path, past: list[Verb], one: list[Verb], two: list[Verb]
) -> None:
    with team(small_built, past, one, two) as (_, (a, b)):
        acts = {row[0] for path in (a, b) for row in common(path)["act"]}
        bring(a, b)
        merged = common(a)
        assert sorted(row[0] for row in merged["act"]) == sorted(acts)
        assert bring(a, b, b).is_nothing
        assert common(a) == merged
        bring(b, a)
        assert common(b) == merged


@settings(max_examples=30)
@given(past=verbs, one=verbs, two=verbs, more=verbs, later=verbs)
def test_work_goes_on_after_a_merge_and_merges_again(
    small_built: Path,
    past: list[Verb],
    one: list[Verb],
    two: list[Verb],
    more: list[Verb],
    later: list[Verb],
) -> None:
    with team(small_built, past, one, two, ()) as (_, (a, b, c)):
        bring(a, b)
        work(a, more)
        work(b, later)
        assert errors(a) == []
        work(c, later[:2])
        count: list[int] = []
        x, y, z = fresh(a, count), fresh(b, count), fresh(c, count)
        bring(x, b, c)
        bring(y, c, a)
        bring(z, a, b)
        assert common(x) == common(y) == common(z)


@settings(max_examples=30)
@given(past=verbs, one=verbs, two=verbs)
def test_undo_goes_to_the_bottom_and_redo_back(
    small_built: Path, past: list[Verb], one: list[Verb], two: list[Verb]
) -> None:
    with team(small_built, past, one, two) as (_, (a, b)):
        bring(a, b)
        undo_all(a)
        assert errors(a) == []
        with Study.open(a) as study:
            for coder in study.coders:
                with tolerated("no longer in the codebook"):
                    while study.redo(coder.name):
                        pass
        assert errors(a) == []
        bring(b, a)
        bring(a, b)
        assert common(a) == common(b)
