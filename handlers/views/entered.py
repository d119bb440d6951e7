"""What somebody has entered in the composer, and what they want sent by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Self

from bot.asking import Facts
from bot.drafting import Proposal
from bot.json_parts import EventJson, OrderJson, UtilityJson
from bot.policy.editions import (
    CONFIRMED_EVENT_UPDATE,
    CUSTOMER_FEEDBACK,
    POST_PURCHASE_UPDATE,
)
from bot.policy.limits import FEEDBACK_TEMPLATE, template_type
from bot.policy.one_time import REQUEST_TEMPLATE
from handlers.views import ids
from handlers.views.feedback_fields import feedback_message, feedback_values
from handlers.views.one_time_fields import (
    ONE_TIME,
    asks,
    one_time_message,
    one_time_values,
    permission,
)
from storage.records import Draft

# The most of an event's name or an order's number: private_metadata, of 3000, holds both.
FACT_CHARACTERS: Final = 100


class TemplateName(NamedTuple):
    """What tells a template of utility messages from the Page's others."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The composer's fields; those a tag does not need keep what was in them.

    `forms` are those of Meta's templates: of the feedback form, of the One-Time Notification.
    """

    contact_id: int | None = None
    message: str = ""
    tag: str | None = None
    send_at: datetime | None = None
    event_name: str = ""
    event_starts_at: datetime | None = None
    event_ends_at: datetime | None = None
    event_registered: bool = False
    order_id: str = ""
    utility: TemplateName | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    reminders: tuple[str, ...] = ()
    route: str = ids.SEND
    draft_id: int | None = None
    revision: int | None = None
    recurring: bool = False

    def proposal(self, author: str, privacy_url: str | None) -> Proposal:
        """What this person wants sent; only the facts that the chosen tag needs go with it.

        Raises FieldFaults where a form is not filled in.
        """
        event = EventJson.model_construct(
            name=self.event_name or None,
            registered=self.event_registered,
            starts_at=self.event_starts_at,
            ends_at=self.event_ends_at,
        )
        facts = Facts(
            event=event if self.about_event else None,
            order=OrderJson(id=self.order_id) if self.tag == POST_PURCHASE_UPDATE else None,
            recurring=self.recurring,
            reminders=self.reminders if self.about_event else (),
            utility=self.asked_utility,
            one_time=None if self.tag == CUSTOMER_FEEDBACK else permission(self.forms),
        )
        return Proposal(
            message=self.send_api_message(privacy_url),
            tag=self.tag,
            facts=facts,
            send_at=self.send_at,
            author=author,
            wants_approval=self.route == ids.APPROVE_ROUTE,
        )

    def send_api_message(self, privacy_url: str | None) -> Mapping[str, Any]:
        """The text or the form; empty where a utility message goes out alone. Raises FieldFaults."""
        if self.tag == CUSTOMER_FEEDBACK:
            return feedback_message(self.forms, privacy_url)
        if asks(self.forms):
            return one_time_message(self.forms)
        goes_alone = self.utility is not None and not self.message.strip()
        return {} if goes_alone else {"text": self.message}

    @property
    def sends_a_form(self) -> bool:
        """Whether a form goes out in place of the text."""
        return self.tag == CUSTOMER_FEEDBACK or asks(self.forms)

    @property
    def asked_utility(self) -> UtilityJson | None:
        """The utility message that was chosen, with what fills it so far."""
        if self.utility is None:
            return None
        return UtilityJson.model_construct(
            template=self.utility.name,
            language=self.utility.language,
            parameters=dict(self.parameters),
        )

    @property
    def about_event(self) -> bool:
        """Whether the chosen tag speaks of an event."""
        return self.tag == CONFIRMED_EVENT_UPDATE

    @property
    def problems(self) -> dict[str, str]:
        """What no rule book has to be asked about, by field."""
        found = {}
        if self.contact_id is None:
            found[ids.RECIPIENT] = "Choose the person it is for."
        starts, ends = self.event_starts_at, self.event_ends_at
        if self.about_event and starts and ends and ends < starts:
            found[ids.EVENT_ENDS_AT] = "The event would end before it starts."
        return found

    @classmethod
    def of_draft(cls, draft: Draft, contact_id: int) -> Self:
        """The composer's fields for a draft that is to be edited."""
        facts = Facts.model_validate(draft.facts)
        event, utility = facts.event or EventJson(), facts.utility
        return cls(
            contact_id=contact_id,
            message=str(draft.message.get("text", "")),
            tag=draft.tag,
            send_at=draft.send_at,
            event_name=(event.name or "")[:FACT_CHARACTERS],
            event_starts_at=event.starts_at,
            event_ends_at=event.ends_at,
            event_registered=event.registered,
            order_id=((facts.order.id if facts.order else None) or "")[:FACT_CHARACTERS],
            utility=TemplateName(utility.template, utility.language) if utility else None,
            parameters=utility.parameters if utility else {},
            forms=_forms(draft.message, facts.one_time),
            reminders=facts.reminders,
            route=ids.APPROVE_ROUTE,
            draft_id=draft.id,
            revision=draft.revision,
            recurring=facts.recurring,
        )


def can_compose(draft: Draft) -> bool:
    """Whether the composer can show the draft without losing anything: what it wrote, or a text."""
    if set(draft.message) <= {"text"}:
        return True
    kind = template_type(draft.message)
    return draft.author is not None and kind in (FEEDBACK_TEMPLATE, REQUEST_TEMPLATE)


def _forms(message: Mapping[str, Any], one_time: int | None) -> Mapping[str, str]:
    kind = template_type(message)
    if kind == FEEDBACK_TEMPLATE:
        return feedback_values(message)
    if kind == REQUEST_TEMPLATE:
        return one_time_values(message)
    return {ONE_TIME: str(one_time)} if one_time else {}
