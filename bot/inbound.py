"""What Meta tells the webhook, put on record: who did what when, echoes, receipts, enforcement."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from bot import metrics
from bot.chronicle import note_page
from bot.messenger import METADATA_PREFIX
from bot.outcomes import advance, apply_watermarks, confirm_by_echo
from bot.webhook_events import Echo, Enforcement, InboundEvent, Interaction, Receipt
from storage import contacts, deliveries, pauses
from storage.records import Delivery

BLOCKED = "Meta has blocked this Page from sending: see its Page Support Inbox for the reason."
WARNED = "Meta warns that this Page breaks its messaging rules: see its Page Support Inbox."


def record_events(db: Database, events: Iterable[InboundEvent], now: datetime) -> None:
    """Record everything of one webhook body; the same body again changes nothing."""
    for event in events:
        metrics.WEBHOOK_EVENTS.labels(type(event).__name__.lower()).inc()
        match event:
            case Interaction():
                _record_interaction(db, event, now)
            case Echo():
                _record_echo(db, event, now)
            case Receipt():
                _record_receipt(db, event, now)
            case Enforcement():
                _record_enforcement(db, event, now)


def _record_interaction(db: Database, event: Interaction, now: datetime) -> None:
    contact = contacts.ensure(db, event.page_id, event.psid, event.channel, now)
    # Nothing can have happened after it reached us: a time to come is not believed.
    contacts.add_interaction(db, contact.id, event.kind.value, min(event.at or now, now))


def _record_echo(db: Database, event: Echo, now: datetime) -> None:
    contact = contacts.find(db, event.page_id, event.psid)
    if contact is None:
        return
    delivery = _delivery_of(db, event)
    if delivery and delivery.contact_id == contact.id:
        sent_at = min(event.at or now, now)
        confirm_by_echo(db, delivery, mid=event.mid, sent_at=sent_at, now=now)


def _delivery_of(db: Database, event: Echo) -> Delivery | None:
    number = (event.metadata or "").removeprefix(METADATA_PREFIX)
    if not (event.metadata or "").startswith(METADATA_PREFIX) or not number.isascii():
        return None
    return deliveries.get(db, int(number)) if number.isdigit() and len(number) < 19 else None


def _record_receipt(db: Database, event: Receipt, now: datetime) -> None:
    contact = contacts.find(db, event.page_id, event.psid)
    if contact is None:
        return
    state = "read" if event.read else "delivered"
    for delivery in deliveries.by_mids(db, contact.id, event.mids):
        advance(db, delivery, state, now)
        if event.read and delivery.sent_at:  # Instagram names the last message that was seen
            contacts.note_watermark(db, contact.id, "read_until", delivery.sent_at)
    if event.watermark:
        contacts.note_watermark(db, contact.id, f"{state}_until", min(event.watermark, now))
    apply_watermarks(db, contact.id, now)


def _record_enforcement(db: Database, event: Enforcement, now: datetime) -> None:
    if event.action == "block":
        if pauses.begin(db, event.page_id, "policy", BLOCKED, now):
            note_page(db, "page_paused", now=now, note=BLOCKED)
    elif event.action == "unblock":
        if pauses.end(db, event.page_id, ("policy",)):
            note_page(db, "page_resumed", now=now, note="Meta lets this Page send again.")
    elif event.action == "warning":
        note_page(db, "page_warned", now=now, note=WARNED)
