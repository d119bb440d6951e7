"""What the Send API would not take, on both channels, inside the messaging window and outside."""

from datetime import timedelta
from typing import Any

import pytest

from bot.policy.question import Channel
from tests.policy.asking import assert_sentence, rules_in, verdict, wrote

OPEN = (wrote(timedelta(hours=1)),)
CLOSED = (wrote(timedelta(days=2)),)
TOO_LONG = [("message-too-long", "refuse")]
INVALID = [("message-invalid", "refuse")]


def quick_reply(**changes: Any) -> dict[str, Any]:
    return {"content_type": "text", "title": "Yes", "payload": "YES", **changes}


def template(kind: str) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": {"template_type": kind}}}


@pytest.mark.parametrize(
    ("channel", "text", "found"),
    [
        ("messenger", "a" * 2000, []),
        ("messenger", "a" * 2001, TOO_LONG),
        ("messenger", "é" * 2000, []),
        ("instagram", "a" * 1000, []),
        ("instagram", "a" * 1001, TOO_LONG),
        ("instagram", "é" * 500, []),
        ("instagram", "é" * 500 + "a", TOO_LONG),
        ("instagram", "🙂" * 250, []),
        ("instagram", "🙂" * 251, TOO_LONG),
    ],
)
def test_a_text_may_be_as_long_as_its_channel_takes(
    channel: Channel, text: str, found: list[tuple[str, str]]
) -> None:
    answer = verdict(channel=channel, message={"text": text}, interactions=OPEN)

    assert rules_in(answer) == found


@pytest.mark.parametrize(
    "message",
    [
        {"text": "Hello."},
        {"text": "Hello.", "metadata": "m" * 999},
        {"text": "Hello.", "quick_replies": [quick_reply()] * 13},
        {"text": "Hello.", "quick_replies": [quick_reply(title="t" * 20, payload="p" * 1000)]},
        {"text": "Hello.", "quick_replies": [{"content_type": "user_email"}]},
        {"attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png"}}},
        {"attachments": [{"type": "image", "payload": {"url": "https://shop.example/a.png"}}]},
        template("receipt"),
    ],
)
def test_what_the_send_api_takes_is_not_held_up(message: dict[str, Any]) -> None:
    assert rules_in(verdict(message=message, interactions=OPEN)) == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": " \n\t"},
        {"text": 5},
        {"text": "Hello.", "attachment": {"type": "image", "payload": {"attachment_id": "1"}}},
        {"text": "Hello.", "sticker": 1},
        {"text": "Hello.", "metadata": "m" * 1000},
        {"text": "Hello.", "metadata": 5},
        {"text": "Hello.", "quick_replies": "Yes"},
        {"text": "Hello.", "quick_replies": ["Yes"]},
        {"text": "Hello.", "quick_replies": [quick_reply()] * 14},
        {"text": "Hello.", "quick_replies": [quick_reply(title="t" * 21)]},
        {"text": "Hello.", "quick_replies": [quick_reply(title="")]},
        {"text": "Hello.", "quick_replies": [quick_reply(payload="p" * 1001)]},
        {"text": "Hello.", "quick_replies": [quick_reply(content_type="location")]},
        {"attachment": "a.png"},
        {"attachment": {"type": "gif", "payload": {}}},
        {"attachment": {"type": ["image"], "payload": {}}},
        {"attachment": {"type": "image"}},
        {"attachment": {"type": "template", "payload": {}}},
        {"attachment": {"type": "template", "payload": {"template_type": 5}}},
        {"attachments": []},
        {"attachments": "a.png"},
    ],
)
def test_what_the_send_api_would_not_take_is_refused(message: dict[str, Any]) -> None:
    answer = verdict(message=message, interactions=OPEN)

    assert rules_in(answer) == INVALID
    assert_sentence(answer.findings[0].why)
    assert (answer.allowed, answer.messaging_type, answer.tag) == (False, None, None)


@pytest.mark.parametrize(
    ("kind", "found"), [("generic", []), ("button", []), ("media", []), ("receipt", INVALID)]
)
def test_instagram_has_three_templates(kind: str, found: list[tuple[str, str]]) -> None:
    answer = verdict(channel="instagram", message=template(kind), interactions=OPEN)

    assert rules_in(answer) == found


@pytest.mark.parametrize(
    ("message", "found"), [({"text": "a" * 2001}, TOO_LONG), ({"text": ""}, INVALID)]
)
def test_the_limits_hold_under_a_tag_and_without_as_well(
    message: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    tagged: dict[str, Any] = {"tag": "HUMAN_AGENT", "human_agent_approved": True}

    assert rules_in(verdict(message=message, interactions=CLOSED, **tagged)) == found
    assert rules_in(verdict(message=message, interactions=OPEN, **tagged)) == found
    assert rules_in(verdict(message=message, interactions=CLOSED)) == [
        *found,
        ("window-closed", "refuse"),
    ]
