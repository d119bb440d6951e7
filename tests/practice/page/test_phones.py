"""Customers on their phones: each act reaches the bot as Meta's signed webhook."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from bot.practice.page.cast import ADA, BELA, DEV, INES
from tests.practice.page.conftest import Visitor


def _interactions(visitor: Visitor, psid: str) -> list[str]:
    """What the bot has on record of what this person did."""
    with visitor.scene.live.services.store.read() as db:
        rows = db.query(
            "SELECT kind FROM interactions JOIN contacts ON contacts.id = contact_id"
            " WHERE psid = ? ORDER BY at",
            [psid],
        )
        return [row["kind"] for row in rows]


def test_what_a_customer_writes_reaches_the_bot_and_opens_the_window(visitor: Visitor) -> None:
    assert "Messaging window closed 2 days" in visitor.sees("phones", who=BELA)
    assert visitor.does(f"phone/{BELA}/write", text="See you <tomorrow>!").status_code == 204
    assert _interactions(visitor, BELA) == ["message", "message"]
    phone = visitor.sees("phones", who=BELA)
    assert "See you &lt;tomorrow&gt;!" in phone
    assert "Messaging window open for 23 h 59 min" in phone


def test_each_webhook_is_signed_and_taken(visitor: Visitor) -> None:
    visitor.does(f"phone/{ADA}/write", text="Hello")
    visitor.does(f"phone/{INES}/write", text="Hello")
    assert {post.status for post in visitor.workspace.graph.webhooks} == {200}


@pytest.mark.parametrize(
    ("act", "kind"), [("start", "postback"), ("link", "postback"), ("ad", "ad_message")]
)
def test_a_new_customer_begins_a_thread_in_several_ways(
    visitor: Visitor, act: str, kind: str
) -> None:
    assert "Get Started" in visitor.sees("phones", who=DEV)
    visitor.does(f"phone/{DEV}/{act}")
    assert _interactions(visitor, DEV) == [kind]
    assert "Get Started" not in visitor.sees("phones", who=DEV)


def test_a_link_back_to_a_known_thread_is_a_referral(visitor: Visitor) -> None:
    visitor.does(f"phone/{ADA}/link")
    assert _interactions(visitor, ADA) == ["message", "referral"]
    assert "Ada came by a link" in visitor.sees("phones", who=ADA)


def test_a_message_shows_how_it_was_sent_and_stays_new_until_it_is_read(visitor: Visitor) -> None:
    assert visitor.compose("Ada").submit() == {}
    visitor.until(visitor.on_phone)
    phone = visitor.sees("phones", who=ADA)
    assert "You are expected at six." in phone
    assert "UPDATE · no tag" in phone
    assert "not read yet" in phone
    assert 'aria-label="1 new"' in visitor.sees("phones", who=BELA)
    visitor.does(f"phone/{ADA}/read")
    assert "not read yet" not in visitor.sees("phones", who=ADA)
    visitor.until(lambda: visitor.scene.record.deliveries()[0]["state"] == "read")


def test_a_heart_is_given_and_taken_back(visitor: Visitor) -> None:
    visitor.compose("Ada").submit()
    [sent] = visitor.until(visitor.on_phone)
    visitor.does(f"phone/{ADA}/react", mid=sent.mid)
    assert _interactions(visitor, ADA) == ["message", "reaction"]
    assert 'aria-pressed="true" aria-label="React' in visitor.sees("phones", who=ADA)
    visitor.does(f"phone/{ADA}/react", mid=sent.mid)
    assert 'aria-pressed="true" aria-label="React' not in visitor.sees("phones", who=ADA)


def test_templates_and_quick_replies_can_be_tapped(visitor: Visitor) -> None:
    graph = visitor.workspace.graph
    buttons = [{"type": "postback", "title": "Yes, please", "payload": "YES"}]
    payload = {"template_type": "button", "text": "Shall we call?", "buttons": buttons}
    replies = [{"content_type": "text", "title": "At six", "payload": "SIX"}]
    for message in (
        {"attachment": {"type": "template", "payload": payload}},
        {"text": "When?", "quick_replies": replies},
    ):
        requests.post(
            f"{graph.url}/v26.0/me/messages",
            headers={"Authorization": f"Bearer {graph.access_token}"},
            json={"recipient": {"id": ADA}, "messaging_type": "UPDATE", "message": message},
            timeout=5,
        ).raise_for_status()
    phone = visitor.sees("phones", who=ADA)
    for shown in ("Shall we call?", "Yes, please", "When?", "At six"):
        assert shown in phone
    visitor.does(f"phone/{ADA}/press", title="Yes, please", payload="YES")
    visitor.does(f"phone/{ADA}/tap", title="At six", payload="SIX")
    assert _interactions(visitor, ADA) == ["message", "postback", "message"]
    assert [m.text for m in graph.person(ADA).thread][-1] == "At six"
    assert "tap" not in visitor.sees("phones", who=ADA).split("When?")[1]


def test_what_cannot_be_done_is_answered_in_a_sentence(
    visitor: Visitor, told: Callable[[Any], str]
) -> None:
    assert told(visitor.does(f"phone/{ADA}/write", text=" ")) == "Write something first."
    assert told(visitor.does(f"phone/{ADA}/write", text="x" * 2001)) == "At most 2000 characters."
    assert told(visitor.does(f"phone/{ADA}/react", mid="m_no")) == "There is no such message."
    assert told(visitor.does("phone/1/write", text="x")) == "Nobody here can do that."
    assert told(visitor.does(f"phone/{ADA}/fly")) == "Nobody here can do that."
