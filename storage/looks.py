"""Deliveries in doubt that are looked for in Meta's conversations: which, how often, when next."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlite_utils import Database

from storage.deliveries import IN_DOUBT, SENT
from storage.fetching import fetch
from storage.records import Contact, Delivery, Row
from storage.times import as_text, from_text, maybe_moment, maybe_text

# With the looks at this attempt; what a person had sent again is looked for anew.
_WITH_LOOKS = (
    "deliveries JOIN drafts ON drafts.id = deliveries.draft_id LEFT JOIN looks"
    " ON looks.delivery_id = deliveries.id AND looks.attempt = deliveries.attempts"
)
# A template has none, and cannot be recognised; nor can a utility message, which left without the text.
_TEXT = "iif(messaging_type = 'UTILITY', NULL, json_extract(drafts.message, '$.text'))"


@dataclass(frozen=True, slots=True)
class Trace:
    """A text that left, or may have: between which moments, and how often it was looked for.

    `next_look` is None before the first look, and after the last.
    """

    delivery: Delivery
    text: str
    left_after: datetime
    left_before: datetime
    times: int
    next_look: datetime | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """The trace of a row of `_WITH_LOOKS`."""
        claimed = row["claimed_at"]
        return cls(
            delivery=Delivery.of(row),
            text=row["text"],
            left_after=from_text(claimed or min(row["due_at"], row["try_at"])),
            # Without a claim another bot sent it, if any did, before this one put it in doubt.
            left_before=from_text(claimed or row["changed_at"]),
            times=row["times"] or 0,
            next_look=maybe_moment(row["next_at"]),
        )

    def is_due(self, now: datetime, doubted_until: datetime) -> bool:
        """Whether it is to be looked for now; the first time only when in doubt for so long."""
        if self.next_look is not None:
            return self.next_look <= now
        return self.times == 0 and self.delivery.changed_at <= doubted_until


def person_to_look_for(
    db: Database, page_ids: Collection[str], *, doubted: tuple[datetime, datetime], now: datetime
) -> Contact | None:
    """Whose conversation is to be looked into next, if anybody's.

    `doubted` is the span in which the doubt must have come up. People to whom something is just being
    sent have to wait: it could be taken for what is looked for.
    """
    rows = fetch(
        db,
        "SELECT contacts.* FROM contacts WHERE id = ("  # noqa: S608 - our own words
        f" SELECT deliveries.contact_id FROM {_WITH_LOOKS}"
        " WHERE deliveries.state = 'unknown' AND deliveries.changed_at BETWEEN ? AND ?"
        " AND deliveries.page_id IN (SELECT value FROM json_each(?))"
        f" AND (looks.times IS NULL OR looks.next_at <= ?) AND {_TEXT} IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM deliveries AS leaving"
        " WHERE leaving.contact_id = deliveries.contact_id AND leaving.state = 'sending')"
        " ORDER BY coalesce(looks.next_at, deliveries.changed_at), deliveries.id LIMIT 1)",
        [*map(as_text, doubted), json.dumps(tuple(page_ids)), as_text(now)],
    )
    return next((Contact.of(row) for row in rows), None)


def traces(db: Database, contact_id: int) -> list[Trace]:
    """Every text that left for this person or may have, those that left first at first."""
    rows = fetch(
        db,
        f"SELECT deliveries.*, looks.times, looks.next_at, {_TEXT} AS text FROM {_WITH_LOOKS}"  # noqa: S608
        " WHERE deliveries.contact_id = ? AND deliveries.state IN (SELECT value FROM json_each(?))"
        f" AND {_TEXT} IS NOT NULL"
        " ORDER BY coalesce(claimed_at, min(due_at, try_at)), deliveries.id",
        [contact_id, json.dumps((*IN_DOUBT, *SENT))],
    )
    return [Trace.of(row) for row in rows]


def note_look(
    db: Database, delivery: Delivery, times: int, next_look: datetime | None, note: str | None
) -> None:
    """It was looked for so many times, and is still in doubt; its card says so."""
    db.execute(
        "INSERT OR REPLACE INTO looks (delivery_id, attempt, times, next_at) VALUES (?, ?, ?, ?)",
        [delivery.id, delivery.attempts, times, maybe_text(next_look)],
    )
    db.execute(
        "UPDATE deliveries SET note = ? WHERE id = ? AND state = 'unknown'", [note, delivery.id]
    )
