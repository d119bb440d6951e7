"""What a person's choice becomes: a value for `state.values`, an entry of `actions[]`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from .errors import NotOnScreen
from .fields import KEYS, MANY
from .objects import offered
from .workspace import Json, Workspace

Moment = date | time | datetime


def chosen(
    workspace: Workspace, element: Json, values: Sequence[str], suggested: Sequence[Json]
) -> Any:
    """The value of a menu after these options (or user and channel ids) were chosen.

    Raises NotOnScreen for an option that is not offered.
    """
    kind = element["type"].removeprefix("multi_")
    if kind in ("users_select", "channels_select", "conversations_select"):
        known: dict[str, Any] = {name: name for name in (*workspace.users, *workspace.channels)}
    else:
        options = suggested if kind == "external_select" else offered(element)
        known = {option["value"]: option for option in options}
    if absent := [value for value in values if value not in known]:
        raise NotOnScreen(f"{element['action_id']} offers {sorted(known)}, not {absent}")
    picked = [known[value] for value in values]
    if element["type"] in MANY:
        return picked
    if len(picked) > 1:
        raise NotOnScreen(f"{element['action_id']} takes one choice")
    return picked[0] if picked else None


def picked_time(element: Json, moment: Moment) -> str | int:
    """The value of a date, time or datetime picker; a datetime needs a zone."""
    if element["type"] == "datetimepicker":
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise NotOnScreen("a datetimepicker takes a datetime with a zone")
        return int(moment.timestamp())
    if element["type"] == "datepicker" and isinstance(moment, date):
        return moment.strftime("%Y-%m-%d")
    if element["type"] == "timepicker" and isinstance(moment, datetime | time):
        return moment.strftime("%H:%M")
    raise NotOnScreen(f"{element['action_id']} is a {element['type']}")


def field_action(block: Json, element: Json, value: Any, ts: str) -> Json:
    """The entry of `actions[]` for a field that was changed."""
    kind = element["type"]
    action = {
        "type": kind,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        KEYS[kind][0]: value,
        "action_ts": ts,
    }
    copied = ("placeholder", KEYS[kind][1])
    return {**{name: element[name] for name in copied if name in element}, **action}


def button_action(block: Json, element: Json, option: str | None, ts: str) -> Json:
    """The entry of `actions[]` for a button, or for the option chosen in an overflow menu."""
    action = {
        "type": element["type"],
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": ts,
    }
    if element["type"] == "button":
        copied = ("text", "value", "style", "url")
        return {**{name: element[name] for name in copied if name in element}, **action}
    found = [entry for entry in element["options"] if entry["value"] == option]
    if not found:
        values = [entry["value"] for entry in element["options"]]
        raise NotOnScreen(f"{element['action_id']} offers {values}, not {option}")
    return {**action, "selected_option": found[0]}
