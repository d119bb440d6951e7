"""The machine moves deliveries: take what is due, ask the rule book once more, send, write it down.

Two transactions stand around each call to Meta, and none is open while the network is. A crash
between them leaves a row in `sending`, which is never sent again by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import structlog
from sqlite_utils import Database

from bot.asking import ask_delivery
from bot.chronicle import note_delivery
from bot.judging import is_late
from bot.messenger import Outcome, Outgoing
from bot.outcomes import record_outcome
from bot.planning import LATE, Due
from bot.policy.question import Verdict
from bot.questions import verdict_as_json
from bot.services import Services
from storage import contacts, deliveries, drafts
from storage.records import Contact, Delivery, Draft

MISSED: Final = f"It was to go out more than {LATE.seconds // 3600} hour ago."
OVERTAKEN: Final = "A later message of the same draft is due as well: that one goes out."
UNJUDGED: Final = "Tagwise could not judge this message; its log says why."
Claimed = tuple[Delivery, Outgoing]
_log = structlog.get_logger()


def claim_due(services: Services, limit: int) -> list[Claimed] | None:
    """Look at up to `limit` due deliveries in one transaction, and take those that may go out.

    What may not is settled here, so that the list may be empty; None when nothing was due.
    """
    now = services.clock()
    with services.store.read() as db:
        if not deliveries.due(db, now, 1):
            return None
    with services.store.write() as db:
        return list(_claims(db, services, now, deliveries.due(db, now, limit)))


def _claims(
    db: Database, services: Services, now: datetime, due: Iterable[Delivery]
) -> Iterator[Claimed]:
    for delivery in due:
        draft = drafts.get(db, delivery.draft_id)
        contact = contacts.get(db, delivery.contact_id)
        if draft is None or contact is None:
            raise LookupError(f"delivery {delivery.id} points nowhere")
        if is_late(Due(delivery.due_at, delivery.scheduled), now):
            _settle(db, delivery, "missed", MISSED, now)
            continue
        if deliveries.has_later_due(db, delivery, now):
            _settle(db, delivery, "missed", OVERTAKEN, now)
            continue
        try:
            verdict = ask_delivery(db, services.settings, draft, delivery, contact, now)
        except Exception:  # noqa: BLE001 - one that cannot be judged must not hold up the others
            _log.exception("a delivery cannot be judged", delivery=delivery.id)
            _settle(db, delivery, "refused", UNJUDGED, now)
            continue
        if claimed := _claim(db, delivery, verdict, now):
            yield claimed, _outgoing(claimed, draft, contact)


def _claim(db: Database, delivery: Delivery, verdict: Verdict, now: datetime) -> Delivery | None:
    if not verdict.allowed or verdict.messaging_type is None:
        why = " ".join(finding.why for finding in verdict.refusals)
        _settle(db, delivery, "refused", why, now, verdict)
        return None
    return deliveries.claim(
        db, delivery.id, messaging_type=verdict.messaging_type, tag=verdict.tag, now=now
    )


def _settle(
    db: Database,
    delivery: Delivery,
    to: str,
    why: str,
    now: datetime,
    verdict: Verdict | None = None,
) -> None:
    if moved := deliveries.move(db, delivery.id, was=("pending",), to=to, now=now, note=why):
        judged = verdict_as_json(verdict) if verdict else None
        note_delivery(db, moved, to, now=now, note=why, verdict=judged)


def _outgoing(delivery: Delivery, draft: Draft, contact: Contact) -> Outgoing:
    return Outgoing(
        delivery_id=delivery.id,
        psid=contact.psid,
        message=draft.message,
        messaging_type=delivery.messaging_type or "",
        tag=delivery.tag,
    )


def write_down(services: Services, delivery: Delivery, outcome: Outcome) -> None:
    """Put on record what came of a claimed delivery."""
    with services.store.write() as db:
        record_outcome(db, services.settings.accounts, delivery, outcome, services.clock())
