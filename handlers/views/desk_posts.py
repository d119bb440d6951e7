"""Which lines of a thread are told in one message of Slack, and what that message is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from handlers.views.blocks import Block, fitting
from handlers.views.desk_lines import line_blocks, notification, reminder_blocks
from storage.desk_lines import Line
from storage.records import Contact

# Slack takes 50 blocks and some 13,200 characters; a line of the longest text comes alone.
MOST_BLOCKS: Final = 40
MOST_CHARACTERS: Final = 9000
NOTICE_CHARACTERS: Final = 1000
REMINDER: Final = "reminder"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with what it takes to show it: the whole message of an answer, or who answered before."""

    line: Line
    message: Block | None = None
    waited_on: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message, and the lines that it holds."""

    message: Block
    lines: tuple[Line, ...]


def posts(shown: Iterable[Shown], contact: Contact) -> Iterator[Post]:
    """The messages that tell these lines, in their order: what comes together is told together."""
    together: list[Line] = []
    blocks: list[Block] = []
    for one in shown:
        own = _blocks(one, contact)
        alone = one.message is not None or one.line.kind == REMINDER
        full = len(blocks) + len(own) > MOST_BLOCKS or _size([*blocks, *own]) > MOST_CHARACTERS
        if together and (alone or full):
            yield _together(together, blocks, contact)
            together, blocks = [], []
        if one.message is not None:
            yield Post(one.message, (one.line,))
        elif alone:  # the whole channel hears of it: perhaps nobody follows the thread
            reminder = _together([one.line], own, contact)
            yield Post(reminder.message | {"reply_broadcast": True}, reminder.lines)
        else:
            together.append(one.line)
            blocks.extend(own)
    if together:
        yield _together(together, blocks, contact)


def _blocks(one: Shown, contact: Contact) -> list[Block]:
    if one.message is not None:
        return []
    if one.line.kind == REMINDER:
        return reminder_blocks(one.line, contact)
    return line_blocks(one.line, contact, one.waited_on)


def _together(lines: list[Line], blocks: list[Block], contact: Contact) -> Post:
    text = "\n".join(notification(line, contact) for line in lines)
    return Post({"text": fitting(text, NOTICE_CHARACTERS), "blocks": blocks}, tuple(lines))


def _size(value: Any) -> int:
    """How many characters stand in all its texts."""
    if isinstance(value, list):
        return sum(map(_size, value))
    if isinstance(value, dict):
        own = value.get("text")
        return sum(map(_size, value.values())) + (len(own) if isinstance(own, str) else 0)
    return 0
