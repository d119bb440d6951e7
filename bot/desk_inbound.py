"""Puts what people and the Page said on record, each once, in the thread where colleagues will read it.

Nothing of this is kept where no INBOX_CHANNEL is set.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.desk_events import Said
from bot.echoes import delivery_named
from storage import contacts, deliveries, desk, desk_lines, drafts
from storage.records import Contact, Delivery

EDITED: Final = "edited"
DELETED: Final = "deleted"


def record_said(
    db: Database, said: Iterable[Said], accounts: Collection[str], channel: str, now: datetime
) -> None:
    """Lines for what was said at these accounts; what is known already changes nothing."""
    for one in said:
        if one.account in accounts:
            contact = contacts.ensure(db, one.account, one.psid, one.channel, now)
            if not desk_lines.is_known(db, contact.id, one.key):
                _record(db, one, contact, channel, now)


def _record(db: Database, said: Said, contact: Contact, channel: str, now: datetime) -> None:
    if said.kind == desk_lines.ECHO and _is_ours(db, said, contact):
        return
    at = min(said.at or now, now)  # nothing has happened after we heard of it
    if said.kind == DELETED and said.mid:
        line = desk_lines.take_back(db, contact.id, said.mid)
        if line and not (line.ts and not desk_lines.stands_alone(db, line)):
            return  # its own message says so
    if said.kind == EDITED and said.mid:
        line = desk_lines.change_text(db, contact.id, said.mid, said.content["text"])
        if line and line.ts is None:
            return  # nobody has seen the first wording
    thread = desk.thread_at(db, contact.id, channel, at)
    desk_lines.add(db, thread, said.key, said.kind, at, content=said.content, mid=said.mid)


def _is_ours(db: Database, said: Said, contact: Contact) -> bool:
    """Whether Tagwise itself sent this: its own line tells of it.

    Instagram's echoes carry no reference of ours, and may come before Meta's answer to the send.
    """
    if named := delivery_named(db, said.metadata):
        return named.contact_id == contact.id
    if said.mid and deliveries.by_mids(db, contact.id, [said.mid]):
        return True
    if said.metadata or said.channel != "instagram":
        return False
    return any(_reads_like(db, said, under_way) for under_way in _in_doubt(db, contact.id))


def _in_doubt(db: Database, contact_id: int) -> list[Delivery]:
    return deliveries.of_contact(db, contact_id, deliveries.IN_DOUBT)


def _reads_like(db: Database, said: Said, delivery: Delivery) -> bool:
    draft = drafts.get(db, delivery.draft_id)
    written = draft.message.get("text") if draft else None
    return written is None or str(written).split() == str(said.content.get("text", "")).split()
