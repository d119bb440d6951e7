"""Block Kit's elements as tables of checks.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from .checks import (
    Check,
    Fault,
    array,
    boolean,
    integer,
    matching,
    one_of,
    record,
    string,
)
from .objects import (
    CONFIRM,
    ID,
    OFFER,
    OPTION,
    OVERFLOW_OPTION,
    TICK_OPTION,
    distinct_values,
    offered,
    one_offer,
    plain_text,
    url,
)

Fields = Mapping[str, Check]


def _initial_is_offered(menu: dict[str, Any], path: str) -> Iterator[Fault]:
    single = [menu["initial_option"]] if "initial_option" in menu else []
    for chosen in [*single, *menu.get("initial_options", [])]:
        if chosen not in offered(menu):
            yield Fault(path, "initial option must exactly match one of the provided options")


def _initial_fits(field: dict[str, Any], path: str) -> Iterator[Fault]:
    least, most = field.get("min_length", 0), field.get("max_length", 3000)
    if least > most:
        yield Fault(path, "min_length must not exceed max_length")
    initial = field.get("initial_value", "")
    if initial and not least <= len(initial) <= most:
        yield Fault(f"{path}/initial_value", f"must be between {least} and {most} characters")


def _element(kind: str, required: Fields, optional: Fields, *also: Check) -> Check:
    return record({"type": one_of(kind), **required}, optional, also)


_ACTION: Final[Fields] = {"action_id": ID, "confirm": CONFIRM}
_FIELD: Final[Fields] = {**_ACTION, "focus_on_load": boolean}
_MENU: Final[Fields] = {**_FIELD, "placeholder": plain_text(150)}
_MANY: Final[Fields] = {**_MENU, "max_selected_items": integer(1, 100)}
_TYPED: Final[Fields] = {
    "action_id": ID,
    "focus_on_load": boolean,
    "placeholder": plain_text(150),
    "dispatch_action_config": record(
        {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
    ),
}
_TEXT: Final[Fields] = {
    **_TYPED,
    "initial_value": string(3000, least=0),
    "multiline": boolean,
    "min_length": integer(0, 3000),
    "max_length": integer(1, 3000),
}
_CONVERSATIONS: Final[Fields] = {
    "default_to_current_conversation": boolean,
    "filter": record(
        {},
        {
            "include": array(one_of("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
}
_INITIAL: Final[Fields] = {"initial_option": OPTION}
_INITIALS: Final[Fields] = {"initial_options": array(OPTION, 100)}
_QUERY: Final[Fields] = {"min_query_length": integer(0, 255)}
_REPLY: Final[Fields] = {"response_url_enabled": boolean}
_STATIC_RULES: Final = (one_offer, distinct_values, _initial_is_offered)
_IDS: Final = array(ID, 100)
_DATE: Final = matching(date.fromisoformat, "must be a date in the format YYYY-MM-DD")
_TIME: Final = matching(lambda v: datetime.strptime(v, "%H:%M"), "must be a time HH:mm")  # noqa: DTZ007 - a time of day has no zone
_TICKS: Final[Fields] = {"options": array(TICK_OPTION, 10)}
_TICK_RULES: Final = (distinct_values, _initial_is_offered)
_BUTTON: Final[Fields] = {
    **_ACTION,
    "value": string(2000),
    "url": url,
    "style": one_of("primary", "danger"),
    "accessibility_label": string(75),
}


def _selects() -> dict[str, Check]:
    kinds: dict[str, tuple[Fields, Fields]] = {
        "users": ({"initial_user": ID}, {"initial_users": _IDS}),
        "channels": ({"initial_channel": ID, **_REPLY}, {"initial_channels": _IDS}),
        "conversations": (
            {"initial_conversation": ID, **_CONVERSATIONS, **_REPLY},
            {"initial_conversations": _IDS, **_CONVERSATIONS},
        ),
        "external": ({**_INITIAL, **_QUERY}, {**_INITIALS, **_QUERY}),
        "static": ({**_INITIAL, **OFFER}, {**_INITIALS, **OFFER}),
    }
    made: dict[str, Check] = {}
    for kind, (single, many) in kinds.items():
        rules = _STATIC_RULES if kind == "static" else ()
        made[f"{kind}_select"] = _element(f"{kind}_select", {}, {**_MENU, **single}, *rules)
        made[f"multi_{kind}_select"] = _element(
            f"multi_{kind}_select", {}, {**_MANY, **many}, *rules
        )
    return made


SELECTS: Final[Fields] = _selects()
CHOICES: Final[Fields] = {
    **SELECTS,
    "checkboxes": _element(
        "checkboxes",
        _TICKS,
        {**_FIELD, "initial_options": array(TICK_OPTION, 10)},
        *_TICK_RULES,
    ),
    "radio_buttons": _element(
        "radio_buttons", _TICKS, {**_FIELD, "initial_option": TICK_OPTION}, *_TICK_RULES
    ),
    "datepicker": _element("datepicker", {}, {**_MENU, "initial_date": _DATE}),
    "timepicker": _element("timepicker", {}, {**_MENU, "initial_time": _TIME, "timezone": ID}),
}
DATETIME: Final[Fields] = {
    # Ten digits, so seconds since 1970 and neither milliseconds nor text.
    "datetimepicker": _element(
        "datetimepicker", {}, {**_FIELD, "initial_date_time": integer(10**9, 10**10 - 1)}
    )
}
TEXT_FIELDS: Final[Fields] = {
    "plain_text_input": _element("plain_text_input", {}, _TEXT, _initial_fits),
    "email_text_input": _element(
        "email_text_input", {}, {**_TYPED, "initial_value": string(3000, least=0)}
    ),
    "url_text_input": _element(
        "url_text_input", {}, {**_TYPED, "initial_value": string(3000, least=0)}
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {
            **_TYPED,
            "initial_value": string(255, least=0),
            "min_value": string(255),
            "max_value": string(255),
        },
    ),
}
BUTTONS: Final[Fields] = {
    "button": _element("button", {"text": plain_text(75)}, _BUTTON),
    "overflow": _element(
        "overflow", {"options": array(OVERFLOW_OPTION, 5)}, _ACTION, distinct_values
    ),
}
IMAGE: Final[Fields] = {
    "image": _element("image", {"alt_text": string(2000), "image_url": url}, {})
}
