"""What people do at the desk again and again in these stories, each in one call."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.practice.slack import Channel, Message, Modal
from tests.house import House, open_house


@dataclass
class Desk:
    """A house with a channel in which colleagues answer customers; Dan is not among the approvers."""

    house: House
    inbox: Channel

    @property
    def threads(self) -> list[Message]:
        """The first messages of the threads."""
        return [m for m in list(self.inbox.messages) if m.thread_ts is None]

    def root(self, number: int = -1) -> Message:
        """A thread's first message, once it is there."""
        return self.house.until(lambda: self.threads)[number]

    def lines(self, root: Message | None = None) -> list[str]:
        """What stands under a thread's first message, as Cleo reads it."""
        return [self.house.text_of(reply) for reply in list((root or self.root()).replies)]

    def said(self, root: Message | None = None) -> str:
        return "\n".join(self.lines(root))

    def shows(self, *texts: str, root: Message | None = None) -> str:
        """Wait until all of this stands in the thread; the whole of it."""
        self.house.until(lambda: all(text in self.said(root) for text in texts))
        return self.said(root)

    def root_says(self, *texts: str, root: Message | None = None) -> str:
        """Wait until the first message says all of this; the whole of it."""
        house = self.house
        house.until(lambda: all(text in house.text_of(root or self.root()) for text in texts))
        return house.text_of(root or self.root())

    def form(self, user: Any, root: Message | None = None) -> Modal:
        """Press Reply on a thread's first message."""
        self.house.slack.click(user, root or self.root(), "reply")
        return self.house.slack.modal(user, "reply")

    def answers(self, user: Any, text: str, root: Message | None = None) -> None:
        """Press Reply, write this, and send it."""
        form = self.form(user, root)
        form.fill("message", text)
        assert form.submit() == {}


@contextmanager
def open_desk(folder: Path, *, start: bool = True, **changes: Any) -> Iterator[Desk]:
    with open_house(folder, start=False) as house:
        inbox = house.slack.add_channel("inbox", [house.ben, house.cleo, house.dan])
        house.changes = {"inbox_channel": inbox.id} | changes
        if start:
            house.start()
        yield Desk(house, inbox)
        assert house.slack.refused == []
