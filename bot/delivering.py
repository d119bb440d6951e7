"""The machine moves deliveries: take what is due, ask the rule book once more, send, write it down.

Two transactions stand around the calls to Meta, each for many deliveries, and none is open while the
network is. A crash between them leaves rows in `sending`, which are never sent again by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlite_utils import Database

from bot.accepted import record_accepted
from bot.asking import Facts, Situation, utility_message
from bot.breakers import breakers_of
from bot.chronicle import note_delivery
from bot.due import Judged, Sends, Stays, Waits, judge_due
from bot.graph_errors import GraphError
from bot.json_text import parsed
from bot.outcomes import record_outcome
from bot.policy.question import Leaving, Verdict
from bot.questions import verdict_as_json
from bot.send_api import Outcome, Outgoing, Sent
from bot.services import Services
from storage import deliveries, one_time, waiting
from storage.deliveries import Claim

# How long a held message rests before it is looked at again; whoever resumes wakes it at once.
HELD: Final = timedelta(minutes=10)
TOLD: Final = "Another message has just told the person what they asked to be told once."
_log = structlog.get_logger()


def claim_due(services: Services, page_id: str, limit: int) -> list[Outgoing] | None:
    """Take up to `limit` due deliveries of a Page for sending, each once.

    They are judged without holding up whoever writes. What may not go out is settled as well, so that
    the list may be empty; None when nothing was due.
    """
    now = services.clock()
    with services.store.read() as db:
        breakers = breakers_of(db, page_id, now)
        if breakers.pause:
            return None
        judging = judge_due(db, services.settings, page_id, now, limit, breakers.tagged_wait)
        judged = {work.due.delivery_id: work for work in judging}
    if not judged:
        return None
    with services.store.write() as db:
        if breakers_of(db, page_id, now).pause:
            return []
        claims = list(_claims(db, judged.values(), now))
        sending = deliveries.claim(db, claims, now)
    return [
        _outgoing(claim, judged[claim.delivery_id])
        for claim in claims
        if claim.delivery_id in sending
    ]


def due_in_s(services: Services, page_id: str) -> float | None:
    """Seconds until the Page's next delivery falls due; None when none is to come."""
    now = services.clock()
    with services.store.read() as db:
        due_at = deliveries.next_due(db, page_id, now)
    return (due_at - now).total_seconds() if due_at else None


def _claims(db: Database, judged: Iterable[Judged], now: datetime) -> Iterator[Claim]:
    for work in judged:
        number = work.due.delivery_id
        match work.decision:
            case Stays() as stays:
                _settle(db, number, stays.state, stays.why, now, stays.verdict)
            case Waits(why):
                waiting.put_off(db, number, now + HELD, note=why)
            case Sends(leaving) if leaving.one_time:
                yield from _by_permission(db, work, leaving, now)
            case Sends(leaving):
                yield Claim(number, leaving.messaging_type, leaving.tag)


def _by_permission(db: Database, work: Judged, leaving: Leaving, now: datetime) -> Iterator[Claim]:
    """Use up the permission before the message leaves: there is no second try, whatever comes of it."""
    number, permission = work.due.delivery_id, Facts.of_json(work.due.facts).one_time
    current = deliveries.get(db, number)
    if current is None or current.state != "pending":
        return  # withdrawn while it was judged: the permission is kept
    if permission and one_time.spend(db, permission, work.due.contact.id, now):
        yield Claim(number, leaving.messaging_type, leaving.tag, permission)
    else:
        _settle(db, number, "refused", TOLD, now)


def _settle(
    db: Database,
    delivery_id: int,
    to: str,
    why: str,
    now: datetime,
    verdict: Verdict | None = None,
) -> None:
    if moved := deliveries.move(db, delivery_id, was=("pending",), to=to, now=now, note=why):
        judged = verdict_as_json(verdict) if verdict else None
        note_delivery(db, moved, to, now=now, note=why, verdict=judged)


def _outgoing(claim: Claim, work: Judged) -> Outgoing:
    return Outgoing(
        delivery_id=claim.delivery_id,
        draft_id=work.due.draft_id,
        psid=work.due.contact.psid,
        message=_message(claim, work),
        messaging_type=claim.messaging_type,
        tag=claim.tag,
        one_time_token=_token(claim, work.situation),
    )


def _token(claim: Claim, situation: Situation) -> str | None:
    number = claim.one_time_id
    return None if number is None else situation.permissions[number].token


def _message(claim: Claim, work: Judged) -> Mapping[str, Any]:
    if claim.messaging_type == "UTILITY":
        return utility_message(work.due, work.situation)
    message: Mapping[str, Any] = parsed(work.due.message)
    return message


def write_down(services: Services, answered: Sequence[tuple[Outgoing, Outcome]]) -> None:
    """Put on record what came of claimed deliveries, all of it in one transaction."""
    taken = {sent.delivery_id: said.mid for sent, said in answered if isinstance(said, Sent)}
    with services.store.write() as db:
        now = services.clock()
        record_accepted(db, taken, now)
        for sent, said in answered:
            if isinstance(said, GraphError) and (delivery := deliveries.get(db, sent.delivery_id)):
                regained_in = services.messenger.usage.of(delivery.page_id).regained_in
                resume_at = now + regained_in if regained_in else None
                record_outcome(db, services.settings.accounts, delivery, said, now, resume_at)
