"""When a draft's messages are due: at once, at `send_at`, and at offsets from its event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.asking import Facts

# A message somebody chose a time for is still useful this long after it.
LATE: Final = timedelta(hours=1)
_OFFSET: Final = re.compile(r"([+-])(\d{1,4})([mhd])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


class BadPlan(Exception):
    """A time of the draft cannot be; `field` is where it stands in the draft."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Due:
    """One message of the plan; `scheduled` when somebody chose its time."""

    at: datetime
    scheduled: bool


def offset_of(reminder: str) -> timedelta:
    """The offset from the event's start that `-24h`, `-30m` or `+2d` names; raises ValueError."""
    found = _OFFSET.fullmatch(reminder.strip())
    if found is None:
        raise ValueError(f"{reminder!r} is no offset such as -24h, -30m or -2d")
    sign, amount, unit = found.groups()
    length = timedelta(**{_UNITS[unit]: int(amount)})
    return -length if sign == "-" else length


def plan(facts: Facts, send_at: datetime | None, now: datetime) -> list[Due]:
    """Every message of a draft, soonest first, no moment twice; raises BadPlan.

    A reminder whose moment has just passed would go out together with the first message, and say
    the same twice: it is left out.
    """
    if send_at is not None and send_at < now - timedelta(minutes=1):
        raise BadPlan("send_at", "This time has passed: choose one to come, or leave it empty.")
    first = Due(send_at or now, scheduled=send_at is not None)
    planned = {first.at: first}
    for due in _reminders(facts):
        if not now - LATE <= due.at <= now:
            planned.setdefault(due.at, due)
    return sorted(planned.values(), key=lambda due: due.at)


def _reminders(facts: Facts) -> Iterator[Due]:
    if not facts.reminders:
        return
    starts_at = facts.event.starts_at if facts.event else None
    if starts_at is None:
        raise BadPlan("reminders", "A reminder counts from the event's start: say when it starts.")
    for reminder in facts.reminders:
        try:
            yield Due(starts_at + offset_of(reminder), scheduled=True)
        except ValueError as error:
            raise BadPlan("reminders", f"{error}.") from None
