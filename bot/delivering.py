"""The machine moves deliveries: take what is due, ask the rule book once more, send, write it down.

Two transactions stand around the calls to Meta, each for many deliveries, and none is open while the
network is. A crash between them leaves rows in `sending`, which are never sent again by themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlite_utils import Database

from bot.accepted import record_accepted
from bot.asking import Situation, question_of, situations_of, utility_message
from bot.breakers import breakers_of
from bot.chronicle import note_delivery
from bot.graph_errors import GraphError
from bot.judging import is_late
from bot.outcomes import record_outcome
from bot.planning import LATE, Due
from bot.policy.check import check, leaves_as
from bot.policy.question import Leaving, Verdict
from bot.questions import verdict_as_json
from bot.send_api import Outcome, Outgoing, Sent
from bot.services import Services
from storage import contacts, deliveries, drafts, one_time
from storage.deliveries import Claim
from storage.records import Delivery, Draft

# How long a held message rests before it is looked at again; whoever resumes wakes it at once.
HELD: Final = timedelta(minutes=10)
MISSED: Final = f"It was to go out more than {LATE.seconds // 3600} hour ago."
OVERTAKEN: Final = "A later message of the same draft is due as well: that one goes out."
TOLD: Final = "Another message has just told the person what they asked to be told once."
UNJUDGED: Final = "Tagwise could not judge this message; its log says why."
Claimed = tuple[Delivery, Outgoing]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Due:
    """A due delivery with what it sends to whom."""

    delivery: Delivery
    draft: Draft
    situation: Situation


def claim_due(services: Services, page_id: str, limit: int) -> list[Claimed] | None:
    """Look at up to `limit` due deliveries of a Page in one transaction; take those that may go out.

    What may not is settled here, so that the list may be empty; None when nothing was due.
    """
    now = services.clock()
    with services.store.read() as db:
        if not deliveries.due(db, page_id, now, 1) or breakers_of(db, page_id, now).pause:
            return None
    with services.store.write() as db:
        breakers = breakers_of(db, page_id, now)
        due = _due(db, page_id, now, limit) if not breakers.pause else {}
        claims = list(_claims(db, services, now, due, breakers.tagged_wait))
        sending = deliveries.claim(db, claims, now)
    return [(delivery, _outgoing(delivery, due[delivery.id])) for delivery in sending]


def due_in_s(services: Services, page_id: str) -> float | None:
    """Seconds until the Page's next delivery falls due; None when none is to come."""
    now = services.clock()
    with services.store.read() as db:
        due_at = deliveries.next_due(db, page_id, now)
    return (due_at - now).total_seconds() if due_at else None


def _due(db: Database, page_id: str, now: datetime, limit: int) -> dict[int, _Due]:
    found = deliveries.due(db, page_id, now, limit)
    written = drafts.get_all(db, {delivery.draft_id for delivery in found})
    people = contacts.get_all(db, {delivery.contact_id for delivery in found})
    known = situations_of(db, people.values(), now)
    return {d.id: _Due(d, written[d.draft_id], known[d.contact_id]) for d in found}


def _claims(
    db: Database,
    services: Services,
    now: datetime,
    due: dict[int, _Due],
    tagged_wait: str | None,
) -> Iterator[Claim]:
    overtaken = deliveries.overtaken(db, due, now)
    for number, work in due.items():
        delivery = work.delivery
        if is_late(Due(delivery.due_at, delivery.scheduled), now):
            _settle(db, delivery, "missed", MISSED, now)
            continue
        if number in overtaken:
            _settle(db, delivery, "missed", OVERTAKEN, now)
            continue
        try:
            asked = question_of(services.settings, work.draft, delivery, work.situation, now)
            leaving = leaves_as(asked)
        except Exception:  # noqa: BLE001 - one that cannot be judged must not hold up the others
            _log.exception("a delivery cannot be judged", delivery=number)
            _settle(db, delivery, "refused", UNJUDGED, now)
            continue
        if leaving is None:
            verdict = check(asked)
            why = " ".join(finding.why for finding in verdict.refusals)
            _settle(db, delivery, "refused", why, now, verdict)
        elif tagged_wait and leaving.tag:
            deliveries.put_off(db, number, now + HELD, note=tagged_wait)
        elif leaving.one_time:
            yield from _by_permission(db, work, leaving, now)
        else:
            yield Claim(number, leaving.messaging_type, leaving.tag)


def _by_permission(db: Database, work: _Due, leaving: Leaving, now: datetime) -> Iterator[Claim]:
    """Use up the permission before the message leaves: there is no second try, whatever comes of it."""
    number, contact = work.draft.facts["one_time"], work.situation.contact
    if one_time.spend(db, number, contact.id, now):
        yield Claim(work.delivery.id, leaving.messaging_type, leaving.tag, number)
    else:
        _settle(db, work.delivery, "refused", TOLD, now)


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


def _outgoing(delivery: Delivery, due: _Due) -> Outgoing:
    return Outgoing(
        delivery_id=delivery.id,
        psid=due.situation.contact.psid,
        message=_message(delivery, due),
        messaging_type=delivery.messaging_type or "",
        tag=delivery.tag,
        one_time_token=_token(delivery, due.situation),
    )


def _token(delivery: Delivery, situation: Situation) -> str | None:
    number = delivery.one_time_id
    return None if number is None else situation.permissions[number].token


def _message(delivery: Delivery, due: _Due) -> Mapping[str, Any]:
    if delivery.messaging_type == "UTILITY":
        return utility_message(due.draft, due.situation)
    return due.draft.message


def write_down(services: Services, answered: Sequence[tuple[Delivery, Outcome]]) -> None:
    """Put on record what came of claimed deliveries, all of it in one transaction."""
    taken = {delivery.id: said.mid for delivery, said in answered if isinstance(said, Sent)}
    with services.store.write() as db:
        now = services.clock()
        record_accepted(db, taken, now)
        for delivery, said in answered:
            if isinstance(said, GraphError):
                regained_in = services.messenger.usage.of(delivery.page_id).regained_in
                resume_at = now + regained_in if regained_in else None
                record_outcome(db, services.settings.accounts, delivery, said, now, resume_at)
