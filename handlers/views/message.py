"""A Send API message object as its approver has to see it: every word that the customer will see."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

UNSEEN: Final = ("type", "template_type", "content_type", "payload", "metadata")


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
    return f"{template} template" if template else str(part.get("type", name))


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, nested in value.items():
            yield from _texts(nested, key)
    elif isinstance(value, list):
        for nested in value:
            yield from _texts(nested, name)
    elif name not in UNSEEN and value is not None:
        yield str(value)
