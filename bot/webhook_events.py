"""Reads the webhook bodies of Messenger and Instagram; what it does not know, it passes over.

Shapes: the webhook event references of the Messenger Platform and of the Instagram Platform. What
opens the messaging window: Meta's Send and policy pages of September 2026.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.policy.question import Channel, InteractionKind

CHANNELS: Final[Mapping[str, Channel]] = {"page": "messenger", "instagram": "instagram"}
LEAD_FLOWS: Final = ("LEAD_COMPLETE", "LEAD_INCOMPLETE")
FIRST_MILLISECONDS: Final = 10**12  # anything smaller is a time in seconds

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Interaction:
    """The person did something that opens the window; `at` is Meta's own time of it."""

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


InboundEvent = Interaction | Echo | Receipt | Enforcement


def read_events(body: Json) -> Iterator[InboundEvent]:
    """Every event of a body that concerns us, in its order."""
    channel = CHANNELS.get(_text(body.get("object")) or "")
    if channel is None:
        return
    for entry in _objects(body.get("entry")):
        for item in _items(entry):
            if event := _read_item(item, entry, channel):
                yield event


def _items(entry: Json) -> Iterator[Json]:
    # A person who writes while another app holds the conversation opens the window all the same.
    yield from _objects(entry.get("messaging"))
    yield from _objects(entry.get("standby"))
    for change in _objects(entry.get("changes")):
        if (_text(change.get("field")) or "").startswith("messaging_"):
            yield from _objects([change.get("value")])


def _read_item(item: Json, entry: Json, channel: Channel) -> InboundEvent | None:
    sender, recipient = _id_of(item.get("sender")), _id_of(item.get("recipient"))
    account = _text(entry.get("id")) or recipient
    if enforcement := _object(item.get("policy_enforcement")):
        page_id = recipient or account
        return Enforcement(page_id, str(enforcement.get("action"))) if page_id else None
    message = _object(item.get("message"))
    if message and (message.get("is_echo") or message.get("is_self")):
        return _read_echo(message, sender, recipient, _moment(item.get("timestamp")))
    if not sender or not account or sender == account:
        return None
    if receipt := _read_receipt(item, account, sender):
        return receipt
    kind = _kind_of(item)
    if kind is None:
        return None
    at = _moment(item.get("timestamp")) or _moment(entry.get("time"))
    return Interaction(account, sender, channel, kind, at)


def _read_echo(
    message: Json, page_id: str | None, psid: str | None, at: datetime | None
) -> Echo | None:
    mid = _text(message.get("mid"))
    if not page_id or not psid or not mid or message.get("is_self"):
        return None
    return Echo(page_id, psid, mid, _text(message.get("metadata")), at)


def _read_receipt(item: Json, page_id: str, psid: str) -> Receipt | None:
    for key in ("delivery", "read"):
        if found := _object(item.get(key)):
            several, one = found.get("mids"), _text(found.get("mid"))
            mids = (
                [mid for mid in several if isinstance(mid, str)]
                if isinstance(several, list)
                else []
            )
            return Receipt(
                page_id,
                psid,
                key == "read",
                tuple([*mids, one] if one else mids),
                _moment(found.get("watermark")),
            )
    return None


def _kind_of(item: Json) -> InteractionKind | None:
    if message := _object(item.get("message")):
        return None if message.get("is_deleted") else _kind_of_message(message)
    if "postback" in item:
        return InteractionKind.POSTBACK
    if "order" in item:  # a cart the person sent
        return InteractionKind.MESSAGE
    if reaction := _object(item.get("reaction")):
        return InteractionKind.REACTION if reaction.get("action") == "react" else None
    if optin := _object(item.get("optin")):
        return None if "type" in optin else InteractionKind.OPTIN
    if referral := _object(item.get("referral")):
        clicked_ad_only = referral.get("source") == "ADS" and referral.get("type") not in LEAD_FLOWS
        return None if clicked_ad_only else InteractionKind.REFERRAL
    return None


def _kind_of_message(message: Json) -> InteractionKind:
    referral = _object(message.get("referral"))
    from_ad = referral is not None and referral.get("source") == "ADS"
    return InteractionKind.AD_MESSAGE if from_ad else InteractionKind.MESSAGE


def _moment(value: Any) -> datetime | None:
    """The time of an epoch in milliseconds (or seconds); None when it is none."""
    try:
        number = int(value)
        milliseconds = number if number >= FIRST_MILLISECONDS else number * 1000
        seconds, rest = divmod(milliseconds, 1000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _id_of(party: Any) -> str | None:
    found = _object(party)
    return _text(found.get("id")) if found else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _object(value: Any) -> Json | None:
    return value if isinstance(value, dict) and value else None


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))
