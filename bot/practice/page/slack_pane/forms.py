"""Block Kit's fields as a screen needs them: what is offered, what is chosen, what may be typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup, escape

from bot.practice.page.slack_pane.reader import Reader
from bot.practice.slack import SlackStandIn
from bot.practice.slack.fields import KEYS, MANY, TEMPORAL
from bot.practice.slack.objects import offered
from bot.practice.slack.workspace import Json

WORKING_HOUR: Final = time(9)
QUERY_LENGTH: Final = 3  # Slack's own, where the app does not say


@dataclass(frozen=True)
class Choice:
    """One option of a menu, a radio group or a row of checkboxes; `group` is its heading."""

    value: str
    text: Markup
    description: Markup | None = None
    chosen: bool = False
    group: str = ""


@dataclass(frozen=True)
class Field:
    """One field: its place, and what stands in it. `day` and `hour` are by the reader's clock."""

    id: str
    block_id: str
    action_id: str
    kind: str
    element: Json
    text: str = ""
    day: str = ""
    hour: str = ""
    choices: tuple[Choice, ...] = field(default=())

    @property
    def many(self) -> bool:
        """Whether more than one can be chosen."""
        return self.kind in MANY

    @property
    def is_menu(self) -> bool:
        """Whether it is a menu that opens."""
        return self.kind.endswith("_select")

    @property
    def asks_app(self) -> bool:
        """Whether the app is asked for the options while one types."""
        return self.kind.endswith("external_select")

    @property
    def query_length(self) -> int:
        """How many characters it takes before the app is asked."""
        return int(self.element.get("min_query_length", QUERY_LENGTH))

    @property
    def placeholder(self) -> str:
        """What stands in it while it is empty."""
        return str(self.element.get("placeholder", {}).get("text", ""))

    @property
    def chosen(self) -> list[Choice]:
        """What is chosen."""
        return [choice for choice in self.choices if choice.chosen]


def field_of(
    slack: SlackStandIn, reader: Reader, scope: str, block: Json, element: Json, state: Json
) -> Field:
    """The field with what stands in it; `scope` tells fields of different forms apart."""
    kind, place = element["type"], (block["block_id"], element["action_id"])
    key, initial = KEYS[kind]
    entered = state.get(place[0], {}).get(place[1], {})
    value = entered.get(key, element.get(initial))
    day, hour = _moment(kind, value, reader)
    return Field(
        "-".join(quote(part, safe="") for part in (scope, *place)),
        *place,
        kind,
        element,
        text=value if key == "value" and value else "",
        day=day,
        hour=hour,
        choices=tuple(_choices(slack, reader, element, value)),
    )


def _moment(kind: str, value: Any, reader: Reader) -> tuple[str, str]:
    if kind not in TEMPORAL or value is None:
        return "", ""
    if kind == "datetimepicker":
        at = datetime.fromtimestamp(value, UTC).astimezone(reader.zone)
        return f"{at:%Y-%m-%d}", f"{at:%H:%M}"
    return (value, "") if kind == "datepicker" else ("", value)


def _choices(slack: SlackStandIn, reader: Reader, element: Json, value: Any) -> Iterable[Choice]:
    picked = value if isinstance(value, list) else [value] if value else []
    kind = element["type"].removeprefix("multi_")
    if kind in ("users_select", "channels_select", "conversations_select"):
        named = _people(slack) if kind == "users_select" else _places(slack, reader)
        for name_id, name in named.items():
            yield Choice(name_id, escape(name), chosen=name_id in picked)
        return
    known = [*offered(element), *(picked if kind == "external_select" else ())]
    chosen = {option["value"] for option in picked if isinstance(option, Mapping)}
    groups = group_names(element)
    for option in known:
        yield choice_of(reader, option, option["value"] in chosen, groups.get(option["value"], ""))


def choice_of(reader: Reader, option: Json, chosen: bool = False, group: str = "") -> Choice:
    """An option object as it is shown."""
    description = option.get("description")
    about = reader.text(description) if description else None
    return Choice(option["value"], reader.text(option["text"]), about, chosen, group)


def group_names(menu: Json) -> dict[str, str]:
    """The heading above each option that has one, by the option's value."""
    groups = menu.get("option_groups", [])
    return {option["value"]: g["label"]["text"] for g in groups for option in g["options"]}


def _people(slack: SlackStandIn) -> dict[str, str]:
    return {user.id: user.name for user in slack.users if not user.is_bot}


def _places(slack: SlackStandIn, reader: Reader) -> dict[str, str]:
    channels = slack.channels_of(reader.user)
    return {channel.id: f"#{channel.name}" for channel in channels if channel.kind != "im"}


def entered_moment(kind: str, day: str, hour: str, reader: Reader) -> date | time | datetime | None:
    """What a picker's two halves mean; None while there is nothing to mean.

    Where a day was picked and no hour yet, Slack proposes one: the next full hour of today, nine
    o'clock of any other day. An hour alone is one of today.
    """
    now = reader.local(reader.now)
    if kind == "datepicker":
        return date.fromisoformat(day) if day else None
    if kind == "timepicker":
        return time.fromisoformat(hour) if hour else None
    if not day and not hour:
        return None
    on = date.fromisoformat(day) if day else now.date()
    at = time.fromisoformat(hour) if hour else _proposed(on, now)
    return datetime.combine(on, at, reader.zone)


def _proposed(on: date, now: datetime) -> time:
    soon = now + timedelta(hours=1)
    return time(soon.hour) if on == soon.date() else WORKING_HOUR
