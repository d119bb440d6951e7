"""Writes down what became of a delivery: Meta's answer, its echo, its receipts, a person's word."""

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.chronicle import note_delivery, note_page
from bot.graph_errors import GraphError, Meaning
from bot.messenger import Outcome, Sent
from storage import contacts, deliveries, pauses
from storage.records import Delivery
from storage.times import from_text

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
ATTEMPTS: Final = 8
INTERRUPTED: Final = "Tagwise stopped before Meta answered."
OPEN_STATES: Final = ("pending", *deliveries.IN_DOUBT)  # an echo proves that these did arrive


def record_outcome(db: Database, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Meta's answer to a delivery that was being sent; an echo may have settled it meanwhile."""
    if isinstance(outcome, Sent):
        confirm(db, delivery, mid=outcome.mid, sent_at=now, now=now)
        return
    if outcome.closes_window:
        contacts.note_closed_by_meta(db, delivery.contact_id, now)
    match outcome.meaning:
        case Meaning.LATER if delivery.attempts < ATTEMPTS:
            _defer(db, delivery, outcome, now)
        case Meaning.UNKNOWN:
            _move(db, delivery, "unknown", outcome.sentence, now)
        case Meaning.STOP_TOKEN | Meaning.STOP_POLICY:
            _pause_page(db, delivery, outcome, now)
        case _:
            _move(db, delivery, "failed", outcome.sentence, now)


def confirm(
    db: Database, delivery: Delivery, *, mid: str | None, sent_at: datetime, now: datetime
) -> bool:
    """The message is known to have arrived at Meta; False when that was known before."""
    moved = deliveries.move(
        db, delivery.id, was=deliveries.IN_DOUBT, to="sent", now=now, mid=mid, sent_at=sent_at
    )
    if moved is None:
        return False
    note_delivery(db, moved, "sent", now=now)
    apply_watermarks(db, moved.contact_id, now)
    return True


def confirm_by_echo(
    db: Database, delivery: Delivery, *, mid: str, sent_at: datetime, now: datetime
) -> None:
    """Meta's own copy of the message: settles what was in doubt, and stops a second try."""
    if delivery.attempts == 0:
        return  # not ours: nothing of it has left yet
    moved = deliveries.move(
        db, delivery.id, was=OPEN_STATES, to="sent", now=now, mid=mid, sent_at=sent_at
    )
    if moved is not None:
        note_delivery(db, moved, "sent", now=now)
    elif delivery.state in deliveries.SENT:
        deliveries.note_sent_at(db, delivery.id, sent_at)
    apply_watermarks(db, delivery.contact_id, now)


def apply_watermarks(db: Database, contact_id: int, now: datetime) -> None:
    """Mark as delivered and read what Meta's receipts cover."""
    delivered_until, read_until = contacts.watermarks(db, contact_id)
    if delivered_until:
        for delivery in deliveries.sent_up_to(
            db, contact_id, from_text(delivered_until), ("sent",)
        ):
            advance(db, delivery, "delivered", now)
    if read_until:
        for delivery in deliveries.sent_up_to(
            db, contact_id, from_text(read_until), ("sent", "delivered")
        ):
            advance(db, delivery, "read", now)


def advance(db: Database, delivery: Delivery, to: str, now: datetime) -> None:
    """A receipt moves a sent delivery on; never back."""
    was = ("sent",) if to == "delivered" else ("sent", "delivered")
    if moved := deliveries.move(db, delivery.id, was=was, to=to, now=now):
        note_delivery(db, moved, to, now=now)


def _defer(db: Database, delivery: Delivery, outcome: GraphError, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE)
    moved = deliveries.move(
        db,
        delivery.id,
        was=("sending",),
        to="pending",
        now=now,
        note=outcome.sentence,
        try_at=now + pause,
    )
    if moved:
        note_delivery(db, moved, "deferred", now=now, note=outcome.sentence)


def _pause_page(db: Database, delivery: Delivery, outcome: GraphError, now: datetime) -> None:
    moved = deliveries.move(
        db, delivery.id, was=("sending",), to="pending", now=now, note=outcome.sentence
    )
    if moved:
        note_delivery(db, moved, "deferred", now=now, note=outcome.sentence)
    contact = contacts.get(db, delivery.contact_id)
    kind: pauses.Kind = "token" if outcome.meaning is Meaning.STOP_TOKEN else "policy"
    if contact and pauses.begin(db, contact.page_id, kind, outcome.sentence, now):
        note_page(db, "page_paused", now=now, note=outcome.sentence)


def _move(db: Database, delivery: Delivery, to: str, note: str, now: datetime) -> None:
    if moved := deliveries.move(db, delivery.id, was=("sending",), to=to, now=now, note=note):
        note_delivery(db, moved, to, now=now, note=note)


def recover_interrupted(db: Database, now: datetime) -> int:
    """Whatever the last process was sending may have arrived; returns how many those are."""
    interrupted = deliveries.in_flight(db)
    for delivery in interrupted:
        _move(db, delivery, "unknown", INTERRUPTED, now)
    return len(interrupted)
