"""Response URLs: five uses in half an hour, and as strict as the Web API about what they carry."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bot.practice.slack import SlackStandIn
from tests.clock import HandClock

from .slack_support import bolt_app, over_http, section


class Post:
    """Ada's response URL in #general."""

    def __init__(self, slack: SlackStandIn, clock: HandClock) -> None:
        self.slack, self.clock = slack, clock
        self.ada = slack.add_user("Ada")
        self.channel = slack.add_channel("general", [self.ada])
        self.url = ""

    def send(self, **body: Any) -> tuple[int, str | None]:
        answer = requests.post(self.url, json=body, timeout=5)
        return answer.status_code, answer.json().get("error")


@pytest.fixture
def post() -> Iterator[Post]:
    clock = HandClock()
    with SlackStandIn(clock=clock) as slack:
        post = Post(slack, clock)
        app = bolt_app(slack)

        @app.command("/notify")
        def hear(ack: Any, body: Any) -> None:
            post.url = body["response_url"]
            ack()

        with over_http(slack, app):
            slack.run_command(post.ada, "/notify", channel=post.channel)
        yield post


def test_an_address_is_good_for_five_answers(post: Post) -> None:
    assert [post.send(text=str(n)) for n in range(5)] == [(200, None)] * 5
    assert post.send(text="6") == (404, "used_url")
    assert [message.text for message in post.slack.shown_to(post.ada)] == list("01234")


def test_an_address_lasts_half_an_hour(post: Post) -> None:
    post.clock.forward(minutes=30)
    assert post.send(text="in time") == (200, None)
    post.clock.forward(seconds=1)
    assert post.send(text="late") == (404, "expired_url")


def test_an_answer_may_go_into_a_thread_for_all(post: Post) -> None:
    root = post.slack.say(post.ada, post.channel, "root")
    post.send(text="reply", response_type="in_channel", thread_ts=root.ts)
    assert [reply.text for reply in root.replies] == ["reply"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "x", "blocks": [section("")]}, "invalid_blocks"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "channel": "C1"}, "invalid_payload"),
    ],
)
def test_a_faulty_answer_is_refused(post: Post, body: dict[str, Any], error: str) -> None:
    assert post.send(**body) == (400, error)
    assert [(refused.what, refused.error) for refused in post.slack.refused] == [
        ("response_url", error)
    ]
    assert post.slack.shown_to(post.ada) == []
