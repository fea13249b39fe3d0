"""A whole study at a glance: what was done, and what there is to do.

`look` counts and is quick. `measured` adds what takes numpy and time: the agreement, the answers
on which coders differ, the quotes that are open.

Who looks matters. Without a viewer it is the lead, who sees what every command prints. A coder
sees their own work alone: neither how far others are nor how well they agree, nor quotes, which
are chosen by what others coded. Where nobody else has coded anything, there is nothing to hide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, NotFound
from qualcode.model import Coder
from qualcode.store import assignments, codebook, coders, overview, queries, responses, reviews
from qualcode.store.overview import Cases, LastRun, Marked, Said
from qualcode.study import backups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Codebook, Estimate, Question, Status
    from qualcode.store.assignments import Workload
    from qualcode.store.connection import Database
    from qualcode.store.overview import ByCoder
    from qualcode.study.backups import Backup


@dataclass(frozen=True, slots=True)
class Progress:
    """How many answers a coder has coded.

    Since they did, `to_confirm` have changed, and `to_recode` have a code that was split. They are
    of all answers, or, where a coder looks who has an assignment, of all that this holds: with
    what comes a second time, as on the coding screen.
    """

    coder: str
    coded: int
    to_confirm: int
    to_recode: int
    to_code: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreement on a question, and how many answers one coder or more, or several, coded.

    `mean_alpha` is None where nothing can be measured: `reason` says why.
    """

    mean_alpha: Estimate | None
    coded: int = 0
    multiply_coded: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QuestionState:
    """How far one question is.

    `asked_about` counts the answers about which a coder who looks is asked. `said`, of quotes, is
    None where it is not for the viewer to see, `to_review`, the memos and flags that nobody has
    dealt with, where the viewer is not the lead. So are `agreed`, `disagreements`, `cases` and
    `open_quotes`, and before they are measured.
    """

    question: Question
    counts: dict[Status, int]
    progress: tuple[Progress, ...]
    marked: Marked
    suggested: LastRun | None
    said: Said | None
    asked_about: int = 0
    to_review: int | None = None
    agreed: Agreed | None = None
    disagreements: int | None = None
    cases: Cases | None = None
    open_quotes: int | None = None

    @property
    def answered(self) -> int:
        """How many answers there are to code."""
        return self.counts["substantive"]

    @property
    def to_code(self) -> int:
        """How many answers whoever looks has to see coded."""
        return max((one.to_code for one in self.progress), default=self.answered)

    @property
    def asked(self) -> int:
        """How many were asked."""
        return self.counts["substantive"] + self.counts["blank"]

    @property
    def to_confirm(self) -> int:
        """How many codings of answers, by any coder, wait to be confirmed."""
        return sum(one.to_confirm for one in self.progress)

    @property
    def to_recode(self) -> int:
        """How many codings of answers, by any coder, a split left open."""
        return sum(one.to_recode for one in self.progress)

    @property
    def waiting(self) -> int:
        """How many things wait: in dispute, changed, split, asked about, or noted."""
        own = self.to_confirm + self.to_recode + self.asked_about
        return (self.disagreements or 0) + (self.to_review or 0) + own


@dataclass(frozen=True, slots=True)
class Home:
    """A study as its home screen shows it, as of a step of its journal.

    `viewer` is empty for the lead; `is_whole` where others' work is shown too. `backup` is the last
    one in the folder of the backups, None if there is none.
    """

    viewer: str
    is_whole: bool
    as_of: int
    respondents: int
    codebooks: tuple[Codebook, ...]
    questions: tuple[QuestionState, ...]
    backup: Backup | None = None
    is_measured: bool = False


def version(database: Database) -> tuple[int, Backup | None]:
    """What changes when another connection writes to the study, or it is backed up.

    Raises `QualcodeError` if the study is no longer where it was.
    """
    database.check_place()
    return overview.data_version(database), backups.last(database)


def look(database: Database, viewer: str = "") -> Home:
    """What can be counted at once, as one who looks may see it.

    A viewer who has never coded is somebody who is about to. Raises `InputError` for a name that
    no coder can have.
    """
    as_of = overview.newest_step(database)
    people = coders.coders(database)
    me = _person(database, viewer) if viewer else None
    coded, waiting = overview.coded(database), overview.to_confirm(database)
    split = overview.to_recode(database)
    is_whole = me is None or not any(coder != me.id for _, coder in (*coded, *waiting))
    shown = people if me is None else (me,)
    own = _own(database, me) if me else {}
    counts = responses.status_counts(database)
    marked = overview.marked(database, me.id if me else None)
    runs = overview.last_runs(database)
    said = overview.said_of_quotes(database) if is_whole else {}
    asked = queries.waiting(database) if me else {}
    noted = reviews.waiting(database) if me is None else {}
    return Home(
        viewer=me.name if me else "",
        is_whole=is_whole,
        as_of=as_of,
        respondents=responses.respondent_count(database),
        codebooks=codebook.codebooks(database),
        questions=tuple(
            QuestionState(
                question,
                counts[question.key],
                _progress(question, shown, (coded, waiting, split), own, counts[question.key]),
                marked.get(question.id, Marked()),
                runs.get(question.id),
                said.get(question.id, Said()) if is_whole else None,
                asked.get(question.key, {}).get(me.name, 0) if me else 0,
                noted.get(question.id, 0) if me is None else None,
            )
            for question in responses.questions(database)
        ),
        backup=backups.last(database),
    )


def _own(database: Database, coder: Coder) -> dict[str, Workload]:
    """What a coder is to code, by question, where anything is assigned to them."""
    return {one.question: one for one in assignments.workloads(database) if one.coder == coder.name}


def _person(database: Database, name: str) -> Coder:
    try:
        return coders.find(database, name)
    except NotFound:
        return Coder(0, coders.tidy(name))


