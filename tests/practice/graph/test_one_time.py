"""The stand-in serves One-Time Notifications and feedback forms as Meta's pages describe them."""

from typing import Any

import pytest

from bot.practice.graph import GraphStandIn, Person
from tests.clock import HandClock
from tests.practice.graph_support import SURVEY, Client, connected_app, refusal

REQUEST: dict[str, Any] = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "one_time_notif_req",
            "title": "Tell me when they are back",
            "payload": "boots",
        },
    }
}


def asked(client: Client, ada: Person) -> str:
    """Ada writes, is asked, and presses the button: her token."""
    ada.writes("Hi")
    return ada.asks_to_be_told(client.send(ada.id, REQUEST).json()["message_id"])


def tell(client: Client, token: str, **others: Any) -> Any:
    message = {"text": "They are back, with 20% off!"}
    body = {"recipient": {"one_time_notif_token": token}, "message": message}
    return client.post("me/messages", body | {"messaging_type": "UPDATE"} | others)


def test_the_button_tells_the_app_a_token_that_is_good_for_one_message(
    graph: GraphStandIn, client: Client, ada: Person, clock: HandClock
) -> None:
    with connected_app(graph) as app:
        token = asked(client, ada)
        optins = [told["optin"] for told in app.events if "optin" in told]
    assert optins == [
        {"type": "one_time_notif_req", "payload": "boots", "one_time_notif_token": token}
    ]
    clock.forward(hours=25)
    assert refusal(client.send(ada.id, "Hello")) == (10, 2018278)
    answer = tell(client, token)
    assert (answer.status_code, answer.json()["recipient_id"]) == (200, ada.id)
    assert ada.thread[-1].text == "They are back, with 20% off!"
    assert refusal(tell(client, token)) == (100, None)


def test_a_message_that_is_refused_does_not_use_the_token_up(client: Client, ada: Person) -> None:
    token = asked(client, ada)

    assert refusal(tell(client, token, message={"text": ""})) == (100, 2018034)
    assert tell(client, token).status_code == 200


def test_a_token_lapses_after_a_year(client: Client, ada: Person, clock: HandClock) -> None:
    token = asked(client, ada)
    clock.forward(days=365)

    assert refusal(tell(client, token)) == (100, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": {"one_time_notif_token": "1"}},
        {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"},
        {"messaging_type": "UTILITY"},
        {"message": REQUEST},
    ],
)
def test_a_token_goes_with_one_plain_message(
    client: Client, ada: Person, changes: dict[str, Any]
) -> None:
    token = asked(client, ada)

    assert refusal(tell(client, token, **changes))[0] == 100
    both = {"recipient": {"one_time_notif_token": token, "id": ada.id}}
    assert refusal(tell(client, token, **both)) == (100, None)


def test_a_request_goes_inside_the_window_only(
    client: Client, ada: Person, clock: HandClock
) -> None:
    assert refusal(client.send(ada.id, REQUEST)) == (10, 2018278)
    ada.writes("Hi")
    assert client.send(ada.id, REQUEST).status_code == 200
    assert refusal(client.send_tagged(ada.id, "ACCOUNT_UPDATE", REQUEST)) == (100, None)
    clock.forward(hours=24)
    assert refusal(client.send(ada.id, REQUEST)) == (10, 2018278)


@pytest.mark.parametrize("payload", [{"title": "a" * 66}, {"payload": ""}, {"button": "Yes"}])
def test_a_request_has_metas_limits(client: Client, ada: Person, payload: dict[str, str]) -> None:
    ada.writes("Hi")
    changed = REQUEST["attachment"]["payload"] | payload
    message = {"attachment": {"type": "template", "payload": changed}}

    assert refusal(client.send(ada.id, message)) == (100, None)


def test_without_the_permission_of_meta_nothing_is_asked_and_nothing_told(
    graph: GraphStandIn, client: Client, ada: Person
) -> None:
    token = asked(client, ada)
    graph.one_time_notifications = False

    assert refusal(client.send(ada.id, REQUEST)) == (10, None)
    assert refusal(tell(client, token)) == (10, None)


def test_a_button_is_pressed_once_and_opens_no_window(
    client: Client, ada: Person, clock: HandClock
) -> None:
    ada.writes("Hi")
    mid = client.send(ada.id, REQUEST).json()["message_id"]
    clock.forward(hours=23)
    ada.asks_to_be_told(mid)
    with pytest.raises(ValueError, match="once"):
        ada.asks_to_be_told(mid)
    with pytest.raises(ValueError, match="no button"):
        ada.asks_to_be_told(ada.thread[0].mid)
    clock.forward(hours=2)
    assert refusal(client.send(ada.id, "Hello")) == (10, 2018278)


def test_a_form_that_is_handed_in_is_told_without_a_time(
    graph: GraphStandIn, client: Client, ada: Person, clock: HandClock
) -> None:
    ada.writes("Hi")
    clock.forward(hours=23)
    mid = client.send(ada.id, SURVEY).json()["message_id"]
    with connected_app(graph) as app:
        ada.answers_form(mid, "4")
    [told] = app.events
    questions = {"visit_1": {"type": "csat", "payload": "4"}}
    assert told == {
        "sender": {"id": ada.id},
        "recipient": {"id": graph.page_id},
        "messaging_feedback": {"feedback_screens": [{"screen_id": 0, "questions": questions}]},
    }
    with pytest.raises(ValueError, match="comment"):
        ada.answers_form(mid, "4", "Slow.")
    clock.forward(hours=2)
    assert refusal(client.send(ada.id, "Hello")) == (10, 2018278)
