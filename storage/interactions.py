"""What people did that opens the messaging window, and when."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.fetching import fetch
from storage.times import as_text, from_text


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something; `reported_at` is Meta's own time of it, None without any."""

    page_id: str
    psid: str
    channel: str
    kind: str
    reported_at: datetime | None
    heard_at: datetime


def record(db: Database, acts: Iterable[Act]) -> list[int]:
    """Put on record what people did, and whoever was not known; by id whom this tells news of.

    Nothing can have happened after we heard of it: a time to come counts as then. What was reported
    stays the key, so that the same report, come again later, does not count as another act. Without
    Meta's own time of it, a window would be opened by guess: only the person is made known.
    """
    told = json.dumps([_row(act) for act in acts])
    db.execute(
        "INSERT INTO contacts (page_id, psid, channel, created_at)"
        " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),"
        " json_extract(value, '$[2]'), json_extract(value, '$[3]')"
        " FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
        [told],
    )
    rows = fetch(
        db,
        "INSERT INTO interactions (contact_id, kind, reported_at, at)"
        " SELECT contacts.id, json_extract(value, '$[4]'), json_extract(value, '$[5]'),"
        " json_extract(value, '$[6]') FROM json_each(?) JOIN contacts"
        " ON page_id = json_extract(value, '$[0]') AND psid = json_extract(value, '$[1]')"
        " WHERE json_extract(value, '$[5]') IS NOT NULL"
        " ON CONFLICT DO NOTHING RETURNING contact_id",
        [told],
    )
    return [row["contact_id"] for row in rows]


def _row(act: Act) -> Sequence[str | None]:
    who = (act.page_id, act.psid, act.channel, as_text(act.heard_at), act.kind)
    if act.reported_at is None:
        return (*who, None, None)
    return (*who, as_text(act.reported_at), as_text(min(act.reported_at, act.heard_at)))


def latest(
    db: Database, contact_ids: Collection[int], until: datetime
) -> dict[int, dict[str, datetime]]:
    """When each of these people last did each kind of thing, up to that moment."""
    rows = db.execute(
        "SELECT contact_id, kind, max(at) FROM interactions"
        " WHERE contact_id IN (SELECT value FROM json_each(?)) AND at <= ? GROUP BY contact_id, kind",
        [json.dumps(tuple(contact_ids)), as_text(until)],
    )
    done: dict[int, dict[str, datetime]] = {contact_id: {} for contact_id in contact_ids}
    for contact_id, kind, at in rows:
        done[contact_id][kind] = from_text(at)
    return done
