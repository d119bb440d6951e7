"""What Slack would refuse in a message's blocks, and that it is pointed at exactly."""

from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.practice.slack import message_faults

from .slack_support import Json, actions, button, field, option, plain, section

CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": plain("It goes out at once."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
EVERY_BLOCK: list[Json] = [
    {"type": "header", "text": plain("Draft 1")},
    section("*Hello*", accessory=button("open", "Open", url="https://example.org/")),
    {"type": "section", "fields": [plain("a"), {"type": "mrkdwn", "text": "*b*"}]},
    {"type": "divider"},
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a cat"},
    {
        "type": "context",
        "elements": [
            plain("by Ada"),
            {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a cat"},
        ],
    },
    actions(
        button("approve", "Approve", style="primary", value="1", confirm=CONFIRM),
        {"type": "overflow", "action_id": "more", "options": [option("edit"), option("log")]},
        {"type": "static_select", "action_id": "tag", "options": [option("a")]},
        {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_796_115_600},
        {"type": "checkboxes", "action_id": "ticks", "options": [option("a")]},
        {"type": "users_select", "action_id": "who", "placeholder": plain("Who?")},
        block_id="buttons",
    ),
]


def test_what_slack_takes_has_no_fault() -> None:
    assert message_faults(EVERY_BLOCK) == []


def test_slacks_own_library_agrees_with_what_is_taken() -> None:
    parsed = Block.parse_all(EVERY_BLOCK)
    assert len(parsed) == len(EVERY_BLOCK)
    for block in parsed:
        block.validate_json()  # raises


def menu(**change: Any) -> Json:
    return actions({"type": "static_select", "options": [option("a")], **change})


MESSAGE_FAULTS: list[tuple[str, Json, str]] = [
    ("unknown block", {"type": "sectoin"}, "/blocks/0"),
    ("no block at all", {"text": plain("x")}, "/blocks/0"),
    ("unknown field", section("x", colour="red"), "/blocks/0/colour"),
    ("empty section", {"type": "section"}, "/blocks/0"),
    ("text of 3001", section("x" * 3001), "/blocks/0/text/text"),
    ("empty text", section(""), "/blocks/0/text/text"),
    ("bare string as text", {"type": "section", "text": "x"}, "/blocks/0/text"),
    ("11 fields", {"type": "section", "fields": [plain("x")] * 11}, "/blocks/0/fields"),
    (
        "field of 2001",
        {"type": "section", "fields": [plain("x" * 2001)]},
        "/blocks/0/fields/0/text",
    ),
    ("header of 151", {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    (
        "mrkdwn header",
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "/blocks/0/text/type",
    ),
    ("11 in context", {"type": "context", "elements": [plain("x")] * 11}, "/blocks/0/elements"),
    ("none in context", {"type": "context", "elements": []}, "/blocks/0/elements"),
    (
        "button in context",
        {"type": "context", "elements": [button("a", "A")]},
        "/blocks/0/elements/0",
    ),
    ("26 buttons", actions(*(button(f"a{n}", "A") for n in range(26))), "/blocks/0/elements"),
    (
        "twice the same action",
        actions(button("a", "A"), button("a", "B")),
        "/blocks/0/elements/1/action_id",
    ),
    ("button text of 76", actions(button("a", "x" * 76)), "/blocks/0/elements/0/text/text"),
    (
        "button value of 2001",
        actions(button("a", "A", value="x" * 2001)),
        "/blocks/0/elements/0/value",
    ),
    ("numeric button value", actions(button("a", "A", value=12)), "/blocks/0/elements/0/value"),
    (
        "button url of 3001",
        actions(button("a", "A", url="https://" + "x" * 2993)),
        "/blocks/0/elements/0/url",
    ),
    ("no url", actions(button("a", "A", url="example.org")), "/blocks/0/elements/0/url"),
    ("green button", actions(button("a", "A", style="success")), "/blocks/0/elements/0/style"),
    ("action_id of 256", actions(button("a" * 256, "A")), "/blocks/0/elements/0/action_id"),
    ("block_id of 256", section("x", block_id="b" * 256), "/blocks/0/block_id"),
    ("input in a message", field("message", "plain_text_input"), "/blocks/0"),
    ("text field among buttons", actions({"type": "plain_text_input"}), "/blocks/0/elements/0"),
    (
        "datetime beside a text",
        section("x", accessory={"type": "datetimepicker"}),
        "/blocks/0/accessory",
    ),
    ("no options", menu(options=[]), "/blocks/0/elements/0/options"),
    (
        "101 options",
        menu(options=[option(str(n)) for n in range(101)]),
        "/blocks/0/elements/0/options",
    ),
    (
        "option text of 76",
        menu(options=[option("a", "x" * 76)]),
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "option value of 151",
        menu(options=[option("x" * 151, "A")]),
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        "description of 76",
        menu(options=[option("a") | {"description": plain("x" * 76)}]),
        "/blocks/0/elements/0/options/0/description/text",
    ),
    ("same value twice", menu(options=[option("a"), option("a", "B")]), "/blocks/0/elements/0"),
    (
        "options and groups",
        menu(option_groups=[{"label": plain("G"), "options": [option("b")]}]),
        "/blocks/0/elements/0",
    ),
    ("initial not offered", menu(initial_option=option("b")), "/blocks/0/elements/0"),
    ("initial spelt otherwise", menu(initial_option=option("a", "a")), "/blocks/0/elements/0"),
    (
        "placeholder of 151",
        menu(placeholder=plain("x" * 151)),
        "/blocks/0/elements/0/placeholder/text",
    ),
    (
        "mrkdwn option",
        menu(options=[{"text": {"type": "mrkdwn", "text": "x"}, "value": "a"}]),
        "/blocks/0/elements/0/options/0/text/type",
    ),
    (
        "6 in an overflow",
        actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]}),
        "/blocks/0/elements/0/options",
    ),
    (
        "11 checkboxes",
        actions({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]}),
        "/blocks/0/elements/0/options",
    ),
    (
        "11 radio buttons",
        actions({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]}),
        "/blocks/0/elements/0/options",
    ),
    (
        "milliseconds",
        actions({"type": "datetimepicker", "initial_date_time": 1_796_115_600_000}),
        "/blocks/0/elements/0/initial_date_time",
    ),
    (
        "initial_datetime",
        actions({"type": "datetimepicker", "initial_datetime": 1_796_115_600}),
        "/blocks/0/elements/0/initial_datetime",
    ),
    (
        "German date",
        actions({"type": "datepicker", "initial_date": "01.12.2026"}),
        "/blocks/0/elements/0/initial_date",
    ),
    (
        "half past six",
        actions({"type": "timepicker", "initial_time": "6.30"}),
        "/blocks/0/elements/0/initial_time",
    ),
    (
        "confirm without deny",
        actions(button("a", "A", confirm={k: v for k, v in CONFIRM.items() if k != "deny"})),
        "/blocks/0/elements/0/confirm",
    ),
    (
        "confirm title of 101",
        actions(button("a", "A", confirm=CONFIRM | {"title": plain("x" * 101)})),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        "confirm text of 301",
        actions(button("a", "A", confirm=CONFIRM | {"text": plain("x" * 301)})),
        "/blocks/0/elements/0/confirm/text/text",
    ),
    (
        "confirm button of 31",
        actions(button("a", "A", confirm=CONFIRM | {"confirm": plain("x" * 31)})),
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    (
        "image without words",
        {"type": "image", "image_url": "https://example.org/a.png"},
        "/blocks/0",
    ),
    ("markdown of 12001", {"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text"),
]


@pytest.mark.parametrize(
    ("block", "path"), [row[1:] for row in MESSAGE_FAULTS], ids=[row[0] for row in MESSAGE_FAULTS]
)
def test_a_fault_in_a_message_is_pointed_at(block: Json, path: str) -> None:
    faults = message_faults([block])
    assert [fault.path for fault in faults] == [path]
    assert path in str(faults[0])


def test_a_message_holds_fifty_blocks() -> None:
    assert message_faults([{"type": "divider"}] * 50) == []
    assert message_faults([{"type": "divider"}] * 51)[0].path == "/blocks"


def test_a_block_id_is_taken_once() -> None:
    blocks = [section("a", block_id="x"), section("b", block_id="x")]
    assert [fault.path for fault in message_faults(blocks)] == ["/blocks/1/block_id"]


@pytest.mark.parametrize("nonsense", [None, "x", {"type": "section"}, [["x"]], [None]])
def test_nonsense_is_a_fault_and_no_crash(nonsense: object) -> None:
    assert message_faults(nonsense)
