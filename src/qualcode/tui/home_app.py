"""The application of the home screen: it goes to the other screens and comes back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from qualcode import settings
from qualcode.errors import QualcodeError
from qualcode.study import Study, backups, home
from qualcode.tui.adjudicating import AdjudicationScreen, AdjudicationWork
from qualcode.tui.agreement_panes import in_words
from qualcode.tui.app import SOON, CodingWork
from qualcode.tui.clearing import ClearingScreen, ClearingWork
from qualcode.tui.commands import ADJUDICATING, CLEARING, CODING, HOME, Keymap
from qualcode.tui.home import HomeScreen
from qualcode.tui.sight import Looking
from qualcode.tui.walk import ASKED, SPLIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.model import Question
    from qualcode.study.agreement import Disagreement
    from qualcode.study.review import Item
    from qualcode.tui.commands import Table
    from qualcode.tui.keyed import Desk

_LOOKS = 1.0
"""Seconds between two looks at whether somebody has written."""
_LEAD = "the whole study, for its lead"


class HomeApp(CodingWork, ClearingWork, AdjudicationWork):
    """The home screen of a study, and the screens that are reached from it.

    The study is looked at until somebody works on it, and is opened to be written only then: one
    that cannot be written can be looked at. With a `coder` the screen is that person's. Without
    one it is the lead's, until somebody codes here: who codes must not see what others coded.
    """

    suggests = True

    def __init__(self, study: Study, coder: str = "") -> None:
        super().__init__(study, HOME)
        self.may_choose = not coder
        self._clears = self._settles = coder
        self._reviewer = ""
        self._may_write = False
        self._version = home.version(study.database)
        self.desk = self.home = HomeScreen(study.path, self.keymap, coder)
        self._going: dict[str, Callable[[], object]] = {
            "code": self._code,
            "clear-quotes": self._clear,
            "adjudicate": self._adjudicate,
            "asked": self._code_asked,
            "see-agreement": self._see_agreement,
            "see-disagreements": self._see_disagreements,
            "see-frequencies": self._see_frequencies,
            "review": self._review,
            "recode": self._recode,
            "back-up": self._back_up_now,
            "who": self._ask_who,
            "theme": self.action_change_theme,
        }

    def settle(self) -> None:
        """Look out for what others write, once the first frame is there."""
        super().settle()
        self.set_interval(_LOOKS, self._poll)

    def _poll(self) -> None:
        if self.home.is_current:
            self.home.do(self._take_notice)

    def _take_notice(self) -> None:
        """Count anew if somebody has written, and measure when that is due."""
        version = home.version(self._study.database)
        if version != self._version:
            self._version = version
            self.home.count()
        self.home.measure()

    def close_study(self) -> None:
        """Close the study and what holds it open."""
        if hasattr(self, "coding"):
            self.coding.suggesting.stop()
        self._study.close()

    # -- going and coming back

    def carry_out(self, command: str) -> None:
        """The commands that open something over the screen, or leave it."""
        if isinstance(self.desk, ClearingScreen):
            ClearingWork.carry_out(self, command)
        elif isinstance(self.desk, AdjudicationScreen):
            AdjudicationWork.carry_out(self, command)
        elif self.desk is self.home and command in self._going:
            self.home.do(partial(self.home.once_counted, self._going[command]))
        else:
            super().carry_out(command)

    def leave(self) -> None:
        """Come back to the home screen; from there, leave."""
        if self.desk is self.home and isinstance(self.screen, HomeScreen | ModalScreen):
            self.quit()
            return
        self.close_dialog()
        self.call_later(self._come_home)

    def _come_home(self) -> None:
        while self.screen is not self.home:
            self.pop_screen()
        self.desk, self.keymap = self.home, self.home.keymap
        self.home.say("")
        self.home.do(self.home.count)

    def _sit_at(self, desk: Desk) -> None:
        self.home.rest()
        self.desk, self.keymap = desk, desk.keymap
        self.push_screen(desk)

    def _keys_of(self, table: Table) -> Keymap:
        return Keymap(self.stored.keys, source=str(settings.path()), table=table)

    def _study_to_write(self) -> Study:
        """The study to work on. Raises `QualcodeError` where it cannot be written."""
        if not self._may_write:
            writable = Study.open(self._study.path)
            self._study.close()
            self._study, self._may_write = writable, True
            writable.serve_keys()
            self._version = home.version(writable.database)
        return self._study

    def show_answer(self, response_id: int) -> None:
        """Show an answer of the question that is being coded, or that is chosen."""
        if self.desk is self.home:
            self._open_chosen(lambda: super(HomeApp, self).show_answer(response_id))
        else:
            super().show_answer(response_id)

    # -- coding

    def _code(self) -> None:
        if self.home.question is None:
            return
        if self.home.viewer:
            self._open_coding(self.home.question, self.home.viewer)
        else:
            self._ask_name("Who codes?", partial(self._open_coding, self.home.question))

    def _open_coding(self, question: Question, coder: str) -> None:
        session, remark = self._study_to_write().session(coder, question.key)
        self.home.look_as(session.coder.name)
        self.coding = self.coding_screen(session, self._keys_of(CODING), remark)
        self._sit_at(self.coding)
        self.set_timer(SOON, self.start_suggesting)

    def _code_asked(self) -> None:
        if self.home.is_asked:
            self._open_chosen(partial(self._filter, ASKED))
        else:
            self.home.say("nothing waits for an answer of yours here")

    def _open_chosen(self, then: Callable[[], object]) -> None:
        """Code the question chosen, as the coder whose screen this is, and go on there."""
        self.home.do(self._code)
        if self.desk is not self.home:
            self.call_after_refresh(then)

    def _recode(self) -> None:
        """Code the answers that a split left open for whoever codes."""
        question = self.home.question
        if question is None or not self.home.to_recode:
            self.home.say("no split left an answer to this question open")
        elif self.home.viewer:
            self._recode_as(question, self.home.viewer)
        else:
            self._ask_name("Who codes?", partial(self._recode_as, question))

    def _recode_as(self, question: Question, coder: str) -> None:
        self._open_coding(question, coder)
        self.call_after_refresh(self.coding.do, partial(self.coding.filter_by, *SPLIT))

    # -- reviewing

    def _review(self) -> None:
        from qualcode.tui.review import ReviewScreen  # noqa: PLC0415

        if self.home.question is None:
            return
        if self.home.viewer:
            self.home.say("what coders noted is for the lead to review: c shows the whole study")
        else:
            screen = ReviewScreen(self._study.path, self.home.question)
            self.push_screen(screen, lambda _: self.home.do(self.home.count))

    def deal_with(self, item: Item, then: Callable[[str], None]) -> None:
        """Mark a memo or flag as dealt with; who does it, and how, is asked.

        `then` gets what is to be said of it, empty for nothing.
        """
        if self._reviewer:
            self._ask_note(item, then)
        else:
            self._ask_name("Who reviews?", partial(self._review_as, item, then))

    def _review_as(self, item: Item, then: Callable[[str], None], name: str) -> None:
        self._reviewer = name
        self._ask_note(item, then)

    def _ask_note(self, item: Item, then: Callable[[str], None]) -> None:
        from qualcode.study import review  # noqa: PLC0415
        from qualcode.tui.review import NoteDialog  # noqa: PLC0415

        def answered(note: str | None) -> None:
            if note is None:
                return
            try:
                study = self._study_to_write()
                _, said = review.settle(study.database, item.marked.id, self._reviewer, note)
            except QualcodeError as error:
                self._reviewer, said = "", in_words(self, error)
            then(said)

        self.push_screen(NoteDialog(), answered)

    # -- clearing

    def _clear(self) -> None:
        question = self.home.question
        if question is None:
            return
        if not self.home.shows_whole:
            self.home.say("quotes are chosen by what others coded: they are for the lead to clear")
        elif self._clears:
            self._open_clearing(question, self._clears)
        else:
            self._ask_name("Who clears quotes?", partial(self._open_clearing, question))

    def _open_clearing(self, question: Question, person: str) -> None:
        self.home.rest()
        self.home.say("choosing answers to quote …")
        self.call_after_refresh(self.home.do, partial(self._clear_as, question, person))

    def _clear_as(self, question: Question, person: str) -> None:
        session, remark = self._study_to_write().clearing(person, question)
        self.home.say("")
        self._clears = session.person.name
        self.clearing = self.clearing_screen(session, self._keys_of(CLEARING), remark)
        self._sit_at(self.clearing)

    # -- adjudicating

    def _adjudicate(self) -> None:
        question = self.home.question
        if question is None:
            return
        if not self.home.shows_whole:
            self.home.say("what others coded is hidden: what differs is for the lead to settle")
        elif self._settles:
            self._open_adjudicating(question, self._settles)
        else:
            self._ask_name("Who settles?", partial(self._open_adjudicating, question))

    def _open_adjudicating(self, question: Question, person: str) -> None:
        self.home.rest()
        self.home.say("finding what differs …")
        self.call_after_refresh(self.home.do, partial(self._adjudicate_as, question, person))

    def _adjudicate_as(self, question: Question, person: str) -> None:
        study = self._study_to_write()
        who, remark = study.meet(person)
        session = study.adjudicating(who.name, question.key)
        self.home.say("")
        self._settles = who.name
        self.adjudicating = self.adjudication_screen(session, self._keys_of(ADJUDICATING), remark)
        self._sit_at(self.adjudicating)

    # -- looking

    def _looking(self) -> Looking | None:
        question, viewer = self.home.question, self.home.viewer
        if question is None:
            return None
        return Looking(question, self._study.coder(viewer) if viewer else None)

    def _see_agreement(self) -> None:
        from qualcode.tui.agreement import AgreementScreen  # noqa: PLC0415

        if looking := self._looking():
            self.push_screen(AgreementScreen(self._study.path, looking))

    def _see_disagreements(self) -> None:
        from qualcode.tui.disagreements import DisagreementScreen  # noqa: PLC0415

        if looking := self._looking():
            self.push_screen(DisagreementScreen(self._study.path, looking), self._go_to)

    def _go_to(self, chosen: Disagreement | None) -> None:
        if chosen:
            self.show_answer(chosen.response_id)

    def _see_frequencies(self) -> None:
        from qualcode.tui.frequencies import FrequencyScreen  # noqa: PLC0415

        if looking := self._looking():
            self.push_screen(FrequencyScreen(self._study.path, looking), self._go_through)

    def _go_through(self, code_id: int | None) -> None:
        if code_id:
            self._open_chosen(partial(self._answers_of, code_id))

    # -- keeping safe

    def _back_up_now(self) -> None:
        self.home.say("making a backup …")
        self.run_worker(self._make_backup_now, thread=True, group="backup now", exclusive=True)

    def _make_backup_now(self) -> None:
        try:
            with Study.open(self._study.path, readonly=True) as study:
                made = backups.make(study)
        except QualcodeError as error:
            self.call_from_thread(self._tell, in_words(self, error), is_error=True)
        else:
            self.call_from_thread(self._tell, f"backed up as {made.path.name}")

    def _tell(self, words: str, *, is_error: bool = False) -> None:
        self.home.say(words, is_error=is_error)
        self.home.do()

    # -- who it is

    def _ask_who(self) -> None:
        if self.may_choose:
            self._ask_name("Whose work to show", self._look_as, _LEAD)
        else:
            self.home.say(f"this screen shows the work of {self.home.viewer} alone")

    def _look_as(self, name: str) -> None:
        self.home.look_as(name)
        self.home.count()

    def _ask_name(self, title: str, then: Callable[[str], object], nobody: str = "") -> None:
        """Choose a person, or type the name of a new one; `nobody` is a choice, too."""
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [Choice(nobody, "")] if nobody else []
        choices += [Choice(coder.name, coder.name) for coder in self._study.coders]

        def answered(name: str | None) -> None:
            if name is not None:
                self.home.do(partial(then, name))

        self.push_screen(ChoiceDialog(title, choices, "“{}”, who is new here"), answered)
