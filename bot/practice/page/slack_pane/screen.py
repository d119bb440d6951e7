"""Everything one person's screen shows, gathered from the stand-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.practice.page.slack_pane.forms import Field, field_of
from bot.practice.page.slack_pane.memory import Memory
from bot.practice.page.slack_pane.messages import (
    Row,
    channel_messages,
    rows,
    thread_messages,
)
from bot.practice.page.slack_pane.reader import Reader
from bot.practice.slack import BOT_USER, Channel, Command, Message, SlackStandIn, User
from bot.practice.slack.workspace import TEAM_NAME, Json

MOST_SHOWN: Final = 200


class HasSlack(Protocol):
    """What the pane needs of the workspace; a reset puts another Slack in its place."""

    @property
    def slack(self) -> SlackStandIn:
        """Slack, as it is now."""

    @property
    def staff(self) -> Sequence[User]:
        """The people whom one can act as."""


@dataclass(frozen=True)
class Place:
    """A conversation in the list at the side."""

    channel: Channel
    unread: int

    @property
    def is_direct(self) -> bool:
        """Whether it is the direct messages with the app."""
        return self.channel.kind == "im"


@dataclass(frozen=True)
class Suggestion:
    """A line that is offered while one types a command: what it puts down, and what it is for."""

    typed: str
    arguments: str
    about: str


@dataclass(frozen=True)
class Screen:
    """One person at Slack, with one conversation before them and perhaps one of its threads."""

    slack: SlackStandIn
    memory: Memory
    staff: Sequence[User]
    me: User
    channel: Channel
    thread: Message | None

    @property
    def team(self) -> str:
        """The workspace's name."""
        return TEAM_NAME

    @property
    def app(self) -> User:
        """The app."""
        return self.slack.user(BOT_USER)

    @property
    def reader(self) -> Reader:
        """Their eyes."""
        return Reader.of(self.slack, self.me)

    @property
    def places(self) -> list[Place]:
        """Their conversations; the direct messages with the app are always there."""
        self.slack.dm(self.me)
        return [self._place(self.me, channel) for channel in self.slack.channels_of(self.me)]

    def waits_for(self, user: User) -> bool:
        """Whether there is something that this person has not read."""
        return any(self.memory.unread(user, c) for c in self.slack.channels_of(user))

    @property
    def title(self) -> str:
        """The name of the conversation."""
        return self.app.name if self.channel.kind == "im" else self.channel.name

    @property
    def members(self) -> list[User]:
        """The people in the conversation."""
        people = [self.slack.user(user_id) for user_id in self.channel.members]
        return [user for user in people if not user.is_bot]

    @property
    def rows(self) -> list[Row]:
        """The conversation; what is older than `MOST_SHOWN` messages is left out."""
        shown = channel_messages(self.channel, self.me)[-MOST_SHOWN:]
        return rows(self.slack, shown, self.reader)

    @property
    def thread_rows(self) -> list[Row]:
        """The open thread."""
        if self.thread is None:
            return []
        return rows(self.slack, thread_messages(self.channel, self.thread, self.me), self.reader)

    @property
    def suggestions(self) -> list[Suggestion]:
        """Every way to use every command, from the hint that the app's manifest gives."""
        return [line for command in self.slack.commands for line in suggestions(command)]

    def field(self, block: Json, element: Json, state: Json, scope: str) -> Field:
        """A field in a form or a message."""
        return field_of(self.slack, self.reader, scope, block, element, state)

    def _place(self, user: User, channel: Channel) -> Place:
        return Place(channel, self.memory.unread(user, channel))


def suggestions(command: Command) -> list[Suggestion]:
    """The command alone with its description, then a line for each word of its hint."""
    ways = [way.strip() for way in command.usage_hint.split("|")]
    made = []
    for number, way in enumerate(ways):
        words = way.split()
        fixed = [word for word in words if word[0] not in "[<"]
        arguments = " ".join(word for word in words if word[0] in "[<")
        typed = " ".join([command.name, *fixed])
        made.append(Suggestion(typed, arguments, "" if number else command.description))
    return made
