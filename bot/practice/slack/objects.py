"""Block Kit's composition objects: texts, options, confirmation dialogs.

Source: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .checks import Check, Fault, array, boolean, by_type, matching, one_of, record, string

ID: Final = string(255)


def plain_text(most: int) -> Check:
    """A text object of type `plain_text`."""
    return record({"type": one_of("plain_text"), "text": string(most)}, {"emoji": boolean})


def any_text(most: int) -> Check:
    """A text object, plain or mrkdwn."""
    mrkdwn = record({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": plain_text(most), "mrkdwn": mrkdwn}, "text")


def _web_address(value: str) -> None:
    if not value.startswith(("https://", "http://", "mailto:", "slack://")):
        raise ValueError


def url(value: object, path: str) -> Iterator[Fault]:
    """An address of at most 3000 characters."""
    yield from string(3000)(value, path)
    yield from matching(_web_address, "must be a valid URL")(value, path)


CONFIRM: Final = record(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)

OPTION: Final = record(
    {"text": plain_text(75), "value": string(150)}, {"description": plain_text(75)}
)
OVERFLOW_OPTION: Final = record(
    {"text": plain_text(75), "value": string(150)}, {"description": plain_text(75), "url": url}
)
TICK_OPTION: Final = record(
    {"text": any_text(75), "value": string(150)}, {"description": any_text(75)}
)
GROUP: Final = record({"label": plain_text(75), "options": array(OPTION, 100)})

OFFER: Final[Mapping[str, Check]] = {
    "options": array(OPTION, 100),
    "option_groups": array(GROUP, 100),
}


def offered(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All options of a menu (or of an answer to a suggestion), also those in groups."""
    groups = menu.get("option_groups", [])
    return [*menu.get("options", []), *(entry for group in groups for entry in group["options"])]


def one_offer(menu: dict[str, Any], path: str) -> Iterator[Fault]:
    """Either options or groups of them."""
    if ("options" in menu) == ("option_groups" in menu):
        yield Fault(path, "must define exactly one of: options, option_groups")


def distinct_values(menu: dict[str, Any], path: str) -> Iterator[Fault]:
    """No two options share a value."""
    values = [entry["value"] for entry in offered(menu)]
    if len(values) != len(set(values)):
        yield Fault(path, "option values must be unique")
