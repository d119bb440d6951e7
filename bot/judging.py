"""The rule book's answer for a whole draft: the strictest over everything it would send."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.asking import Content, question, situation_of
from bot.planning import LATE, Due
from bot.policy.check import check
from bot.policy.question import Verdict
from bot.settings import RuleSettings
from storage import contacts, deliveries
from storage.records import Contact, Draft


def is_late(due_at: datetime, now: datetime, *, scheduled: bool) -> bool:
    """Whether a message comes too late to be useful: one that somebody chose the time of may."""
    return scheduled and now - due_at > LATE


def judge(
    db: Database,
    settings: RuleSettings,
    content: Content,
    contact: Contact,
    dues: Sequence[Due],
    now: datetime,
) -> Verdict:
    """What the rule book says now of sending this content at these times.

    Times that have passed count as now; what would come too late is left out, unless it is all.
    """
    useful = [due for due in dues if not is_late(due.at, now, scheduled=due.scheduled)] or dues
    situation = situation_of(db, contact, now)
    return strictest(
        check(question(settings, content, situation, at=max(now, due.at), scheduled=due.scheduled))
        for due in useful
    )


def judge_draft(db: Database, settings: RuleSettings, draft: Draft, now: datetime) -> Verdict:
    """What the rule book says now of everything that a stored draft still wants to send.

    Raises LookupError when nothing of it is left to send.
    """
    waiting: dict[int, list[Due]] = {}
    for delivery in deliveries.of_draft(db, draft.id):
        if delivery.state == "pending":
            due = Due(delivery.due_at, delivery.scheduled)
            waiting.setdefault(delivery.contact_id, []).append(due)
    people = contacts.of_draft(db, draft.id)
    content = Content.of(draft)
    return strictest(
        judge(db, settings, content, people[contact_id], dues, now)
        for contact_id, dues in waiting.items()
    )


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that forbids, else the one that asks a second person, else the first."""
    ordered = sorted(verdicts, key=lambda verdict: (verdict.allowed, not verdict.needs_review))
    if not ordered:
        raise LookupError("there is nothing to judge")
    return ordered[0]
