"""Reads the webhook bodies of Messenger and Instagram; what it does not know, it passes over.

Shapes: the webhook event references of the Messenger Platform and of the Instagram Platform. What
opens the messaging window: Meta's Send and policy pages of September 2026.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.feedback_events import FeedbackForm, read_feedback
from bot.one_time_events import OneTimeOptIn, read_one_time
from bot.policy.question import Channel, InteractionKind
from bot.webhook_json import Item, Json, items_of
from bot.webhook_json import id_of as _id_of
from bot.webhook_json import moment as _moment
from bot.webhook_json import object_of as _object
from bot.webhook_json import text as _text

ACTIONS: Final = ("warning", "block", "unblock")
LEAD_FLOWS: Final = ("LEAD_COMPLETE", "LEAD_INCOMPLETE")
REASON_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Interaction:
    """The person did something that opens the window; `at` is Meta's own time, None without any."""

    page_id: str
    psid: str
    channel: Channel
    kind: InteractionKind
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Echo:
    """Meta's copy of something the Page sent to this person."""

    page_id: str
    psid: str
    mid: str
    metadata: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Messages were delivered, or read: these, and all that were sent up to the watermark."""

    page_id: str
    psid: str
    read: bool
    mids: tuple[str, ...]
    watermark: datetime | None


@dataclass(frozen=True, slots=True)
class Enforcement:
    """Meta warns, blocks or unblocks the Page."""

    page_id: str
    action: str
    reason: str | None
    at: datetime | None


InboundEvent = Interaction | Echo | Receipt | Enforcement | FeedbackForm | OneTimeOptIn


def read_events(body: Json) -> Iterator[InboundEvent]:
    """Every event of a body that concerns us, in its order."""
    for item in items_of(body):
        if event := _read_item(item):
            yield event


def _read_item(found: Item) -> InboundEvent | None:
    item, account, channel, at = found.event, found.account, found.channel, found.at
    sender, recipient = _id_of(item.get("sender")), _id_of(item.get("recipient"))
    if enforcement := _object(item.get("policy_enforcement")):
        return _read_enforcement(enforcement, account, at)
    message = _object(item.get("message")) or {}
    if message.get("is_self"):
        return None
    if message.get("is_echo"):
        return _read_echo(message, account, recipient, at)
    if not sender or sender == account:
        return None
    if receipt := _read_receipt(item, account, sender):
        return receipt
    if asked := read_feedback(found, sender) or read_one_time(found, sender):
        return asked
    kind = _kind_of(item)
    return Interaction(account, sender, channel, kind, at) if kind else None


def _read_enforcement(found: Json, page_id: str, at: datetime | None) -> Enforcement | None:
    action = _text(found.get("action"))
    if action not in ACTIONS:
        return None
    reason = " ".join(str(found.get("reason") or "").split())
    return Enforcement(page_id, action, _text(reason[:REASON_CHARACTERS]), at)


def _read_echo(message: Json, page_id: str, psid: str | None, at: datetime | None) -> Echo | None:
    mid = _text(message.get("mid"))
    return Echo(page_id, psid, mid, _text(message.get("metadata")), at) if psid and mid else None


def _read_receipt(item: Json, page_id: str, psid: str) -> Receipt | None:
    read = _object(item.get("read"))
    found = read or _object(item.get("delivery"))
    if not found:
        return None
    several = found.get("mids")
    named = [*(several if isinstance(several, list) else ()), found.get("mid")]
    mids = tuple(mid for mid in map(_text, named) if mid)
    return Receipt(page_id, psid, read is not None, mids, _moment(found.get("watermark")))


def _kind_of(item: Json) -> InteractionKind | None:
    for key, kind_of in _KIND_BY_KEY.items():
        if found := _object(item.get(key)):
            return kind_of(found)
    return None


def _kind_of_message(message: Json) -> InteractionKind | None:
    if message.get("is_deleted"):
        return None
    referral = _object(message.get("referral")) or {}
    from_ad = referral.get("source") == "ADS"
    return InteractionKind.AD_MESSAGE if from_ad else InteractionKind.MESSAGE


def _kind_of_reaction(reaction: Json) -> InteractionKind | None:
    return InteractionKind.REACTION if reaction.get("action") == "react" else None


def _kind_of_optin(optin: Json) -> InteractionKind | None:
    # With a type it asks for notifications, which is no conversation.
    by_plugin = "type" not in optin and ("ref" in optin or "user_ref" in optin)
    return InteractionKind.OPTIN if by_plugin else None


def _kind_of_referral(referral: Json) -> InteractionKind | None:
    # Who clicks an ad opens the window by writing, not by the click.
    by_link = referral.get("type") == "OPEN_THREAD" and referral.get("source") != "ADS"
    return InteractionKind.REFERRAL if by_link or referral.get("type") in LEAD_FLOWS else None


_KIND_BY_KEY: Final[Mapping[str, Callable[[Json], InteractionKind | None]]] = {
    "message": _kind_of_message,
    "postback": lambda _: InteractionKind.POSTBACK,
    "order": lambda _: InteractionKind.MESSAGE,  # a cart that the person sent
    "reaction": _kind_of_reaction,
    "optin": _kind_of_optin,
    "referral": _kind_of_referral,
}
