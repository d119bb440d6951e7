"""Writes the history, and decides who in Slack is told of each step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from storage import desk, desk_lines, drafts, history
from storage.history import Place, Step
from storage.records import Audience, Delivery, DeliveryKey, Draft

CHANNEL: Final[Place] = "channel"
PROBLEMS: Final = ("refused", "failed", "unknown", "missed")
ANSWERED: Final = "answered"
_OUTCOMES: Final = ("approved", "rejected", "withdrawn", "edited", "sent")
PAGE_EVENTS: Final = (
    "page_paused",
    "page_rests",
    "page_resumed",
    "page_warned",
    "tags_released",
    "tag_refused",
    "tag_reset",
)


def tell_of(audience: Audience, what: str, who: str) -> tuple[Place, ...]:
    """Where a step of a draft with this audience, which `who` took, is told.

    The card shows every step; its thread keeps them. An answer from the desk has no card: its line
    there shows them. The author hears of what others did and of outcomes, unless the card itself lies
    in the author's messages. A system cannot be told: the channel is.
    """
    if audience.in_conversation:
        return ("author",) if what in PROBLEMS else ()
    waits_for_others = audience.author is not None and audience.needs_second_person
    if what == "queued":  # the card itself tells the channel
        return ("author",) if waits_for_others else ()
    if what == ANSWERED:
        if audience.author is None:
            return ("thread",)
        return ("thread", "author") if waits_for_others else ("author",)
    if what in PROBLEMS:
        return ("thread", "author") if audience.author else ("channel",)
    if what in _OUTCOMES and waits_for_others and who != audience.author:
        return ("thread", "author")
    return ("thread",)


def note_draft(
    db: Database,
    draft: Draft,
    what: str,
    *,
    who: str,
    now: datetime,
    note: str | None = None,
    verdict: Mapping[str, Any] | None = None,
) -> None:
    """A step of a draft as a whole."""
    tell = tell_of(draft.audience, what, who)
    step = Step(who, what, draft_id=draft.id, note=note, verdict=verdict, tell=tell)
    history.append(db, step, now)
    desk.touch_draft(db, draft.id)


def note_delivery(
    db: Database,
    delivery: Delivery,
    what: str,
    *,
    now: datetime,
    who: str = history.SYSTEM,
    note: str | None = None,
    verdict: Mapping[str, Any] | None = None,
) -> None:
    """A step of one delivery; its draft's card is drawn anew."""
    note_deliveries(db, [delivery], what, now=now, who=who, note=note, verdict=verdict)


def note_deliveries(
    db: Database,
    taken: Sequence[Delivery | DeliveryKey],
    what: str,
    *,
    now: datetime,
    who: str = history.SYSTEM,
    note: str | None = None,
    verdict: Mapping[str, Any] | None = None,
) -> None:
    """The same step of so many deliveries."""
    concerned = drafts.touch(db, {delivery.draft_id for delivery in taken})
    told: dict[tuple[Place, ...], list[int]] = {}
    for delivery in taken:
        places = tell_of(concerned[delivery.draft_id], what, who)
        told.setdefault(places, []).append(delivery.id)
    for places, numbers in told.items():
        step = Step(who, what, note=note, verdict=verdict, tell=places)
        history.append_each(db, step, numbers, now)
    if desk.is_used(db):
        if what == "sent":
            desk_lines.add_sent(db, taken, now)
        desk.touch_deliveries(db, taken)


def note_page(
    db: Database,
    what: str,
    *,
    now: datetime,
    note: str | None = None,
    who: str = history.SYSTEM,
    page_id: str | None = None,
    tag: str | None = None,
    until: datetime | None = None,
) -> None:
    """Something about a Page or account: the approvals channel is told. No `page_id`: about all."""
    if what not in PAGE_EVENTS:
        raise ValueError(f"{what} is no event of a Page")
    tell = (CHANNEL,)
    step = Step(who, what, note=note, tell=tell, page_id=page_id, tag=tag, until=until)
    history.append(db, step, now)
