"""Templates at their limits, structured ones and approved utility messages."""

from copy import deepcopy
from typing import Any

import pytest

from bot.practice.graph import GraphStandIn, Person, UtilityTemplate
from tests.clock import HandClock
from tests.practice.graph_support import ADA, INES, Client, refusal

POSTBACK = {"type": "postback", "title": "x" * 20, "payload": "y" * 1000}
WEB = {"type": "web_url", "title": "Open", "url": "https://example.com"}
CALL = {"type": "phone_number", "title": "Call", "payload": "+15105551234"}
GENERIC = {
    "template_type": "generic",
    "elements": [
        {
            "title": "x" * 80,
            "subtitle": "y" * 80,
            "image_url": "https://example.com/a.jpg",
            "default_action": {"type": "web_url", "url": "https://example.com"},
            "buttons": [POSTBACK, WEB, CALL],
        }
    ],
}
BUTTON = {"template_type": "button", "text": "x" * 640, "buttons": [POSTBACK, WEB, CALL]}
MEDIA = {
    "template_type": "media",
    "elements": [{"media_type": "image", "url": "https://www.facebook.com/p/1", "buttons": [WEB]}],
}
RECEIPT = {
    "template_type": "receipt",
    "recipient_name": "Ada Moreau",
    "order_number": "12345678902",
    "currency": "USD",
    "payment_method": "Visa 2345",
    "order_url": "https://example.com/orders/12345678902",
    "timestamp": "1428444852",
    "address": {
        "street_1": "1 Harbour Road",
        "street_2": "",
        "city": "Leith",
        "postal_code": "EH6",
        "state": "SCT",
        "country": "GB",
    },
    "summary": {"subtotal": 75.0, "shipping_cost": 4.95, "total_tax": 6.19, "total_cost": 56.14},
    "adjustments": [{"name": "New customer", "amount": 20}],
    "elements": [{"title": "T-shirt", "quantity": 2, "price": 50, "currency": "USD"}],
}
QUESTION = {
    "id": "visit_4471",
    "type": "csat",
    "title": "How was it?",
    "score_label": "neg_pos",
    "score_option": "five_stars",
    "follow_up": {"type": "free_form", "placeholder": "Tell us more"},
}
FEEDBACK = {
    "template_type": "customer_feedback",
    "title": "x" * 65,
    "subtitle": "y" * 80,
    "button_title": "z" * 20,
    "feedback_screens": [{"questions": [QUESTION]}],
    "business_privacy": {"url": "https://example.com/privacy"},
    "expires_in_days": 7,
}


