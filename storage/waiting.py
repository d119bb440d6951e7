"""Deliveries that wait though their time has come: put off, put back, woken, and shown so in Slack."""

from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from storage import desk, drafts
from storage.fetching import fetch
from storage.records import Delivery
from storage.times import as_text


def put_back(db: Database, delivery_id: int, note: str, now: datetime) -> Delivery | None:
    """Let a delivery that was being sent wait, without counting the try; None when it was settled."""
    rows = fetch(
        db,
        "UPDATE deliveries SET state = 'pending', attempts = attempts - 1, note = ?, changed_at = ?"
        " WHERE id = ? AND state = 'sending' RETURNING *",
        [note, as_text(now), delivery_id],
    )
    return next((Delivery.of(row) for row in rows), None)


def put_off(db: Database, delivery_id: int, try_at: datetime, *, note: str) -> None:
    """A pending delivery is looked at again only then; the note says why."""
    db.execute(
        "UPDATE deliveries SET try_at = ?, note = ? WHERE id = ? AND state = 'pending'",
        [as_text(try_at), note, delivery_id],
    )


def wake(db: Database, page_id: str, now: datetime) -> None:
    """Whatever of this Page was put off beyond its time is due now."""
    db.execute(
        "UPDATE deliveries SET try_at = ? WHERE page_id = ? AND state = 'pending'"
        " AND due_at <= ? AND try_at > ?",
        [as_text(now), page_id, as_text(now), as_text(now)],
    )


def wake_put_off(db: Database, page_id: str, now: datetime, until: datetime) -> None:
    """Whatever of this Page waits up to that moment, and not for a time that somebody chose, is due now."""
    db.execute(
        "UPDATE deliveries SET try_at = ? WHERE page_id = ? AND state = 'pending'"
        " AND try_at > ? AND try_at <= ? AND (scheduled = 0 OR due_at <= ?)",
        [as_text(now), page_id, as_text(now), as_text(until), as_text(now)],
    )


def touch_at(db: Database, page_ids: Collection[str], tag: str | None = None) -> None:
    """Something that Slack shows of messages still to go from these Pages has changed.

    With a tag: the cards of drafts under that tag only.
    """
    drafts.touch_waiting_at(db, page_ids, tag)
    if desk.is_used(db):
        desk.touch_waiting_at(db, page_ids)
