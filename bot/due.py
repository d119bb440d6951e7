"""What is to become of each due delivery, judged on one view of the record; nothing is changed here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

import structlog
from sqlite_utils import Database

from bot.asking import Situation, question_of, situations_of
from bot.judging import is_late
from bot.planning import LATE
from bot.policy.check import check, leaves_as
from bot.policy.question import Leaving, Verdict
from bot.settings import RuleSettings
from storage.due import DueMessage, due

MISSED: Final = f"It was to go out more than {LATE.seconds // 3600} hour ago."
OVERTAKEN: Final = "A later message of the same draft is due as well: that one goes out."
UNJUDGED: Final = "Tagwise could not judge this message; its log says why."
_log = structlog.get_logger()


class Sends(NamedTuple):
    """It may go out, in this way."""

    leaving: Leaving


class Stays(NamedTuple):
    """It does not go out any more: it was `missed`, or is `refused`, and why."""

    state: str
    why: str
    verdict: Verdict | None = None


class Waits(NamedTuple):
    """It waits for a person, and why."""

    why: str


class Judged(NamedTuple):
    """A due message, what is known of the person, and what is to become of it."""

    due: DueMessage
    situation: Situation
    decision: Sends | Stays | Waits


def judge_due(
    db: Database,
    settings: RuleSettings,
    page_id: str,
    now: datetime,
    limit: int,
    tagged_wait: str | None,
) -> Iterator[Judged]:
    """Judge up to `limit` due messages of a Page, the longest due first.

    `tagged_wait` says why messages under a tag wait, where they do.
    """
    found = due(db, page_id, now, limit)
    known = situations_of(db, [each.contact for each in found], now)
    for each in found:
        situation = known[each.contact.id]
        decision: Sends | Stays | Waits
        if is_late(each.due_at, now, scheduled=each.scheduled):
            decision = Stays("missed", MISSED)
        elif each.overtaken:
            decision = Stays("missed", OVERTAKEN)
        else:
            decision = _decide(settings, each, situation, now)
        if tagged_wait and isinstance(decision, Sends) and decision.leaving.tag:
            decision = Waits(tagged_wait)
        yield Judged(each, situation, decision)


def _decide(
    settings: RuleSettings, message: DueMessage, situation: Situation, now: datetime
) -> Sends | Stays | Waits:
    try:
        asked = question_of(settings, message, situation, now)
        if leaving := leaves_as(asked):
            return Sends(leaving)
        verdict = check(asked)
    except Exception:  # noqa: BLE001 - one that cannot be judged must not hold up the others
        _log.exception("a delivery cannot be judged", delivery=message.delivery_id)
        return Stays("refused", UNJUDGED)
    why = " ".join(finding.why for finding in verdict.refusals)
    if verdict.waits_for_its_tag:
        return Waits(why)
    return Stays("refused", why, verdict)
