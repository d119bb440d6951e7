"""What the stand-in's own tests need: a clock moved by hand, and small Bolt apps in both modes."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.practice.slack import SlackStandIn
from handlers.socket_mode import close_socket

Json = dict[str, Any]


def client(slack: SlackStandIn, token: str | None = None) -> WebClient:
    return WebClient(token=slack.bot_token if token is None else token, base_url=slack.url)


def bolt_app(slack: SlackStandIn) -> App:
    # Bolt's own logger would keep the root's level of this moment, for every test after it.
    log = logging.getLogger("slack_bolt")
    return App(logger=log, client=client(slack), signing_secret=slack.signing_secret)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def over_http(slack: SlackStandIn, app: App) -> Iterator[str]:
    """The app behind Bolt's WSGI adapter, known to the stand-in; yields its address."""
    server = make_server(
        "127.0.0.1", 0, SlackRequestHandler(app), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    slack.connect_http(url)
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.listener_runner.listener_executor.shutdown(wait=True)


@contextmanager
def over_socket(slack: SlackStandIn, app: App) -> Iterator[SocketModeHandler]:
    """The app on a Socket Mode connection."""
    handler = SocketModeHandler(app, slack.app_token, web_client=WebClient(base_url=slack.url))
    before = slack.sockets.connected
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt does not annotate it
    try:
        slack.wait_for_socket(before + 1)
        yield handler
    finally:
        close_socket(handler)
        app.listener_runner.listener_executor.shutdown(wait=True)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str, text: str = "") -> Json:
    return {"text": plain(text or value.title()), "value": value}


def field(name: str, kind: str, **element: Any) -> Json:
    """An input block whose block id and action id are the same; `_x` goes to the block."""
    block = {key[1:]: element.pop(key) for key in list(element) if key.startswith("_")}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name.title()),
        "element": {"type": kind, "action_id": name, **element},
        **block,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": list(blocks),
        **more,
    }
