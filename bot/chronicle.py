"""Writes the history, and decides who in Slack is told of each step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from storage import drafts, history
from storage.history import Place
from storage.records import Delivery, Draft

CHANNEL: Final[Place] = "channel"
PROBLEMS: Final = ("refused", "failed", "unknown", "missed")
_OUTCOMES: Final = ("approved", "rejected", "withdrawn", "edited", "sent")
_PAGE_EVENTS: Final = ("page_paused", "page_resumed", "page_warned")


def tell_of(draft: Draft, what: str, who: str) -> tuple[Place, ...]:
    """Where a step of this draft that `who` took is told.

    The card shows every step; its thread keeps them. The author hears of what others did and of
    outcomes, unless the card itself lies in the author's messages. A system cannot be told: the
    channel is.
    """
    waits_for_others = draft.author is not None and draft.needs_second_person
    if what == "queued":  # the card itself tells the channel
        return ("author",) if waits_for_others else ()
    if what in PROBLEMS:
        return ("thread", "author") if draft.author else ("channel",)
    if what in _OUTCOMES and waits_for_others and who != draft.author:
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
    history.append(
        db,
        who=who,
        what=what,
        now=now,
        draft_id=draft.id,
        note=note,
        verdict=verdict,
        tell=tell_of(draft, what, who),
    )


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
    draft = drafts.get(db, delivery.draft_id)
    if draft is None:
        raise LookupError(f"delivery {delivery.id} has no draft")
    drafts.touch(db, draft.id)
    history.append(
        db,
        who=who,
        what=what,
        now=now,
        draft_id=draft.id,
        delivery_id=delivery.id,
        note=note,
        verdict=verdict,
        tell=tell_of(draft, what, who),
    )


def note_page(
    db: Database, what: str, *, now: datetime, note: str | None = None, who: str = history.SYSTEM
) -> None:
    """Something about the Page itself: the approvals channel is told."""
    if what not in _PAGE_EVENTS:
        raise ValueError(f"{what} is no event of a Page")
    history.append(db, who=who, what=what, now=now, note=note, tell=(CHANNEL,))
