"""What is to become of each due delivery, judged on one view of the record; nothing is changed here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlite_utils import Database

from bot.asking import Situation, question_of, situations_of
from bot.judging import is_late
from bot.planning import LATE, Due
from bot.policy.check import check, leaves_as
from bot.policy.question import Leaving, Verdict
from bot.settings import RuleSettings
from storage import contacts, deliveries, drafts
from storage.records import Delivery, Draft

MISSED: Final = f"It was to go out more than {LATE.seconds // 3600} hour ago."
OVERTAKEN: Final = "A later message of the same draft is due as well: that one goes out."
UNJUDGED: Final = "Tagwise could not judge this message; its log says why."
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sends:
    """It may go out, in this way."""

    leaving: Leaving


@dataclass(frozen=True, slots=True)
class Stays:
    """It does not go out any more: it was `missed`, or is `refused`, and why."""

    state: str
    why: str
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits for a person, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A due delivery, what it sends to whom, and what is to become of it."""

    delivery: Delivery
    draft: Draft
    situation: Situation
    decision: Sends | Stays | Waits


def judge_due(
    db: Database,
    settings: RuleSettings,
    page_id: str,
    now: datetime,
    limit: int,
    tagged_wait: str | None,
) -> Iterator[DueDelivery]:
    """Judge up to `limit` due deliveries of a Page, the longest due first.

    `tagged_wait` says why messages under a tag wait, where they do.
    """
    found = deliveries.due(db, page_id, now, limit)
    written = drafts.get_all(db, {delivery.draft_id for delivery in found})
    people = contacts.get_all(db, {delivery.contact_id for delivery in found})
    known = situations_of(db, people.values(), now)
    overtaken = deliveries.overtaken(db, [delivery.id for delivery in found], now)
    for delivery in found:
        draft, situation = written[delivery.draft_id], known[delivery.contact_id]
        decision: Sends | Stays | Waits
        if is_late(Due(delivery.due_at, delivery.scheduled), now):
            decision = Stays("missed", MISSED)
        elif delivery.id in overtaken:
            decision = Stays("missed", OVERTAKEN)
        else:
            decision = _decide(settings, draft, delivery, situation, now)
        if tagged_wait and isinstance(decision, Sends) and decision.leaving.tag:
            decision = Waits(tagged_wait)
        yield DueDelivery(delivery, draft, situation, decision)


def _decide(
    settings: RuleSettings, draft: Draft, delivery: Delivery, situation: Situation, now: datetime
) -> Sends | Stays | Waits:
    try:
        asked = question_of(settings, draft, delivery, situation, now)
        if leaving := leaves_as(asked):
            return Sends(leaving)
        verdict = check(asked)
    except Exception:  # noqa: BLE001 - one that cannot be judged must not hold up the others
        _log.exception("a delivery cannot be judged", delivery=delivery.id)
        return Stays("refused", UNJUDGED)
    why = " ".join(finding.why for finding in verdict.refusals)
    if verdict.waits_for_its_tag:
        return Waits(why)
    return Stays("refused", why, verdict)
