"""One-Time Notifications as Meta keeps them: who pressed "Notify me", and what was told for it.

https://developers.facebook.com/docs/messenger-platform/send-messages/one-time-notification/
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.memory import PersonMemory, ThreadMessage
from bot.practice.graph.meta import Meta, OneTimeGrant
from bot.practice.graph.parameters import as_object, as_text, required
from bot.practice.graph.types import JsonObject

_LIFE = timedelta(days=365)


def check_request_template(payload: JsonObject) -> None:
    """Refuse a request outside Meta's limits."""
    as_object(payload, "payload", ("template_type", "title", "payload"))
    as_text(required(payload, "title", "payload[title]"), "payload[title]", 65)
    as_text(required(payload, "payload", "payload[payload]"), "payload[payload]", 1000)


def is_request(message: JsonObject) -> bool:
    """Whether the message asks for the permission to tell a person something once."""
    attachment = message.get("attachment", {})
    payload = attachment.get("payload", {})
    return bool(payload.get("template_type") == "one_time_notif_req")


def grant(meta: Meta, person: PersonMemory, request: ThreadMessage) -> JsonObject:
    """The opt-in of a person who presses the button of this request: its webhook's content.

    ValueError where there is no such button, or it was pressed before.
    """
    if request.mid not in {sent.mid for sent in person.thread} or not is_request(request.message):
        raise ValueError("there is no button to press on this message")
    if any(given.request_mid == request.mid for given in meta.one_time_grants.values()):
        raise ValueError("the button of a request can be pressed once")
    token = str(secrets.randbelow(10**19)).zfill(19)
    meta.one_time_grants[token] = OneTimeGrant(person.id, request.mid, meta.now())
    payload = request.message["attachment"]["payload"]["payload"]
    return {"type": "one_time_notif_req", "payload": payload, "one_time_notif_token": token}


@dataclass(frozen=True)
class Used:
    """A token that a message names, with the person it stands for."""

    token: str
    person_id: str


def use(meta: Meta, params: JsonObject) -> Used | None:
    """The token that a send names, once it is known to be good; it is not spent yet."""
    recipient = params.get("recipient")
    if not isinstance(recipient, dict) or "one_time_notif_token" not in recipient:
        return None
    name = "recipient[one_time_notif_token]"
    as_object(recipient, "recipient", ("one_time_notif_token",))
    token = as_text(recipient["one_time_notif_token"], name, 200)
    given = meta.one_time_grants.get(token)
    if given is None or given.used_at or _has_lapsed(given, meta.now()):
        raise bad_parameter(f"Param {name} is invalid, was used or has expired")
    if params.get("messaging_type") not in ("UPDATE", "RESPONSE"):
        raise bad_parameter(f"Param {name} goes with messaging_type UPDATE and no tag")
    if is_request(params.get("message") or {}):
        raise bad_parameter("A one-time notification cannot ask for another one")
    if not meta.one_time_notifications:
        raise GraphError(10, "(#10) The Page does not have permission for One-Time Notifications")
    return Used(token, given.person_id)


def spend(meta: Meta, used: Used) -> None:
    """The message was accepted: there is no second one."""
    meta.one_time_grants[used.token].used_at = meta.now()


def _has_lapsed(given: OneTimeGrant, now: datetime) -> bool:
    return now - given.at >= _LIFE
