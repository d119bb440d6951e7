"""Why somebody's click or command did nothing, in a sentence that only they see."""

from collections.abc import Mapping

from bot.deciding import (
    AlreadyDecided,
    EditedMeanwhile,
    NoSuchDraft,
    NotAllowed,
    OwnDraft,
    Refused,
    TooLate,
)
from handlers.views.blocks import escape, mention, when
from handlers.views.words import DELIVERY_WORDS
from storage.records import Delivery, Draft

SENTENCES: Mapping[type[Refused], str] = {
    NoSuchDraft: "There is no such draft. `/notify queue` lists those that wait.",
    EditedMeanwhile: "Somebody edited this draft while you were reading it. Look at the card again.",
    OwnDraft: "Four eyes: someone other than its author has to approve this draft.",
    TooLate: "It is too late: everything of this draft has gone out or was settled already.",
}


def refusal(why: Refused, *, marked_up: bool = True) -> str:
    """The sentence for a refusal; `marked_up` is false beside a field, where Slack shows plain text."""
    if isinstance(why, AlreadyDecided):
        return _already(why.draft, marked_up=marked_up)
    if isinstance(why, NotAllowed):
        ways = " ".join(f"• {way}" for way in why.verdict.alternatives)
        text = f"The rule book refuses it now: {why} What you can do instead: {ways}"
        return escape(text) if marked_up else text
    return SENTENCES.get(type(why)) or str(why)


def _already(draft: Draft, *, marked_up: bool) -> str:
    if not marked_up or not draft.decided_by or not draft.decided_at:
        return f"Somebody was first: draft {draft.id} is {draft.state}."
    return (
        f"Draft {draft.id} was already {draft.state} by {mention(draft.decided_by)}, "
        f"{when(draft.decided_at)}."
    )


def settled_line(delivery: Delivery | None) -> str:
    """What became of a delivery that somebody else, or an echo, settled first."""
    if delivery is None:
        return "There is no such message."
    return f"Nothing to settle any more: this message is now “{DELIVERY_WORDS[delivery.state]}”."
