"""The structured templates a message may carry, with Meta's limits.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/templates
"""

import re
from typing import Any

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.feedback import check_feedback_template
from bot.practice.graph.one_time import check_request_template
from bot.practice.graph.parameters import (
    as_amount,
    as_choice,
    as_list,
    as_object,
    as_text,
    as_url,
    required,
)
from bot.practice.graph.types import Channel, JsonObject

_TITLE, _BUTTON_TITLE, _BUTTON_PAYLOAD = 80, 20, 1000
_WEB_URL_EXTRAS = (
    "webview_height_ratio",
    "messenger_extensions",
    "fallback_url",
    "webview_share_button",
)
_BUTTON_KEYS = {
    "web_url": ("type", "url", "title", *_WEB_URL_EXTRAS),
    "postback": ("type", "title", "payload"),
    "phone_number": ("type", "title", "payload"),
}
_PHONE = re.compile(r"\+[0-9]{5,20}")
_INSTAGRAM = ("generic", "button", "media")


def check_template(payload: Any, channel: Channel) -> None:
    """Refuse a template that Meta would refuse on this channel."""
    if not isinstance(payload, dict):
        raise bad_parameter("Param message[attachment][payload] must be a JSON object")
    checks = {
        "generic": _check_generic,
        "button": _check_button_template,
        "media": _check_media,
        "receipt": _check_receipt,
        "customer_feedback": check_feedback_template,
        "one_time_notif_req": check_request_template,
    }
    kind = as_choice(payload.get("template_type"), "payload[template_type]", checks)
    if channel == "instagram" and kind not in _INSTAGRAM:
        raise bad_parameter(f"Template type {kind} is not supported on Instagram")
    checks[kind](payload)


def _check_buttons(value: Any, param: str, least: int) -> None:
    for index, entry in enumerate(as_list(value, param, least, 3)):
        _check_button(entry, f"{param}[{index}]")


def _check_button(value: Any, param: str) -> None:
    if not isinstance(value, dict):
        raise bad_parameter(f"Param {param} must be a JSON object")
    kind = as_choice(value.get("type"), f"{param}[type]", _BUTTON_KEYS)
    button = as_object(value, param, _BUTTON_KEYS[kind])
    as_text(required(button, "title", f"{param}[title]"), f"{param}[title]", _BUTTON_TITLE)
    if kind == "web_url":
        as_url(required(button, "url", f"{param}[url]"), f"{param}[url]")
        return
    payload = required(button, "payload", f"{param}[payload]")
    as_text(payload, f"{param}[payload]", _BUTTON_PAYLOAD)
    if kind == "phone_number" and not _PHONE.fullmatch(payload):
        raise bad_parameter(f"Param {param}[payload] must be a phone number such as +15105551234")


def _check_generic(payload: JsonObject) -> None:
    as_object(payload, "payload", ("template_type", "elements", "image_aspect_ratio", "sharable"))
    elements = as_list(required(payload, "elements", "elements"), "elements", 1, 10)
    for index, entry in enumerate(elements):
        param = f"elements[{index}]"
        element = as_object(
            entry, param, ("title", "subtitle", "image_url", "default_action", "buttons")
        )
        as_text(required(element, "title", f"{param}[title]"), f"{param}[title]", _TITLE)
        if len(element) == 1:
            raise bad_parameter(f"Param {param} needs a title and at least one other field")
        if "subtitle" in element:
            as_text(element["subtitle"], f"{param}[subtitle]", _TITLE)
        if "image_url" in element:
            as_url(element["image_url"], f"{param}[image_url]")
        if "default_action" in element:
            _check_default_action(element["default_action"], f"{param}[default_action]")
        if "buttons" in element:
            _check_buttons(element["buttons"], f"{param}[buttons]", 1)


def _check_default_action(value: Any, param: str) -> None:
    action = as_object(value, param, ("type", "url", *_WEB_URL_EXTRAS))
    as_choice(action.get("type"), f"{param}[type]", ("web_url",))
    as_url(required(action, "url", f"{param}[url]"), f"{param}[url]")


def _check_button_template(payload: JsonObject) -> None:
    as_object(payload, "payload", ("template_type", "text", "buttons", "sharable"))
    as_text(required(payload, "text", "payload[text]"), "payload[text]", 640)
    _check_buttons(required(payload, "buttons", "payload[buttons]"), "payload[buttons]", 1)


def _check_media(payload: JsonObject) -> None:
    as_object(payload, "payload", ("template_type", "elements", "sharable"))
    (entry,) = as_list(required(payload, "elements", "elements"), "elements", 1, 1)
    element = as_object(entry, "elements[0]", ("media_type", "attachment_id", "url", "buttons"))
    as_choice(element.get("media_type"), "elements[0][media_type]", ("image", "video"))
    if ("attachment_id" in element) == ("url" in element):
        raise bad_parameter("Param elements[0] needs either attachment_id or url")
    if "url" in element and not re.match(
        r"https://(www\.|business\.)?facebook\.com/", as_url(element["url"], "elements[0][url]")
    ):
        raise bad_parameter("Param elements[0][url] must be a Facebook URL")
    if "buttons" in element:
        _check_buttons(element["buttons"], "elements[0][buttons]", 1)


_RECEIPT_TEXTS = ("recipient_name", "order_number", "currency", "payment_method")
_RECEIPT_EXTRAS = (
    "template_type",
    "sharable",
    "merchant_name",
    "order_url",
    "timestamp",
    "address",
    "summary",
    "adjustments",
    "elements",
)


def _check_receipt(payload: JsonObject) -> None:
    as_object(payload, "payload", (*_RECEIPT_TEXTS, *_RECEIPT_EXTRAS))
    for key in _RECEIPT_TEXTS:
        as_text(required(payload, key, key), key, 255)
    summary = as_object(
        required(payload, "summary", "summary"),
        "summary",
        ("subtotal", "shipping_cost", "total_tax", "total_cost"),
    )
    required(summary, "total_cost", "summary[total_cost]")
    for key, amount in summary.items():
        as_amount(amount, f"summary[{key}]")
    if "order_url" in payload:
        as_url(payload["order_url"], "order_url")
    if "address" in payload:
        _check_address(payload["address"])
    for index, entry in enumerate(as_list(payload.get("adjustments", []), "adjustments", 0, 100)):
        adjustment = as_object(entry, f"adjustments[{index}]", ("name", "amount"))
        as_text(required(adjustment, "name", "adjustments name"), "adjustments name", 255)
        as_amount(required(adjustment, "amount", "adjustments amount"), "adjustments amount")
    for index, entry in enumerate(as_list(payload.get("elements", []), "elements", 0, 100)):
        _check_receipt_element(entry, f"elements[{index}]")


def _check_address(value: Any) -> None:
    keys = ("street_1", "street_2", "city", "postal_code", "state", "country")
    address = as_object(value, "address", keys)
    for key in keys:
        if key != "street_2":
            as_text(required(address, key, f"address[{key}]"), f"address[{key}]", 255)


def _check_receipt_element(value: Any, param: str) -> None:
    element = as_object(
        value, param, ("title", "subtitle", "quantity", "price", "currency", "image_url")
    )
    as_text(required(element, "title", f"{param}[title]"), f"{param}[title]", 255)
    as_amount(required(element, "price", f"{param}[price]"), f"{param}[price]")
    if "quantity" in element:
        as_amount(element["quantity"], f"{param}[quantity]")
    if "image_url" in element:
        as_url(element["image_url"], f"{param}[image_url]")
