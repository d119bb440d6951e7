"""`POST /drafts` and `GET /drafts/{id}`: other systems queue drafts and see what became of them."""

import hmac
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

import structlog
from flask import Blueprint, Response, request

from bot.deciding import NoSuchDraft
from bot.intake import BadDraft, KeyUsedForOtherBody, queue_draft, show_draft, try_draft
from bot.json_text import write_json
from bot.services import Services

KEY_CHARACTERS: Final = 255
BODY_BYTES: Final = 256 * 1024
_log = structlog.get_logger()


def drafts_api(services: Services) -> Blueprint:
    """The two routes, behind DRAFTS_API_TOKEN; without that setting they are not there."""
    routes = Blueprint("drafts", __name__)
    secret = services.settings.drafts_api_token

    @routes.before_request
    def authorise() -> Response | None:
        if secret is None:
            return answer(404, {"error": "There is nothing here."})
        # The scheme's name is case-insensitive (RFC 9110, 11.1); the token is not.
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        token = secret.get_secret_value()
        same = hmac.compare_digest(given.strip().encode(), token.encode())
        if scheme.lower() != "bearer" or not same:
            refusal = answer(401, {"error": "The bearer token is missing or wrong."})
            refusal.headers["WWW-Authenticate"] = "Bearer"
            return refusal
        request.max_content_length = BODY_BYTES
        return None

    @routes.post("/drafts")
    def post_draft() -> Response:
        return _post(services)

    @routes.get("/drafts/<int:draft_id>")
    def get_draft(draft_id: int) -> Response:
        try:
            return answer(200, show_draft(services, draft_id))
        except (NoSuchDraft, OverflowError):
            return answer(404, {"error": f"There is no draft {draft_id}."})

    routes.register_error_handler(BadDraft, lambda fault: answer(400, fault.answer))
    routes.register_error_handler(KeyUsedForOtherBody, _key_used)
    routes.register_error_handler(sqlite3.OperationalError, _database_busy)
    return routes


def _post(services: Services) -> Response:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= KEY_CHARACTERS:
        sentence = f"The Idempotency-Key has to have 1 to {KEY_CHARACTERS} characters."
        return answer(400, {"error": sentence})
    dry_run = request.args.get("dry_run", "false")
    if dry_run not in ("true", "false"):
        return answer(400, {"error": "dry_run has to be true or false."})
    raw = request.get_data()
    done = try_draft(services, raw) if dry_run == "true" else queue_draft(services, raw, key)
    return answer(done.status, done.body)


def _key_used(_fault: KeyUsedForOtherBody) -> Response:
    return answer(409, {"error": "This Idempotency-Key was used with another body before."})


def _database_busy(error: sqlite3.OperationalError) -> Response:
    _log.error("draft not queued", error=str(error))
    return answer(503, {"error": "The database is busy; send the same request again."})


def answer(status: int, body: Mapping[str, Any]) -> Response:
    """A JSON answer."""
    return Response(write_json(body), status, mimetype="application/json")
