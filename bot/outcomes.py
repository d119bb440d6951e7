"""Writes down what became of a delivery: Meta's answer, its echo, its receipts, a person's word."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.breakers import trip
from bot.chronicle import note_delivery
from bot.graph_errors import GraphError, Meaning
from storage import contacts, deliveries, receipts, waiting
from storage.records import Delivery
from storage.times import from_text

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
ATTEMPTS: Final = 8
ONE_TRY: Final = "What the person asked to be told once is tried once: this was it."
INTERRUPTED: Final = "Tagwise stopped before Meta answered."
OPEN_STATES: Final = ("pending", *deliveries.IN_DOUBT)  # an echo proves that these did arrive


def record_outcome(
    db: Database,
    accounts: Collection[str],
    delivery: Delivery,
    outcome: GraphError,
    now: datetime,
    resume_at: datetime | None = None,
) -> None:
    """Meta did not simply take a claimed delivery; an echo may have settled it meanwhile.

    `accounts` are all that share the access token; `resume_at` is when Meta said that there is room
    again.
    """
    if outcome.closes_window:
        # As of the claim: what the person did while Meta was answering may have opened it again.
        contacts.note_closed_by_meta(db, delivery.contact_id, delivery.claimed_at or now)
    match outcome.meaning:
        case meaning if delivery.one_time_id and meaning is not Meaning.UNKNOWN:
            _move(db, delivery, "failed", f"{outcome.sentence} {ONE_TRY}", now)
        case Meaning.LATER if delivery.attempts < ATTEMPTS:
            _defer(db, delivery, outcome, now)
        case Meaning.UNKNOWN:
            _move(db, delivery, "unknown", outcome.sentence, now)
        case Meaning.STOP_TOKEN | Meaning.STOP_POLICY | Meaning.STOP_RATE:
            _put_back(db, delivery, outcome, now)
        case _:
            _move(db, delivery, "failed", outcome.sentence, now)
    trip(
        db,
        outcome,
        page_id=delivery.page_id,
        accounts=accounts,
        tag=delivery.tag,
        now=now,
        resume_at=resume_at,
    )


def confirm_by_echo(
    db: Database, delivery: Delivery, *, mid: str, sent_at: datetime | None, now: datetime
) -> None:
    """Meta's own copy of the message: settles what was in doubt, and stops a second try.

    `sent_at` is Meta's time of it, None when that is not to be believed.
    """
    if delivery.attempts == 0:
        return  # not ours: nothing of it has left yet
    moved = deliveries.move(
        db, delivery.id, was=OPEN_STATES, to="sent", now=now, mid=mid, sent_at=sent_at or now
    )
    if moved is not None:
        note_delivery(db, moved, "sent", now=now)
    elif delivery.state in deliveries.SENT:
        moved = deliveries.note_echo(db, delivery.id, mid, sent_at)
    apply_receipts(db, moved or delivery, now)


def apply_receipts(db: Database, delivery: Delivery, now: datetime) -> None:
    """Receipts that came before the message id of this delivery was known count from now on."""
    for state in receipts.take(db, delivery.contact_id, delivery.mid) if delivery.mid else ():
        acknowledge(db, delivery, state, now)
    apply_watermarks(db, delivery.contact_id, now)


def apply_watermarks(db: Database, contact_id: int, now: datetime) -> None:
    """Mark as delivered and read what Meta's receipts cover."""
    delivered_until, read_until = contacts.watermarks(db, contact_id)
    if delivered_until:
        for delivery in deliveries.sent_up_to(
            db, contact_id, from_text(delivered_until), ("sent",)
        ):
            _advance(db, delivery, "delivered", now)
    if read_until:
        for delivery in deliveries.sent_up_to(
            db, contact_id, from_text(read_until), ("sent", "delivered")
        ):
            _advance(db, delivery, "read", now)


def acknowledge(db: Database, delivery: Delivery, to: str, now: datetime) -> None:
    """A receipt that names this message moves it on, never back.

    Whoever read it has read what was sent before it: Instagram names the last message alone.
    """
    _advance(db, delivery, to, now)
    if to == "read" and delivery.sent_at:
        contacts.note_watermark(db, delivery.contact_id, "read_until", delivery.sent_at)


def _advance(db: Database, delivery: Delivery, to: str, now: datetime) -> None:
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


def _put_back(db: Database, delivery: Delivery, outcome: GraphError, now: datetime) -> None:
    if moved := waiting.put_back(db, delivery.id, outcome.sentence, now):
        note_delivery(db, moved, "deferred", now=now, note=outcome.sentence)


def _move(db: Database, delivery: Delivery, to: str, note: str, now: datetime) -> None:
    if moved := deliveries.move(db, delivery.id, was=("sending",), to=to, now=now, note=note):
        note_delivery(db, moved, to, now=now, note=note)


def recover_interrupted(db: Database, now: datetime) -> int:
    """Whatever the last process was sending may have arrived; returns how many those are."""
    interrupted = deliveries.in_flight(db)
    for delivery in interrupted:
        _move(db, delivery, "unknown", INTERRUPTED, now)
    return len(interrupted)
