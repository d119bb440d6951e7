"""The webhook bodies Meta sends: one event each, in Meta's envelope and Meta's way of writing JSON.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from bot.practice.graph.memory import ThreadMessage
from bot.practice.graph.types import Channel, JsonObject, epoch_ms

PAGE_INBOX_APP_ID = 26390203743090

EVENT_FIELDS = {
    "message": "messages",
    "postback": "messaging_postbacks",
    "referral": "messaging_referrals",
    "optin": "messaging_optins",
    "messaging_feedback": "messaging_feedback",
    "delivery": "message_deliveries",
    "read": "message_reads",
    "reaction": "message_reactions",
    "message_edit": "message_edits",
    "policy_enforcement": "messaging_policy_enforcement",
    "take_thread_control": "messaging_handovers",
    "pass_thread_control": "messaging_handovers",
}


def encode(body: JsonObject) -> bytes:
    r"""The body as Meta writes it: one line, other letters as `\u00fc`, slashes as `\/`."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(app_secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` over exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def subscription_field(event: JsonObject) -> str:
    """The field a Page must be subscribed to for this event to be sent."""
    if event.get("message", {}).get("is_echo"):
        return "message_echoes"
    return next(field for key, field in EVENT_FIELDS.items() if key in event)


def envelope(
    channel: Channel, account_id: str, event: JsonObject, at: datetime, *, standby: bool = False
) -> JsonObject:
    """A whole body with one event; `standby` where another app owns the thread."""
    entry = {
        "id": account_id,
        "time": epoch_ms(at),
        "standby" if standby else "messaging": [event],
    }
    return {"object": "page" if channel == "messenger" else "instagram", "entry": [entry]}


def event(sender: str | None, recipient: str, at: datetime | None, **happened: Any) -> JsonObject:
    """One event; policy events have no sender, delivery receipts no time of their own."""
    parties: JsonObject = {} if sender is None else {"sender": {"id": sender}}
    parties["recipient"] = {"id": recipient}
    if at is not None:
        parties["timestamp"] = epoch_ms(at)
    return parties | happened


def echo(sent: ThreadMessage, account_id: str, app_id: int) -> JsonObject:
    """Meta's copy of what the Page sent; Instagram's tells neither the app nor the metadata."""
    content = _echoed_content(sent)
    if sent.channel == "instagram":
        message = {"mid": sent.mid, **content, "is_echo": True}
    else:
        own = {} if sent.metadata is None else {"metadata": sent.metadata}
        message = {"is_echo": True, "app_id": app_id, **own, "mid": sent.mid, **content}
    return event(account_id, sent.person_id, sent.at, message=message)


def _echoed_content(sent: ThreadMessage) -> JsonObject:
    if sent.text is not None:
        return {"text": sent.text}
    if sent.attachment is None:
        return {"attachments": sent.message["attachments"]}
    kind, payload = sent.attachment["type"], dict(sent.attachment["payload"])
    if kind == "template":
        payload.pop("text", None)
    if "elements" in payload:
        payload["elements"] = [_numeric_attachment_id(entry) for entry in payload["elements"]]
    return {"attachments": [{"type": kind, "payload": payload}]}


def _numeric_attachment_id(element: JsonObject) -> JsonObject:
    if "attachment_id" not in element:
        return element
    return {**element, "attachment_id": int(element["attachment_id"])}
