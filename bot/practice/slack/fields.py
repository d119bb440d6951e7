"""What stands in the fields of a form: first values, what a person entered, `state.values`.

Shapes: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from .block_parts import elements_of
from .objects import offered
from .workspace import Json

# Kind of element -> (key of its value in `state.values`, key of its first value).
_SINGLE: Final = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "radio_buttons": ("selected_option", "initial_option"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY: Final = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
KEYS: Final = {**_SINGLE, **_MANY}
TYPED: Final = frozenset(kind for kind, keys in _SINGLE.items() if keys[0] == "value")
TEMPORAL: Final = frozenset({"datepicker", "timepicker", "datetimepicker"})
MANY: Final = frozenset(_MANY)

_FORMATS: Final = {
    "email_text_input": r"[^@\s]+@[^@\s]+",
    "url_text_input": r"https?://\S+",
    "number_input": r"-?\d+(\.\d+)?",
}

REQUIRED: Final = "Please complete this required field."

Place = tuple[str, str]


def fields_in(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with a field in it, and the field."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in KEYS:
                yield block, element


class FieldValues:
    """The values of a form's fields, by block and action."""

    def __init__(self, blocks: Sequence[Json], before: "FieldValues | None" = None) -> None:
        self._fields = {
            (block["block_id"], element["action_id"]): (block, element)
            for block, element in fields_in(blocks)
        }
        self._values = {place: self._start(place, before) for place in self._fields}

    def _start(self, place: Place, before: "FieldValues | None") -> Any:
        element = self._fields[place][1]
        if before is not None and before.kind(place) == element["type"]:
            kept = before._values[place]
            if _still_offered(element, kept):
                return kept
        first = element.get(KEYS[element["type"]][1])
        return [] if first is None and element["type"] in MANY else first

    def kind(self, place: Place) -> str | None:
        """The type of the field at this place."""
        return self._fields[place][1]["type"] if place in self._fields else None

    def get(self, place: Place) -> Any:
        """The value in the shape of `state.values`."""
        return self._values[place]

    def set(self, place: Place, value: Any) -> None:
        """What a person entered; lost if the field vanished under their hands."""
        if place in self._fields:
            self._values[place] = value

    def state(self) -> Json:
        """`state.values`."""
        values: Json = {}
        for (block_id, action_id), value in self._values.items():
            kind = self._fields[block_id, action_id][1]["type"]
            shown = {"type": kind, KEYS[kind][0]: value}
            if kind == "timepicker":
                shown["timezone"] = self._fields[block_id, action_id][1].get("timezone")
            values.setdefault(block_id, {})[action_id] = shown
        return values

    def problems(self) -> dict[str, str]:
        """What Slack's own client says beside each input instead of submitting."""
        found = {}
        for place, (block, element) in self._fields.items():
            if block["type"] == "input" and (why := _problem(block, element, self._values[place])):
                found[place[0]] = why
        return found


def _still_offered(element: Json, value: Any) -> bool:
    if element["type"] not in (
        "static_select",
        "multi_static_select",
        "radio_buttons",
        "checkboxes",
    ):
        return True
    chosen = value if isinstance(value, list) else [value] if value else []
    return all(entry in offered(element) for entry in chosen)


def _problem(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < least:
            return f"Enter at least {least} characters."
        if len(value) > most:
            return f"Enter at most {most} characters."
    if element["type"] in _FORMATS and not re.fullmatch(_FORMATS[element["type"]], value):
        return "This does not look right."
    if element["type"] in MANY and len(value) > element.get("max_selected_items", len(value)):
        return f"Choose at most {element['max_selected_items']}."
    return None
