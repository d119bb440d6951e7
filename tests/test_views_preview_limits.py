"""Whatever a system writes into a template: Slack takes the card, and nothing of it comes alive."""

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.limits import limit_findings
from handlers.views.answers import status_blocks
from handlers.views.card import CardFacts, Line, card
from handlers.views.preview import preview
from handlers.views.reasons import approve_anyway
from tests.block_kit import check_blocks, check_message, check_view
from tests.records import NOW, a_contact, a_delivery, a_draft, a_finding, a_verdict

MOST_BLOCKS = 15  # a card has up to 15 others, the status one more, and Slack takes 50
HOSTILE = "<!channel> <@U1> <https://evil.example|bank> *b* _i_ `c` :tada: &amp; | > \\ \n"
LIVE = re.compile(
    r"<(?!!date\^\d+\^[^<>|]*\|[^<>]*>|https?://a\.example[^<>|\s]*\|[^<>]*>)|&(?!amp;|lt;|gt;)"
)


def texts(most: int, least: int = 1) -> st.SearchStrategy[str]:
    hostile = st.sampled_from([HOSTILE[:most], "&" * most, "`" * most, "é" * most])
    return hostile | st.text(min_size=least, max_size=most)


PATHS = st.text("ab/<>|&;\\@:[]*`é", max_size=40) | st.just("x" * 3000)
URLS = st.builds(
    "{}://{}/{}".format, st.sampled_from(["https", "http"]), st.just("a.example"), PATHS
)
BUTTONS = st.lists(
    st.fixed_dictionaries({"type": st.just("web_url"), "url": URLS, "title": texts(20)})
    | st.fixed_dictionaries({"type": st.just("postback"), "title": texts(20), "payload": texts(9)})
    | st.fixed_dictionaries(
        {"type": st.just("phone_number"), "title": texts(20), "payload": st.just("+4930123456")}
    ),
    min_size=1,
    max_size=3,
)
ELEMENTS = st.lists(
    st.fixed_dictionaries(
        {"title": texts(80), "buttons": BUTTONS},
        optional={"subtitle": texts(80), "image_url": URLS},
    ),
    min_size=1,
    max_size=10,
)
AMOUNTS = st.floats(allow_nan=False, allow_infinity=False)
BOUGHT = st.fixed_dictionaries(
    {"title": texts(80), "price": AMOUNTS},
    optional={"subtitle": texts(80), "quantity": st.floats(0.5, 1e9), "image_url": URLS},
)
PAYLOADS = (
    st.fixed_dictionaries({"template_type": st.just("generic"), "elements": ELEMENTS})
    | st.fixed_dictionaries(
        {"template_type": st.just("button"), "text": texts(640), "buttons": BUTTONS}
    )
    | st.fixed_dictionaries(
        {
            "template_type": st.just("receipt"),
            "recipient_name": texts(200),
            "order_number": texts(200),
            "currency": st.just("EUR"),
            "payment_method": texts(200),
            "summary": st.fixed_dictionaries({"total_cost": AMOUNTS, "subtotal": AMOUNTS}),
        },
        optional={
            "elements": st.lists(BOUGHT, max_size=100),
            "adjustments": st.lists(
                st.fixed_dictionaries({"name": texts(80), "amount": AMOUNTS}), max_size=40
            ),
            "timestamp": st.sampled_from(["0", "9999999999", "9999999999999"]),
            "order_url": URLS,
        },
    )
)
REPLIES = st.lists(
    st.fixed_dictionaries(
        {"content_type": st.just("text"), "title": texts(20), "payload": st.just("P")},
        optional={"image_url": URLS},
    ),
    max_size=13,
)
MESSAGES = st.builds(
    lambda payload, replies: {
        "attachment": {"type": "template", "payload": payload},
        "quick_replies": replies,
    },
    PAYLOADS,
    REPLIES,
)


def marked_up(value: Any) -> list[str]:
    """Every text that Slack would read as mrkdwn."""
    if isinstance(value, list):
        return [text for entry in value for text in marked_up(entry)]
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for entry in value.values() for text in marked_up(entry)]
    return []


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_a_template_of_any_content_makes_blocks_that_slack_takes(message: dict[str, Any]) -> None:
    for pictures in (True, False):
        blocks = preview(message, pictures=pictures)
        check_blocks(blocks)
        assert len(blocks) <= MOST_BLOCKS
        assert pictures or '"image_url"' not in json.dumps(blocks)
        for text in marked_up(blocks):
            assert not LIVE.search(text), text
            assert text.count("```") in (0, 2), text


@settings(max_examples=25, deadline=None)
@given(MESSAGES)
def test_the_card_the_modal_and_the_status_take_it(message: dict[str, Any]) -> None:
    draft = a_draft(message=message)
    verdict = a_verdict(*[a_finding(why="<&>" * 60, evidence="<&>" * 99)] * 6)
    facts = CardFacts(draft, [Line(a_delivery(), a_contact())], verdict, "2021-06", NOW)
    check_message(card(facts))
    check_view(approve_anyway(draft, 1, verdict))
    check_blocks(status_blocks(facts, []))


def test_only_the_card_which_can_be_drawn_again_stakes_anything_on_a_picture() -> None:
    url = "https://a.example/boots.png"
    draft = a_draft(message={"attachment": {"type": "image", "payload": {"url": url}}})
    facts = CardFacts(draft, [Line(a_delivery(), a_contact())], None, "2021-06", NOW)
    assert "image_url" in str(card(facts))
    for shown in (approve_anyway(draft, 1, a_verdict()), status_blocks(facts, [])):
        assert "image_url" not in str(shown)
        assert "Picture: <https://a.example/boots.png|" in str(shown)


def test_the_messages_of_these_tests_are_ones_that_meta_would_take() -> None:
    button = {"type": "web_url", "url": "https://a.example/<>|", "title": HOSTILE[:20]}
    payload = {"template_type": "button", "text": HOSTILE, "buttons": [button]}
    message = {"attachment": {"type": "template", "payload": payload}}
    assert not list(limit_findings(message, "messenger"))
    assert "[button template]" not in str(preview(message))
