"""The HTTP server: Messenger's webhook, drafts, health, metrics, and Slack where it posts to us."""

import threading
from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from waitress import create_server, wasyncore
from werkzeug.exceptions import HTTPException

from bot.services import Services
from handlers.drafts_api import answer, drafts_api
from handlers.health import Check, health
from handlers.webhook import Webhook

THREADS: Final = 8
BODY_BYTES: Final = 4 * 1024 * 1024  # Meta may put 1000 updates into one body
_log = structlog.get_logger()


def web_application(
    services: Services, slack: App | None = None, checks: Mapping[str, Check] | None = None
) -> Flask:
    """All routes; `slack` is given in HTTP mode only."""
    flask = Flask("tagwise", static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    flask.wsgi_app = Webhook(services, flask.wsgi_app, BODY_BYTES)  # type: ignore[method-assign]
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


class WebServer:
    """Waitress in a thread of its own."""

    def __init__(self, flask: Flask, host: str, port: int) -> None:
        """Bind at once; raises OSError when the address is taken."""
        self._sockets: dict[int, object] = {}
        self._server = create_server(
            flask,
            map=self._sockets,
            host=host,
            port=port,
            threads=THREADS,
            max_request_body_size=2 * BODY_BYTES,
        )
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self.port = int(self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; requests under way are finished, idle connections closed."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        # In the loop's own thread, for a socket closed under it would be an error there; and not
        # before the trigger was pulled, for that is one of its sockets.
        pulled = threading.Event()

        def close_all() -> None:
            pulled.wait(1)
            wasyncore.close_all(self._sockets)

        self._server.trigger.pull_trigger(close_all)
        pulled.set()
        self._thread.join(timeout=2)
