"""What Meta shows of a conversation, and which of our deliveries each message in it is.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations: the
details of the 20 most recent messages, newest first, times to the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.moments import read_moment
from storage.looks import Trace

MESSAGES: Final = 20
FIELDS: Final = f"messages.limit({MESSAGES}){{id,message,from,created_time}}"
ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
SKEW: Final = timedelta(minutes=1)  # between Meta's clock and ours
UNTIL_IT_SHOWS: Final = timedelta(minutes=5)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A text from the Page, as the Conversations API tells it."""

    mid: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What Meta shows: the Page's texts, oldest first, and from when on it shows all of them."""

    texts: Sequence[Message] = ()
    since: datetime | None = None

    def reaches(self, moment: datetime) -> bool:
        """Whether a message of that moment would be among them."""
        return self.since is not None and self.since <= moment


def read_conversation(answer: Json, psid: str) -> Conversation:
    """What the Conversations API shows of the conversation with this person."""
    texts, since = [], None
    for conversation in answer.get("data", ()):
        listed = conversation.get("messages", {})
        told = [message for message in listed.get("data", ()) if "from" in message]
        times = [read_moment(message["created_time"]) for message in told]
        since = ALWAYS
        if "next" in listed.get("paging", {}) or len(told) < len(listed.get("data", ())):
            since = min(times, default=None)
        texts += [
            Message(str(message["id"]), at, str(message["message"]))
            for message, at in zip(told, times, strict=True)
            if message.get("message") and str(message["from"].get("id")) != psid
        ]
    texts.reverse()  # so that those of one second stay in the order in which they came
    texts.sort(key=lambda message: message.at)
    return Conversation(texts, since)


def match(traces: Sequence[Trace], texts: Sequence[Message]) -> dict[int, Message]:
    """The message of each delivery, by its number, as far as there are any.

    Deliveries come in the order in which they left, messages in that in which they arrived. Each
    message stands for one delivery: one that carries its id, else the first that it fits. So a
    delivery that is known to have arrived, but not under which id, takes its message too.
    """
    listed = {message.mid for message in texts}
    known = {trace.delivery.mid for trace in traces}
    left = [message for message in texts if message.mid not in known]
    found: dict[int, Message] = {}
    for trace in traces:
        if trace.delivery.mid in listed:
            continue
        fitting = next((message for message in left if _fits(trace, message)), None)
        if fitting:
            left.remove(fitting)
            found[trace.delivery.id] = fitting
    return found


def _fits(trace: Trace, message: Message) -> bool:
    """The same words, whatever became of the blanks between them, at about that time."""
    in_time = trace.left_after - SKEW <= message.at <= trace.left_before + UNTIL_IT_SHOWS
    return in_time and trace.text.split() == message.text.split()
