"""The outbox: each row is one message to one contact, moved by conditional updates only."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Delivery, DeliveryKey
from storage.times import as_text, from_text, maybe_text

SENT = ("sent", "delivered", "read")
IN_DOUBT = ("sending", "unknown")


class Claim(NamedTuple):
    """How a pending delivery is to leave; `one_time_id` is the permission that it uses up."""

    delivery_id: int
    messaging_type: str
    tag: str | None
    one_time_id: int | None = None


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
    rows = fetch(
        db,
        "INSERT INTO deliveries"
        " (draft_id, contact_id, page_id, due_at, try_at, scheduled, state, changed_at)"
        " SELECT ?, id, page_id, ?, ?, ?, 'pending', ? FROM contacts WHERE id = ? RETURNING *",
        [draft_id, as_text(due_at), as_text(due_at), int(scheduled), as_text(now), contact_id],
    )
    return Delivery.of(next(rows))


def get(db: Database, delivery_id: int) -> Delivery | None:
    """The delivery with that number."""
    rows = fetch(db, "SELECT * FROM deliveries WHERE id = ?", [delivery_id])
    return next((Delivery.of(row) for row in rows), None)


def of_draft(db: Database, draft_id: int) -> list[Delivery]:
    """The draft's deliveries, soonest first."""
    rows = fetch(db, "SELECT * FROM deliveries WHERE draft_id = ? ORDER BY due_at, id", [draft_id])
    return [Delivery.of(row) for row in rows]


def next_due(db: Database, page_id: str, after: datetime) -> datetime | None:
    """When the next of this Page's pending deliveries falls due."""
    rows = fetch(
        db,
        "SELECT try_at FROM deliveries WHERE state = 'pending' AND page_id = ? AND try_at > ?"
        " ORDER BY try_at LIMIT 1",
        [page_id, as_text(after)],
    )
    return next((from_text(row["try_at"]) for row in rows), None)


def claim(db: Database, wanted: Iterable[Claim], now: datetime) -> set[int]:
    """Take pending deliveries for sending; the numbers of those where nobody else was first."""
    ways: dict[tuple[str, str | None, int | None], list[int]] = {}
    for each in wanted:
        ways.setdefault(each[1:], []).append(each.delivery_id)
    taken: set[int] = set()
    for way, numbers in ways.items():
        rows = db.execute(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, note = NULL,"
            " messaging_type = ?, tag = ?, one_time_id = ?, claimed_at = ?, changed_at = ?"
            " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending' RETURNING id",
            [*way, as_text(now), as_text(now), json.dumps(numbers)],
        )
        taken.update(number for (number,) in rows)
    return taken


def confirm(
    db: Database, mids: Mapping[int, str | None], *, sent_at: datetime, now: datetime
) -> list[DeliveryKey]:
    """Deliveries in doubt, by number, that Meta took under these ids; those that were in doubt."""
    rows = db.execute(
        "UPDATE deliveries SET state = 'sent', note = NULL, mid = coalesce(taken.value, mid),"
        " sent_at = ?, changed_at = ? FROM json_each(?) AS taken"
        " WHERE deliveries.id = CAST(taken.key AS INTEGER) AND state IN ('sending', 'unknown')"
        " RETURNING id, draft_id, contact_id",
        [as_text(sent_at), as_text(now), json.dumps(mids)],
    )
    return [DeliveryKey(*row) for row in rows]


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
    rows = fetch(
        db,
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
    rows = fetch(
        db,
        "UPDATE deliveries SET state = 'pending', scheduled = 0, try_at = ?, pressed_at = ?, note = NULL,"
        " changed_at = ? WHERE id = ? AND state = 'unknown' RETURNING *",
        [as_text(now), as_text(now), as_text(now), delivery_id],
    )
    return next((Delivery.of(row) for row in rows), None)


def note_echo(db: Database, delivery_id: int, mid: str, sent_at: datetime | None) -> Delivery:
    """Meta's own id and time of the message, if it says; its watermarks are measured by that time."""
    rows = fetch(
        db,
        "UPDATE deliveries SET mid = coalesce(mid, ?), sent_at = coalesce(?, sent_at)"
        " WHERE id = ? RETURNING *",
        [mid, maybe_text(sent_at), delivery_id],
    )
    return Delivery.of(next(rows))


def cancel_pending(db: Database, draft_id: int, now: datetime) -> list[Delivery]:
    """Cancel what has not gone out."""
    rows = fetch(
        db,
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
    rows = fetch(db, "SELECT * FROM deliveries WHERE state = 'sending' ORDER BY id")
    return [Delivery.of(row) for row in rows]


def any_in_doubt(db: Database, contact_id: int) -> bool:
    """Whether something on its way to this contact has no message id yet."""
    rows = fetch(
        db,
        "SELECT 1 FROM deliveries WHERE contact_id = ? AND state IN (SELECT value FROM json_each(?))"
        " LIMIT 1",
        [contact_id, json.dumps(IN_DOUBT)],
    )
    return any(True for _ in rows)


def of_contact(db: Database, contact_id: int, states: Collection[str]) -> list[Delivery]:
    """The deliveries to this contact in one of these states."""
    rows = fetch(
        db,
        "SELECT * FROM deliveries WHERE contact_id = ? AND state IN (SELECT value FROM json_each(?))",
        [contact_id, json.dumps(tuple(states))],
    )
    return [Delivery.of(row) for row in rows]


def by_mids(db: Database, contact_id: int, mids: Collection[str]) -> list[Delivery]:
    """The deliveries to this contact with these message ids."""
    rows = fetch(
        db,
        "SELECT * FROM deliveries WHERE contact_id = ? AND mid IN (SELECT value FROM json_each(?))",
        [contact_id, json.dumps(tuple(mids))],
    )
    return [Delivery.of(row) for row in rows]


def sent_up_to(
    db: Database, contact_id: int, until: datetime, states: Collection[str]
) -> list[Delivery]:
    """The deliveries to this contact in those states that were sent up to that moment."""
    rows = fetch(
        db,
        "SELECT * FROM deliveries WHERE contact_id = ? AND sent_at <= ?"
        " AND state IN (SELECT value FROM json_each(?))",
        [contact_id, as_text(until), json.dumps(tuple(states))],
    )
    return [Delivery.of(row) for row in rows]


def counts(db: Database) -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = fetch(db, "SELECT state, count(*) AS n FROM deliveries GROUP BY state")
    return {row["state"]: row["n"] for row in rows}