def template(payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def changed(payload: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The payload with one value changed, or left out where the value is None."""
    whole = deepcopy(payload)
    holder: Any = whole
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return whole


@pytest.fixture(autouse=True)
def open_windows(ada: Person, ines: Person) -> None:
    ada.writes("Hello")
    ines.writes("Hello")


@pytest.mark.parametrize(
    "payload", [GENERIC, BUTTON, MEDIA, RECEIPT, FEEDBACK], ids=lambda it: str(it["template_type"])
)
def test_a_template_at_its_limits_is_accepted(
    graph: GraphStandIn, client: Client, payload: dict[str, Any]
) -> None:
    assert client.send(ADA, template(payload)).json().get("recipient_id") == ADA
    assert graph.sent_to(ADA)[0].attachment == template(payload)["attachment"]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        "generic",
        {"template_type": "coupon"},
        changed(GENERIC, "colour", "red"),
        changed(GENERIC, "elements", GENERIC["elements"] * 11),  # type: ignore[operator] # a list
        changed(GENERIC, "elements", []),
        changed(GENERIC, "elements.0", {"title": "Alone"}),
        changed(GENERIC, "elements.0.title", "x" * 81),
        changed(GENERIC, "elements.0.subtitle", "x" * 81),
        changed(GENERIC, "elements.0.image_url", "a.jpg"),
        changed(GENERIC, "elements.0.default_action.title", "Open"),
        changed(GENERIC, "elements.0.buttons", [WEB] * 4),
        changed(GENERIC, "elements.0.buttons.0.title", "x" * 21),
        changed(GENERIC, "elements.0.buttons.0.payload", "x" * 1001),
        changed(GENERIC, "elements.0.buttons.1.url", None),
        changed(GENERIC, "elements.0.buttons.2.payload", "call us"),
        changed(BUTTON, "text", "x" * 641),
        changed(BUTTON, "buttons", []),
        changed(BUTTON, "buttons.0.type", "login"),
        changed(MEDIA, "elements", MEDIA["elements"] * 2),  # type: ignore[operator] # a list
        changed(MEDIA, "elements.0.url", "https://example.com/a.jpg"),
        changed(MEDIA, "elements.0.attachment_id", "1"),
        changed(MEDIA, "elements.0.media_type", "audio"),
        changed(MEDIA, "text", "Look"),
        changed(RECEIPT, "recipient_name", None),
        changed(RECEIPT, "order_number", None),
        changed(RECEIPT, "summary.total_cost", None),
        changed(RECEIPT, "summary.total_cost", "56.14"),
        changed(RECEIPT, "address.city", None),
        changed(RECEIPT, "adjustments.0.amount", True),
        changed(RECEIPT, "elements.0.price", None),
        changed(RECEIPT, "elements.0.image_url", "shirt.jpg"),
        changed(FEEDBACK, "title", "x" * 66),
        changed(FEEDBACK, "subtitle", "See https://example.com"),
        changed(FEEDBACK, "button_title", "x" * 21),
        changed(FEEDBACK, "feedback_screens", FEEDBACK["feedback_screens"] * 2),  # type: ignore[operator] # a list
        changed(FEEDBACK, "feedback_screens.0.questions", [QUESTION, QUESTION]),
        changed(FEEDBACK, "feedback_screens.0.questions.0.id", "visit 4471"),
        changed(FEEDBACK, "feedback_screens.0.questions.0.title", "Well"),
        changed(FEEDBACK, "feedback_screens.0.questions.0.title", "x" * 86),
        changed(FEEDBACK, "feedback_screens.0.questions.0.score_option", "zero_to_ten"),
        changed(FEEDBACK, "feedback_screens.0.questions.0.follow_up.placeholder", "x" * 66),
        changed(FEEDBACK, "business_privacy", {}),
        changed(FEEDBACK, "expires_in_days", 8),
    ],
)
def test_a_template_outside_its_limits_is_code_100(client: Client, payload: Any) -> None:
    assert refusal(client.send(ADA, template(payload))) == (100, None)


def test_an_order_number_serves_one_receipt(client: Client) -> None:
    assert client.send(ADA, template(RECEIPT)).status_code == 200
    assert refusal(client.send(ADA, template(RECEIPT))) == (100, None)


def test_a_media_template_may_name_an_attachment_of_the_page(
    graph: GraphStandIn, client: Client
) -> None:
    element = {"media_type": "video", "attachment_id": "2457235337685388"}
    media = template({"template_type": "media", "elements": [element]})
    assert refusal(client.send(ADA, media)) == (100, 2018074)
    graph.attachment_ids.add("2457235337685388")
    assert client.send(ADA, media).status_code == 200


def test_instagram_takes_no_receipt_and_no_survey(client: Client) -> None:
    assert (
        client.send(INES, template(changed(GENERIC, "elements.0.buttons.2", WEB))).status_code
        == 200
    )
    assert refusal(client.send(INES, template(RECEIPT))) == (100, None)
    assert refusal(client.send(INES, template(FEEDBACK))) == (100, None)


def utility(*texts: str, language: str = "en", **others: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in texts]
    components = [{"type": "body", "parameters": parameters}]
    return {
        "template": {
            "name": "order_update",
            "language": {"code": language},
            "components": components,
            **others,
        }
    }


def test_a_utility_message_fills_an_approved_template_at_any_time(
    graph: GraphStandIn, client: Client, clock: HandClock
) -> None:
    clock.forward(days=90)
    body = "Your order {{1}} arrives {{2}}."
    message = utility("A-17", "on Monday")
    assert refusal(client.send(ADA, message, messaging_type="UTILITY")) == (100, None)
    graph.add_template(UtilityTemplate("order_update", body, status="PENDING"))
    assert refusal(client.send(ADA, message, messaging_type="UTILITY")) == (100, None)
    graph.add_template(UtilityTemplate("order_update", body))
    assert client.send(ADA, message, messaging_type="UTILITY").status_code == 200
    assert graph.sent_to(ADA)[0].text == "Your order A-17 arrives on Monday."


@pytest.mark.parametrize(
    "message",
    [
        utility("A-17"),
        utility("A-17", "on Monday", "at 9"),
        utility("A-17", "for $5"),
        utility("A-17", "on Monday", language="de"),
        utility("A-17", "on Monday", index=1),
        {"text": "Your order A-17 arrives on Monday."},
    ],
)
def test_a_utility_message_that_does_not_fit_its_template_is_refused(
    graph: GraphStandIn, client: Client, message: dict[str, Any]
) -> None:
    graph.add_template(UtilityTemplate("order_update", "Your order {{1}} arrives {{2}}."))
    assert refusal(client.send(ADA, message, messaging_type="UTILITY")) == (100, None)


def test_named_parameters_headers_and_buttons_are_filled_too(
    graph: GraphStandIn, client: Client
) -> None:
    graph.add_template(
        UtilityTemplate("order_update", "Order {{id}}", header="{{1}} update", buttons=("Track",))
    )
    message = utility()
    components = message["template"]["components"]
    components[0]["parameters"] = [{"type": "text", "text": "A-17", "parameter_name": "id"}]
    components.append({"type": "header", "parameters": [{"type": "text", "text": "Your"}]})
    too_few = client.send(ADA, message, messaging_type="UTILITY")
    assert refusal(too_few) == (100, 1893029)
    components.append({"type": "buttons", "parameters": [{"type": "POSTBACK", "payload": "1"}]})
    assert client.send(ADA, message, messaging_type="UTILITY").status_code == 200
    assert graph.sent_to(ADA)[0].text == "Your update\nOrder A-17"


def test_utility_messages_need_their_type_channel_and_permission(
    graph: GraphStandIn, client: Client
) -> None:
    graph.add_template(UtilityTemplate("order_update", "Your order {{1}} arrives {{2}}."))
    message = utility("A-17", "on Monday")
    assert refusal(client.send(ADA, message)) == (100, None)
    assert refusal(client.send(INES, message, messaging_type="UTILITY")) == (100, None)
    graph.scopes.discard("pages_utility_messaging")
    assert refusal(client.send(ADA, message, messaging_type="UTILITY")) == (10, None)
