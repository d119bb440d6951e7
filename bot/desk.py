"""How a conversation stands: who waits for whom, until when an answer may go out, and when to look again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.asking import Reach, reach_of
from bot.settings import RuleSettings
from storage import contacts, desk_lines
from storage.desk import Thread
from storage.desk_lines import Answer, Line
from storage.records import Contact
from storage.times import as_text

REMIND_BEFORE: Final = timedelta(hours=2)
KEPT: Final = timedelta(days=7)  # the newest message, for whoever answers it; no one may after that
REMINDER: Final = "reminder"


@dataclass(frozen=True, slots=True)
class Standing:
    """A thread as it stands at `now`: the person's newest message, and the newest answer since."""

    thread: Thread
    contact: Contact
    reach: Reach
    asked: Line | None
    answer: Answer | None
    human_agent_approved: bool
    now: datetime

    @property
    def waits(self) -> bool:
        """Whether the person waits for an answer."""
        return self.asked is not None and self.answer is None

    @property
    def remind_at(self) -> datetime | None:
        """When the thread is to be reminded of the closing window; None when there is no need."""
        closes_at = self.reach.window.closes_at
        needed = self.waits and self.reach.window.open and closes_at
        return closes_at - REMIND_BEFORE if needed and closes_at else None

    @property
    def look_at(self) -> datetime | None:
        """When this stands otherwise if nothing else happens."""
        return min((moment for moment in self._turns() if moment > self.now), default=None)

    def _turns(self) -> Iterator[datetime]:
        moments = [self.remind_at, self.reach.window.closes_at, self.reach.agent_until]
        yield from (moment for moment in moments if moment)
        if self.asked:
            yield self.asked.at + KEPT


def standing_of(db: Database, settings: RuleSettings, thread: Thread, now: datetime) -> Standing:
    """How this thread stands now."""
    contact = contacts.get(db, thread.contact_id)
    assert contact is not None, "a thread has its contact"  # noqa: S101 - a foreign key
    asked = desk_lines.newest_ask(db, thread.id)
    said = [answer for answer in desk_lines.answers(db, thread.id) if _answers(answer, asked)]
    return Standing(
        thread=thread,
        contact=contact,
        reach=reach_of(db, settings, contact, now),
        asked=asked,
        answer=max(said, key=lambda answer: _order(answer.line), default=None),
        human_agent_approved=settings.human_agent_approved,
        now=now,
    )


def _answers(answer: Answer, asked: Line | None) -> bool:
    if answer.left_at is None:  # and perhaps it never will
        return False
    return asked is None or _order(answer.line) > _order(asked)


def _order(line: Line) -> tuple[datetime, int]:
    return (line.at, line.id)


def remind_if_due(db: Database, standing: Standing) -> bool:
    """Remind the thread, once, that the window closes on somebody who waits."""
    closes_at, remind_at = standing.reach.window.closes_at, standing.remind_at
    if closes_at is None or remind_at is None or standing.now < remind_at:
        return False
    key, content = f"{REMINDER}:{as_text(closes_at)}", {"closes_at": as_text(closes_at)}
    kept = standing.thread.last_at  # a reminder is no sign of life
    return desk_lines.add(db, standing.thread, key, REMINDER, kept, content=content)


def forget_if_due(db: Database, standing: Standing) -> None:
    """What nobody may answer any more need not be kept."""
    if standing.asked and standing.now - standing.asked.at >= KEPT:
        desk_lines.forget(db, standing.thread.id)
