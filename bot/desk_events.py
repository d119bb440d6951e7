"""Reads what people and the Page said out of webhook bodies, for colleagues who answer in Slack.

Shapes: the webhook event references of the Messenger Platform and of the Instagram Platform.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.one_time_events import ONE_TIME_REQUEST
from bot.policy.question import Channel
from bot.webhook_json import Item, Json, id_of, items_of, object_of, objects, text, words

PAGE_INBOX: Final = (26390203743090, 263902037430900)  # Meta prints it both ways
LINK_CHARACTERS: Final = 2000  # addresses longer than Slack's 3000 with their escapes would be cut
TITLE_CHARACTERS: Final = 200
FROM_AD: Final = "ADS"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the person, or the Page (kind `echo`), said or did; `key` tells it from others.

    `content` holds what there is of text, attachments, ad, emoji and the like. `metadata` is the
    sender's own reference in an echo. Standby: another app holds the conversation.
    """

    account: str
    psid: str
    channel: Channel
    kind: str
    key: str
    at: datetime | None
    mid: str | None
    content: Mapping[str, Any]
    metadata: str | None = None


Read = Callable[[Json, Item], tuple[str, str, Mapping[str, Any]] | None]  # kind, key, content


def read_said(body: Json) -> Iterator[Said]:
    """Everything of a body that belongs into a conversation, in its order."""
    for item in items_of(body):
        if said := _read(item):
            yield said


def _read(item: Item) -> Said | None:
    sender, recipient = id_of(item.event.get("sender")), id_of(item.event.get("recipient"))
    message = object_of(item.event.get("message")) or {}
    if message.get("is_self"):
        return None
    if message.get("is_echo"):
        return _echo(item, message, recipient)
    if not sender or sender == item.account:
        return None
    for name, read in _READERS.items():
        found = object_of(item.event.get(name))
        if found and (told := read(found, item)):
            kind, key, content = told
            return _said(item, sender, kind, key, found, content)
    return None


def _said(
    item: Item, psid: str, kind: str, key: str, found: Json, content: Mapping[str, Any]
) -> Said:
    kept = {name: value for name, value in content.items() if value}
    if item.standby:
        kept["standby"] = True
    return Said(
        account=item.account,
        psid=psid,
        channel=item.channel,
        kind=kind,
        key=key,
        at=item.at,
        mid=text(found.get("mid")),
        content=kept,
        metadata=text(found.get("metadata")),
    )


def _echo(item: Item, message: Json, psid: str | None) -> Said | None:
    mid = text(message.get("mid"))
    if not psid or not mid:
        return None
    content = _message_content(message) | {"inbox": message.get("app_id") in PAGE_INBOX}
    return _said(item, psid, "echo", f"echo:{mid}", message, content)


def _message(message: Json, item: Item) -> tuple[str, str, Mapping[str, Any]] | None:
    key = text(message.get("mid")) or _print_of(item)
    if message.get("is_deleted"):
        return "deleted", f"deleted:{key}", {}
    return "message", f"message:{key}", _message_content(message)


def _message_content(message: Json) -> dict[str, Any]:
    reply_to = object_of(message.get("reply_to")) or {}
    story = object_of(reply_to.get("story")) or {}
    return {
        "text": words(message.get("text")),
        "attachments": _attachments(message.get("attachments")),
        "ad": _ad(object_of(message.get("referral")) or {}),
        "tapped": bool(object_of(message.get("quick_reply"))),
        "story": _link(story.get("url")),
        "answers": bool(text(reply_to.get("mid"))),
        "unsupported": bool(message.get("is_unsupported")),
    }


def _attachments(value: Any) -> list[dict[str, Any]]:
    found = [_attachment(one) for one in objects(value)]
    # A sticker came as a picture too, until August 2026.
    stickers = {one.get("url") for one in found if one["kind"] == "sticker"}
    return [one for one in found if one["kind"] == "sticker" or one.get("url", 0) not in stickers]


def _attachment(found: Json) -> dict[str, Any]:
    payload = object_of(found.get("payload")) or {}
    told = {
        "kind": text(found.get("type")) or "attachment",
        "url": _link(payload.get("url")) or _link(found.get("url")),
        "title": _title(payload.get("title")) or _title(found.get("title")),
    }
    return {name: value for name, value in told.items() if value}


def _ad(referral: Json) -> dict[str, str] | None:
    if referral.get("source") != FROM_AD:
        return None
    context = object_of(referral.get("ads_context_data")) or {}
    told = {"title": _title(context.get("ad_title")), "id": text(referral.get("ad_id"))}
    return {name: value for name, value in told.items() if value} or {"title": "an ad"}


def _postback(postback: Json, item: Item) -> tuple[str, str, Mapping[str, Any]]:
    key = text(postback.get("mid")) or _print_of(item)
    referral = object_of(postback.get("referral")) or {}
    content = {
        "button": _title(postback.get("title")),
        "ad": _ad(referral),
        "ref": _title(referral.get("ref")),
    }
    return "postback", f"postback:{key}", content


def _order(order: Json, item: Item) -> tuple[str, str, Mapping[str, Any]]:
    products = sum(1 for _ in objects(order.get("products")))
    return "order", f"order:{_print_of(item)}", {"text": words(order.get("note")), "n": products}


def _reaction(reaction: Json, item: Item) -> tuple[str, str, Mapping[str, Any]] | None:
    action = reaction.get("action")
    if action not in ("react", "unreact"):
        return None
    emoji = words(reaction.get("emoji")) or text(reaction.get("reaction"))
    content = {"emoji": (emoji or "")[:20], "taken_back": action == "unreact"}
    return "reaction", f"reaction:{_print_of(item)}", content


def _edit(edit: Json, item: Item) -> tuple[str, str, Mapping[str, Any]] | None:
    written = words(edit.get("text"))
    return ("edited", f"edited:{_print_of(item)}", {"text": written}) if written else None


def _referral(referral: Json, item: Item) -> tuple[str, str, Mapping[str, Any]]:
    content = {"ad": _ad(referral), "ref": _title(referral.get("ref"))}
    return "referral", f"referral:{_print_of(item)}", content


def _optin(optin: Json, item: Item) -> tuple[str, str, Mapping[str, Any]] | None:
    kind = optin.get("type")
    if kind == ONE_TIME_REQUEST:
        topic = _title(optin.get("payload")) or "something"
        return "optin", f"optin:{_print_of(item)}", {"topic": topic}
    if kind is not None:  # other notifications asked for, which is no conversation
        return None
    return "optin", f"optin:{_print_of(item)}", {"ref": _title(optin.get("ref"))}


_READERS: Final[Mapping[str, Read]] = {
    "message": _message,
    "postback": _postback,
    "order": _order,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _referral,
    "optin": _optin,
}


def _print_of(item: Item) -> str:
    """The same for the same event, come again; Meta gives these no id of their own."""
    told = json.dumps(item.event, sort_keys=True, default=str)
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()


def _title(value: Any) -> str | None:
    written = words(value)
    return " ".join(written.split())[:TITLE_CHARACTERS] if written else None


def _link(value: Any) -> str | None:
    """A web address that can be shown as a link as it is."""
    address = text(value)
    if not address or not address.startswith(("https://", "http://")):
        return None
    harmless = not any(mark in address for mark in '<>|" ')
    return address if harmless and len(address) <= LINK_CHARACTERS else None
