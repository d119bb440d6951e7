"""The Send API: who may call it, what a request looks like, what comes back."""

import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from bot.practice.graph import GraphStandIn, Person
from tests.clock import HandClock
from tests.practice.graph_support import ADA, Client, refusal


@pytest.fixture(autouse=True)
def open_windows(ada: Person, ines: Person) -> None:
    ada.writes("Hello")
    ines.writes("Hello")


def test_an_accepted_message_lands_in_the_persons_thread(
    graph: GraphStandIn, client: Client, ada: Person
) -> None:
    message = {"text": "See you at eight.", "metadata": "tagwise:7"}
    first = client.send(ADA, message, messaging_type="RESPONSE").json()
    second = client.post(
        f"{graph.page_id}/messages",
        {"recipient": {"id": ADA}, "message": {"text": "Bye"}, "messaging_type": "UPDATE"},
    ).json()
    assert first.keys() == {"recipient_id", "message_id"}
    assert first["recipient_id"] == ADA
    assert first["message_id"] != second["message_id"]
    sent, _ = graph.sent_to(ADA)
    assert (sent.mid, sent.text, sent.metadata) == (
        first["message_id"],
        "See you at eight.",
        "tagwise:7",
    )
    assert (sent.messaging_type, sent.tag, sent.at) == ("RESPONSE", None, graph.now())
    assert [said.text for said in ada.thread] == ["Hello", "See you at eight.", "Bye"]
    assert graph.accepted == graph.sent_to(ADA)


def test_form_fields_with_json_values_are_a_request_too(graph: GraphStandIn) -> None:
    form = {
        "recipient": json.dumps({"id": ADA}),
        "message": json.dumps({"text": "Grüße"}),
        "messaging_type": "UPDATE",
    }
    url = f"{graph.url}/v21.0/me/messages?access_token={graph.access_token}"
    assert requests.post(url, data=form, timeout=5).status_code == 200
    assert [sent.text for sent in graph.sent_to(ADA)] == ["Grüße"]
    assert graph.requests[-1].token_place == "parameter"
    assert graph.requests[-1].body["message"] == '{"text": "Gr\\u00fc\\u00dfe"}'


def test_the_token_in_the_header_counts_before_the_parameter(
    graph: GraphStandIn, client: Client
) -> None:
    assert client.post("me/messages?access_token=wrong", {}).json()["error"]["code"] == 100
    assert graph.requests[-1].token_place == "header"
    wrong = {"Authorization": "Bearer wrong"}
    answer = client.post(f"me/messages?access_token={graph.access_token}", {}, headers=wrong)
    assert refusal(answer) == (190, None)
    assert refusal(client.post("me/messages", {}, headers={})) == (190, None)


def test_the_app_may_have_to_prove_that_it_knows_its_secret(
    graph: GraphStandIn, client: Client
) -> None:
    graph.requires_appsecret_proof = True
    assert refusal(client.send(ADA, "Hi")) == (100, None)
    proof = hmac.new(graph.app_secret.encode(), graph.access_token.encode(), hashlib.sha256)
    assert client.send(ADA, "Hi", appsecret_proof=proof.hexdigest()).status_code == 200
    graph.requires_appsecret_proof = False
    assert refusal(client.send(ADA, "Hi", appsecret_proof="0" * 64)) == (100, None)


