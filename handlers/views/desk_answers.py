"""An answer of ours, or another message that Tagwise sent, as it stands in the person's thread."""

from collections.abc import Iterator
from typing import Final

from bot.policy.editions import HUMAN_AGENT
from bot.policy.utility_templates import UtilityTemplate
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    escape,
    mention,
    place,
    quoted,
)
from handlers.views.message import message_line
from handlers.views.preview import preview
from handlers.views.utility_preview import drafted_utility
from handlers.views.words import author_of, delivery_line
from storage.records import Contact, Delivery, Draft

NOTICE_CHARACTERS: Final = 200
ELSEWHERE: Final = ":heavy_minus_sign: It was edited to go to somebody else."


def answer_message(
    draft: Draft,
    delivery: Delivery | None,
    contact: Contact,
    template: UtilityTemplate | None = None,
    waits: str | None = None,
) -> Block:
    """The message's `text` and `blocks`; without a delivery the draft no longer goes to this person.

    `template`: of the utility message that the draft names; it is shown where that is what left.
    `waits` says why it does not go out now.
    """
    what = "answered" if draft.facts.get("reply") else f"wrote in draft {draft.id}"
    blocks = [
        context(f":arrow_right: *{author_of(draft)}* {what}"),
        *_said(draft, delivery, template),
        context(_outcome(draft, delivery, contact, waits) if delivery else ELSEWHERE),
    ]
    if delivery:
        blocks.extend(_buttons(draft, delivery))
    notice = quoted(message_line(draft.message), NOTICE_CHARACTERS)
    return {"text": f"{author_of(draft)}: {notice}", "blocks": blocks}


def _said(
    draft: Draft, delivery: Delivery | None, template: UtilityTemplate | None
) -> Iterator[Block]:
    if delivery and delivery.messaging_type == "UTILITY":
        yield from drafted_utility(draft, template, left=True)
    else:
        yield from preview(draft.message, pictures=False)


def _outcome(draft: Draft, delivery: Delivery, contact: Contact, waits: str | None) -> str:
    if draft.state == "queued":
        waits_in = place(draft.card_channel)
        return f":hourglass: Draft {draft.id} waits for a colleague's approval in {waits_in}."
    if draft.state in ("rejected", "withdrawn") and delivery.state in ("pending", "cancelled"):
        why = f" Reason: {escape(draft.reason)}" if draft.reason else ""
        return f":x: {draft.state.capitalize()} by {mention(draft.decided_by or '')}.{why}"
    line = delivery_line(draft, delivery, contact, several=False, waits=waits)
    as_agent = f" · as `{HUMAN_AGENT}`" if delivery.tag == HUMAN_AGENT else ""
    return f"{line}{as_agent}"


def _buttons(draft: Draft, delivery: Delivery) -> Iterator[Block]:
    if draft.state == "approved" and delivery.state == "pending":
        withdraw = button("Withdraw", ids.WITHDRAW, draft.id)
        yield actions(f"withdraw:{draft.id}", [withdraw])
    if delivery.state == "unknown":
        arrived = button("It arrived", ids.MARK_ARRIVED, delivery.id)
        again = confirmed(
            button("Send again", ids.SEND_AGAIN, delivery.id),
            "Send it again?",
            "If the first one arrived after all, the person gets it twice. Look into the inbox first.",
            "Send again",
        )
        yield context("Did it arrive? Look into the Page's inbox, then press:")
        yield actions(f"settle:{delivery.id}", [arrived, again])
