"""A lock that a crash left behind needs nobody to take it away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from durability.checking import is_whole
from durability.running import start
from qualcode import Study
from qualcode.errors import Conflict
from qualcode.store import connection

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = connection.PATIENCE / 2
"""Long on a busy machine, but short of what a lock that nobody takes away would cost."""


def test_after_a_kill_in_a_transaction_the_next_process_goes_on_at_once(study: Path) -> None:
    with Study.open(study) as opened:
        session, _ = opened.session("ben")
        before = opened.database.rows("SELECT attributes FROM respondent")
        holder = start("holder", study)
        assert holder.stdout
        assert holder.stdout.readline() == "holding\n"
        opened.database.patience = 0.3
        with pytest.raises(Conflict, match="is held by another process"):
            session.decide(session.queue()[0])
        holder.kill()
        holder.communicate()
        begun = time.monotonic()
        assert session.decide(session.queue()[0])
        assert time.monotonic() - begun < AT_ONCE
        assert opened.database.rows("SELECT attributes FROM respondent") == before
    is_whole(study)


def test_after_a_kill_of_the_only_process_the_study_opens_at_once(study: Path) -> None:
    holder = start("holder", study)
    assert holder.stdout
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    begun = time.monotonic()
    with Study.open(study) as opened:
        session, _ = opened.session("ben")
        session.decide(session.queue()[0])
    assert time.monotonic() - begun < AT_ONCE
    is_whole(study)
