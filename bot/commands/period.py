"""`--since` and `--until`: a day (in UTC) or a moment."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click
from pydantic_core import PydanticCustomError

from bot.moments import read_moment


class DayOrMoment(click.ParamType[datetime]):
    """`2026-11-22`, or ISO 8601 with a zone; a day stands for its beginning, or for its end."""

    name = "day"

    def __init__(self, *, end: bool) -> None:
        self._end = end

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment; for the end of a day that at which the next one begins."""
        if isinstance(value, datetime):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return self._moment(value, param, ctx)
        begins = datetime.combine(day, time.min, UTC)
        return begins + timedelta(days=1) if self._end else begins

    def _moment(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return read_moment(value)
        except PydanticCustomError as error:
            self.fail(f"{value!r} {error.message()}, or a day such as 2026-11-22", param, ctx)


since_option = click.option(
    "--since",
    type=DayOrMoment(end=False),
    help="From this day (UTC) or moment on; without it from the beginning.",
)
until_option = click.option(
    "--until",
    type=DayOrMoment(end=True),
    help="Up to this day (UTC), with it, or to this moment; without it to the end.",
)
