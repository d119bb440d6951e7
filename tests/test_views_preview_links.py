"""An address in a preview shows whose it is; a list names the kind of message."""

from typing import Any

import pytest

from handlers.views.message import message_line
from handlers.views.preview_parts import Look, address, place_of
from tests.test_views_preview import RECEIPT, generic, image, template


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://shop.example", "shop.example"),
        ("https://shop.example:8443/a/", "shop.example:8443/a"),
        ("https://bank.example@evil.example/a", "evil.example/a"),
        ("https://evil.example\\@bank.example", "evil.example/@bank.example"),
        (f"https://bank.example.{'a' * 60}.evil.example/x", f"…{'a' * 31}.evil.example"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_an_address_shows_whose_it_is(url: str, place: str) -> None:
    assert place_of(url) == place


def test_an_address_cannot_end_its_link() -> None:
    shown = address("https://a.example/<x>|`y`?a=1&b", Look())
    assert shown.startswith("<https://a.example/%3Cx%3E%7C%60y%60?a=1&amp;b|a.example/")


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ({"text": "Hi\nyou"}, "Hi\nyou"),
        ({"attachment": image("https://a.b/c.png")}, "[image]"),
        ({"attachments": [image("https://a.b/c.png")] * 2}, "[attachments]"),
        (
            generic(image_url="https://a.b/c.png"),
            "[generic template] Blue boots Size 39 Track order",
        ),
        (
            template({"template_type": "one_time_notif_req", "title": "Boots?", "payload": "B"}),
            "[asks whether to tell them once] Boots?",
        ),
        (template(RECEIPT), "[receipt template] T-shirt cotton Jeans"),
        ({}, ""),
    ],
)
def test_a_list_names_the_kind_of_message_and_its_texts(message: dict[str, Any], line: str) -> None:
    assert message_line(message) == line
