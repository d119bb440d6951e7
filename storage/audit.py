"""The record read through for an audit: deliveries with their drafts, and what was judged of them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Delivery, Draft, Entry
from storage.times import maybe_text


@dataclass(frozen=True, slots=True)
class Audited:
    """A delivery, its draft, and the channel of the person it goes to."""

    delivery: Delivery
    draft: Draft
    channel: str


def after(
    db: Database, last_id: int, since: datetime | None, until: datetime | None, limit: int
) -> list[Audited]:
    """The next deliveries by number that were sent, or else settled, in [since, until)."""
    rows: list[Mapping[str, Any]] = list(
        fetch(
            db,
            "SELECT deliveries.*, contacts.channel FROM deliveries"
            " JOIN contacts ON contacts.id = contact_id WHERE deliveries.id > ?"
            " AND coalesce(sent_at, changed_at) >= coalesce(?, '')"
            " AND coalesce(sent_at, changed_at) < coalesce(?, '~')"
            " ORDER BY deliveries.id LIMIT ?",
            [last_id, maybe_text(since), maybe_text(until), limit],
        )
    )
    written = fetch(
        db,
        "SELECT * FROM drafts WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps([row["draft_id"] for row in rows])],
    )
    by_id = {row["id"]: Draft.of(row) for row in written}
    return [Audited(Delivery.of(row), by_id[row["draft_id"]], row["channel"]) for row in rows]


def of_drafts(db: Database, draft_ids: Collection[int]) -> list[Entry]:
    """What was done with these drafts as a whole, oldest first."""
    rows = fetch(
        db,
        "SELECT * FROM history WHERE delivery_id IS NULL"
        " AND draft_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(tuple(draft_ids))],
    )
    return [Entry.of(row) for row in rows]


def of_deliveries(db: Database, delivery_ids: Collection[int]) -> list[Entry]:
    """What the rule book said of these deliveries at the last moment, and who had them sent again."""
    rows = fetch(
        db,
        "SELECT * FROM history WHERE (verdict IS NOT NULL OR what = 'send_again')"
        " AND delivery_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(tuple(delivery_ids))],
    )
    return [Entry.of(row) for row in rows]
