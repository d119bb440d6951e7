"""Deliveries that Meta did not take through no fault of theirs: they wait as if never tried."""

from datetime import datetime

from sqlite_utils import Database

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
