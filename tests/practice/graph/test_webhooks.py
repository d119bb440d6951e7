"""How webhooks reach the app, and what happens to those that do not."""

import threading
import time

import pytest

from bot.practice.graph import GraphStandIn, Person
from bot.practice.graph.server import HttpRequest, LoopbackServer, Outcome, Reply
from tests.practice.graph_support import ADA, App, Client


def test_what_got_no_200_is_kept_and_posted_again_in_order(
    app: App, graph: GraphStandIn, ada: Person
) -> None:
    app.status = 500
    ada.writes("one")
    ada.writes("two")
    first = [post.body for post in app.posts]
    assert graph.undelivered == first
    app.status = 200
    graph.redeliver()
    assert [post.body for post in app.posts] == first + first
    assert graph.undelivered == []
    assert [attempt.status for attempt in graph.webhooks] == [500, 500, 200, 200]


def test_an_app_that_is_away_or_slow_misses_nothing(graph: GraphStandIn, ada: Person) -> None:
    graph.connect("http://127.0.0.1:9/")
    ada.writes("Hello")
    assert [attempt.status for attempt in graph.webhooks] == [None]
    server = LoopbackServer(lambda _: Outcome(Reply(200, b""), delay=5))
    server.up()
    graph.connect(f"http://127.0.0.1:{server.port}/")
    graph.webhook_timeout = 0.2
    ada.writes("Hello?")
    server.close()
    assert len(graph.undelivered) == 2


def test_nothing_is_posted_before_an_app_is_connected(graph: GraphStandIn, ada: Person) -> None:
    ada.writes("Hello")
    assert (graph.webhooks, graph.undelivered) == ([], [])


def test_webhooks_can_be_held_shuffled_repeated_and_dropped(
    app: App, graph: GraphStandIn, ada: Person
) -> None:
    with graph.webhooks_held() as held:
        for text in ("one", "two", "three"):
            ada.writes(text)
        assert app.posts == []
        held[:] = [held[2], held[0], held[0]]
    assert [event["message"]["text"] for event in app.events] == ["three", "one", "one"]
    graph.webhook_copies = 2
    ada.writes("four")
    assert [event["message"]["text"] for event in app.events[3:]] == ["four", "four"]


def test_only_fields_the_page_is_subscribed_to_are_posted(
    app: App, graph: GraphStandIn, client: Client, ada: Person
) -> None:
    graph.subscribed_fields = {"messages"}
    ada.writes("Hello")
    ada.reads()
    client.send(ADA, "Hi")
    graph.settle()
    assert len(app.events) == 1


def test_any_body_can_be_posted_signed(app: App, graph: GraphStandIn) -> None:
    graph.post_webhook(b'{"object":"page"}')
    graph.post_webhook({"object": "page", "entry": []})
    assert [post.body for post in app.posts] == [
        b'{"object":"page"}',
        b'{"object":"page","entry":[]}',
    ]
    assert all("X-Hub-Signature-256" in post.headers for post in app.posts)


def test_the_answer_to_a_send_does_not_wait_for_the_app(
    graph: GraphStandIn, client: Client, ada: Person
) -> None:
    ada.writes("Hello")
    may_answer = threading.Event()
    seen: list[HttpRequest] = []

    def take(request: HttpRequest) -> Outcome:
        may_answer.wait(5)
        seen.append(request)
        return Outcome(Reply(200, b""))

    server = LoopbackServer(take)
    server.up()
    graph.connect(f"http://127.0.0.1:{server.port}/")
    assert client.send(ADA, "Hi").status_code == 200
    assert seen == []
    with pytest.raises(TimeoutError):
        graph.settle(timeout=0.05)
    may_answer.set()
    started = time.monotonic()
    graph.settle(timeout=20)
    assert time.monotonic() - started < 10
    assert len(seen) == 2
    server.close()


def test_stopping_does_not_wait_for_webhooks_still_queued() -> None:
    with GraphStandIn() as graph:
        person = graph.add_person(ADA)
        person.writes("Hello")
        server = LoopbackServer(lambda _: Outcome(Reply(200, b""), delay=0.2))
        server.up()
        graph.connect(f"http://127.0.0.1:{server.port}/")
        for _ in range(20):
            Client(graph).send(ADA, "Hi")
        started = time.monotonic()
    assert time.monotonic() - started < 2
    server.close()
