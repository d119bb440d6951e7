"""The stand-in's HTTP server on loopback: the Web API and the response URLs."""

import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from .errors import ApiError
from .response_urls import ResponseUrls
from .troubles import Troubles
from .web_api import WebApi
from .workspace import Json


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: every call is in the journal."""


def make_app(web_api: WebApi, response_urls: ResponseUrls, troubles: Troubles) -> Flask:
    """The WSGI application behind `https://slack.com/api/` and the response URLs."""
    app = Flask("slack")

    @app.before_request
    def refuse_while_down() -> Response | None:
        return Response("service unavailable", status=503) if troubles.down else None

    @app.route("/api/<method>", methods=["GET", "POST"])
    def api(method: str) -> Response:
        args = _arguments()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(args.get("token", ""))
        args.pop("token", None)
        answer = web_api.call(method, args, token)
        return _reply(answer.body, answer.status, answer.headers)

    @app.post("/response/<key>")
    def respond(key: str) -> Response:
        body = request.get_json(silent=True)
        try:
            if not isinstance(body, dict):
                raise ApiError("invalid_payload")
            response_urls.use(key, body)
        except ApiError as problem:
            gone = problem.error in ("used_url", "expired_url", "invalid_url")
            return _reply({"ok": False, "error": problem.error}, 404 if gone else 400, {})
        return _reply({"ok": True}, 200, {})

    return app


def _arguments() -> Json:
    if request.is_json:
        body = request.get_json(silent=True)
        return dict(body) if isinstance(body, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict()}


def _reply(body: Json, status: int, headers: dict[str, str]) -> Response:
    reply = jsonify(body)
    reply.status_code = status
    reply.headers.update(headers)
    return reply


class Server:
    """Serves an application from a thread of its own until closed; port 0 takes any free one."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="slack-http"
        )
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
