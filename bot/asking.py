"""Turns what is on record into a question to the rule book."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.json_parts import EventJson, JsonObject, OrderJson
from bot.policy.question import (
    Author,
    Channel,
    Interaction,
    InteractionKind,
    Question,
    Window,
)
from bot.policy.windows import answerable_until, window_at
from bot.settings import RuleSettings
from storage import contacts, tags
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


@dataclass(frozen=True, slots=True)
class Situation:
    """What is on record of a person that bears on the rules: what they did, what Meta refuses there."""

    contact: Contact
    done: Mapping[str, datetime]
    refused_tags: Mapping[str, str]


def situations_of(db: Database, people: Collection[Contact], now: datetime) -> dict[int, Situation]:
    """What is known now of each of these people, by contact id."""
    done = contacts.latest_interactions(db, [person.id for person in people], until=now)
    refused = {page_id: tags.refused_of(db, page_id) for page_id in {p.page_id for p in people}}
    return {p.id: Situation(p, done[p.id], refused[p.page_id]) for p in people}


def situation_of(db: Database, contact: Contact, now: datetime) -> Situation:
    """What is known now of this person."""
    return situations_of(db, [contact], now)[contact.id]


def question_of(
    settings: RuleSettings, draft: Draft, delivery: Delivery, situation: Situation, now: datetime
) -> Question:
    """May this delivery go out when it is due, or now if that has passed?"""
    at, scheduled = max(now, delivery.due_at), delivery.scheduled
    return question(settings, Content.of(draft), situation, at=at, scheduled=scheduled)


def reach_of(db: Database, settings: RuleSettings, contact: Contact, now: datetime) -> Reach:
    """Whether the contact's window is open, and until when a person may answer after it."""
    nothing = Content({}, None, Facts(), "person")
    situation = situation_of(db, contact, now)
    asked = question(settings, nothing, situation, at=now, scheduled=False)
    agent_until = answerable_until(asked) if settings.human_agent_approved else None
    return Reach(window_at(asked), agent_until)


def question(
    settings: RuleSettings,
    content: Content,
    situation: Situation,
    *,
    at: datetime,
    scheduled: bool,
) -> Question:
    """May this content go to this person at `at`?"""
    facts, contact = content.facts, situation.contact
    channel: Channel = "instagram" if contact.channel == "instagram" else "messenger"
    return Question(
        at=at,
        message=content.message,
        edition=settings.policy_edition,
        channel=channel,
        interactions=tuple(
            Interaction(InteractionKind(kind), last) for kind, last in situation.done.items()
        ),
        tag=content.tag,
        author=content.author,
        scheduled=scheduled,
        recurring=facts.recurring,
        human_agent_approved=settings.human_agent_approved,
        event=(facts.event or EventJson()).as_event,
        order_id=facts.order.id if facts.order else None,
        closed_by_meta_at=contact.closed_by_meta_at,
        refused_tags=situation.refused_tags,
    )
