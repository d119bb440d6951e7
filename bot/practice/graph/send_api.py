"""`POST /{page}/messages`: from the parameters of a call to a message in a person's thread.

https://developers.facebook.com/docs/messenger-platform/reference/send-api
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.memory import PersonMemory, ThreadMessage, new_mid
from bot.practice.graph.message_shape import check_message
from bot.practice.graph.meta import Meta
from bot.practice.graph.one_time import Used, is_request, spend, use
from bot.practice.graph.parameters import as_choice, as_object, as_text, required
from bot.practice.graph.rules import (
    check_reachable,
    check_request,
    check_tag,
    check_utility,
    check_window,
)
from bot.practice.graph.types import JsonObject
from bot.practice.graph.utility import fill_template

OnAccepted = Callable[[PersonMemory, ThreadMessage], None]

_KEYS = (
    "recipient",
    "message",
    "messaging_type",
    "tag",
    "notification_type",
    "sender_action",
    "reply_to",
)
_SCOPES = {"messenger": "pages_messaging", "instagram": "instagram_manage_messages"}
_MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")


def send(meta: Meta, params: JsonObject, on_accepted: OnAccepted) -> JsonObject:
    """Accept the message or raise what Meta would answer.

    `on_accepted` is told under Meta's lock, so that echoes leave in the order of acceptance.
    """
    as_object(params, "request", _KEYS)
    with meta.lock:
        used = use(meta, params)
        person = meta.recipient(used.person_id if used else _person_id(params))
        if _SCOPES[person.channel] not in meta.scopes:
            raise GraphError(10, "(#10) Application does not have permission for this action")
        if "sender_action" in params:
            return _sender_action(meta, person, params)
        message = _checked(meta, person, params, used)
        accepted = _accept(meta, person, message, params)
        if used:
            spend(meta, used)
        on_accepted(person, accepted)
    return _answer(meta, accepted)


def _person_id(params: JsonObject) -> str:
    recipient = as_object(required(params, "recipient", "recipient"), "recipient", ("id",))
    return as_text(required(recipient, "id", "recipient[id]"), "recipient[id]", 64)


def _sender_action(meta: Meta, person: PersonMemory, params: JsonObject) -> JsonObject:
    if "message" in params:
        raise bad_parameter("A message and a sender_action need a request each", 2018014)
    as_object(params, "request", ("recipient", "sender_action"))
    as_choice(params["sender_action"], "sender_action", ("typing_on", "typing_off", "mark_seen"))
    check_reachable(meta, person)
    check_window(meta, person)
    return {"recipient_id": person.id}


def _checked(meta: Meta, person: PersonMemory, params: JsonObject, used: Used | None) -> JsonObject:
    messaging_type = as_choice(
        required(params, "messaging_type", "messaging_type"), "messaging_type", _MESSAGING_TYPES
    )
    if (messaging_type == "MESSAGE_TAG") != ("tag" in params):
        raise bad_parameter("Param tag and messaging_type MESSAGE_TAG go together")
    as_choice(
        params.get("notification_type", "REGULAR"),
        "notification_type",
        ("REGULAR", "SILENT_PUSH", "NO_PUSH"),
    )
    message = check_message(meta, required(params, "message", "message"), person.channel)
    if ("template" in message) != (messaging_type == "UTILITY"):
        raise bad_parameter("Param message[template] and messaging_type UTILITY go together")
    check_reachable(meta, person)
    if is_request(message):
        check_request(meta, person, messaging_type)
    if not used:
        _check_by_type(meta, person, messaging_type, params)
    _check_reply_to(meta, person, params)
    _check_rate(meta)
    return message


def _check_by_type(
    meta: Meta, person: PersonMemory, messaging_type: str, params: JsonObject
) -> None:
    if messaging_type == "MESSAGE_TAG":
        check_tag(meta, person, as_text(params["tag"], "tag", 100), params["message"])
    elif messaging_type == "UTILITY":
        check_utility(meta, person)
    else:
        check_window(meta, person)


def _check_reply_to(meta: Meta, person: PersonMemory, params: JsonObject) -> None:
    if "reply_to" not in params:
        return
    reply_to = as_object(params["reply_to"], "reply_to", ("mid",))
    mid = as_text(required(reply_to, "mid", "reply_to[mid]"), "reply_to[mid]", 200)
    if person.find(mid) is None:
        raise bad_parameter("Param reply_to[mid] names no message of this conversation")
    check_window(meta, person)


def _check_rate(meta: Meta) -> None:
    if meta.rate_limit is None:
        return
    since = meta.now() - timedelta(seconds=1)
    recent = meta.accepted[-meta.rate_limit :]
    if len(recent) >= meta.rate_limit and recent[0].at > since:
        raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.")


def _accept(
    meta: Meta, person: PersonMemory, message: JsonObject, params: JsonObject
) -> ThreadMessage:
    accepted = ThreadMessage(
        mid=new_mid(),
        at=meta.now(),
        person_id=person.id,
        channel=person.channel,
        author="app",
        message=message,
        messaging_type=params["messaging_type"],
        tag=params.get("tag"),
        rendered=fill_template(meta.templates, message["template"])
        if "template" in message
        else None,
    )
    person.thread.append(accepted)
    meta.accepted.append(accepted)
    return accepted


def _answer(meta: Meta, accepted: ThreadMessage) -> JsonObject:
    answer: JsonObject = {"recipient_id": accepted.person_id, "message_id": accepted.mid}
    payload = accepted.attachment["payload"] if accepted.attachment else {}
    if payload.get("is_reusable"):
        answer["attachment_id"] = str(secrets.randbelow(10**16))
        meta.attachment_ids.add(answer["attachment_id"])
    if "order_number" in payload:
        meta.order_numbers.add(payload["order_number"])
    return answer
