"""Messenger's webhook: prove that it is Meta, read the events, record them, answer."""

import hashlib
import hmac
import json
import sqlite3
from typing import Any

import structlog
from flask import Blueprint, Response, request

from bot.inbound import record_events
from bot.services import Services
from bot.webhook_events import read_events

SIGNATURE_HEADER = "X-Hub-Signature-256"
_log = structlog.get_logger()


def webhook(services: Services) -> Blueprint:
    """`GET /messenger/webhook` for Meta's verification, `POST` for its events.

    Meta wants its answer within 5 s, so nothing here waits for Slack or Graph; and 200 only once
    everything is on disk, for Meta repeats what was not answered so.
    """
    routes = Blueprint("messenger", __name__)

    @routes.get("/messenger/webhook")
    def verify() -> Response:
        token = services.settings.verify_token.get_secret_value()
        given = request.args.get("hub.verify_token", "")
        if request.args.get("hub.mode") != "subscribe" or not _same(given, token):
            return _refusal(403, "The verify token is not the one in VERIFY_TOKEN.")
        return Response(request.args.get("hub.challenge", ""), mimetype="text/plain")

    @routes.post("/messenger/webhook")
    def receive() -> Response:
        raw = request.get_data()
        secret = services.settings.app_secret.get_secret_value()
        if not _same(request.headers.get(SIGNATURE_HEADER, ""), sign(raw, secret)):
            return _refusal(403, "The signature is missing or was not made with APP_SECRET.")
        body = _json_object(raw)
        if body is None:
            return _refusal(400, "The body is no JSON object.")
        try:
            record_events(services, list(read_events(body)))
        except sqlite3.OperationalError as error:
            _log.error("webhook not recorded", error=str(error))
            return _refusal(503, "The database cannot be written now; please send it again.")
        return Response("EVENT_RECEIVED", mimetype="text/plain")

    return routes


def sign(raw: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256 for these very bytes (Messenger Platform, webhooks)."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refusal(status: int, sentence: str) -> Response:
    return Response(json.dumps({"error": sentence}), status, mimetype="application/json")
