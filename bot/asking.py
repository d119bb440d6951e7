"""Turns what is on record into a question to the rule book."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

from sqlite_utils import Database

from bot.json_parts import EventJson, JsonObject, OrderJson, UtilityJson
from bot.json_text import parsed
from bot.one_time import as_asked
from bot.policy.question import (
    NO_EVENT,
    Author,
    Channel,
    Interaction,
    InteractionKind,
    Question,
    Window,
)
from bot.policy.utility_templates import UtilityTemplate, send_api_template
from bot.policy.windows import answerable_until, window_at
from bot.settings import RuleSettings
from bot.utility_store import asked_of, templates_of
from storage import contacts, interactions, one_time, tags
from storage.due import DueMessage
from storage.one_time import OneTimeToken
from storage.records import Contact, Draft

# An answer that was held up for longer than this is no longer one that a person sends now.
FRESH: Final = timedelta(hours=1)


class Facts(JsonObject):
    """What a draft says about its occasion; kept with it as JSON.

    `one_time` is the number of the person's permission for one message that it is to use up.
    """

    event: EventJson | None = None
    order: OrderJson | None = None
    recurring: bool = False
    reply: bool | None = None  # None: no word of it
    reminders: tuple[str, ...] = ()
    utility: UtilityJson | None = None
    one_time: int | None = None

    @classmethod
    @lru_cache(maxsize=1000)  # an audience has the same ones, or none
    def of_json(cls, text: str) -> Self:
        """What is stored with a draft; raises ValidationError."""
        return cls.model_validate_json(text)

    @property
    def without_reminders(self) -> "Facts":
        """The same occasion, told once."""
        return self.model_copy(update={"reminders": ()})


class Content(NamedTuple):
    """What is to be said, under which tag, by a person or by a system."""

    message: Mapping[str, Any]
    tag: str | None
    facts: Facts
    author: Author

    @classmethod
    def of(cls, draft: Draft) -> "Content":
        """The content of a stored draft."""
        author = author_of(by_system=draft.by_system)
        return cls(draft.message, draft.tag, Facts.model_validate(draft.facts), author)


def author_of(*, by_system: bool) -> Author:
    """Who writes, as the rule book has it."""
    return "system" if by_system else "person"


@dataclass(frozen=True, slots=True)
class Reach:
    """What may reach a contact now: anything while the window is open, a person's answer until then."""

    window: Window
    agent_until: datetime | None


class Situation(NamedTuple):
    """What is on record of a person that bears on the rules: what they did, what Meta refuses there.

    `templates` are the Page's for utility messages, by name and language; `permissions` for one
    message each are the person's, by number.
    """

    contact: Contact
    done: Mapping[str, datetime]
    refused_tags: Mapping[str, str]
    templates: Mapping[tuple[str, str], UtilityTemplate]
    permissions: Mapping[int, OneTimeToken]


def situations_of(db: Database, people: Collection[Contact], now: datetime) -> dict[int, Situation]:
    """What is known now of each of these people, by contact id."""
    done = interactions.latest(db, [person.id for person in people], until=now)
    pages = {person.page_id for person in people}
    refused = {page_id: tags.refused_of(db, page_id) for page_id in pages}
    templates = {page_id: templates_of(db, page_id) for page_id in pages}
    given = one_time.of_contacts(db, [person.id for person in people])
    return {
        p.id: Situation(
            p, done[p.id], refused[p.page_id], templates[p.page_id], given.get(p.id, {})
        )
        for p in people
    }


def situation_of(db: Database, contact: Contact, now: datetime) -> Situation:
    """What is known now of this person."""
    return situations_of(db, [contact], now)[contact.id]


def question_of(
    settings: RuleSettings, due: DueMessage, situation: Situation, now: datetime
) -> Question:
    """May this message go out when it is due, or now if that has passed?"""
    facts, author = Facts.of_json(due.facts), author_of(by_system=due.by_system)
    scheduled = due.scheduled or (bool(facts.reply) and _is_stale(due, now))
    content = Content(parsed(due.message), due.tag, facts, author)
    return question(settings, content, situation, at=max(now, due.due_at), scheduled=scheduled)


def _is_stale(due: DueMessage, now: datetime) -> bool:
    """Whether it was so long ago that a person had it sent that the machine would be sending it."""
    pressed = (due.due_at, due.decided_at, due.pressed_at)
    return now - max(moment for moment in pressed if moment) > FRESH


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
        reply=bool(facts.reply),
        human_agent_approved=settings.human_agent_approved,
        event=facts.event.as_event if facts.event else NO_EVENT,
        order_id=facts.order.id if facts.order else None,
        closed_by_meta_at=contact.closed_by_meta_at,
        refused_tags=situation.refused_tags,
        utility=asked_of(facts.utility, situation.templates) if facts.utility else None,
        one_time=as_asked(situation.permissions.get(facts.one_time)) if facts.one_time else None,
        one_time_off=not settings.one_time_notification,
    )


def utility_message(due: DueMessage, situation: Situation) -> Mapping[str, Any]:
    """The Send API message of the draft's utility message, which the rule book has allowed."""
    asked = Facts.of_json(due.facts).utility
    if asked is None:
        raise ValueError(f"draft {due.draft_id} names no utility message")
    template = situation.templates[asked.template, asked.language]
    return {"template": send_api_template(template, asked.parameters)}


def template_of_draft(db: Database, draft: Draft) -> UtilityTemplate | None:
    """The Page's template that the draft names, if it names one that is known."""
    asked = Facts.model_validate(draft.facts).utility
    person = next(iter(contacts.of_draft(db, draft.id).values()), None) if asked else None
    if asked is None or person is None:
        return None
    return templates_of(db, person.page_id).get((asked.template, asked.language))
