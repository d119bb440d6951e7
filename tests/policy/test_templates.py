"""Templates field by field: what Meta takes, and a sentence for each field that it would not."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from bot.policy.limits import limit_findings
from bot.practice.graph.errors import GraphError
from bot.practice.graph.templates import check_template

Json = dict[str, Any]
LINK: Json = {"type": "web_url", "url": "https://shop.example/a", "title": "Look"}
TAP: Json = {"type": "postback", "title": "Yes", "payload": "YES"}
CALL: Json = {"type": "phone_number", "title": "Call us", "payload": "+15105551234"}
WHOLE: Mapping[str, Json] = {
    "generic": {
        "template_type": "generic",
        "elements": [
            {
                "title": "Blue boots",
                "subtitle": "Size 39",
                "image_url": "https://shop.example/boots.png",
                "default_action": {"type": "web_url", "url": "https://shop.example/boots"},
                "buttons": [LINK, TAP, CALL],
            }
        ],
    },
    "button": {"template_type": "button", "text": "Shall we?", "buttons": [TAP]},
    "media": {
        "template_type": "media",
        "elements": [{"media_type": "image", "attachment_id": "123", "buttons": [LINK]}],
    },
    "receipt": {
        "template_type": "receipt",
        "recipient_name": "Ada Moreau",
        "order_number": "A-17",
        "currency": "EUR",
        "payment_method": "Visa 2345",
        "order_url": "https://shop.example/orders/17",
        "timestamp": "1428444852",
        "address": {
            "street_1": "1 Rue X",
            "city": "Paris",
            "postal_code": "75001",
            "state": "IDF",
            "country": "FR",
        },
        "summary": {
            "subtotal": 75.0,
            "shipping_cost": 4.95,
            "total_tax": 6.19,
            "total_cost": 56.14,
        },
        "adjustments": [{"name": "New customer", "amount": 20}],
        "elements": [{"title": "Shirt", "quantity": 2, "price": 50, "currency": "EUR"}],
    },
    "customer_feedback": {
        "template_type": "customer_feedback",
        "title": "How did we do?",
        "subtitle": "It takes ten seconds.",
        "button_title": "Answer",
        "feedback_screens": [
            {
                "questions": [
                    {
                        "id": "visit",
                        "type": "csat",
                        "title": "How was your visit?",
                        "score_label": "dis_sat",
                        "score_option": "five_stars",
                        "follow_up": {"type": "free_form", "placeholder": "Tell us more"},
                    }
                ]
            }
        ],
        "business_privacy": {"url": "https://shop.example/privacy"},
        "expires_in_days": 3,
    },
}


def whys(payload: Any, channel: Any = "messenger") -> list[str]:
    message = {"attachment": {"type": "template", "payload": payload}}
    return [finding.why for finding in limit_findings(message, channel)]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_template_is_taken_by_the_rule_book_and_by_meta(kind: str) -> None:
    assert whys(WHOLE[kind]) == []
    check_template(WHOLE[kind], "messenger")


def _put(path: str, value: Any) -> Callable[[Json], None]:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(payload: Json) -> None:
        target: Any = payload
        for step in steps:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value

    return change


FAULTS: list[tuple[str, str, Any, str]] = [
    ("generic", "elements.0.title", "x" * 81, "elements[0].title has 81 characters, at most 80"),
    ("generic", "elements.0.title", None, "elements[0].title is missing"),
    ("generic", "elements.0.subtitle", "x" * 81, "elements[0].subtitle has 81 characters"),
    ("generic", "elements", [], "elements has 0 entries, at least 1"),
    ("generic", "elements", [{"title": "Bare"}], "elements[0] needs something beside its title"),
    ("generic", "elements", [WHOLE["generic"]["elements"][0]] * 11, "has 11 entries, at most 10"),
    ("generic", "elements.0.buttons", [TAP] * 4, "buttons has 4 entries, at most 3"),
    ("generic", "elements.0.image_url", "boots.png", "image_url must be a web address"),
    ("generic", "elements.0.price", "5", "price is not known here"),
    ("button", "text", "x" * 641, "text has 641 characters, at most 640"),
    ("button", "buttons", [], "buttons has 0 entries, at least 1"),
    ("button", "buttons.0", {**TAP, "title": "x" * 21}, "title has 21 characters, at most 20"),
    ("button", "buttons.0", {**TAP, "payload": "x" * 1001}, "payload has 1,001 characters"),
    ("button", "buttons.0", {**LINK, "url": "shop"}, "url must be a web address"),
    ("button", "buttons.0", {**CALL, "payload": "call me"}, "payload"),
    ("button", "buttons.0", {"type": "dance", "title": "x"}, "has a type that is not"),
    ("button", "buttons.0", {"title": "x"}, "needs a type"),
    ("media", "elements.0.attachment_id", None, "needs either an attachment_id or a url"),
    ("media", "elements.0.url", "https://facebook.com/p/1", "needs either an attachment_id or a"),
    ("media", "elements.0.media_type", "audio", "must be 'image' or 'video'"),
    ("receipt", "summary.total_cost", None, "summary.total_cost is missing"),
    ("receipt", "order_number", None, "order_number is missing"),
    ("receipt", "currency", "euro", "currency"),
    ("receipt", "elements.0.price", "a lot", "elements[0].price must be a number"),
    (
        "receipt",
        "elements",
        [WHOLE["receipt"]["elements"][0]] * 101,
        "has 101 entries, at most 100",
    ),
    ("customer_feedback", "title", "x" * 66, "title has 66 characters, at most 65"),
    ("customer_feedback", "title", "See https://x.example", "title must not hold a web address"),
    ("customer_feedback", "subtitle", "x" * 81, "subtitle has 81 characters, at most 80"),
    ("customer_feedback", "button_title", "x" * 21, "button_title has 21 characters"),
    ("customer_feedback", "business_privacy", None, "business_privacy is missing"),
    ("customer_feedback", "expires_in_days", 8, "expires_in_days"),
    ("customer_feedback", "feedback_screens.0.questions.0.id", "a b", "questions[0].id"),
    (
        "customer_feedback",
        "feedback_screens.0.questions.0.title",
        "Hm?",
        "has 3 characters, at least 5",
    ),
    ("customer_feedback", "feedback_screens.0.questions.0.type", "nps", "not one of its kind"),
    (
        "customer_feedback",
        "feedback_screens",
        WHOLE["customer_feedback"]["feedback_screens"] * 2,
        "has 2 entries, at most 1",
    ),
]


@pytest.mark.parametrize(("kind", "path", "value", "said"), FAULTS)
def test_each_fault_is_named_with_its_field_and_meta_would_refuse_it(
    kind: str, path: str, value: Any, said: str
) -> None:
    payload = deepcopy(WHOLE[kind])
    _put(path, value)(payload)
    assert [why for why in whys(payload) if said in why], whys(payload)
    if path != "currency":  # Meta's own pages do not say that it looks at the letters
        with pytest.raises(GraphError):
            check_template(payload, "messenger")


def test_a_video_on_a_foreign_site_cannot_be_a_media_template() -> None:
    payload = deepcopy(WHOLE["media"])
    payload["elements"] = [{"media_type": "video", "url": "https://video.example/1"}]
    assert "facebook.com" in " ".join(whys(payload))


def test_a_kind_that_is_not_described_is_passed_on() -> None:
    assert whys({"template_type": "coupon", "title": "x" * 500}) == []


def test_of_a_template_told_by_its_kind_alone_the_fields_are_not_asked() -> None:
    assert whys({"template_type": "customer_feedback"}) == []


@pytest.mark.parametrize("kind", ["receipt", "customer_feedback"])
def test_instagram_says_which_templates_it_has(kind: str) -> None:
    [why] = whys(WHOLE[kind], "instagram")
    assert "generic, button and media" in why


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"url": "https://shop.example/a.png", "is_reusable": True}, None),
        ({"attachment_id": "123"}, None),
        ({}, "needs either a url or an attachment_id"),
        ({"url": "https://a.example/b", "attachment_id": "1"}, "needs either a url or an"),
        ({"url": "a.png"}, "url must be a web address"),
        ({"url": "https://a.example/b", "caption": "x"}, "caption is not known here"),
    ],
)
def test_a_file_needs_one_source(payload: Json, said: str | None) -> None:
    found = limit_findings({"attachment": {"type": "image", "payload": payload}}, "messenger")
    whole = " ".join(finding.why for finding in found)
    assert said in whole if said else not whole


@pytest.mark.parametrize(("channel", "most"), [("messenger", 30), ("instagram", 10)])
def test_so_many_pictures_travel_together(channel: Any, most: int) -> None:
    picture = {"type": "image", "payload": {"url": "https://shop.example/a.png"}}
    assert list(limit_findings({"attachments": [picture] * most}, channel)) == []
    [finding] = limit_findings({"attachments": [picture] * (most + 1)}, channel)
    assert f"{most} attachments at most" in finding.why
