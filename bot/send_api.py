"""The Send API's JSON: what one message, or a batch of them, looks like, and what the answer says.

Sources: Send API reference; Graph API guide on batch requests (up to 50 calls in one).
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus

from pydantic_core import to_json

from bot.graph_errors import GraphError, Meaning, read_graph_error
from bot.json_text import parsed

METADATA_PREFIX: Final = "tagwise:"
BATCH_SIZE: Final = 50


class _Quoted(dict[int, str]):
    """Characters as they stand in a form; a table, because the library quotes byte by byte."""

    def __missing__(self, character: int) -> str:
        self[character] = quote_plus(chr(character))
        return self[character]


_QUOTED: Final = _Quoted()


class Outgoing(NamedTuple):
    """One message as it leaves; a one-time token stands for the person who gave it."""

    delivery_id: int
    draft_id: int
    psid: str
    message: Mapping[str, Any]
    messaging_type: str
    tag: str | None
    one_time_token: str | None = None

    @property
    def is_utility(self) -> bool:
        """Whether it is a utility message."""
        return self.messaging_type == "UTILITY"

    @property
    def fetches_a_file(self) -> bool:
        """Whether Meta loads a linked file first, for up to 10 s: others should not wait for that."""
        attachment = self.message.get("attachment")
        return isinstance(attachment, dict) and attachment.get("type") != "template"


class Sent(NamedTuple):
    """Meta took the message and gave it this id."""

    mid: str


Outcome = Sent | GraphError


def request_body(outgoing: Outgoing) -> dict[str, Any]:
    """The body of `POST /me/messages`, as the Send API reference shows it."""
    body: dict[str, Any] = {
        "recipient": _recipient(outgoing),
        "message": {**outgoing.message, "metadata": f"{METADATA_PREFIX}{outgoing.delivery_id}"},
        "messaging_type": outgoing.messaging_type,
    }
    if outgoing.tag:
        body["tag"] = outgoing.tag
    return body


def _recipient(outgoing: Outgoing) -> dict[str, str]:
    if outgoing.one_time_token:
        return {"one_time_notif_token": outgoing.one_time_token}
    return {"id": outgoing.psid}


def batch_field(messages: Sequence[Outgoing]) -> bytes:
    """The field `batch` of one request that sends them all."""
    return to_json([_operation(outgoing) for outgoing in messages])


def _operation(outgoing: Outgoing) -> dict[str, str]:
    fields = [
        f"{name}={(value if isinstance(value, str) else to_json(value).decode()).translate(_QUOTED)}"
        for name, value in request_body(outgoing).items()
    ]
    return {"method": "POST", "relative_url": "me/messages", "body": "&".join(fields)}


def read_answer(status: int, answer: Any, outgoing: Outgoing) -> Outcome:
    """What an answer of the Send API says about the message; `answer` is None when it is no JSON."""
    told = answer if isinstance(answer, dict) else {}
    if status == HTTPStatus.OK and (mid := told.get("message_id")) and isinstance(mid, str):
        return Sent(mid)
    if known := read_graph_error(status, told, outgoing.tag, utility=outgoing.is_utility):
        return known
    if status == HTTPStatus.OK:
        return GraphError(Meaning.UNKNOWN, "Meta's answer could not be read.")
    # Without a Graph error the answer is not the Send API's own. A gateway that gives up may have
    # passed the message on; one that says "unavailable", or refuses the request, has not.
    gave_up = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if gave_up and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return GraphError(Meaning.UNKNOWN, f"Something before Meta answered HTTP {status}.")
    return GraphError(Meaning.LATER, f"Something before Meta answered HTTP {status}.")


def read_batch(status: int, answer: Any, messages: Sequence[Outgoing]) -> list[Outcome]:
    """What the answer to a batch says about each message, in their order."""
    if status != HTTPStatus.OK or not isinstance(answer, list):
        return [read_answer(status, answer, outgoing) for outgoing in messages]
    missing = [None] * (len(messages) - len(answer))
    return [
        _read_entry(entry, sent) for entry, sent in zip([*answer, *missing], messages, strict=False)
    ]


def _read_entry(entry: Any, outgoing: Outgoing) -> Outcome:
    if not isinstance(entry, dict) or not isinstance(entry.get("code"), int):
        return GraphError(Meaning.UNKNOWN, "Meta did not say in time what became of it.")
    return read_answer(entry["code"], parsed(entry.get("body")), outgoing)
