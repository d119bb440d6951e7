"""Socket Mode with the bot's own client: greeting, sharing, reconnecting, and a clean end."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.practice.slack import SlackDispatchFailed, SlackStandIn

from .slack_support import bolt_app, over_socket


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(ack_seconds=1) as slack:
        yield slack


def address(slack: SlackStandIn) -> str:
    web = WebClient(base_url=slack.url)
    return str(web.apps_connections_open(app_token=slack.app_token)["url"])


def listener(name: str, heard: list[str]) -> Callable[..., None]:
    """A listener that writes down its bot's name."""

    def hear(ack: Any) -> None:
        heard.append(name)
        ack()

    return hear


def test_an_address_serves_one_connection_and_says_hello(slack: SlackStandIn) -> None:
    url = address(slack)
    assert urlsplit(url).hostname == "127.0.0.1"
    with connect(url) as socket:
        hello = json.loads(socket.recv(timeout=2))
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": "A0PRACTICE"}
        with pytest.raises(InvalidStatus, match="403"):
            connect(url)


def test_an_envelope_says_whether_an_answer_may_carry_something(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada")
    outcome: list[Any] = []
    with connect(address(slack)) as socket:
        socket.recv(timeout=2)
        slack.wait_for_socket()
        person = threading.Thread(
            target=lambda: outcome.append(slack.run_command(ada, "/notify", "x"))
        )
        person.start()
        envelope = json.loads(socket.recv(timeout=2))
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "x"
        socket.send(json.dumps({"envelope_id": "another", "payload": {"text": "not this"}}))
        answer = {"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello"}}
        socket.send(json.dumps(answer))
        person.join()
    assert outcome[0].text == "Hello"


def test_each_payload_goes_to_one_of_the_bots(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada")
    heard: list[str] = []
    with ExitStack() as stack:
        for name in ("first", "second"):
            app = bolt_app(slack)
            app.command("/notify")(listener(name, heard))
            stack.enter_context(over_socket(slack, app))
        assert slack.sockets.connected == 2
        for _ in range(4):
            slack.run_command(ada, "/notify")
    assert sorted(heard) == ["first", "first", "second", "second"]


def test_the_bot_comes_back_when_slack_asks_it_to_reconnect(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada")
    app = bolt_app(slack)
    app.command("/notify")(lambda ack: ack("here"))
    with over_socket(slack, app):
        slack.sockets.refresh()
        slack.wait_for_socket()
        note = slack.run_command(ada, "/notify")
    assert note is not None
    assert note.text == "here"


def test_ten_connections_are_the_most(slack: SlackStandIn) -> None:
    with ExitStack() as stack:
        for count in range(1, 11):
            stack.enter_context(connect(address(slack)))
            slack.wait_for_socket(count)
        with connect(address(slack)) as eleventh:
            goodbye = json.loads(eleventh.recv(timeout=2))
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")


def test_a_bot_that_left_cannot_be_reached(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada")
    with over_socket(slack, bolt_app(slack)):
        pass
    slack.wait_for(lambda: slack.sockets.connected == 0)
    with pytest.raises(SlackDispatchFailed, match="not connected"):
        slack.run_command(ada, "/notify")


def test_closing_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    with SlackStandIn() as slack, connect(address(slack)) as socket:
        socket.recv(timeout=2)
        slack.wait_for_socket()
        slack.close()
        assert slack.sockets.connected == 0
    assert [thread for thread in threading.enumerate() if thread not in before] == []
