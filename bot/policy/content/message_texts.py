"""Every text of a Send API message object that a person will read."""

from collections.abc import Iterator, Mapping, Sequence

_READABLE = frozenset(
    {
        "text",
        "title",
        "subtitle",
        "button_title",
        "coupon_pre_message",
        "coupon_title",
        "body",
        "placeholder",
    }
)
"""Fields that Messenger shows as they are, wherever in a template they stand."""
_DEEPEST = 12


def texts_of(message: Mapping[str, object]) -> tuple[str, ...]:
    """Collect the texts of a message in their order: text, template titles, buttons, quick replies.

    Takes any shape, also what the Send API would refuse, and passes over what it does not know.
    https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
    """
    return tuple(dict.fromkeys(_texts_in(message, _DEEPEST)))


def _texts_in(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key in _READABLE and inner.strip():
                    yield inner
            else:
                yield from _texts_in(inner, depth - 1)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for inner in value:
            yield from _texts_in(inner, depth - 1)
