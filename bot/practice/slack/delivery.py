"""How a payload reaches the bot, and its acknowledgement comes back."""

import hashlib
import hmac
import json
import time
from typing import Final, Literal, Protocol
from urllib.parse import urlencode

import requests

from .errors import SlackDispatchFailed, SlackTimeout
from .workspace import Json

ACK_SECONDS: Final = 3.0
Kind = Literal["slash_commands", "interactive"]


class Delivery(Protocol):
    """A way to the bot."""

    def deliver(self, kind: Kind, payload: Json, ack_seconds: float) -> Json:
        """Hand a payload over; the bot's answer, empty if it only acknowledged.

        Raises SlackTimeout or SlackDispatchFailed.
        """


class HttpDelivery:
    """POSTs payloads to the bot's address, signed.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret.encode()

    def deliver(self, kind: Kind, payload: Json, ack_seconds: float) -> Json:
        """POST one payload as the form Slack sends."""
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = urlencode(form).encode()
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the machine's has no business on loopback
            try:
                answer = session.post(
                    self._url, data=body, headers=self._headers(body), timeout=ack_seconds
                )
            except requests.Timeout:
                raise SlackTimeout(f"no acknowledgement within {ack_seconds:g} s") from None
            except requests.RequestException as problem:
                raise SlackDispatchFailed(f"the bot cannot be reached: {problem}") from None
        if answer.status_code != requests.codes.ok:
            raise SlackDispatchFailed(f"the bot answered {answer.status_code}: {answer.text[:200]}")
        return read_answer(answer.text, answer.headers.get("Content-Type", ""))

    def _headers(self, body: bytes) -> dict[str, str]:
        # The bot compares this with its real clock, so a clock moved by hand must not show here.
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret, f"v0:{stamp}:".encode() + body, hashlib.sha256)
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
        }


def read_answer(text: str, content_type: str) -> Json:
    """An acknowledgement's body: JSON, or plain text that becomes a message."""
    if not text:
        return {}
    if not content_type.startswith("application/json"):
        return {"text": text}
    try:
        body = json.loads(text)
    except ValueError:
        raise SlackDispatchFailed("the bot's answer is no JSON") from None
    if not isinstance(body, dict):
        raise SlackDispatchFailed("the bot's answer is no JSON object")
    return body
