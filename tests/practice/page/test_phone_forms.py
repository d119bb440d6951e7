"""What else a customer taps on the phone, and what a colleague answers outside Tagwise."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import requests

from bot.practice.page.cast import ADA, INES
from tests.practice.page.conftest import Visitor

QUESTION = {
    "id": "csat_1",
    "type": "csat",
    "title": "How was the booking?",
    "score_label": "dis_sat",
    "score_option": "five_stars",
    "follow_up": {"type": "free_form", "placeholder": "What could be better?"},
}
SURVEY = {
    "template_type": "customer_feedback",
    "title": "Your booking",
    "subtitle": "It takes a minute.",
    "button_title": "Give feedback",
    "feedback_screens": [{"questions": [QUESTION]}],
    "business_privacy": {"url": "https://harbour.example/privacy"},
}
REQUEST = {"template_type": "one_time_notif_req", "title": "Tell me of it", "payload": "boots"}


def _sent(visitor: Visitor, payload: Mapping[str, Any]) -> str:
    """The Page sends this template to Ada by other means; its mid."""
    graph = visitor.workspace.graph
    answer = requests.post(
        f"{graph.url}/v26.0/me/messages",
        headers={"Authorization": f"Bearer {graph.access_token}"},
        json={
            "recipient": {"id": ADA},
            "messaging_type": "UPDATE",
            "message": {"attachment": {"type": "template", "payload": payload}},
        },
        timeout=5,
    )
    answer.raise_for_status()
    return str(answer.json()["message_id"])


def _webhook(visitor: Visitor, kind: str) -> Any:
    """What the bot was told of this kind, and took."""
    posts = [post for post in list(visitor.workspace.graph.webhooks) if post.status == 200]
    events = [json.loads(post.body)["entry"][0]["messaging"][0] for post in posts]
    return next(event[kind] for event in events if kind in event)


def _inbox(visitor: Visitor) -> str:
    slack, inbox = visitor.workspace.slack, visitor.scene.inbox
    return "\n".join(slack.render(message) for message in inbox.everything())


def test_a_form_is_filled_in_and_handed_in_once(
    visitor: Visitor, told: Callable[[Any], str]
) -> None:
    mid = _sent(visitor, SURVEY)
    phone = visitor.sees("phones", who=ADA)
    for shown in ("Give feedback", "How was the booking?", "What could be better?", "Satisfied"):
        assert shown in phone
    assert phone.count('name="score"') == 5
    act = f"phone/{ADA}/form"
    assert told(visitor.does(act, mid=mid, comment="Slow")) == "Tap a score first."
    assert told(visitor.does(act, mid=mid, score="6")) == "Tap a score first."
    assert visitor.does(act, mid=mid, score="4", comment="A bit slow").status_code == 204
    assert _webhook(visitor, "messaging_feedback") == {
        "feedback_screens": [
            {
                "screen_id": 0,
                "questions": {
                    "csat_1": {
                        "type": "csat",
                        "payload": "4",
                        "follow_up": {"type": "free_form", "payload": "A bit slow"},
                    }
                },
            }
        ]
    }
    phone = visitor.sees("phones", who=ADA)
    assert "Ada answered 4 of 5." in phone
    assert 'name="score"' not in phone
    assert "handed in already" in told(visitor.does(act, mid=mid, score="4"))
    assert told(visitor.does(act, mid="m_no", score="4")) == "There is no such form."


def test_the_button_of_a_one_time_request_is_pressed_once(
    visitor: Visitor, told: Callable[[Any], str]
) -> None:
    mid = _sent(visitor, REQUEST)
    assert "Notify me" in visitor.sees("phones", who=ADA)
    assert visitor.does(f"phone/{ADA}/tell", mid=mid).status_code == 204
    optin = _webhook(visitor, "optin")
    assert (optin["type"], optin["payload"]) == ("one_time_notif_req", "boots")
    phone = visitor.sees("phones", who=ADA)
    assert "Ada asked to be told, once." in phone
    assert "Notify me" not in phone
    again = told(visitor.does(f"phone/{ADA}/tell", mid=mid))
    assert again == "The button of a request can be pressed once."


def test_what_customers_wrote_before_stands_in_the_inbox_when_practice_begins(
    visitor: Visitor,
) -> None:
    visitor.until(lambda: all(n in _inbox(visitor) for n in ("Ada Moreau", "Ines Duarte")))
    assert "Is my place in the sourdough workshop booked?" in _inbox(visitor)
    visitor.does(f"phone/{ADA}/write", text="Are you there?")
    visitor.until(lambda: "Are you there?" in _inbox(visitor))


def test_a_colleague_may_answer_from_the_page_inbox(
    visitor: Visitor, told: Callable[[Any], str]
) -> None:
    for psid in (ADA, INES):
        assert visitor.does(f"phone/{psid}/inbox").status_code == 204
        phone = visitor.sees("phones", who=psid)
        assert "answering from the Page&#39;s own inbox" in phone
        assert "from the Page&#39;s inbox" in phone
    visitor.until(lambda: _inbox(visitor).count("answering from the Page's own inbox") == 2)
    assert told(visitor.does("phone/1/inbox")) == "Nobody here can do that."
