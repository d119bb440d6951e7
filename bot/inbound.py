"""What Meta tells the webhook, put on record: who did what when, echoes, receipts, enforcement."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot import metrics
from bot.breakers import hold_tagged, restrict, unblock
from bot.desk_events import Said
from bot.desk_inbound import record_said
from bot.echoes import delivery_named
from bot.feedback import record_feedback
from bot.feedback_events import FeedbackForm
from bot.one_time import record_one_time
from bot.one_time_events import OneTimeOptIn
from bot.outcomes import acknowledge, apply_watermarks, confirm_by_echo
from bot.services import Services
from bot.webhook_events import Echo, Enforcement, InboundEvent, Interaction, Receipt
from storage import contacts, deliveries, drafts, enforcements, interactions, receipts
from storage.interactions import Act

BLOCKED: Final = (
    "Meta has blocked this Page from sending: see its Page Support Inbox for the reason."
)
WARNED: Final = (
    "Meta warns that this Page breaks its messaging rules, so messages under a tag wait for a person: "
    "see its Page Support Inbox."
)
UNBLOCKED: Final = "Meta lets this Page send again."
# How far Meta's clock may run ahead of ours before we stop believing it.
CLOCK_SKEW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one webhook body tells; `said` is what of it colleagues are to read at the desk."""

    events: Sequence[InboundEvent]
    said: Sequence[Said]
    at: datetime


class Inbox:
    """Takes in what Meta tells, many bodies together."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def record(
        self, bodies: Sequence[Heard], waiting_since: float | None = None
    ) -> list[Exception | None]:
        """Put each body on disk, all of it or nothing; the same again changes nothing.

        Tells what stood against each; None: it is on disk. `waiting_since` is the monotonic time since
        which the sender of the first waits.
        """
        try:
            self._record_together(
                [body for body in bodies if body.events or body.said], waiting_since
            )
        except sqlite3.OperationalError as error:  # a lock or a full disk stands against all
            return [error] * len(bodies)
        except Exception as error:  # noqa: BLE001 - told to whoever brought it
            if len(bodies) == 1:
                return [error]
            return [fault for body in bodies for fault in self.record([body], waiting_since)]
        return [None] * len(bodies)

    def _record_together(self, bodies: Sequence[Heard], waiting_since: float | None) -> None:
        if not bodies:
            return
        with self._services.store.write(waiting_since) as db:
            news = self._write(db, bodies)
        events = [event for body in bodies for event in body.events]
        for event in events:
            metrics.WEBHOOK_EVENTS.labels(type(event).__name__.lower()).inc()
        if any(isinstance(event, Enforcement) for event in events):
            self._services.bell.ring()  # what waited may leave
        elif news:
            self._services.bell.announce()

    def _write(self, db: Database, bodies: Sequence[Heard]) -> bool:
        """Put all this on record; whether there may be something to tell in Slack."""
        settings = self._services.settings
        heard = [(event, body.at) for body in bodies for event in body.events]
        acts = [_act(event, at) for event, at in heard if isinstance(event, Interaction)]
        others = [(event, at) for event, at in heard if not isinstance(event, Interaction)]
        news_of = interactions.record(db, acts) if acts else ()
        cards = drafts.touch_waiting_for(db, news_of) if news_of else 0  # of the window they tell
        for event, at in others:
            _record(db, event, settings.accounts, at)
        if settings.inbox_channel:
            for body in bodies:
                record_said(db, body.said, settings.accounts, settings.inbox_channel, body.at)
        return bool(cards or others or settings.inbox_channel)


def _act(event: Interaction, heard_at: datetime) -> Act:
    return Act(event.page_id, event.psid, event.channel, event.kind.value, event.at, heard_at)


def _record(db: Database, event: InboundEvent, accounts: Sequence[str], now: datetime) -> None:
    match event:
        case Echo():
            _record_echo(db, event, now)
        case Receipt():
            _record_receipt(db, event, now)
        case FeedbackForm() if event.page_id in accounts:
            record_feedback(db, event, now)
        case OneTimeOptIn() if event.page_id in accounts:
            record_one_time(db, event, now)
        case Enforcement() if event.page_id in accounts:
            _record_enforcement(db, event, now)


def _record_echo(db: Database, event: Echo, now: datetime) -> None:
    contact = contacts.find(db, event.page_id, event.psid)
    delivery = delivery_named(db, event.metadata)
    if contact and delivery and delivery.contact_id == contact.id:
        sent_at = event.at if event.at and event.at <= now + CLOCK_SKEW else None
        confirm_by_echo(db, delivery, mid=event.mid, sent_at=sent_at, now=now)


def _record_receipt(db: Database, event: Receipt, now: datetime) -> None:
    contact = contacts.find(db, event.page_id, event.psid)
    if contact is None:
        return
    state = "read" if event.read else "delivered"
    known = deliveries.by_mids(db, contact.id, event.mids)
    for delivery in known:
        acknowledge(db, delivery, state, now)
    if deliveries.any_in_doubt(db, contact.id):
        unknown = set(event.mids).difference(delivery.mid for delivery in known)
        receipts.keep(db, contact.id, unknown, state)
    if event.watermark and event.watermark <= now + CLOCK_SKEW:
        contacts.note_watermark(db, contact.id, f"{state}_until", event.watermark)
    apply_watermarks(db, contact.id, now)


def _record_enforcement(db: Database, event: Enforcement, now: datetime) -> None:
    if not enforcements.add(db, event.page_id, event.action, event.at or now):
        return
    why = f" Meta says: {event.reason}" if event.reason else ""
    blocked = enforcements.blocked(db, event.page_id)
    if event.action == "warning":
        hold_tagged(db, event.page_id, WARNED + why, now)
    elif blocked:
        restrict(db, event.page_id, BLOCKED + why, now)
    else:
        unblock(db, event.page_id, UNBLOCKED, now)
