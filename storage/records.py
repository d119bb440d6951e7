"""The rows as frozen values: contacts, drafts, deliveries, history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from storage.times import from_text, maybe_moment

Row = Mapping[str, Any]


class Contact(NamedTuple):
    """A person as one Page or Instagram account knows them; the PSID means nothing elsewhere."""

    id: int
    page_id: str
    psid: str
    channel: str
    name: str | None
    closed_by_meta_at: datetime | None

    @property
    def label(self) -> str:
        """The name, or the PSID while no name is known."""
        return self.name or self.psid

    @classmethod
    def of(cls, row: Row) -> Self:
        """The contact of a row."""
        return cls(
            row["id"],
            row["page_id"],
            row["psid"],
            row["channel"],
            row["name"],
            maybe_moment(row["closed_by_meta_at"]),
        )


class Audience(NamedTuple):
    """What decides whom in Slack a draft concerns; `reply`: it answers at the desk."""

    author: str | None
    needs_second_person: bool
    reply: bool

    @property
    def in_conversation(self) -> bool:
        """Whether it answers at the desk and went out at once: its thread there shows it, no card."""
        return self.reply and not self.needs_second_person


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that somebody wants sent; people decide it, once.

    `revision` counts edits of the content, `version` every change that the card should show.
    `card_channel` is where its card belongs: the approvals channel, or the author's own messages.
    """

    id: int
    author: str | None
    requested_by: str | None
    editor: str | None
    message: Mapping[str, Any]
    tag: str | None
    facts: Mapping[str, Any]
    send_at: datetime | None
    state: str
    needs_second_person: bool
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    revision: int
    version: int
    card_channel: str
    card_ts: str | None
    created_at: datetime

    @property
    def audience(self) -> Audience:
        """What decides whom in Slack it concerns."""
        reply = isinstance(self.facts, dict) and bool(self.facts.get("reply"))
        return Audience(self.author, self.needs_second_person, reply)

    @property
    def by_system(self) -> bool:
        """Whether another system queued it, and no person has taken it over by editing."""
        return self.author is None and self.editor is None

    @classmethod
    def of(cls, row: Row) -> Self:
        """The draft of a row."""
        return cls(
            id=row["id"],
            author=row["author"],
            requested_by=row["requested_by"],
            editor=row["editor"],
            message=json.loads(row["message"]),
            tag=row["tag"],
            facts=json.loads(row["facts"]),
            send_at=maybe_moment(row["send_at"]),
            state=row["state"],
            needs_second_person=bool(row["needs_second_person"]),
            decided_by=row["decided_by"],
            decided_at=maybe_moment(row["decided_at"]),
            reason=row["reason"],
            revision=row["revision"],
            version=row["version"],
            card_channel=row["card_channel"],
            card_ts=row["card_ts"],
            created_at=from_text(row["created_at"]),
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one contact; the machine moves it.

    `due_at` is when a person wanted it, `try_at` when the machine tries next, `claimed_at` when it last
    tried, `pressed_at` when a person had it sent once more. `one_time_id` is the person's permission for
    one message that it has used up.
    """

    id: int
    draft_id: int
    contact_id: int
    page_id: str
    due_at: datetime
    try_at: datetime
    scheduled: bool
    state: str
    attempts: int
    messaging_type: str | None
    tag: str | None
    mid: str | None
    note: str | None
    sent_at: datetime | None
    changed_at: datetime
    claimed_at: datetime | None = None
    pressed_at: datetime | None = None
    one_time_id: int | None = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """The delivery of a row."""
        return cls(
            id=row["id"],
            draft_id=row["draft_id"],
            contact_id=row["contact_id"],
            page_id=row["page_id"],
            due_at=from_text(row["due_at"]),
            try_at=from_text(row["try_at"]),
            scheduled=bool(row["scheduled"]),
            state=row["state"],
            attempts=row["attempts"],
            messaging_type=row["messaging_type"],
            tag=row["tag"],
            mid=row["mid"],
            note=row["note"],
            sent_at=maybe_moment(row["sent_at"]),
            changed_at=from_text(row["changed_at"]),
            claimed_at=maybe_moment(row["claimed_at"]),
            pressed_at=maybe_moment(row["pressed_at"]),
            one_time_id=row["one_time_id"],
        )


class DeliveryKey(NamedTuple):
    """Which delivery it is, of which draft and to whom, where many move and no more is needed."""

    id: int
    draft_id: int
    contact_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: who did what, when, and on which verdict.

    A line about a Page has no draft; it may name one tag, or say until when something holds.
    """

    id: int
    draft_id: int | None
    delivery_id: int | None
    at: datetime
    who: str
    what: str
    note: str | None
    verdict: Mapping[str, Any] | None
    page_id: str | None = None
    tag: str | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """The entry of a row."""
        return cls(
            row["id"],
            row["draft_id"],
            row["delivery_id"],
            from_text(row["at"]),
            row["who"],
            row["what"],
            row["note"],
            json.loads(row["verdict"]) if row["verdict"] else None,
            row["page_id"],
            row["tag"],
            maybe_moment(row["until"]),
        )
