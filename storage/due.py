"""What is due in the outbox: one row has all that judging and sending it needs, and nothing else."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from storage.records import Contact
from storage.times import as_text, from_text, maybe_moment


class DueMessage(NamedTuple):
    """A pending delivery whose time has come, what its draft says, and to whom.

    `message` and `facts` are the draft's JSON as it is stored; `overtaken`: a later message of the same
    draft to the same person is due as well.
    """

    delivery_id: int
    draft_id: int
    due_at: datetime
    pressed_at: datetime | None
    scheduled: bool
    overtaken: bool
    message: str
    tag: str | None
    facts: str
    by_system: bool
    decided_at: datetime | None
    contact: Contact


_DUE = """
SELECT deliveries.id, draft_id, due_at, pressed_at, scheduled, EXISTS (
           SELECT 1 FROM deliveries AS later
           WHERE later.draft_id = deliveries.draft_id AND later.contact_id = deliveries.contact_id
             AND later.due_at > deliveries.due_at AND later.due_at <= ? AND later.state = 'pending'),
       message, drafts.tag, facts, author IS NULL AND editor IS NULL, decided_at,
       contacts.id, contacts.page_id, psid, channel, name, closed_by_meta_at
FROM deliveries
     JOIN drafts ON drafts.id = draft_id AND drafts.state = 'approved'
     JOIN contacts ON contacts.id = contact_id
WHERE deliveries.state = 'pending' AND deliveries.page_id = ? AND try_at <= ?
ORDER BY try_at, deliveries.id LIMIT ?
"""


def due(db: Database, page_id: str, now: datetime, limit: int) -> list[DueMessage]:
    """Up to `limit` of this Page's messages of approved drafts that are due, the longest due first."""
    rows = db.execute(_DUE, [as_text(now), page_id, as_text(now), limit])
    return [_message(*row) for row in rows]


def _message(
    number: int,
    draft_id: int,
    due_at: str,
    pressed_at: str | None,
    scheduled: int,
    overtaken: int,
    message: str,
    tag: str | None,
    facts: str,
    by_system: int,
    decided_at: str | None,
    *contact: Any,
) -> DueMessage:
    return DueMessage(
        number,
        draft_id,
        from_text(due_at),
        maybe_moment(pressed_at),
        bool(scheduled),
        bool(overtaken),
        message,
        tag,
        facts,
        bool(by_system),
        maybe_moment(decided_at),
        _contact(*contact),
    )


def _contact(
    number: int, page_id: str, psid: str, channel: str, name: str | None, closed_at: str | None
) -> Contact:
    return Contact(number, page_id, psid, channel, name, maybe_moment(closed_at))
