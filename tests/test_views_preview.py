"""What an approver sees of a message is what the customer will see, and stays within Slack's limits."""

import re
from typing import Any

import pytest

from handlers.views.blocks import when
from handlers.views.preview import MOST_CHARACTERS, preview
from tests.block_kit import check_blocks
from tests.records import NOW

TRACK = {"type": "web_url", "url": "https://shop.example/17?a=1&b=2", "title": "Track order"}
BUY = {"type": "postback", "title": "Buy", "payload": "BUY_17"}
CALL = {"type": "phone_number", "title": "Call us", "payload": "+4930123456"}
TRACKED = "[Track order] → <https://shop.example/17?a=1&amp;b=2|shop.example/17>"
QUESTION = {
    "id": "q1",
    "type": "csat",
    "title": "How was the food?",
    "score_label": "poor_great",
    "score_option": "five_stars",
    "follow_up": {"type": "free_form", "placeholder": "What could be better?"},
}
FEEDBACK = {
    "template_type": "customer_feedback",
    "title": "Your visit",
    "subtitle": "One minute",
    "button_title": "Answer",
    "feedback_screens": [{"questions": [QUESTION]}],
    "business_privacy": {"url": "https://shop.example/privacy"},
    "expires_in_days": 3,
}
RECEIPT = {
    "template_type": "receipt",
    "recipient_name": "Ada Moreau",
    "merchant_name": "Boot & Co",
    "order_number": "A-17",
    "currency": "EUR",
    "payment_method": "Visa 2345",
    "timestamp": str(int(NOW.timestamp())),
    "order_url": "https://shop.example/orders/A-17",
    "address": {
        "street_1": "Main Street 1",
        "city": "Bern",
        "postal_code": "3000",
        "state": "BE",
        "country": "CH",
    },
    "summary": {"subtotal": 75, "shipping_cost": 4.95, "total_tax": 6.19, "total_cost": 66.14},
    "adjustments": [{"name": "New customer", "amount": 20}],
    "elements": [
        {"title": "T-shirt", "subtitle": "cotton", "quantity": 2, "price": "50"},
        {"title": "Jeans", "price": 25, "image_url": "https://shop.example/jeans.png"},
    ],
}


def template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def image(url: str) -> dict[str, Any]:
    return {"type": "image", "payload": {"url": url}}


def generic(count: int = 1, **changes: Any) -> dict[str, Any]:
    element = {"title": "Blue boots", "subtitle": "Size 39", "buttons": [TRACK]} | changes
    return template({"template_type": "generic", "elements": [element] * count})


def seen(message: dict[str, Any], **how: Any) -> str:
    """All texts of the preview, which every reader of Block Kit takes."""
    blocks = preview(message, **how)
    check_blocks(blocks)
    texts = [block.get("text") or block.get("elements", [{}])[0] for block in blocks]
    return "\n".join(text.get("text", "") for text in texts)


