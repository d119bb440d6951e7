"""The outbox: each row is one message to one contact, moved by conditional updates only."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from storage.records import Delivery
from storage.times import as_text, maybe_text

SENT = ("sent", "delivered", "read")
IN_DOUBT = ("sending", "unknown")


def add(
    db: Database,
    draft_id: int,
    contact_id: int,
    *,
    due_at: datetime,
    scheduled: bool,
    now: datetime,
) -> Delivery:
    """A new delivery, pending; it leaves once its draft is approved and it is due."""
    rows = db.query(
        "INSERT INTO deliveries (draft_id, contact_id, due_at, try_at, scheduled, state, changed_at)"
        " VALUES (?, ?, ?, ?, ?, 'pending', ?) RETURNING *",
        [draft_id, contact_id, as_text(due_at), as_text(due_at), int(scheduled), as_text(now)],
    )
    return Delivery.of(next(rows))


def get(db: Database, delivery_id: int) -> Delivery | None:
    """The delivery with that number."""
    rows = db.query("SELECT * FROM deliveries WHERE id = ?", [delivery_id])
    return next((Delivery.of(row) for row in rows), None)


def of_draft(db: Database, draft_id: int) -> list[Delivery]:
    """The draft's deliveries, soonest first."""
    rows = db.query("SELECT * FROM deliveries WHERE draft_id = ? ORDER BY due_at, id", [draft_id])
    return [Delivery.of(row) for row in rows]


def due(db: Database, now: datetime, limit: int) -> list[Delivery]:
    """Pending deliveries of approved drafts whose time has come and whose Page is not paused."""
    rows = db.query(
        "SELECT deliveries.* FROM deliveries"
        " JOIN drafts ON drafts.id = deliveries.draft_id AND drafts.state = 'approved'"
        " JOIN contacts ON contacts.id = deliveries.contact_id"
        " WHERE deliveries.state = 'pending' AND deliveries.try_at <= ?"
        " AND contacts.page_id NOT IN (SELECT page_id FROM pauses)"
        " ORDER BY deliveries.try_at, deliveries.id LIMIT ?",
        [as_text(now), limit],
    )
    return [Delivery.of(row) for row in rows]


def has_later_due(db: Database, delivery: Delivery, now: datetime) -> bool:
    """Whether a later message of the same draft to the same person is due by now too."""
    rows = db.query(
        "SELECT 1 FROM deliveries WHERE draft_id = ? AND contact_id = ? AND state = 'pending'"
        " AND due_at > ? AND due_at <= ?",
        [delivery.draft_id, delivery.contact_id, as_text(delivery.due_at), as_text(now)],
    )
    return next(rows, None) is not None


def claim(
    db: Database, delivery_id: int, *, messaging_type: str, tag: str | None, now: datetime
) -> Delivery | None:
    """Take a pending delivery for sending; None when somebody else was first."""
    rows = db.query(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, messaging_type = ?,"
        " tag = ?, note = NULL, claimed_at = ?, changed_at = ?"
        " WHERE id = ? AND state = 'pending' RETURNING *",
        [messaging_type, tag, as_text(now), as_text(now), delivery_id],
    )
    return next((Delivery.of(row) for row in rows), None)


def move(
    db: Database,
    delivery_id: int,
    *,
    was: Collection[str],
    to: str,
    now: datetime,
    note: str | None = None,
    mid: str | None = None,
    sent_at: datetime | None = None,
    try_at: datetime | None = None,
) -> Delivery | None:
    """Change the state if it still is one of `was`; None when it no longer is.

    `mid`, `sent_at` and `try_at` keep what they were unless given; `note` is replaced.
    """
    rows = db.query(
        "UPDATE deliveries SET state = ?, note = ?, mid = coalesce(?, mid),"
        " sent_at = coalesce(?, sent_at), try_at = coalesce(?, try_at), changed_at = ?"
        " WHERE id = ? AND state IN (SELECT value FROM json_each(?)) RETURNING *",
        [
            to,
            note,
            mid,
            maybe_text(sent_at),
            maybe_text(try_at),
            as_text(now),
            delivery_id,
            json.dumps(tuple(was)),
        ],
    )
    return next((Delivery.of(row) for row in rows), None)


def retry_now(db: Database, delivery_id: int, now: datetime) -> Delivery | None:
    """Make a delivery in doubt due at once, by a person's word and no longer by a timer's.

    None when it is no longer in doubt.
    """
    rows = db.query(
        "UPDATE deliveries SET state = 'pending', scheduled = 0, try_at = ?, note = NULL, changed_at = ?"
        " WHERE id = ? AND state = 'unknown' RETURNING *",
        [as_text(now), as_text(now), delivery_id],
    )
    return next((Delivery.of(row) for row in rows), None)


def note_echo(db: Database, delivery_id: int, mid: str, sent_at: datetime | None) -> Delivery:
    """Meta's own id and time of the message, if it says; its watermarks are measured by that time."""
    rows = db.query(
        "UPDATE deliveries SET mid = coalesce(mid, ?), sent_at = coalesce(?, sent_at)"
        " WHERE id = ? RETURNING *",
        [mid, maybe_text(sent_at), delivery_id],
    )
    return Delivery.of(next(rows))


def cancel_pending(db: Database, draft_id: int, now: datetime) -> list[Delivery]:
    """Cancel what has not gone out."""
    rows = db.query(
        "UPDATE deliveries SET state = 'cancelled', changed_at = ?"
        " WHERE draft_id = ? AND state = 'pending' RETURNING *",
        [as_text(now), draft_id],
    )
    return [Delivery.of(row) for row in rows]


def drop_pending(db: Database, draft_id: int) -> None:
    """Forget the plan of a draft that is being rewritten; nothing of it was ever tried."""
    db.execute(
        "DELETE FROM deliveries WHERE draft_id = ? AND state = 'pending' AND attempts = 0",
        [draft_id],
    )


def in_flight(db: Database) -> list[Delivery]:
    """Deliveries that were being sent."""
    rows = db.query("SELECT * FROM deliveries WHERE state = 'sending' ORDER BY id")
    return [Delivery.of(row) for row in rows]


def any_in_doubt(db: Database, contact_id: int) -> bool:
    """Whether something on its way to this contact has no message id yet."""
    rows = db.query(
        "SELECT 1 FROM deliveries WHERE contact_id = ? AND state IN (SELECT value FROM json_each(?))"
        " LIMIT 1",
        [contact_id, json.dumps(IN_DOUBT)],
    )
    return any(True for _ in rows)


def by_mids(db: Database, contact_id: int, mids: Collection[str]) -> list[Delivery]:
    """The deliveries to this contact with these message ids."""
    rows = db.query(
        "SELECT * FROM deliveries WHERE contact_id = ? AND mid IN (SELECT value FROM json_each(?))",
        [contact_id, json.dumps(tuple(mids))],
    )
    return [Delivery.of(row) for row in rows]


def sent_up_to(
    db: Database, contact_id: int, until: datetime, states: Collection[str]
) -> list[Delivery]:
    """The deliveries to this contact in those states that were sent up to that moment."""
    rows = db.query(
        "SELECT * FROM deliveries WHERE contact_id = ? AND sent_at <= ?"
        " AND state IN (SELECT value FROM json_each(?))",
        [contact_id, as_text(until), json.dumps(tuple(states))],
    )
    return [Delivery.of(row) for row in rows]


def counts(db: Database) -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = db.query("SELECT state, count(*) AS n FROM deliveries GROUP BY state")
    return {row["state"]: row["n"] for row in rows}
