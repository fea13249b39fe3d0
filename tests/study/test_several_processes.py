"""Whoever has the study open sees what others do to it, without opening it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from durability.running import qualcode
from qualcode import Study
from studies import take_in, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = "id,region,asked,weight,why,how\nr1,north,yes,1.5,changed,we call them\n"


def from_elsewhere(study: Path, *rows: str) -> None:
    """Codings that a process of its own brings in."""
    source = study.with_name("elsewhere.csv")
    source.write_text("\n".join(("respondent,question,coder,code", *rows)) + "\n")
    done = qualcode("import-codings", study, source)
    assert done.returncode == 0, done.stderr


def progress(study: Study) -> dict[str, int]:
    counts: dict[str, int] = study.info()["questions"][0]["coders"]
    return counts


def test_info_of_an_open_study_shows_the_progress_of_others(small: Path) -> None:
    with Study.open(small) as mine, Study.open(small, readonly=True) as looking:
        session, _ = mine.session("ana", "why")
        assert progress(looking) == {"ana": 0}
        from_elsewhere(small, "r1,why,ben,reach")
        assert progress(mine) == progress(looking) == {"ana": 0, "ben": 1}
        session.decide(session.queue()[0])
        from_elsewhere(small, "r2,why,ben,reach")
        assert progress(mine) == progress(looking) == {"ana": 1, "ben": 2}


def test_a_session_notices_each_change_of_others_once_and_its_own_never(small: Path) -> None:
    with Study.open(small) as mine:
        session, _ = mine.session("ana", "why")
        session.decide(session.queue()[0])
        assert not session.notice_changes().own
        from_elsewhere(small, "r2,why,ben,reach")
        noticed = session.notice_changes()
        assert (noticed.answers, noticed.own) == (False, False)
        take_in_codings(small, "r5,why,ana,reach,,")
        assert session.notice_changes().own
        take_in(small, CHANGED)
        assert session.notice_changes().answers
        last = session.notice_changes()
        assert (last.answers, last.own) == (False, False)


def test_what_counts_as_changed_shows_in_every_open_study(small: Path) -> None:
    with Study.open(small) as mine, Study.open(small) as other:
        session, _ = mine.session("ana", "why")
        session.toggle(session.queue()[0], session.codes[0].id)
        take_in(small, CHANGED)
        assert [study.info()["questions"][0]["changed"] for study in (mine, other)] == [1, 1]
        assert mine.confirm("ana").codings == 1
        assert other.info()["questions"][0]["changed"] == 0


def test_a_coder_who_came_or_was_renamed_elsewhere_is_known(small: Path) -> None:
    with Study.open(small) as mine, Study.open(small) as other:
        other.session("ben", "why")
        assert [coder.name for coder in mine.coders] == ["ben"]
        other.rename_coder("ben", "Benedict", by="tester")
        assert [coder.name for coder in mine.coders] == ["Benedict"]
        assert mine.coder("benedict").name == "Benedict"
