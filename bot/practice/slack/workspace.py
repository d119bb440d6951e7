"""The workspace: people, channels, messages, and who may see what.

Everything here is guarded by `Workspace.changed`, a condition that is also told of every change,
so that a test (or a browser) can wait for one instead of sleeping.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

Json = dict[str, Any]

TEAM_ID: Final = "T0PRACTICE"
TEAM_DOMAIN: Final = "practice"
TEAM_NAME: Final = "Practice"
APP_ID: Final = "A0PRACTICE"
BOT_ID: Final = "B0PRACTICE"
BOT_USER: Final = "U0BOT"
SLACKBOT: Final = "USLACKBOT"


@dataclass(frozen=True)
class User:
    """A member of the workspace; `tz` is an IANA name."""

    id: str
    name: str
    tz: str = "Etc/UTC"
    is_bot: bool = False


@dataclass(frozen=True)
class Command:
    """A slash command of the app, as its manifest describes it."""

    name: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class MessageShortcut:
    """An entry of the app's in the menu of every message, as its manifest describes it."""

    name: str
    callback_id: str


@dataclass(frozen=True)
class Content:
    """What a message says; replaced as a whole, so that no reader sees half an edit."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()


@dataclass(eq=False)
class Message:
    """A message as it stands now; `ephemeral_to` names the one person who sees it.

    `edits` counts its updates; `marked_edited` is Slack's "(edited)", which messages with blocks
    do not show.
    """

    channel_id: str
    ts: str
    user: str
    content: Content
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edits: int = 0
    marked_edited: bool = False
    metadata: Json | None = None
    replies: list["Message"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, which notifications show where there are blocks."""
        return self.content.text

    @property
    def blocks(self) -> list[Json]:
        """The blocks, with the ids Slack gives to those that have none."""
        return list(self.content.blocks)

    def snapshot(self) -> "Message":
        """The message as it is now: what a screen that has not caught up goes on showing."""
        return replace(self)


@dataclass(eq=False)
class Channel:
    """A conversation: a public or private channel, or the bot's direct messages with a person."""

    id: str
    name: str
    kind: Literal["public", "private", "im"] = "public"
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return BOT_USER in self.members

    def everything(self) -> list[Message]:
        """Every message everybody here sees, replies included."""
        return [m for root in self.messages for m in (root, *root.replies)]


class Workspace:
    """People, channels and messages. Hold `changed` while reading or writing several things."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {
            BOT_USER: User(BOT_USER, "Tagwise", is_bot=True),
            SLACKBOT: User(SLACKBOT, "Slackbot", is_bot=True),
        }
        self.commands: dict[str, Command] = {}
        self.message_shortcuts: dict[str, MessageShortcut] = {}
        self.channels: dict[str, Channel] = {}
        self.revision = 0
        self._last_ts = 0
        self._numbers = 0

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the workspace and tell those who wait that something happened."""
        with self.changed:
            try:
                yield
            finally:
                self.revision += 1
                self.changed.notify_all()

    def number(self) -> int:
        """A number that was never given before, for ids."""
        with self.changed:
            self._numbers += 1
            return self._numbers

    def new_ts(self) -> str:
        """A message's timestamp: seconds with six digits, unique and increasing."""
        with self.changed:
            now = round(self.clock().timestamp() * 1_000_000)
            self._last_ts = max(now, self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, name: str, tz: str, user_id: str | None) -> User:
        """Let somebody join the workspace."""
        with self.changing():
            user = User(user_id or f"U{self.number():04d}{name.upper()}", name, tz)
            self.users[user.id] = user
            return user

    def add_command(self, command: Command) -> Command:
        """Let the app have a slash command."""
        with self.changing():
            self.commands[command.name] = command
            return command

    def add_message_shortcut(self, shortcut: MessageShortcut) -> MessageShortcut:
        """Let the app have an entry in the menu of every message."""
        with self.changing():
            self.message_shortcuts[shortcut.callback_id] = shortcut
            return shortcut

    def add_channel(
        self, name: str, members: Sequence[str], private: bool, bot: bool, channel_id: str | None
    ) -> Channel:
        """Make a channel."""
        with self.changing():
            made = Channel(
                id=channel_id or f"C{self.number():04d}{name.upper().replace('-', '')}",
                name=name,
                kind="private" if private else "public",
                members=[*members, *([BOT_USER] if bot else [])],
            )
            self.channels[made.id] = made
            return made

    def dm_with(self, user_id: str) -> Channel:
        """The bot's direct messages with a person, opened when there were none."""
        with self.changed:
            for channel in self.channels.values():
                if channel.kind == "im" and user_id in channel.members:
                    return channel  # looking is no change
            with self.changing():
                channel = Channel(f"D{user_id[1:]}", "directmessage", "im", [user_id, BOT_USER])
                self.channels[channel.id] = channel
                return channel

    def post(self, message: Message, broadcast: bool = False) -> Message:
        """Put a message where it belongs: the channel, its thread, or one person's eyes."""
        with self.changing():
            channel = self.channels[message.channel_id]
            root = self.find(message.channel_id, message.thread_ts)
            if message.ephemeral_to is not None:
                channel.ephemerals.append(message)
            elif root is not None:
                root.replies.append(message)
            if message.ephemeral_to is None and (root is None or broadcast):
                channel.messages.append(message)
            return message

    def find(self, channel_id: str, ts: str | None) -> Message | None:
        """The message with this timestamp, if everybody in the channel sees it."""
        with self.changed:
            found = (m for m in self.channels[channel_id].everything() if m.ts == ts)
            return next(found, None)

    def edit(self, message: Message, content: Content) -> None:
        """Replace what a message says."""
        with self.changing():
            message.content = content
            message.edits += 1
            message.marked_edited = not content.blocks

    def remove(self, message: Message) -> None:
        """Delete a message, or one person's copy of an ephemeral one."""
        with self.changing():
            channel = self.channels[message.channel_id]
            for place in (
                channel.messages,
                channel.ephemerals,
                *(m.replies for m in channel.messages),
            ):
                if message in place:
                    place.remove(message)

    def seen_by(self, user_id: str) -> list[Message]:
        """What only this person sees: ephemeral messages and direct ones, oldest first."""
        with self.changed:
            seen = [
                message
                for channel in self.channels.values()
                for message in (
                    *(m for m in channel.ephemerals if m.ephemeral_to == user_id),
                    *(channel.everything() if self._is_dm_of(channel, user_id) else ()),
                )
            ]
        return sorted(seen, key=lambda m: m.ts)

    @staticmethod
    def _is_dm_of(channel: Channel, user_id: str) -> bool:
        return channel.kind == "im" and user_id in channel.members