def test_errors_have_graphs_shape(client: Client) -> None:
    response = client.send("1", "Hi")
    error = response.json()["error"]
    assert response.status_code == 400
    assert error.keys() == {"message", "type", "code", "error_subcode", "fbtrace_id"}
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"] != client.send("1", "Hi").json()["error"]["fbtrace_id"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"reciever": {}}, "reciever"),
        ({"message": {"text": "Hi", "txt": "Hi"}}, "txt"),
        ({"message": {"text": "Hi", "attachments": []}}, "attachments"),
        ({"message": {"text": 5}}, "message[text]"),
        ({"message": ["Hi"]}, "message"),
        ({"message": {"text": "Hi", "metadata": "x" * 1000}}, "metadata"),
        ({"message": {"text": "\ud83d"}}, "UTF-8"),
        ({"recipient": {"id": 24918830014477562}}, "recipient[id]"),
        ({"recipient": {"id": ADA, "phone": "1"}}, "phone"),
        ({"messaging_type": "NEWS"}, "messaging_type"),
        ({"messaging_type": "MESSAGE_TAG"}, "tag"),
        ({"tag": "HUMAN_AGENT"}, "tag"),
        ({"notification_type": "LOUD"}, "notification_type"),
        ({"reply_to": {"mid": "m_unknown"}}, "reply_to"),
    ],
)
def test_a_request_that_is_wrong_is_code_100_and_names_the_parameter(
    client: Client, change: dict[str, Any], named: str
) -> None:
    body = {"recipient": {"id": ADA}, "message": {"text": "Hi"}, "messaging_type": "UPDATE"}
    response = client.post("me/messages", body | change)
    assert refusal(response) == (100, None)
    assert named in response.json()["error"]["message"]


@pytest.mark.parametrize("missing", ["recipient", "message", "messaging_type"])
def test_recipient_message_and_messaging_type_are_required(client: Client, missing: str) -> None:
    body = {"recipient": {"id": ADA}, "message": {"text": "Hi"}, "messaging_type": "UPDATE"}
    del body[missing]
    response = client.post("me/messages", body)
    assert refusal(response) == (100, None)
    assert missing in response.json()["error"]["message"]


@pytest.mark.parametrize("message", [{}, {"text": ""}, {"text": " \n"}, {"metadata": "x"}])
def test_an_empty_message_is_refused(client: Client, message: dict[str, Any]) -> None:
    assert refusal(client.send(ADA, message)) == (100, 2018034)


def test_messenger_counts_characters_and_instagram_bytes(client: Client, ines: Person) -> None:
    assert client.send(ADA, "ü" * 2000).status_code == 200
    assert refusal(client.send(ADA, "ü" * 2001)) == (100, None)
    assert client.send(ines.id, "ü" * 500).status_code == 200
    assert refusal(client.send(ines.id, "ü" * 500 + "u")) == (100, None)


def test_an_answer_may_point_at_a_message_of_the_conversation(client: Client, ada: Person) -> None:
    assert client.send(ADA, "Yes", reply_to={"mid": ada.thread[0].mid}).status_code == 200


def test_quick_replies_have_limits(client: Client) -> None:
    reply = {"content_type": "text", "title": "x" * 20, "payload": "y" * 1000}
    assert client.send(ADA, {"text": "Hi", "quick_replies": [reply] * 13}).status_code == 200
    wrong: list[Any] = [
        [reply] * 14,
        [],
        [reply | {"title": "x" * 21}],
        [reply | {"payload": "y" * 1001}],
        [reply | {"content_type": "location"}],
        [{"content_type": "text", "title": "Yes"}],
        [{"content_type": "user_email", "title": "Mail"}],
    ]
    for quick_replies in wrong:
        response = client.send(ADA, {"text": "Hi", "quick_replies": quick_replies})
        assert refusal(response) == (100, None), quick_replies


def test_attachments_are_known_by_address_or_id(
    graph: GraphStandIn, client: Client, ines: Person
) -> None:
    picture = {"url": "https://example.com/a.jpg", "is_reusable": True}
    answer = client.send(ADA, {"attachment": {"type": "image", "payload": picture}}).json()
    again = {"type": "image", "payload": {"attachment_id": answer["attachment_id"]}}
    assert client.send(ADA, {"attachment": again}).status_code == 200
    foreign = {"type": "image", "payload": {"attachment_id": "1"}}
    assert refusal(client.send(ADA, {"attachment": foreign})) == (100, 2018074)
    both = {"type": "image", "payload": picture | {"attachment_id": "1"}}
    assert refusal(client.send(ADA, {"attachment": both})) == (100, None)
    local = {"type": "image", "payload": {"url": "file:///a.jpg"}}
    assert refusal(client.send(ADA, {"attachment": local})) == (100, None)
    images = [{"type": "image", "payload": {"url": "https://example.com/a.jpg"}}] * 11
    assert client.send(ADA, {"attachments": images}).status_code == 200
    assert client.send(ines.id, {"attachments": images[:1]}).status_code == 200
    assert refusal(client.send(ADA, {"attachments": []})) == (100, None)
    assert refusal(client.send(ines.id, {"attachments": images})) == (100, None)


