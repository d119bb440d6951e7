"""A client of the Graph stand-in, a clock to move and an app that takes webhooks, for the tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from bot.practice.graph import GraphStandIn
from bot.practice.graph.server import HttpRequest, LoopbackServer, Outcome, Reply

ADA, INES = "24918830014477562", "1178830045612903"

SURVEY = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "customer_feedback",
            "title": "Rate your visit",
            "subtitle": "It takes a minute",
            "button_title": "Rate",
            "feedback_screens": [{"questions": [{"id": "visit_1", "type": "csat"}]}],
            "business_privacy": {"url": "https://example.com/privacy"},
        },
    }
}


@dataclass
class App:
    """What a webhook URL sees: headers and bodies of everything posted to it."""

    url: str
    status: int = 200
    posts: list[HttpRequest] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        found = []
        for post in self.posts:
            (entry,) = json.loads(post.body)["entry"]
            found.extend(entry.get("messaging", []) + entry.get("standby", []))
        return found


@contextmanager
def connected_app(graph: GraphStandIn) -> Iterator[App]:
    """An app on loopback that the stand-in posts its webhooks to."""

    def take(request: HttpRequest) -> Outcome:
        app.posts.append(request)
        return Outcome(Reply(app.status, b"EVENT_RECEIVED"))

    server = LoopbackServer(take)
    app = App(f"http://127.0.0.1:{server.port}/messenger/webhook")
    server.up()
    graph.connect(app.url)
    try:
        yield app
    finally:
        server.close()


class Client:
    """Calls the Graph API over HTTP as an app would; remembers nothing."""

    def __init__(self, graph: GraphStandIn) -> None:
        self._graph = graph

    def post(
        self, path: str, body: dict[str, Any] | None = None, **kwargs: Any
    ) -> requests.Response:
        kwargs = {"headers": self._headers(), "timeout": 5, **kwargs}
        return requests.post(f"{self._graph.url}/v25.0/{path}", json=body, **kwargs)

    def get(self, path: str, **params: str) -> requests.Response:
        url = f"{self._graph.url}/v25.0/{path}"
        return requests.get(url, params=params, headers=self._headers(), timeout=5)

    def send(self, person_id: str, message: Any, **others: Any) -> requests.Response:
        """Send a message object (or a text) as UPDATE unless said otherwise."""
        message = {"text": message} if isinstance(message, str) else message
        body = {"recipient": {"id": person_id}, "message": message, "messaging_type": "UPDATE"}
        return self.post("me/messages", body | others)

    def send_tagged(self, person_id: str, tag: str, message: Any = "Hello") -> requests.Response:
        return self.send(person_id, message, messaging_type="MESSAGE_TAG", tag=tag)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._graph.access_token}"}


def refusal(response: requests.Response) -> tuple[int, int | None]:
    """Code and subcode of the error that the response carries."""
    error = response.json()["error"]
    return error["code"], error.get("error_subcode")
