"""One person at the screen: their zone, the names they read, and how texts and times look to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Self
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.practice.page.slack_pane.mrkdwn import Mrkdwn
from bot.practice.slack import SlackStandIn, User
from bot.practice.slack.workspace import Json

COLOURS: Final = 8


@dataclass(frozen=True)
class Reader:
    """Whoever one acts as."""

    user: User
    now: datetime
    names: Mapping[str, str]

    @classmethod
    def of(cls, slack: SlackStandIn, user: User) -> Self:
        """This person now."""
        names = {member.id: member.name for member in slack.users}
        names |= {channel.id: channel.name for channel in slack.channels_of(user)}
        return cls(user, slack.now, names)

    @property
    def zone(self) -> ZoneInfo:
        """Where they are."""
        return ZoneInfo(self.user.tz)

    def text(self, given: Json) -> Markup:
        """A text object as HTML."""
        if given["type"] == "plain_text":
            return self._mrkdwn.plain(given["text"], emoji=given.get("emoji", True))
        return self._mrkdwn.html(given["text"], verbatim=given.get("verbatim", False))

    def mrkdwn(self, text: str) -> Markup:
        """A message's own text as HTML."""
        return self._mrkdwn.html(text)

    def local(self, moment: datetime) -> datetime:
        """A moment by their clock."""
        return moment.astimezone(self.zone)

    def sent_at(self, ts: str) -> datetime:
        """When a message was sent, by their clock."""
        return datetime.fromtimestamp(float(ts), UTC).astimezone(self.zone)

    def clock_time(self, ts: str) -> str:
        """The time beside a message: 2:05 PM."""
        at = self.sent_at(ts)
        return f"{at.hour % 12 or 12}:{at:%M} {at:%p}"

    def day(self, on: date) -> str:
        """The heading of a day: Today, Yesterday, or its weekday and date."""
        days = (self.local(self.now).date() - on).days
        if days in (0, 1):
            return ("Today", "Yesterday")[days]
        year = "" if on.year == self.local(self.now).year else f", {on.year}"
        return f"{on:%A}, {on:%B} {on.day}{year}"

    @property
    def _mrkdwn(self) -> Mrkdwn:
        return Mrkdwn(self.now, self.zone, self.names, self.user.id)


def initials(name: str) -> str:
    """What stands in a person's picture: Ada Moreau, AM; Ben, B."""
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"


def colour(user_id: str) -> int:
    """The number of a person's colour, the same each time."""
    return sum(map(ord, user_id)) % COLOURS
