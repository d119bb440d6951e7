"""Turns what is on record into a question to the rule book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.json_parts import EventJson, JsonObject, OrderJson
from bot.policy.check import check
from bot.policy.question import Author, Channel, Interaction, InteractionKind, Question, Verdict
from bot.settings import RuleSettings
from storage import contacts
from storage.records import Contact, Delivery, Draft


class Facts(JsonObject):
    """What a draft says about its occasion; kept with it as JSON."""

    event: EventJson | None = None
    order: OrderJson | None = None
    recurring: bool = False
    reminders: tuple[str, ...] = ()


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


def ask(
    db: Database,
    settings: RuleSettings,
    content: Content,
    contact: Contact,
    *,
    at: datetime,
    scheduled: bool,
    now: datetime,
) -> Verdict:
    """May this content go to this contact at `at`, by what is known `now`?"""
    facts = content.facts
    done = contacts.latest_interactions(db, contact.id, until=now)
    channel: Channel = "instagram" if contact.channel == "instagram" else "messenger"
    return check(
        Question(
            at=at,
            message=content.message,
            edition=settings.policy_edition,
            channel=channel,
            interactions=tuple(
                Interaction(InteractionKind(kind), last) for kind, last in done.items()
            ),
            tag=content.tag,
            author=content.author,
            scheduled=scheduled,
            recurring=facts.recurring,
            human_agent_approved=settings.human_agent_approved,
            event=(facts.event or EventJson()).as_event,
            order_id=facts.order.id if facts.order else None,
            closed_by_meta_at=contact.closed_by_meta_at,
        )
    )


def ask_delivery(
    db: Database,
    settings: RuleSettings,
    draft: Draft,
    delivery: Delivery,
    contact: Contact,
    now: datetime,
) -> Verdict:
    """May this delivery go out when it is due, or now if that has passed?"""
    return ask(
        db,
        settings,
        Content.of(draft),
        contact,
        at=max(now, delivery.due_at),
        scheduled=delivery.scheduled,
        now=now,
    )