def _progress(
    question: Question,
    people: tuple[Coder, ...],
    by_coder: tuple[ByCoder, ByCoder, ByCoder],
    own: dict[str, Workload],
    counts: dict[Status, int],
) -> tuple[Progress, ...]:
    found = []
    for coder in people:
        coded, to_confirm, to_recode = (count.get((question.id, coder.id), 0) for count in by_coder)
        to_code = counts["substantive"]
        if work := own.get(question.key):
            coded, to_code = work.coded, work.assigned
        found.append(Progress(coder.name, coded, to_confirm, to_recode, to_code))
    return tuple(found)


def measured(database: Database, home: Home) -> Iterator[Home]:
    """The same with what takes longer, as far as it is the viewer's to see: question by question.

    The last one is whole; who needs no more stops before.
    """
    states = list(home.questions)
    differing = overview.disagreements(database) if home.is_whole else {}
    cases = overview.cases(database) if home.is_whole else {}
    for place, state in enumerate(states if home.is_whole else ()):
        states[place] = replace(
            state,
            agreed=_agreed(database, state.question),
            disagreements=differing.get(state.question.id, 0),
            cases=cases.get(state.question.id, Cases()),
            open_quotes=_open_quotes(database, state.question),
        )
        yield replace(home, questions=tuple(states))
    yield replace(home, questions=tuple(states), is_measured=True)


def carried(home: Home, before: Home) -> Home:
    """The same with what was measured before, while it is measured anew."""
    if home.is_whole != before.is_whole:
        return home
    known = {one.question.id: one for one in before.questions}
    return replace(
        home,
        questions=tuple(
            replace(
                one,
                agreed=known[one.question.id].agreed,
                disagreements=known[one.question.id].disagreements,
                cases=known[one.question.id].cases,
                open_quotes=known[one.question.id].open_quotes,
            )
            if one.question.id in known
            else one
            for one in home.questions
        ),
        is_measured=before.is_measured and home.as_of == before.as_of,
    )


def _agreed(database: Database, question: Question) -> Agreed:
    # The engine loads numpy, which the first frame does without.
    from qualcode.study.agreement import measure  # noqa: PLC0415

    try:
        report = measure(database, question, is_full=False)
    except InputError as error:
        return Agreed(None, reason=error.message)
    return Agreed(
        report.overall.mean_alpha,
        report.n_responses - report.seen_by.get(0, 0),
        report.n_multiply_coded,
    )


def _open_quotes(database: Database, question: Question) -> int:
    """How many answers the clearing screen would offer to somebody who comes to it now."""
    from qualcode.study.quotes.clearing import ClearingSession  # noqa: PLC0415

    if not codebook.codes_for(database, question.key):
        return 0
    return ClearingSession(database, Coder(0, "-"), question).counts()["open"]


def as_json(home: Home, info: dict[str, Any]) -> dict[str, Any]:
    """Everything that the home screen shows, and all that `info` does of what may be seen."""
    return {
        **_seen(info, home),
        "coder": home.viewer or None,
        "backup": {"file": home.backup.path.name, "made": f"{home.backup.made:%Y-%m-%dT%H:%M:%SZ}"}
        if home.backup
        else None,
        "progress": [
            {
                "question": state.question.key,
                "coder": one.coder,
                "coded": one.coded,
                "substantive": state.answered,
                "to_code": one.to_code,
                "percent": 100 * one.coded / one.to_code if one.to_code else None,
                "to_confirm": one.to_confirm,
                "to_recode": one.to_recode,
            }
            for state in home.questions
            for one in state.progress
        ],
        "agreement": [_agreement(one) for one in home.questions] if home.is_whole else None,
        "waiting": [_waiting(one) for one in home.questions],
        "suggestions": [
            {
                "question": one.question.key,
                "finished": one.suggested.finished if one.suggested else None,
                "answers": one.suggested.answers if one.suggested else None,
            }
            for one in home.questions
        ],
    }


def _seen(info: dict[str, Any], home: Home) -> dict[str, Any]:
    if not home.viewer:
        return info
    own = {one.question.key: one.progress[0] for one in home.questions}
    return {
        **info,
        "questions": [
            {
                **question,
                "coders": {home.viewer: own[question["key"]].coded},
                "asked_about": {
                    name: count
                    for name, count in question["asked_about"].items()
                    if name == home.viewer
                },
                "changed": question["changed"] if home.is_whole else None,
                "split": {home.viewer: n} if (n := own[question["key"]].to_recode) else {},
                "review": None,
            }
            for question in info["questions"]
        ],
    }


def _agreement(state: QuestionState) -> dict[str, Any]:
    found = state.agreed or Agreed(None)
    alpha = found.mean_alpha
    return {
        "question": state.question.key,
        "mean_alpha": {
            "value": alpha.value if alpha else None,
            "se": alpha.se if alpha else None,
            "low": alpha.low if alpha else None,
            "high": alpha.high if alpha else None,
            "reason": alpha.reason if alpha else found.reason,
        },
        "n_coded": found.coded,
        "n_multiply_coded": found.multiply_coded,
    }


def _waiting(state: QuestionState) -> dict[str, Any]:
    said = state.said
    quotes = None
    if said:
        quotes = {"open": state.open_quotes, "cleared": said.cleared, "withheld": said.withheld}
    return {
        "question": state.question.key,
        "to_confirm": state.to_confirm,
        "to_recode": state.to_recode,
        "disagreements": state.disagreements,
        "to_settle": state.cases.to_settle if state.cases else None,
        "sent_back": state.cases.sent_back if state.cases else None,
        "review": state.to_review,
        "flagged": state.marked.flagged,
        "memos": state.marked.memos,
        "quotes": quotes,
    }
