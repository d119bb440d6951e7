"""Receipts that came before our own record of the send; they wait until its message id is known."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlite_utils import Database

from storage.fetching import fetch
from storage.times import as_text


def keep(db: Database, contact_id: int, mids: Iterable[str], state: str) -> None:
    """These messages to the contact were `delivered` or `read`; which deliveries they are is not known."""
    for mid in mids:
        db.execute(
            "INSERT INTO early_receipts (contact_id, mid, state) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [contact_id, mid, state],
        )


def people_with_some(db: Database, contact_ids: Collection[int], since: datetime) -> set[int]:
    """Those of these people with receipts that may concern a message recorded as sent since then."""
    rows = fetch(
        db,
        "SELECT id FROM contacts WHERE id IN (SELECT value FROM json_each(?)) AND"
        " (delivered_until >= ? OR read_until >= ?"
        " OR EXISTS (SELECT 1 FROM early_receipts WHERE contact_id = contacts.id))",
        [json.dumps(tuple(contact_ids)), as_text(since), as_text(since)],
    )
    return {row["id"] for row in rows}


def take(db: Database, contact_id: int, mid: str) -> list[str]:
    """The states that were told of this message before it was known; they are told once."""
    rows = fetch(
        db,
        "DELETE FROM early_receipts WHERE contact_id = ? AND mid = ? RETURNING state",
        [contact_id, mid],
    )
    return [row["state"] for row in rows]
