"""The inspector: every request between the three, newest first."""

import re

import requests

from bot.practice.page.cast import ADA
from tests.practice.page.conftest import Visitor


def test_a_message_is_followed_from_slack_to_the_phone_and_back(visitor: Visitor) -> None:
    visitor.compose("Ada").submit()
    visitor.until(lambda: visitor.scene.record.deliveries()[0]["state"] == "delivered")
    drawer = visitor.sees("inspector", open="1")
    ways = list(re.findall(r'class="way ([\w-]+)"', drawer))
    assert set(ways) == {"slack-bot", "bot-slack", "meta-bot", "bot-meta"}
    for what in ("/notify", "views.open", "view_submission", "POST /v26.0/me/messages", "echo"):
        assert what in drawer, what


def test_bodies_are_shown_when_an_entry_is_opened(visitor: Visitor) -> None:
    visitor.compose("Ada", "You are expected.").submit()
    visitor.until(visitor.on_phone)
    drawer = visitor.sees("inspector", open="1", words="me/messages")
    [key] = re.findall(r'data-src="/(inspector/[\w-]+)"', drawer)
    bodies = visitor.sees(f"../{key}")
    assert "You are expected." in bodies
    assert "tagwise:1" in bodies
    assert "message_id" in bodies
    assert visitor.does(key).status_code == 405


def test_it_is_filtered_by_way_words_and_what_went_wrong(visitor: Visitor) -> None:
    visitor.does("meta/trouble", trouble="rate")
    visitor.compose("Ada").submit()
    visitor.until(lambda: "613" in visitor.sees("inspector", open="1"))
    assert visitor.sees("inspector", open="1", way="meta-bot").count("<details") == 4
    asked = visitor.sees("inspector", open="1", way="meta-bot", words=f"{ADA} sourdough")
    assert asked.count("<details") == 1
    wrong = visitor.sees("inspector", open="1", bad="on")
    assert wrong.count("<details") >= 1
    assert "error 613" in wrong
    assert "views.open" not in wrong


def test_closed_it_says_what_came_last(visitor: Visitor) -> None:
    def looks() -> bool:  # the bot may have something to say to Slack just then
        visitor.does(f"phone/{ADA}/read")
        return "webhook: read" in visitor.sees("inspector")

    visitor.until(looks)
    assert "<details" not in visitor.sees("inspector")


def test_what_slack_refused_is_counted(visitor: Visitor) -> None:
    assert "Slack refused" not in visitor.sees("inspector")
    slack = visitor.workspace.slack
    requests.post(f"{slack.url}chat.postMessage", json={"channel": "C1"}, timeout=5)
    assert "Slack refused 1" in visitor.sees("inspector")