def test_a_sender_action_is_a_request_of_its_own(
    graph: GraphStandIn, client: Client, clock: HandClock, ada: Person
) -> None:
    typing = {"recipient": {"id": ADA}, "sender_action": "typing_on"}
    assert client.post("me/messages", typing).json() == {"recipient_id": ADA}
    assert graph.accepted == []
    assert refusal(client.send(ADA, "Hi", sender_action="typing_on")) == (100, 2018014)
    assert refusal(client.post("me/messages", typing | {"tag": "HUMAN_AGENT"})) == (100, None)
    assert refusal(client.post("me/messages", typing | {"sender_action": "wave"})) == (100, None)
    ada.memory.blocked_page = True
    assert refusal(client.post("me/messages", typing)) == (551, 1545041)
    ada.memory.blocked_page = False
    clock.forward(hours=24)
    assert refusal(client.post("me/messages", typing)) == (10, 2018278)


def test_a_batch_answers_each_operation_in_a_string(graph: GraphStandIn, client: Client) -> None:
    send = {
        "method": "POST",
        "relative_url": "me/messages",
        "body": f'recipient={{"id":"{ADA}"}}&message={{"text":"Hi"}}&messaging_type=UPDATE',
    }
    unknown = send | {"body": send["body"].replace(ADA, "1")}
    first, second, third = client.post(
        "", {"batch": [send, unknown, {"method": "GET", "relative_url": ADA}]}
    ).json()
    assert (first["code"], json.loads(first["body"])["recipient_id"]) == (200, ADA)
    assert (second["code"], json.loads(second["body"])["error"]["code"]) == (400, 100)
    assert json.loads(third["body"])["first_name"] == "Ada"
    assert len(graph.sent_to(ADA)) == 1
    assert refusal(client.post("", {"batch": [send] * 51})) == (100, None)
    assert refusal(client.post("", {})) == (100, None)


def test_what_is_no_graph_path_is_refused(graph: GraphStandIn, client: Client) -> None:
    response = requests.post(f"{graph.url}/me/messages", json={}, timeout=5)
    assert refusal(response) == (2500, None)
    assert refusal(client.post("1/messages", {})) == (100, 33)
    broken = client.post(
        "me/messages", None, data=b"{", headers={"Content-Type": "application/json"}
    )
    assert refusal(broken) == (100, None)


def test_every_request_is_kept_as_it_came(graph: GraphStandIn, client: Client) -> None:
    client.post("me/messages?a=1", {"recipient": {"id": ADA}})
    record = graph.requests[-1]
    assert (record.method, record.path, record.query) == (
        "POST",
        "/v25.0/me/messages",
        {"a": "1"},
    )
    assert record.headers["Authorization"] == f"Bearer {graph.access_token}"
    assert json.loads(record.raw) == record.body == {"recipient": {"id": ADA}}
    assert (record.status, record.answer["error"]["code"]) == (400, 100)
    assert record.at == graph.now()


def test_usage_headers_and_a_cap_of_messages_a_second(
    graph: GraphStandIn, client: Client, clock: HandClock
) -> None:
    graph.app_usage = {"call_count": 28, "total_time": 25, "total_cputime": 25}
    graph.rate_limit = 2
    answers = [client.send(ADA, "Hi") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert refusal(answers[2]) == (613, None)
    assert json.loads(answers[0].headers["X-App-Usage"])["call_count"] == 28
    assert "X-Business-Use-Case-Usage" not in answers[0].headers
    clock.forward(seconds=1)
    assert client.send(ADA, "Hi").status_code == 200
