"""The HTTP server: Messenger's webhook, drafts, health, metrics, and Slack where it posts to us."""

from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from werkzeug.exceptions import HTTPException

from bot.services import Services
from bot.wsgi_server import WsgiServer
from handlers.drafts_api import answer, drafts_api
from handlers.health import Check, health
from handlers.webhook import Webhook

THREADS: Final = 8
BODY_BYTES: Final = 4 * 1024 * 1024  # Meta may put 1000 updates into one body
_log = structlog.get_logger()


def web_application(
    services: Services, slack: App | None = None, checks: Mapping[str, Check] | None = None
) -> Flask:
    """All routes but the webhook's; `slack` is given in HTTP mode only."""
    flask = Flask("tagwise", static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    flask.register_blueprint(drafts_api(services))
    flask.register_blueprint(health(services, checks or {}))
    if slack is not None:
        _take_slack(flask, slack)

    @flask.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        response = answer(error.code or 500, {"error": error.description or error.name})
        kept = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
        response.headers.extend(kept)
        return response

    @flask.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        _log.error("request failed", path=request.path, exc_info=error)
        return answer(500, {"error": "Something went wrong here; the log says what."})

    return flask


def _take_slack(flask: Flask, slack: App) -> None:
    handler = SlackRequestHandler(slack)

    @flask.post("/slack/events")
    def slack_events() -> Response:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (stamp.isascii() and stamp.isdigit()):  # Bolt would fail on it with a traceback
            return answer(401, {"error": "X-Slack-Request-Timestamp is missing or no number."})
        response: Response = handler.handle(request)
        return response


def web_server(services: Services, flask: Flask) -> WsgiServer:
    """The server of these routes and of the webhook; raises OSError when the address is taken."""
    return WsgiServer(
        flask,
        services.settings.host,
        services.settings.port,
        threads=THREADS,
        most_bytes=2 * BODY_BYTES,
        bulk=Webhook(services, BODY_BYTES),
    )
