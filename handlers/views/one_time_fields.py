"""The composer's fields for One-Time Notifications: ask whether to tell a person something, or tell it.

Source: https://developers.facebook.com/docs/messenger-platform/send-messages/one-time-notification/ (beta).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.policy.templates import template_fields_at_fault
from handlers.views.blocks import Block, field, option, plain
from handlers.views.field_faults import FieldFaults
from storage.one_time import OneTimeToken

ONE_TIME: Final = "one_time"
TITLE: Final = "one_time_title"
TOPIC: Final = "one_time_topic"
FIELDS: Final = (ONE_TIME, TITLE, TOPIC)
NONE: Final = "NONE"
ASK: Final = "ASK"

Values = Mapping[str, str]
MOST_OFFERED: Final = 90  # of Slack's 100 options
_CHARACTERS: Final = {TITLE: 65, TOPIC: 60}  # a topic is shown whole in a menu
_FIELD_AT: Final = {"title": TITLE, "payload": TOPIC}


def one_time_blocks(values: Values, waiting: Sequence[OneTimeToken]) -> list[Block]:
    """What the person waits to be told, and the fields to ask whether they want to be told something."""
    return [_menu(values, waiting), *(_ask_fields(values) if asks(values) else ())]


def asks(values: Values) -> bool:
    """Whether the message is to ask; its own text is not needed then."""
    return values.get(ONE_TIME) == ASK


def is_chosen(values: Values) -> bool:
    """Whether it is to be no ordinary message."""
    return (values.get(ONE_TIME) or NONE) != NONE


def permission(values: Values) -> int | None:
    """The number of the permission that the message is to use up, if any."""
    chosen = values.get(ONE_TIME) or NONE
    return int(chosen) if chosen.isdigit() else None


def one_time_message(values: Values) -> dict[str, Any]:
    """The Send API message that asks; raises FieldFaults naming every field Meta would not take."""
    payload = {
        "template_type": "one_time_notif_req",
        "title": (values.get(TITLE) or "").strip(),
        "payload": " ".join((values.get(TOPIC) or "").split()),
    }
    errors = {name: "Fill this in." for path, name in _FIELD_AT.items() if not payload[path]}
    for path, wrong in template_fields_at_fault(payload).items():
        errors.setdefault(_FIELD_AT.get(path, TITLE), f"This {wrong}.")
    if errors:
        raise FieldFaults(errors)
    return {"attachment": {"type": "template", "payload": payload}}


def one_time_values(message: Mapping[str, Any]) -> dict[str, str]:
    """What was entered to make this message, for a draft that is edited."""
    payload = message["attachment"]["payload"]
    return {ONE_TIME: ASK, TITLE: payload["title"], TOPIC: payload["payload"]}


def _menu(values: Values, waiting: Sequence[OneTimeToken]) -> Block:
    choices = [
        option("An ordinary message", NONE),
        option(
            "Ask: may we tell you once?", ASK, "They press a button, and one message may go later"
        ),
        *(_waits_for(token) for token in waiting[:MOST_OFFERED]),
    ]
    chosen = values.get(ONE_TIME) or NONE
    gone = option("A permission of somebody else, or used up", chosen)
    initial = next((choice for choice in choices if choice["value"] == chosen), gone)
    choices += [] if initial in choices else [gone]
    element = {"type": "static_select", "options": choices, "initial_option": initial}
    hint = (
        "What they asked to be told may go outside the messaging window, promotions included, once."
    )
    return field(ONE_TIME, "One-Time Notification", element, hint=hint, dispatch=True)


def _waits_for(token: OneTimeToken) -> Block:
    until = f"One message, until {token.expires_at.day} {token.expires_at:%B %Y}"
    return option(f"asked to be told: {token.topic}", str(token.id), until)


def _ask_fields(values: Values) -> Iterator[Block]:
    title, topic = "Tell me when the blue boots are back in 39", "blue boots in 39"
    yield _text(values, TITLE, "What they are asked", title, "Meta adds a button: Notify me.")
    yield _text(values, TOPIC, "In short, for colleagues", topic, None)


def _text(values: Values, name: str, label: str, example: str, hint: str | None) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "placeholder": plain(example),
        "max_length": _CHARACTERS[name],
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if entered := values.get(name):
        element["initial_value"] = entered[: _CHARACTERS[name]]
    return field(name, label, element, hint=hint, dispatch=True)
