"""Conversations as Slack shows them: a thread for each person, a new one after quiet days."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Delivery, DeliveryKey
from storage.times import as_text, from_text, maybe_text

QUIET: Final = timedelta(days=7)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Thread:
    """One person's thread in a channel of Slack; `root_ts` is None until it stands there."""

    id: int
    contact_id: int
    channel: str
    root_ts: str | None
    last_at: datetime
    version: int

    @classmethod
    def of(cls, row: Row) -> Self:
        """The thread of a row."""
        return cls(
            row["id"],
            row["contact_id"],
            row["channel"],
            row["root_ts"],
            from_text(row["last_at"]),
            row["version"],
        )


def thread_at(db: Database, contact_id: int, channel: str, at: datetime) -> Thread:
    """The person's thread for something of that moment: the newest, or a new one after quiet days."""
    newest = newest_thread(db, contact_id)
    if newest is not None and at - newest.last_at < QUIET:
        return newest
    rows = fetch(
        db,
        "INSERT INTO desk_threads (contact_id, channel, last_at) VALUES (?, ?, ?) RETURNING *",
        [contact_id, channel, as_text(at)],
    )
    return Thread.of(next(rows))


def newest_thread(db: Database, contact_id: int) -> Thread | None:
    """The person's newest thread."""
    rows = fetch(
        db, "SELECT * FROM desk_threads WHERE contact_id = ? ORDER BY id DESC LIMIT 1", [contact_id]
    )
    return next((Thread.of(row) for row in rows), None)


def get(db: Database, thread_id: int) -> Thread | None:
    """The thread with our own number."""
    rows = fetch(db, "SELECT * FROM desk_threads WHERE id = ?", [thread_id])
    return next((Thread.of(row) for row in rows), None)


def by_root(db: Database, channel: str, ts: str) -> Thread | None:
    """The thread whose first message in Slack is this one."""
    rows = fetch(db, "SELECT * FROM desk_threads WHERE channel = ? AND root_ts = ?", [channel, ts])
    return next((Thread.of(row) for row in rows), None)


def touch_contact(db: Database, contact_id: int) -> None:
    """Something that the person's newest thread shows has changed."""
    db.execute(
        "UPDATE desk_threads SET version = version + 1 WHERE id ="
        " (SELECT max(id) FROM desk_threads WHERE contact_id = ?)",
        [contact_id],
    )


def is_used(db: Database) -> bool:
    """Whether there is any conversation at the desk, so that what is sent may belong to one."""
    return bool(next(fetch(db, "SELECT EXISTS (SELECT 1 FROM desk_threads) AS used"))["used"])


def touch_deliveries(db: Database, taken: Collection[Delivery | DeliveryKey]) -> None:
    """What the lines of these deliveries show has changed, and so have their threads."""
    _touch_lines(
        db,
        "draft_id IN (SELECT value FROM json_each(?))"
        " AND coalesce(delivery_id IN (SELECT value FROM json_each(?)), 1)",
        [
            json.dumps([delivery.draft_id for delivery in taken]),
            json.dumps([delivery.id for delivery in taken]),
        ],
    )


def touch_draft(db: Database, draft_id: int) -> None:
    """What the lines of this draft show has changed, and so have their threads."""
    _touch_lines(db, "draft_id = ?", [draft_id])


def touch_waiting_at(db: Database, page_ids: Collection[str]) -> None:
    """Something that lines with a message still to go from these Pages show has changed."""
    _touch_lines(
        db,
        "draft_id IN (SELECT draft_id FROM deliveries"
        " WHERE state = 'pending' AND page_id IN (SELECT value FROM json_each(?)))",
        [json.dumps(tuple(page_ids))],
    )


def lose_root(db: Database, thread_id: int) -> None:
    """Somebody has deleted the thread's first message in Slack: it is to be posted anew."""
    db.execute(
        "UPDATE desk_threads SET root_ts = NULL, version = version + 1 WHERE id = ?", [thread_id]
    )


def _touch_lines(db: Database, where: str, values: list[str | int]) -> None:
    threads = fetch(
        db,
        f"UPDATE desk_lines SET version = version + 1 WHERE ({where}) RETURNING thread_id",  # noqa: S608 - our own
        values,
    )
    db.execute(
        "UPDATE desk_threads SET version = version + 1 WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps([row["thread_id"] for row in threads])],
    )


def threads_to_draw(db: Database, now: datetime, limit: int) -> list[Thread]:
    """Threads whose first message no longer says what holds: something happened, or time went by."""
    rows = fetch(
        db,
        "SELECT * FROM desk_threads WHERE drawn < version OR look_at <= ? ORDER BY id LIMIT ?",
        [as_text(now), limit],
    )
    return [Thread.of(row) for row in rows]


def note_drawn(
    db: Database, thread: Thread, channel: str, ts: str, look_at: datetime | None
) -> None:
    """The first message shows this version; it is to be looked at again at `look_at`."""
    db.execute(
        "UPDATE desk_threads SET drawn = max(drawn, ?), channel = ?, root_ts = ?, look_at = ?"
        " WHERE id = ?",
        [thread.version, channel, ts, maybe_text(look_at), thread.id],
    )