def test_a_text_stands_there_to_the_letter() -> None:
    text = "Hi *Ada* <you>\n :tada: & bye"
    assert preview({"text": text}) == [
        {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
    ]


def test_a_generic_template_shows_its_picture_its_titles_and_what_a_press_does() -> None:
    tapped = {"type": "web_url", "url": "https://shop.example/boots"}
    message = generic(
        image_url="https://shop.example/b.png", default_action=tapped, buttons=[TRACK, BUY, CALL]
    )
    (block,) = preview(message)
    check_blocks([block])
    assert block["text"]["text"].split("\n") == [
        "*Blue boots*",
        "Size 39",
        "Tapped → <https://shop.example/boots|shop.example/boots>",
        TRACKED,
        "[Buy] → comes back to the Page as an answer",
        "[Call us] → calls +4930123456",
    ]
    assert block["accessory"] == {
        "type": "image",
        "image_url": "https://shop.example/b.png",
        "alt_text": "Blue boots",
    }


def test_a_button_template_shows_its_text_to_the_letter_and_its_buttons() -> None:
    payload = {"template_type": "button", "text": "Your *order*\nhas left.", "buttons": [TRACK]}
    assert seen(template(payload)) == f"Your *order*\nhas left.\n{TRACKED}"


def test_a_receipt_shows_a_table_with_its_total() -> None:
    head, table, foot = (block["text"]["text"] for block in preview(template(RECEIPT)))
    assert head.split("\n") == [
        "*Receipt from Boot &amp; Co* for Ada Moreau",
        "Order A-17, paid with Visa 2345",
        when(NOW),
    ]
    assert table.split("\n") == [
        "```2 × T-shirt, cotton              50.00",
        "Jeans                            25.00",
        "Subtotal                         75.00",
        "Shipping                          4.95",
        "Tax                               6.19",
        "New customer                    -20.00",
        "Total in EUR                     66.14```",
    ]
    assert foot.split("\n") == [
        "Sent to Main Street 1, 3000, Bern, BE, CH",
        "[Order] → <https://shop.example/orders/A-17|shop.example/orders/A-17>",
        ":paperclip: Pictures: <https://shop.example/jeans.png|shop.example/jeans.png>",
    ]


def test_a_long_receipt_says_how_many_lines_it_leaves_out_and_keeps_its_total() -> None:
    items = [{"title": "`&<" * 26, "price": 1e300, "quantity": 3}] * 100
    less = [{"name": "_" * 80, "amount": -5}] * 60
    shown = seen(template(RECEIPT | {"elements": items, "adjustments": less}))
    bought, less = re.findall(r"^and (\d+) more$", shown, re.MULTILINE)
    assert int(bought) == 100 - shown.count("3 × ")
    assert int(less) == 60 - shown.count(" -5.00")
    assert "Total in EUR                     66.14```" in shown
    assert shown.count("```") == 2


def test_an_item_in_another_currency_says_so() -> None:
    items = [{"title": "Jeans", "price": 25, "currency": "USD"}]
    assert "25.00 USD\n" in seen(template(RECEIPT | {"elements": items}))


def test_a_feedback_form_shows_its_question_with_its_scale() -> None:
    assert seen(template(FEEDBACK)).split("\n") == [
        "*Your visit*",
        "One minute",
        "[Answer] → this form, for 3 days",
        ">*How was the food?*",
        ">★ ★ ★ ★ ★ (poor to great)",
        ">_then in their own words_: What could be better?",
        "Privacy → <https://shop.example/privacy|shop.example/privacy>",
    ]


@pytest.mark.parametrize(
    ("kind", "scale"),
    [
        ("csat", ">1 2 3 4 5"),
        ("nps", ">0 1 2 3 4 5 6 7 8 9 10"),
        ("ces", ">1 2 3 4 5 6 7"),
        ("free_form", ">_an answer in their own words_"),
    ],
)
def test_a_bare_feedback_form_shows_the_scale_of_its_kind(kind: str, scale: str) -> None:
    screens = [{"questions": [{"id": "q1", "type": kind}]}]
    required = ("template_type", "title", "business_privacy")
    bare = {name: FEEDBACK[name] for name in required} | {"feedback_screens": screens}
    assert seen(template(bare)).split("\n")[1:4] == [
        "[Meta's button] → this form, for 1 day",
        ">*Meta's own question*",
        scale,
    ]


def test_a_video_that_meta_has_already_is_named() -> None:
    medium = {"media_type": "video", "attachment_id": "17", "buttons": [TRACK]}
    shown = seen(template({"template_type": "media", "elements": [medium]}))
    assert shown == f":paperclip: Video, already uploaded to Meta\n{TRACKED}"


def test_a_one_time_notification_shows_what_it_asks() -> None:
    payload = {"template_type": "one_time_notif_req", "title": "Boots in 39", "payload": "B39"}
    assert seen(template(payload)) == "*Boots in 39*\n[Notify me] → allows one message about it"


def test_quick_replies_are_chips() -> None:
    replies = [
        {"content_type": "text", "title": "`Yes` & *now*", "payload": "Y"},
        {"content_type": "user_email"},
        {"content_type": "text", "title": "No", "payload": "N", "image_url": "https://a.b/n.png"},
    ]
    assert seen({"text": "Hi", "quick_replies": replies}) == (
        "Hi\nQuick replies: `ˋYesˋ &amp; *now*`  `their e-mail address`  "
        "`No` (icon <https://a.b/n.png|a.b/n.png>)"
    )


def test_a_picture_is_shown_where_slack_may_load_it_and_linked_elsewhere() -> None:
    url = "https://shop.example/b.png"
    shown = preview({"attachment": image(url)})
    check_blocks(shown)
    assert shown == [{"type": "image", "image_url": url, "alt_text": "Picture"}]
    linked = f":paperclip: Picture: <{url}|shop.example/b.png>"
    assert seen({"attachment": image(url)}, pictures=False) == linked
    assert seen({"attachment": image("http://shop.example/b.png")}).startswith(":paperclip:")
    assert seen({"attachment": image(f"{url}?{'x' * 3000}")}) == (
        ":paperclip: Picture: shop.example/b.png"
    )
    on_a_card = generic(image_url=url)
    assert "accessory" not in str(preview(on_a_card, pictures=False))
    assert linked in seen(on_a_card, pictures=False)


def test_of_many_pictures_the_first_are_shown_and_the_rest_linked() -> None:
    many = {"attachments": [image(f"https://a.b/{n}.png") for n in range(1, 31)]}
    blocks = preview(many)
    check_blocks(blocks)
    assert [block["alt_text"] for block in blocks[:-1]] == [
        f"Picture {n} of 30" for n in range(1, 11)
    ]
    assert ":paperclip: Picture 30: <https://a.b/30.png|a.b/30.png>" in seen(many)
    for n in range(1, 31):
        assert f"Picture {n} of 30: <https://a.b/{n}.png" in seen(many, pictures=False) or n > 10


def test_another_file_is_linked() -> None:
    payload = {"url": "https://a.b/terms.pdf"}
    assert seen({"attachment": {"type": "file", "payload": payload}}) == (
        ":paperclip: File: <https://a.b/terms.pdf|a.b/terms.pdf>"
    )


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            template({"template_type": "coupon", "title": "A *coupon*", "sharable": True}),
            "[coupon template]\nA *coupon*",
        ),
        (template({"template_type": "generic"}), "[generic template]"),
        (template({"text": "Hi"}), "[template]\nHi"),
        ({"text": "Hi", "odd": {"title": "There"}}, "Hi\n[odd]\nThere"),
    ],
)
def test_what_is_not_known_here_is_shown_word_by_word(message: dict[str, Any], text: str) -> None:
    assert seen(message) == text


def test_what_does_not_fit_alive_is_shown_without_links() -> None:
    far = "https://shop.example/" + "a/" * 200
    shown = seen(generic(10, buttons=[TRACK | {"url": far}]))
    assert shown.count("*Blue boots*") == 10
    assert "https://" not in shown
    assert "[Track order] → shop.example/a/a" in shown


def test_what_does_not_fit_at_all_is_counted() -> None:
    shown = seen(generic(10, title="&" * 80, subtitle="&" * 80))
    count = shown.count("[Track order]")
    assert 1 < count < 10
    assert shown.endswith(f"Here {10 - count} more parts of the message do not fit.")
    assert len(shown) < MOST_CHARACTERS + 100
