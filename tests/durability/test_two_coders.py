"""Coders who work on one file at the same moment lose nothing and wait for nobody long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from durability.checking import Told, has_all, is_whole
from durability.running import result, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACTS = 300
LONGEST_WAIT = 10.0


def test_two_processes_on_one_file_lose_nothing(
    study: Path, record_property: Callable[[str, object], None]
) -> None:
    names = ("ana", "ben")
    processes = [start("pair", study, name, seed, ACTS) for seed, name in enumerate(names)]
    results = [result(process) for process in processes]
    for name, found in zip(names, results, strict=True):
        record_property(f"longest wait of {name} in seconds", found["longest"])
        assert len(found["told"]) == ACTS
        assert found["longest"] < LONGEST_WAIT
        has_all(study, (Told(*one) for one in found["told"]))
    is_whole(study)
