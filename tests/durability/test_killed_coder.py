"""What a coder was told is done survives the end of the process at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from durability.running import run

if TYPE_CHECKING:
    from pathlib import Path

LIVES = 50


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_acknowledged_is_lost_in_fifty_kills(study: Path, seed: int) -> None:
    told = run("killing", study, seed, LIVES)
    assert told["acknowledged"] > LIVES
