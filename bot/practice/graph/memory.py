"""What Meta remembers about one person and the Page: what they did, and what was said."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.practice.graph.types import Channel, JsonObject

STANDARD_WINDOW = timedelta(hours=24)

ActKind = Literal["message", "ad_message", "postback", "referral", "optin", "reaction"]
Author = Literal["person", "app", "inbox"]
Profile = Literal["visible", "hidden", "phone_number"]


def new_mid() -> str:
    """A message id that was never given before."""
    return "m_" + secrets.token_urlsafe(45)


@dataclass(frozen=True)
class Act:
    """Something the person did that opens the messaging window."""

    kind: ActKind
    at: datetime


@dataclass(frozen=True)
class ThreadMessage:
    """One message of a thread; `message` is the object as it was sent, by whichever side.

    `rendered` is what a filled utility template reads like.
    """

    mid: str
    at: datetime
    person_id: str
    channel: Channel
    author: Author
    message: JsonObject
    messaging_type: str | None = None
    tag: str | None = None
    rendered: str | None = None

    @property
    def text(self) -> str | None:
        """The words, where the message has some."""
        return self.message.get("text", self.rendered)

    @property
    def attachment(self) -> JsonObject | None:
        """The single attachment, where the message has one."""
        attachment: JsonObject | None = self.message.get("attachment")
        return attachment

    @property
    def metadata(self) -> str | None:
        """The sender's own reference, which comes back in the echo."""
        metadata: str | None = self.message.get("metadata")
        return metadata


@dataclass(eq=False)
class PersonMemory:
    """One person as the Page knows them.

    `blocked_page`: they do not want to hear from it. `gone`: the account no longer exists.
    `thread_owner`: id of another app that holds the thread, None while it is ours.
    `profile`: what the User Profile API tells about them. `read_at`: when they last looked at the
    thread. `reactions`: mid to the emoji under it. `forms`: mid of a feedback form to what was answered.
    """

    id: str
    channel: Channel = "messenger"
    first_name: str = "Ada"
    last_name: str = "Moreau"
    profile: Profile = "visible"
    blocked_page: bool = False
    gone: bool = False
    thread_owner: str | None = None
    read_at: datetime | None = None
    acts: list[Act] = field(default_factory=list)
    thread: list[ThreadMessage] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def username(self) -> str:
        """The handle, which Instagram shows in place of a name."""
        return f"{self.first_name}.{self.last_name}".lower()

    @property
    def conversation_id(self) -> str:
        """The id of the thread in the Conversations API."""
        return f"t_{self.id}"

    def window_closes_at(self, ad_window: timedelta) -> datetime | None:
        """When the standard messaging window ends or ended; None where it was never open.

        https://developers.facebook.com/documentation/business-messaging/messenger-platform/policy
        """
        ends = (
            act.at + (ad_window if act.kind == "ad_message" else STANDARD_WINDOW)
            for act in self.acts
        )
        return max(ends, default=None)

    def last_wrote_at(self) -> datetime | None:
        """When the person last sent a message: what the 7 days of a tag are counted from."""
        wrote = (act.at for act in self.acts if act.kind in ("message", "ad_message"))
        return max(wrote, default=None)

    def find(self, mid: str) -> ThreadMessage | None:
        """The message with this id, where it is in the thread."""
        return next((message for message in self.thread if message.mid == mid), None)

    def change_text(self, mid: str, text: str) -> None:
        """Let the message with this id read differently."""
        self.thread = [
            replace(message, message={**message.message, "text": text})
            if message.mid == mid
            else message
            for message in self.thread
        ]

    def forget(self, mid: str) -> None:
        """Take the message with this id out of the thread."""
        self.thread = [message for message in self.thread if message.mid != mid]
