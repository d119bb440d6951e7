"""Messenger's webhook: prove that it is Meta, read the events, record them, answer.

It stands before Flask as plain WSGI, because Meta posts by the thousand what needs nothing of Flask.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import structlog

from bot.desk_events import read_said
from bot.inbound import Inbox
from bot.services import Services
from bot.webhook_events import read_events

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH: Final = "/messenger/webhook"
SIGNATURE_HEADER: Final = "X-Hub-Signature-256"
_SIGNATURE: Final = "HTTP_X_HUB_SIGNATURE_256"
_log = structlog.get_logger()
Answer = tuple[int, str, bytes]


class Webhook:
    """`GET /messenger/webhook` for Meta's verification, `POST` for its events; the rest is `beyond`.

    Meta wants its answer within 5 s, so nothing here waits for Slack or Graph; and 200 only once
    everything is on disk, for Meta repeats what was not answered so.
    """

    def __init__(self, services: Services, beyond: "WSGIApplication", most_bytes: int) -> None:
        self._services = services
        self._inbox = Inbox(services)
        self._beyond = beyond
        self._most_bytes = most_bytes
        self._answers: dict[str, Callable[[WSGIEnvironment], Answer]] = {
            "GET": self._verify,
            "HEAD": self._verify,
            "POST": self._receive,
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """One request, as PEP 3333 hands it over."""
        if environ.get("PATH_INFO") != PATH:
            return self._beyond(environ, start_response)
        answer = self._answers.get(environ["REQUEST_METHOD"])
        status, kind, body = answer(environ) if answer else _refusal(405, "Use GET or POST.")
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        if answer is None:
            headers.append(("Allow", "GET, HEAD, POST"))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _verify(self, environ: "WSGIEnvironment") -> Answer:
        asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        mode, given, challenge = (
            asked.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge")
        )
        token = self._services.settings.verify_token.get_secret_value()
        if mode != "subscribe" or not _same(given, token):
            return _refusal(403, "The verify token is not the one in VERIFY_TOKEN.")
        return 200, "text/plain; charset=utf-8", challenge.encode()

    def _receive(self, environ: "WSGIEnvironment") -> Answer:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self._most_bytes:
            return _refusal(413, f"The body has more than {self._most_bytes} bytes.")
        raw = environ["wsgi.input"].read(length)
        secret = self._services.settings.app_secret.get_secret_value()
        if not _same(environ.get(_SIGNATURE, ""), sign(raw, secret)):
            return _refusal(403, "The signature is missing or was not made with APP_SECRET.")
        body = _json_object(raw)
        if body is None:
            return _refusal(400, "The body is no JSON object.")
        try:
            self._record(body)
        except sqlite3.OperationalError as error:
            _log.error("webhook not recorded", error=str(error))
            return _refusal(503, "The database cannot be written now; please send it again.")
        except Exception as error:  # noqa: BLE001 - Meta sends again what was not answered 200
            _log.error("webhook failed", exc_info=error)
            return _refusal(500, "Something went wrong here; the log says what.")
        return 200, "text/plain; charset=utf-8", b"EVENT_RECEIVED"

    def _record(self, body: dict[str, Any]) -> None:
        said = list(read_said(body)) if self._services.settings.inbox_channel else ()
        self._inbox.record(list(read_events(body)), said)


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


def _refusal(status: int, sentence: str) -> Answer:
    return status, "application/json", json.dumps({"error": sentence}).encode()
