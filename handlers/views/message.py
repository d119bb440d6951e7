"""A Send API message object in words: in one line for lists, or word by word."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.policy.content import texts_of

UNSEEN: Final = (
    *("type", "template_type", "content_type", "payload", "metadata", "sharable", "is_reusable"),
    *("image_aspect_ratio", "webview_height_ratio", "webview_share_button", "messenger_extensions"),
)
FORMS: Final = {
    "customer_feedback": "feedback form",
    "one_time_notif_req": "asks whether to tell them once",
}


def message_line(message: Mapping[str, Any]) -> str:
    """For lists and notices: its text, or what kind of message it is and all its texts."""
    kinds = [f"[{_kind(name, message[name])}]" for name in message if name.startswith("attachment")]
    return " ".join([*kinds, *texts_of(message)])


def message_text(message: Mapping[str, Any]) -> str:
    """Its text alone where there is nothing else; otherwise each part by its kind, a line a text."""
    if set(message) == {"text"}:
        return str(message["text"])
    return "\n".join(line for name, part in message.items() for line in _part(name, part))


def _part(name: str, part: Any) -> Iterator[str]:
    if name == "text":
        yield str(part)
    elif name not in UNSEEN:
        yield f"[{_kind(name, part)}]"
        yield from _texts(part)


def _kind(name: str, part: Any) -> str:
    if name != "attachment" or not isinstance(part, Mapping):
        return name.replace("_", " ")
    payload = part.get("payload")
    template = payload.get("template_type") if isinstance(payload, Mapping) else None
    if template:
        return FORMS.get(template, f"{template} template")
    return str(part.get("type", name))


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, nested in value.items():
            yield from _texts(nested, key)
    elif isinstance(value, list):
        for nested in value:
            yield from _texts(nested, name)
    elif name not in UNSEEN and value is not None:
        yield str(value)
