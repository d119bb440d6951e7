"""The shape of the `message` object of a send: exactly one content, within Meta's limits.

https://developers.facebook.com/docs/messenger-platform/reference/send-api
"""

from typing import Any

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.meta import Meta
from bot.practice.graph.parameters import as_choice, as_list, as_object, as_text, as_url, required
from bot.practice.graph.templates import check_template
from bot.practice.graph.types import Channel, JsonObject
from bot.practice.graph.utility import fill_template

_CONTENTS = ("text", "attachment", "attachments", "template")
_MOST_IMAGES = {"messenger": 30, "instagram": 10}
_EMPTY_MESSAGE, _FOREIGN_ATTACHMENT = 2018034, 2018074


def check_message(meta: Meta, value: Any, channel: Channel) -> JsonObject:
    """The message as a JSON object that Meta would take on this channel, else code 100."""
    message = as_object(value, "message", (*_CONTENTS, "quick_replies", "metadata"))
    contents = [key for key in _CONTENTS if key in message]
    if not contents:
        raise bad_parameter("The message cannot be empty", _EMPTY_MESSAGE)
    if len(contents) > 1:
        raise bad_parameter(f"Only one of {', '.join(contents)} may stand in param message")
    content = message[contents[0]]
    if "text" in message:
        _check_text(content, channel)
    elif "attachment" in message:
        _check_attachment(meta, content, channel)
    elif "attachments" in message:
        _check_images(content, channel)
    else:
        fill_template(meta.templates, content)
    if "metadata" in message:
        as_text(message["metadata"], "message[metadata]", 999, least=0)
    if "quick_replies" in message:
        _check_quick_replies(message["quick_replies"])
    return message


def _check_text(value: Any, channel: Channel) -> None:
    text = as_text(value, "message[text]", 2000, least=0)
    if not text.strip():
        raise bad_parameter("The message cannot be empty", _EMPTY_MESSAGE)
    if channel == "instagram" and len(text.encode()) > 1000:
        raise bad_parameter("Length of param message[text] must be at most 1000 bytes in UTF-8")


def _check_attachment(meta: Meta, value: Any, channel: Channel) -> None:
    param = "message[attachment]"
    attachment = as_object(value, param, ("type", "payload"))
    kind = as_choice(
        attachment.get("type"), f"{param}[type]", ("audio", "file", "image", "template", "video")
    )
    payload = required(attachment, "payload", f"{param}[payload]")
    if kind == "template":
        check_template(payload, channel)
        if payload.get("order_number") in meta.order_numbers:
            raise bad_parameter("Param order_number was used by an earlier receipt")
        for element in payload.get("elements", []):
            _check_attachment_id(meta, element.get("attachment_id"))
        return
    as_object(payload, f"{param}[payload]", ("url", "is_reusable", "attachment_id"))
    if ("url" in payload) == ("attachment_id" in payload):
        raise bad_parameter(f"Param {param}[payload] needs either url or attachment_id")
    if "url" in payload:
        as_url(payload["url"], f"{param}[payload][url]")
    _check_attachment_id(meta, payload.get("attachment_id"))
    if not isinstance(payload.get("is_reusable", False), bool):
        raise bad_parameter(f"Param {param}[payload][is_reusable] must be a boolean")


def _check_attachment_id(meta: Meta, attachment_id: Any) -> None:
    if attachment_id is not None and str(attachment_id) not in meta.attachment_ids:
        raise bad_parameter("Invalid attachment id", _FOREIGN_ATTACHMENT)


def _check_images(value: Any, channel: Channel) -> None:
    param = "message[attachments]"
    for index, entry in enumerate(as_list(value, param, 1, _MOST_IMAGES[channel])):
        place = f"{param}[{index}]"
        image = as_object(entry, place, ("type", "payload"))
        as_choice(image.get("type"), f"{place}[type]", ("image",))
        payload = as_object(image.get("payload"), f"{place}[payload]", ("url",))
        as_url(required(payload, "url", f"{place}[payload][url]"), f"{place}[payload][url]")


def _check_quick_replies(value: Any) -> None:
    for index, entry in enumerate(as_list(value, "quick_replies", 1, 13)):
        param = f"quick_replies[{index}]"
        reply = as_object(entry, param, ("content_type", "title", "payload", "image_url"))
        kind = as_choice(
            reply.get("content_type"),
            f"{param}[content_type]",
            ("text", "user_phone_number", "user_email"),
        )
        if kind != "text":
            as_object(reply, param, ("content_type", "payload", "image_url"))
            continue
        as_text(required(reply, "title", f"{param}[title]"), f"{param}[title]", 20)
        as_text(required(reply, "payload", f"{param}[payload]"), f"{param}[payload]", 1000)
        if "image_url" in reply:
            as_url(reply["image_url"], f"{param}[image_url]")
