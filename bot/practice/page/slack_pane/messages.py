"""A conversation as rows from top to bottom: days, authors, replies, and what only one person sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from bot.practice.page.slack_pane.reader import Reader
from bot.practice.slack import Channel, Message, SlackStandIn, User
from bot.practice.slack.workspace import Json

TOGETHER_S: Final = 300.0  # messages of one author this close share a name and a picture


@dataclass(frozen=True)
class Row:
    """One message; `day` is a heading above it, `follows` one that needs no author of its own."""

    message: Message
    author: User
    time: str
    text: Markup
    blocks: list[Json]
    day: str = ""
    follows: bool = False
    replies: int = 0
    repliers: tuple[User, ...] = ()
    root: str = ""  # the thread this is also part of, where it was sent to the channel too

    @property
    def is_private(self) -> bool:
        """Whether only this reader sees it."""
        return self.message.ephemeral_to is not None


def channel_messages(channel: Channel, user: User) -> list[Message]:
    """What stands in the channel itself for this person, oldest first."""
    own = [m for m in channel.ephemerals if m.ephemeral_to == user.id and m.thread_ts is None]
    return sorted([*channel.messages, *own], key=lambda m: m.ts)


def thread_messages(channel: Channel, root: Message, user: User) -> list[Message]:
    """A message, and the replies to it that this person sees."""
    own = [m for m in channel.ephemerals if m.ephemeral_to == user.id and m.thread_ts == root.ts]
    return [root, *sorted([*root.replies, *own], key=lambda m: m.ts)]


def rows(slack: SlackStandIn, messages: Iterable[Message], reader: Reader) -> list[Row]:
    """The messages as they are shown."""
    made: list[Row] = []
    before: Message | None = None
    shown_day: date | None = None
    for message in messages:
        content, day = message.content, reader.sent_at(message.ts).date()
        authors = {reply.user for reply in message.replies}
        made.append(
            Row(
                message,
                author=slack.user(message.user),
                time=reader.clock_time(message.ts),
                text=reader.mrkdwn(content.text),
                blocks=list(content.blocks),
                day="" if day == shown_day else reader.day(day),
                follows=day == shown_day and _follows(message, before),
                replies=len(message.replies),
                repliers=tuple(slack.user(user_id) for user_id in sorted(authors)),
                root=message.thread_ts or "",
            )
        )
        before, shown_day = message, day
    return made


def _follows(message: Message, before: Message | None) -> bool:
    if before is None or before.user != message.user or before.replies or message.thread_ts:
        return False
    if before.ephemeral_to != message.ephemeral_to:
        return False
    return float(message.ts) - float(before.ts) < TOGETHER_S
