"""Turns what is on record into a question to the rule book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.json_parts import EventJson, JsonObject, OrderJson
from bot.policy.check import check
from bot.policy.question import (
    Author,
    Channel,
    Interaction,
    InteractionKind,
    Question,
    Verdict,
    Window,
)
from bot.policy.windows import answerable_until, window_at
from bot.settings import RuleSettings
from storage import contacts
from storage.records import Contact, Delivery, Draft


class Facts(JsonObject):
    """What a draft says about its occasion; kept with it as JSON."""

    event: EventJson | None = None
    order: OrderJson | None = None
    recurring: bool = False
    reminders: tuple[str, ...] = ()

    @property
    def without_reminders(self) -> "Facts":
        """The same occasion, told once."""
        return self.model_copy(update={"reminders": ()})


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be said, under which tag, by a person or by a system."""

    message: Mapping[str, Any]
    tag: str | None
    facts: Facts
    author: Author

    @classmethod
    def of(cls, draft: Draft) -> "Content":
        """The content of a stored draft."""
        author: Author = "system" if draft.by_system else "person"
        return cls(draft.message, draft.tag, Facts.model_validate(draft.facts), author)


@dataclass(frozen=True, slots=True)
class Reach:
    """What may reach a contact now: anything while the window is open, a person's answer until then."""

    window: Window
    agent_until: datetime | None


def ask_delivery(
    db: Database,
    settings: RuleSettings,
    draft: Draft,
    delivery: Delivery,
    contact: Contact,
    now: datetime,
) -> Verdict:
    """May this delivery go out when it is due, or now if that has passed?"""
    at = max(now, delivery.due_at)
    content = Content.of(draft)
    scheduled = delivery.scheduled
    return check(question(db, settings, content, contact, at=at, scheduled=scheduled, now=now))


def reach_of(db: Database, settings: RuleSettings, contact: Contact, now: datetime) -> Reach:
    """Whether the contact's window is open, and until when a person may answer after it."""
    nothing = Content({}, None, Facts(), "person")
    asked = question(db, settings, nothing, contact, at=now, scheduled=False, now=now)
    agent_until = answerable_until(asked) if settings.human_agent_approved else None
    return Reach(window_at(asked), agent_until)


def question(
    db: Database,
    settings: RuleSettings,
    content: Content,
    contact: Contact,
    *,
    at: datetime,
    scheduled: bool,
    now: datetime,
) -> Question:
    """May this content go to this contact at `at`, by what is known `now`?"""
    facts = content.facts
    done = contacts.latest_interactions(db, contact.id, until=now)
    channel: Channel = "instagram" if contact.channel == "instagram" else "messenger"
    return Question(
        at=at,
        message=content.message,
        edition=settings.policy_edition,
        channel=channel,
        interactions=tuple(Interaction(InteractionKind(kind), last) for kind, last in done.items()),
        tag=content.tag,
        author=content.author,
        scheduled=scheduled,
        recurring=facts.recurring,
        human_agent_approved=settings.human_agent_approved,
        event=(facts.event or EventJson()).as_event,
        order_id=facts.order.id if facts.order else None,
        closed_by_meta_at=contact.closed_by_meta_at,
    )
