"""Why somebody's click, command or form did nothing, in words that only they see."""

from collections.abc import Mapping
from typing import Final

from bot.breakers import NotStopped, StoppedAnew, TagNotRefused
from bot.deciding import (
    AlreadyDecided,
    EditedMeanwhile,
    NoSuchDraft,
    NotAllowed,
    OwnDraft,
    Refused,
    TooLate,
)
from bot.settling import AlreadySettled, ToldOnce
from handlers.views.blocks import Block, escape, mention, plain, section, when
from handlers.views.words import DELIVERY_WORDS, ways_out
from storage.records import Delivery, Draft

SENTENCES: Final[Mapping[type[Refused], str]] = {
    EditedMeanwhile: "Somebody edited this draft while you had it before you: look at its card again.",
    OwnDraft: "Four eyes: you wrote or edited this draft, so somebody else has to approve it.",
    NotStopped: "Sending was not paused any more.",
    StoppedAnew: (
        "Something else has stopped sending while you had this before you: `/notify queue` says what."
    ),
    TagNotRefused: "This tag was not refused any more.",
    ToldOnce: (
        "This person asked to be told once, and Meta takes no second try. If it did not arrive, wait until "
        "they write."
    ),
    TooLate: "It is too late: everything of this draft has gone out or was settled already.",
}


def refusal(why: Refused) -> str:
    """The sentence for a refusal, in mrkdwn."""
    if isinstance(why, AlreadyDecided):
        return _already(why.draft)
    if isinstance(why, NotAllowed):
        lines = [f"The rule book does not allow it now: {escape(str(why))}", *ways_out(why.verdict)]
        return "\n".join(lines)
    if isinstance(why, AlreadySettled):
        return _settled(why.delivery)
    if isinstance(why, NoSuchDraft):
        return f"There is no draft {why}. `/notify queue` lists those that wait."
    return SENTENCES.get(type(why)) or str(why)


def refusal_modal(why: Refused) -> Block:
    """The same for somebody who has just handed in a modal: its place is taken, or it lies below."""
    return {
        "type": "modal",
        "title": plain("Not done"),
        "close": plain("Close"),
        "blocks": [section(refusal(why))],
    }


def _already(draft: Draft) -> str:
    by = f" by {mention(draft.decided_by)}" if draft.decided_by else ""
    at = f", {when(draft.decided_at)}" if draft.decided_at else ""
    return f"Draft {draft.id} was already {draft.state}{by}{at}."


def _settled(delivery: Delivery | None) -> str:
    if delivery is None:
        return "There is no such message."
    _, words = DELIVERY_WORDS[delivery.state]
    return f"There is nothing to settle any more: this message is {words}."
