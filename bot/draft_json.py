"""A draft as JSON: what `POST /drafts` takes, and what `GET /drafts/{id}` shows."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, StrictBool, field_validator
from pydantic_core import PydanticCustomError

from bot.asking import Facts
from bot.drafting import Proposal
from bot.json_parts import ContentJson, EventJson, JsonObject, OrderJson
from bot.moments import Moment, moment_text
from bot.planning import offset_of
from bot.policy.question import Channel
from storage.records import Contact, Delivery, Draft, Entry

_ID: Final = re.compile(r"[!-~]{1,64}")
DEEPEST_MESSAGE: Final = 32  # templates have about ten levels


class RecipientJson(JsonObject):
    """Whom it is for, as the Page (PSID) or the Instagram account (IGSID) knows them."""

    id: str

    @field_validator("id")
    @classmethod
    def _is_an_id(cls, psid: str) -> str:
        if not _ID.fullmatch(psid):
            raise PydanticCustomError("psid", "must be a PSID or IGSID, such as 24918830014477562")
        return psid


class DraftJson(ContentJson):
    """A draft that another system queues."""

    recipient: RecipientJson
    channel: Channel = "messenger"
    tag: str | None = None
    event: EventJson | None = None
    order: OrderJson | None = None
    recurring: StrictBool = False
    send_at: Moment | None = None
    reminders: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    requested_by: Annotated[str, Field(min_length=1, max_length=100)] = "another system"

    @field_validator("message")
    @classmethod
    def _can_be_sent(cls, message: dict[str, Any] | None) -> dict[str, Any] | None:
        if message and "metadata" in message:
            raise PydanticCustomError(
                "metadata", "may not hold metadata: Tagwise keeps its delivery number there"
            )
        if _is_deeper_than(DEEPEST_MESSAGE, message):
            raise PydanticCustomError("depth", "is nested too deeply")
        return message

    @field_validator("reminders")
    @classmethod
    def _are_offsets(cls, reminders: tuple[str, ...]) -> tuple[str, ...]:
        for reminder in reminders:
            try:
                offset_of(reminder)
            except ValueError as error:
                raise PydanticCustomError("reminder", "{why}", {"why": str(error)}) from None
        return reminders

    @property
    def proposal(self) -> Proposal:
        """The draft as something to put on record."""
        return Proposal(
            message=self.send_api_message,
            tag=self.tag,
            facts=Facts(
                event=self.event,
                order=self.order,
                recurring=self.recurring,
                reminders=self.reminders,
                utility=self.utility,
            ),
            send_at=self.send_at,
            requested_by=self.requested_by,
        )


def _is_deeper_than(levels: int, value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return False
    return levels == 0 or any(_is_deeper_than(levels - 1, part) for part in parts)


def draft_as_json(
    draft: Draft,
    people: Mapping[int, Contact],
    deliveries: Sequence[Delivery],
    entries: Sequence[Entry],
) -> dict[str, Any]:
    """The draft with its deliveries and its history, times in UTC."""
    return {
        "id": draft.id,
        "state": draft.state,
        "text": draft.message.get("text"),
        "message": draft.message,
        "tag": draft.tag,
        **draft.facts,
        "send_at": moment_text(draft.send_at) if draft.send_at else None,
        "requested_by": draft.requested_by,
        "author": draft.author,
        "edited_by": draft.editor,
        "created_at": moment_text(draft.created_at),
        "decided_by": draft.decided_by,
        "decided_at": moment_text(draft.decided_at) if draft.decided_at else None,
        "reason": draft.reason,
        "deliveries": [_delivery(delivery, people[delivery.contact_id]) for delivery in deliveries],
        "history": [_entry(entry) for entry in entries],
    }


def _delivery(delivery: Delivery, contact: Contact) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "recipient": {"id": contact.psid},
        "channel": contact.channel,
        "state": delivery.state,
        "due_at": moment_text(delivery.due_at),
        "try_at": moment_text(delivery.try_at) if delivery.state == "pending" else None,
        "attempts": delivery.attempts,
        "messaging_type": delivery.messaging_type,
        "tag": delivery.tag,
        "message_id": delivery.mid,
        "sent_at": moment_text(delivery.sent_at) if delivery.sent_at else None,
        "note": delivery.note,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "at": moment_text(entry.at),
        "who": entry.who,
        "what": entry.what,
        "delivery": entry.delivery_id,
        "note": entry.note,
        "verdict": entry.verdict,
    }
