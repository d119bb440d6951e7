"""Receipts that came before our own record of the send; they wait until its message id is known."""

from collections.abc import Iterable

from sqlite_utils import Database


def keep(db: Database, contact_id: int, mids: Iterable[str], state: str) -> None:
    """These messages to the contact were `delivered` or `read`; which deliveries they are is not known."""
    for mid in mids:
        db.execute(
            "INSERT INTO early_receipts (contact_id, mid, state) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [contact_id, mid, state],
        )


def take(db: Database, contact_id: int, mid: str) -> list[str]:
    """The states that were told of this message before it was known; they are told once."""
    rows = db.query(
        "DELETE FROM early_receipts WHERE contact_id = ? AND mid = ? RETURNING state",
        [contact_id, mid],
    )
    return [row["state"] for row in rows]
