"""One-Time Notifications: who asked to be told what, and that each is told it once."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Row
from storage.times import as_text, from_text


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    """A person's permission for one message about a topic; the token is what Meta knows it by."""

    id: int
    contact_id: int
    token: str
    topic: str
    expires_at: datetime
    spent: bool

    @classmethod
    def of(cls, row: Row) -> Self:
        """The token of a row."""
        return cls(
            row["id"],
            row["contact_id"],
            row["token"],
            row["topic"],
            from_text(row["expires_at"]),
            row["spent_at"] is not None,
        )


def add(
    db: Database,
    contact_id: int,
    token: str,
    topic: str,
    *,
    asked_at: datetime,
    expires_at: datetime,
) -> bool:
    """Keep a token; False when it is known, spent or not."""
    cursor = db.execute(
        "INSERT INTO one_time_tokens (contact_id, token, topic, asked_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (token) DO NOTHING",
        [contact_id, token, topic, as_text(asked_at), as_text(expires_at)],
    )
    return cursor.rowcount == 1


def of_contacts(db: Database, contact_ids: Collection[int]) -> dict[int, dict[int, OneTimeToken]]:
    """Every token that these people ever gave, spent ones too, by contact id and its number."""
    rows = fetch(
        db,
        "SELECT * FROM one_time_tokens WHERE contact_id IN (SELECT value FROM json_each(?))",
        [json.dumps(tuple(contact_ids))],
    )
    given: dict[int, dict[int, OneTimeToken]] = {}
    for row in rows:
        given.setdefault(row["contact_id"], {})[row["id"]] = OneTimeToken.of(row)
    return given


def usable(db: Database, contact_id: int, now: datetime) -> list[OneTimeToken]:
    """What this person waits to be told, the longest first."""
    rows = fetch(
        db,
        "SELECT * FROM one_time_tokens WHERE contact_id = ? AND spent_at IS NULL AND expires_at > ?"
        " ORDER BY id",
        [contact_id, as_text(now)],
    )
    return [OneTimeToken.of(row) for row in rows]


def spend(db: Database, token_id: int, contact_id: int, now: datetime) -> bool:
    """Use up this person's token; False when there is none to use up (any more)."""
    cursor = db.execute(
        "UPDATE one_time_tokens SET spent_at = ?"
        " WHERE id = ? AND contact_id = ? AND spent_at IS NULL AND expires_at > ?",
        [as_text(now), token_id, contact_id, as_text(now)],
    )
    return cursor.rowcount == 1


def spend_all(db: Database, now: datetime) -> None:
    """Use up every token: on a restored backup each may have been spent since it was taken."""
    db.execute("UPDATE one_time_tokens SET spent_at = ? WHERE spent_at IS NULL", [as_text(now)])
