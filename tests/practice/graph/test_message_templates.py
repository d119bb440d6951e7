"""The stand-in's list of templates: as strict as Meta's page says."""

from typing import Any

import pytest
import requests

from bot.practice.graph import GraphStandIn, UtilityTemplate
from tests.practice.graph_support import Client, refusal

BODY = {
    "type": "BODY",
    "text": "Your order {{1}} has shipped.",
    "example": {"body_text": [["A-17"]]},
}
MADE: dict[str, Any] = {
    "name": "order_shipped",
    "language": "en",
    "category": "UTILITY",
    "components": [BODY],
}
POSTBACK = {"type": "POSTBACK", "text": "Track", "payload": "order_{{1}}"}


def delete(graph: GraphStandIn, **params: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {graph.access_token}"}
    url = f"{graph.url}/v25.0/{graph.page_id}/message_templates"
    return requests.delete(url, params=params, headers=headers, timeout=5)


def test_a_template_is_created_listed_and_deleted(graph: GraphStandIn, client: Client) -> None:
    made = client.post(f"{graph.page_id}/message_templates", MADE).json()
    assert (made["status"], made["category"]) == ("APPROVED", "UTILITY")
    (listed,) = client.get("me/message_templates").json()["data"]
    assert listed == MADE | {"id": made["id"], "status": "APPROVED"}
    assert delete(graph, name="order_shipped").json() == {"success": True}
    assert client.get("me/message_templates").json() == {"data": []}
    assert refusal(delete(graph, name="order_shipped")) == (100, None)


def test_one_language_is_deleted_by_its_id(graph: GraphStandIn, client: Client) -> None:
    for language in ("en", "de"):
        graph.add_template(UtilityTemplate("due", "At {{1}}.", language))
    german = graph.templates["due", "de"].id
    assert delete(graph, hsm_id=german).status_code == 200
    listed = client.get("me/message_templates", name="due", fields="language").json()["data"]
    assert [each["language"] for each in listed] == ["en"]
    assert refusal(delete(graph)) == (100, None)


def test_the_review_has_the_outcome_that_was_set(graph: GraphStandIn, client: Client) -> None:
    graph.template_review = "REJECTED"
    assert client.post("me/message_templates", MADE).json()["status"] == "REJECTED"
    (listed,) = client.get("me/message_templates", fields="rejected_reason").json()["data"]
    assert listed["rejected_reason"] == "TAG_SHOULD_BE_MARKETING"


def text(words: str, *examples: str) -> dict[str, Any]:
    return BODY | {"text": words, "example": {"body_text": [list(examples)]}}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "Order shipped"}, (100, None)),
        ({"category": "MARKETING"}, (100, None)),
        ({"components": []}, (100, None)),
        ({"components": [text("{{1}} has shipped.", "A")]}, (100, None)),
        ({"components": [text("Shipped: {{1}}", "A")]}, (100, None)),
        ({"components": [text("Of {{1}} and {{3}}.", "A", "B", "C")]}, (100, None)),
        ({"components": [text("Order {{1}} has shipped.")]}, (100, None)),
        (
            {
                "components": [
                    BODY,
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]},
                ]
            },
            (100, 2018416),
        ),
        (
            {"components": [BODY, {"type": "BUTTONS", "buttons": [POSTBACK | {"example": "1"}]}]},
            (100, 2388051),
        ),
    ],
)
def test_a_template_that_breaks_a_rule_is_refused(
    client: Client, changes: dict[str, Any], code: tuple[int, int | None]
) -> None:
    assert refusal(client.post("me/message_templates", MADE | changes)) == code


def test_a_name_is_taken_once_in_each_language(client: Client) -> None:
    assert client.post("me/message_templates", MADE).status_code == 200
    assert refusal(client.post("me/message_templates", MADE)) == (100, None)
    assert client.post("me/message_templates", MADE | {"language": "de"}).status_code == 200


def test_without_the_permission_nothing_is_shown_or_made(
    graph: GraphStandIn, client: Client
) -> None:
    graph.scopes.discard("pages_utility_messaging")
    assert refusal(client.get("me/message_templates")) == (10, None)
    assert refusal(client.post("me/message_templates", MADE)) == (10, None)


def test_a_button_is_filled_by_its_own_kind(graph: GraphStandIn, client: Client) -> None:
    url = {"type": "URL", "text": "Look", "url": "https://example.com/{{1}}"}
    buttons = {"type": "BUTTONS", "buttons": [POSTBACK, url]}
    assert (
        client.post("me/message_templates", MADE | {"components": [BODY, buttons]}).status_code
        == 200
    )
    graph.add_person("24918830014477562")

    def send(*parameters: dict[str, str]) -> requests.Response:
        template = {
            "name": "order_shipped",
            "language": {"code": "en"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "A-17"}]},
                {"type": "buttons", "parameters": list(parameters)},
            ],
        }
        return client.send("24918830014477562", {"template": template}, messaging_type="UTILITY")

    assert refusal(send({"type": "URL", "url": "1"}, {"type": "URL", "url": "2"})) == (100, None)
    filled = send({"type": "POSTBACK", "payload": "A-17"}, {"type": "URL", "url": "A-17"})
    assert filled.status_code == 200
