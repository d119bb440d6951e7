"""The least that one could write instead of the bot, each as a process of its own.

`python -m tests.benchmarks.bare_servers webhook`: Flask and waitress, checks Meta's signature only.
`... bolt <slack url>`: a Bolt app in HTTP mode whose `/notify` opens a small modal or answers a line.
Both serve with as many threads as the bot, and tell their port in the first line on stdout.
"""

import json
import logging
import sys

from flask import Flask, Response, request
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from waitress import create_server

from bot.practice.slack import standin
from handlers.web import THREADS
from handlers.webhook import SIGNATURE_HEADER
from tests.benchmarks.installation import same_signature

MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Notify"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "message",
            "label": {"type": "plain_text", "text": "Message"},
            "element": {"type": "plain_text_input", "action_id": "message", "multiline": True},
        }
    ],
}


def webhook() -> Flask:
    flask = Flask("bare")

    @flask.post("/messenger/webhook")
    def receive() -> Response:
        if not same_signature(request.headers.get(SIGNATURE_HEADER, ""), request.get_data()):
            return Response("wrong signature", 403)
        return Response("EVENT_RECEIVED", mimetype="text/plain")

    return flask


def bolt(slack_url: str) -> Flask:
    flask = Flask("bare")
    client = WebClient(token=standin.BOT_TOKEN, base_url=slack_url)
    app = App(
        client=client, signing_secret=standin.SIGNING_SECRET, token_verification_enabled=False
    )
    handler = SlackRequestHandler(app)

    @app.command("/notify")
    def notify(ack: Ack, command: dict[str, str], client: WebClient, respond: Respond) -> None:
        ack()
        if command.get("text"):
            respond("Here you are.")
        else:
            client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @flask.post("/slack/events")
    def slack_events() -> Response:
        response: Response = handler.handle(request)
        return response

    return flask


def main(which: str, *arguments: str) -> None:
    flask = webhook() if which == "webhook" else bolt(*arguments)
    server = create_server(flask, host="127.0.0.1", port=0, threads=THREADS)
    print(json.dumps({"port": server.effective_port}), flush=True)  # noqa: T201
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # every short wait is a line
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
