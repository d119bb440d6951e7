"""Reads what is posted to Graph: one message, or a batch of calls that send one each.

https://developers.facebook.com/docs/graph-api/batch-requests
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

SEND = re.compile(r"/?(v\d+\.\d+/)?(me|\d+)/messages")
BATCH = re.compile(r"/(v\d+\.\d+/?)?")
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
MOST_CALLS = 50


class BadCall(Exception):
    """Graph would refuse it; the text says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was asked for."""

    recipient: str
    metadata: str | None
    messaging_type: str


def read_message(fields: Mapping[str, Any]) -> Message:
    """The message of a Send API call; raises BadCall where Graph would not take it."""
    recipient, message = fields.get("recipient"), fields.get("message")
    if not isinstance(recipient, dict) or not isinstance(recipient.get("id"), str):
        raise BadCall("(#100) The parameter recipient is required")
    if not isinstance(message, dict) or not (message.get("text") or message.get("attachment")):
        raise BadCall("(#100) The parameter message is required")
    kind = fields.get("messaging_type", "RESPONSE")
    if kind not in TYPES or (kind == "MESSAGE_TAG" and not fields.get("tag")):
        raise BadCall("(#100) The message lacks its messaging type or its tag")
    return Message(recipient["id"], message.get("metadata"), kind)


def read_fields(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters of a body that is JSON, a form or multipart; raises BadCall."""
    try:
        if content_type.startswith("application/json"):
            fields = json.loads(body)
        elif content_type.startswith("multipart/form-data"):
            fields = _multipart(content_type, body)
        else:
            fields = _form(body.decode())
    except ValueError as error:
        raise BadCall(f"(#100) The body cannot be read: {error}") from None
    if not isinstance(fields, dict):
        raise BadCall("(#100) The body is no object")
    return fields


def read_batch(fields: Mapping[str, Any]) -> list[Message | BadCall]:
    """What each call of a batch asks for; raises BadCall for a batch that is none."""
    calls = fields.get("batch")
    if not isinstance(calls, list) or not 0 < len(calls) <= MOST_CALLS:
        raise BadCall(f"(#100) A batch has 1 to {MOST_CALLS} calls")
    return [_read_call(call) for call in calls]


def _read_call(call: Any) -> Message | BadCall:
    try:
        if call["method"] != "POST" or not SEND.fullmatch(call["relative_url"]):
            return BadCall("(#100) Unknown path in a batch")
        return read_message(_form(call["body"]))
    except (KeyError, TypeError, ValueError) as error:
        return BadCall(f"(#100) A call of the batch cannot be read: {error!r}")
    except BadCall as refusal:
        return refusal


def _form(text: str) -> dict[str, Any]:
    return {name: _value(value) for name, value in parse_qsl(text, strict_parsing=True)}


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    whole = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields = {}
    for part in whole.get_payload():
        if isinstance(part, str):
            raise ValueError("no part in it")
        name = part.get_param("name", header="Content-Disposition")
        payload = part.get_payload(decode=True)
        fields[str(name)] = _value(payload.decode() if isinstance(payload, bytes) else "")
    return fields


def _value(text: str) -> Any:
    """Objects and lists stand in forms as JSON; anything else as it is."""
    return json.loads(text) if text[:1] in ("{", "[") else text
