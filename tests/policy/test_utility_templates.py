"""Templates of utility messages: read as Meta lists them, filled, sent, and looked at when new."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.policy.check import check
from bot.policy.question import Utility
from bot.policy.utility_creation import creation_faults, promotion_in
from bot.policy.utility_templates import (
    Unfit,
    UtilityTemplate,
    finished_body,
    finished_header,
    read_template,
    send_api_template,
)
from bot.questions import read_question, verdict_as_json
from tests.policy.asking import question
from tests.policy.test_utility import FILLED, SHIPPED, utility


def test_the_request_holds_each_parameter_where_meta_wants_it() -> None:
    template = read_template(SHIPPED)
    assert template.takes == ("header.1", "1", "button.2", "button.3")
    assert send_api_template(template, FILLED) == {
        "name": "order_delivery_update_us",
        "language": {"code": "en"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "Order"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "566701"}]},
            {
                "type": "buttons",
                "parameters": [
                    {"type": "POSTBACK", "payload": "12345"},
                    {"type": "URL", "url": "1234"},
                ],
            },
        ],
    }


def test_named_parameters_are_sent_with_their_names() -> None:
    template = UtilityTemplate("due", "en", "APPROVED", "Hi {{who}}, {{day}} then, {{who}}.")
    assert send_api_template(template, {"day": "Monday", "who": "Ada"})["components"] == [
        {
            "type": "body",
            "parameters": [
                {"type": "text", "text": "Ada", "parameter_name": "who"},
                {"type": "text", "text": "Monday", "parameter_name": "day"},
            ],
        }
    ]


def test_numbered_parameters_are_sent_in_the_order_of_their_numbers() -> None:
    template = UtilityTemplate("due", "en", "APPROVED", "At {{2}} on {{1}}.")
    components = send_api_template(template, {"1": "Monday", "2": "9:00"})["components"]
    assert [each["text"] for each in components[0]["parameters"]] == ["Monday", "9:00"]


def test_a_template_without_gaps_is_sent_without_components() -> None:
    template = UtilityTemplate("open", "de", "APPROVED", "Wir haben offen.")
    assert send_api_template(template, {}) == {"name": "open", "language": {"code": "de"}}


def test_the_finished_text_is_what_the_person_reads() -> None:
    template = read_template(SHIPPED)
    assert finished_header(template, FILLED) == "Order Update"
    assert finished_body(template, FILLED) == (
        "Good news! Your order #566701 is on its way. Thank you for your order!"
    )
    assert "#{{1}}" in finished_body(template, {})


def test_what_fills_a_gap_is_not_filled_itself() -> None:
    template = UtilityTemplate("due", "en", "APPROVED", "At {{1}} on {{2}}.")
    assert finished_body(template, {"1": "{{2}}", "2": "Monday"}) == "At {{2}} on Monday."


def test_the_examples_given_to_meta_are_found_again() -> None:
    examples = {gap.key: gap.example for gap in read_template(SHIPPED).gaps}
    assert examples == {"header.1": "Order", "1": "566701", "button.2": "", "button.3": ""}
    params = [{"param_name": "who", "example": "Ada"}]
    body = {
        "type": "BODY",
        "text": "Hi {{who}}!",
        "example": {"body_text_named_params": params},
    }
    named = read_template({"components": [body]})
    assert [gap.example for gap in named.gaps] == ["Ada"]


@pytest.mark.parametrize(
    ("components", "why"),
    [
        (None, "it has no text"),
        ([], "it has no text"),
        ([{"type": "BODY", "text": "Hi"}, {"type": "CAROUSEL"}], "CAROUSEL"),
        ([{"type": "BODY", "text": "Hi"}, {"type": "HEADER", "format": "IMAGE"}], "a picture"),
        (
            [{"type": "BODY", "text": "Hi"}, {"type": "BUTTONS", "buttons": [{"type": "FLOW"}]}],
            "FLOW",
        ),
    ],
)
def test_a_template_that_tagwise_cannot_fill_says_why(components: Any, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        read_template({"name": "a", "language": "en", "components": components})


def body(text: str, *examples: str) -> list[dict[str, Any]]:
    return [{"type": "BODY", "text": text, "example": {"body_text": [list(examples)]}}]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, "It needs a name."),
        ({"language": None}, "It needs a language."),
        ({"category": "MARKETING"}, "Its category has to be UTILITY."),
        ({"components": body("Order {1} has shipped.")}, "double braces, such as {{1}}"),
        ({"components": body("{{1}} has shipped.", "A")}, "neither begin nor end"),
        ({"components": body("Shipped: {{1}}", "A")}, "neither begin nor end"),
        ({"components": body("Of {{1}} and {{3}}.", "A", "B", "C")}, "numbered from 1 on"),
        ({"components": body("Order {{1}} has shipped.")}, "an example of what fills {{1}}"),
        ({"components": []}, "Tagwise could not send it: it has no text."),
    ],
)
def test_a_new_template_is_looked_at_before_meta_is_asked(
    changes: dict[str, Any], fault: str
) -> None:
    assert list(creation_faults(SHIPPED)) == []
    told = list(creation_faults(SHIPPED | changes))
    assert len(told) == 1
    assert fault in told[0]


def test_a_template_of_metas_own_library_has_no_words_to_look_at() -> None:
    made = {"name": "due", "language": "en", "library_template_name": "payment_due"}
    assert list(creation_faults(made)) == []
    assert promotion_in(made) is None


def test_a_template_that_sells_is_told_before_meta_rejects_it() -> None:
    selling = body("Enjoy {{1}} off all boots this weekend.", "half")
    assert promotion_in(SHIPPED) is None
    assert "boots" in str(promotion_in(SHIPPED | {"components": selling}))
    assert question(utility=utility()).carries_message


def test_a_question_in_json_says_what_is_known_of_the_template() -> None:
    told = {"template": "order_update", "language": "en", "parameters": {"1": "A-17"}}
    whole = {"at": "2026-11-22T12:00:00Z", "text": "Hi", "edition": "2026-04", "utility": told}
    assert read_question(whole, "2021-06").utility == Utility("order_update", "en", {"1": "A-17"})
    known = told | {"status": "APPROVED", "takes": ["1"]}
    answer = check(read_question({**whole, "utility": known}, "2021-06"))
    assert verdict_as_json(answer)["messaging_type"] == "UTILITY"
    alone = {name: value for name, value in whole.items() if name != "text"}
    assert read_question(alone, "2021-06").message == {}
    for wrong in (told | {"name": "x"}, told | {"parameters": {"1": 17}}, {"template": "a"}):
        with pytest.raises(ValidationError):
            read_question({**whole, "utility": wrong}, "2021-06")
