"""Messenger's webhook: prove that it is Meta, read the events, record them, answer.

All that has come meanwhile is recorded together and answered together, for Meta posts by the thousand.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Sequence
from http import HTTPMethod
from typing import Any, Final
from urllib.parse import parse_qs

import structlog

from bot.bulk_requests import Answer, Request
from bot.desk_events import read_said
from bot.inbound import Heard, Inbox
from bot.services import Services
from bot.webhook_events import read_events

PATH: Final = "/messenger/webhook"
SIGNATURE_HEADER: Final = "X-Hub-Signature-256"
_SIGNATURE: Final = SIGNATURE_HEADER.upper().replace("-", "_")
_PLAIN: Final = "text/plain; charset=utf-8"
_log = structlog.get_logger()


class Webhook:
    """`GET /messenger/webhook` for Meta's verification, `POST` for its events.

    Meta wants its answer within 5 s, so nothing here waits for Slack or Graph; and 200 only once
    everything is on disk, for Meta repeats what was not answered so.
    """

    path = PATH

    def __init__(self, services: Services, most_bytes: int) -> None:
        self._services = services
        self._inbox = Inbox(services)
        self._most_bytes = most_bytes

    def answer_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer each in its order; the events of all are put on record at one stroke."""
        looked_at = [self._look_at(request) for request in requests]
        heard = [found for found in looked_at if isinstance(found, Heard)]
        waiting_since = min(request.arrived_at for request in requests)
        faults = iter(self._inbox.record(heard, waiting_since))
        return [
            _answer_to(next(faults)) if isinstance(found, Heard) else found for found in looked_at
        ]

    def _look_at(self, request: Request) -> Heard | Answer:
        """What is to be recorded, or the answer where there is nothing."""
        match request.method:
            case HTTPMethod.POST:
                return self._hear(request)
            case HTTPMethod.GET | HTTPMethod.HEAD:
                return self._verify(request)
            case _:
                return _refusal(405, "Use GET or POST.", ("Allow", "GET, HEAD, POST"))

    def _verify(self, request: Request) -> Answer:
        asked = parse_qs(request.query, keep_blank_values=True)
        mode, given, challenge = (
            asked.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge")
        )
        token = self._services.settings.verify_token.get_secret_value()
        if mode != "subscribe" or not _same(given, token):
            return _refusal(403, "The verify token is not the one in VERIFY_TOKEN.")
        return Answer(200, _PLAIN, challenge.encode())

    def _hear(self, request: Request) -> Heard | Answer:
        raw = request.body
        if len(raw) > self._most_bytes:
            return _refusal(413, f"The body has more than {self._most_bytes} bytes.")
        secret = self._services.settings.app_secret.get_secret_value()
        if not _same(request.headers.get(_SIGNATURE, ""), sign(raw, secret)):
            return _refusal(403, "The signature is missing or was not made with APP_SECRET.")
        body = _json_object(raw)
        if body is None:
            return _refusal(400, "The body is no JSON object.")
        try:
            said = list(read_said(body)) if self._services.settings.inbox_channel else ()
            return Heard(list(read_events(body)), said, self._services.clock())
        except Exception as error:  # noqa: BLE001 - one body's fault is not the others'
            return _answer_to(error)


def _answer_to(fault: Exception | None) -> Answer:
    """What Meta is told of a body that was recorded, or not: it sends again what was not answered 200."""
    if fault is None:
        return Answer(200, _PLAIN, b"EVENT_RECEIVED")
    if isinstance(fault, sqlite3.OperationalError):
        _log.error("webhook not recorded", error=str(fault))
        return _refusal(503, "The database cannot be written now; please send it again.")
    _log.error("webhook failed", exc_info=fault)
    return _refusal(500, "Something went wrong here; the log says what.")


def sign(raw: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256 for these very bytes (Messenger Platform, webhooks)."""
    return "sha256=" + hmac.digest(secret.encode(), raw, hashlib.sha256).hex()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refusal(status: int, sentence: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, "application/json", json.dumps({"error": sentence}).encode(), headers)
