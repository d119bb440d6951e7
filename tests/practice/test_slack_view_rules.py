"""What Slack would refuse in a modal or in suggested options, and that it is pointed at exactly."""

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from bot.practice.slack import suggestion_faults, view_faults

from .slack_support import Json, field, modal, option, plain, section

EVERY_FIELD: list[Json] = [
    field("message", "plain_text_input", multiline=True, max_length=2000, initial_value="Hi"),
    field("mail", "email_text_input"),
    field("address", "url_text_input"),
    field("number", "number_input", is_decimal_allowed=False),
    field("tag", "static_select", options=[option("a")], initial_option=option("a")),
    field(
        "groups", "static_select", option_groups=[{"label": plain("G"), "options": [option("a")]}]
    ),
    field("recipient", "external_select", min_query_length=0, _dispatch_action=True),
    field("people", "multi_external_select", max_selected_items=3),
    field("ticks", "checkboxes", options=[option("a")], initial_options=[option("a")]),
    field("radio", "radio_buttons", options=[option("a"), option("b")]),
    field("day", "datepicker", initial_date="2026-12-01"),
    field("hour", "timepicker", initial_time="18:30"),
    field("at", "datetimepicker", _optional=True, _hint=plain("In your own zone")),
    field("where", "conversations_select", response_url_enabled=True),
    field(
        "typed",
        "plain_text_input",
        dispatch_action_config={"trigger_actions_on": ["on_character_entered"]},
    ),
]


def test_what_slack_takes_has_no_fault() -> None:
    assert view_faults(modal(*EVERY_FIELD, notify_on_close=True, private_metadata="{}")) == []


def test_slacks_own_library_agrees_with_what_is_taken() -> None:
    View(**modal(*EVERY_FIELD)).validate_json()
    with pytest.raises(SlackObjectFormationError, match="title"):
        View(**modal(*EVERY_FIELD, title=plain("x" * 25))).validate_json()


VIEW_FAULTS: list[tuple[str, Json, str]] = [
    ("title of 25", modal(section("x"), title=plain("x" * 25)), "/view/title/text"),
    ("submit of 25", modal(section("x"), submit=plain("x" * 25)), "/view/submit/text"),
    ("close of 25", modal(section("x"), close=plain("x" * 25)), "/view/close/text"),
    ("callback_id of 256", modal(section("x"), callback_id="x" * 256), "/view/callback_id"),
    ("external_id of 256", modal(section("x"), external_id="x" * 256), "/view/external_id"),
    (
        "metadata of 3001",
        modal(section("x"), private_metadata="x" * 3001),
        "/view/private_metadata",
    ),
    ("no blocks", modal(), "/view/blocks"),
    ("101 blocks", modal(*[{"type": "divider"}] * 101), "/view/blocks"),
    ("markdown block", modal({"type": "markdown", "text": "x"}), "/view/blocks/0"),
    ("a workflow's view", modal(section("x"), type="workflow_step"), "/view/type"),
    ("unknown field", modal(section("x"), footer=plain("x")), "/view/footer"),
    (
        "label of 2001",
        modal(field("a", "plain_text_input", _label=plain("x" * 2001))),
        "/view/blocks/0/label/text",
    ),
    (
        "mrkdwn label",
        modal(field("a", "plain_text_input", _label={"type": "mrkdwn", "text": "x"})),
        "/view/blocks/0/label/type",
    ),
    (
        "hint of 2001",
        modal(field("a", "plain_text_input", _hint=plain("x" * 2001))),
        "/view/blocks/0/hint/text",
    ),
    ("button as input", modal(field("a", "button", text=plain("A"))), "/view/blocks/0/element"),
    (
        "input of 3001",
        modal(field("a", "plain_text_input", max_length=3001)),
        "/view/blocks/0/element/max_length",
    ),
    (
        "initial value too long",
        modal(field("a", "plain_text_input", max_length=2, initial_value="abc")),
        "/view/blocks/0/element/initial_value",
    ),
    (
        "more than the most",
        modal(field("a", "plain_text_input", max_length=2, min_length=3)),
        "/view/blocks/0/element",
    ),
    (
        "confirm on a text field",
        modal(field("a", "plain_text_input", confirm={})),
        "/view/blocks/0/element/confirm",
    ),
    (
        "unknown trigger",
        modal(
            field("a", "plain_text_input", dispatch_action_config={"trigger_actions_on": ["blur"]})
        ),
        "/view/blocks/0/element/dispatch_action_config/trigger_actions_on/0",
    ),
    (
        "optional as text",
        modal(field("a", "plain_text_input", _optional="yes")),
        "/view/blocks/0/optional",
    ),
    (
        "two in focus",
        modal(*(field(name, "plain_text_input", focus_on_load=True) for name in "ab")),
        "/view",
    ),
]


@pytest.mark.parametrize(
    ("view", "path"), [row[1:] for row in VIEW_FAULTS], ids=[row[0] for row in VIEW_FAULTS]
)
def test_a_fault_in_a_view_is_pointed_at(view: Json, path: str) -> None:
    assert [fault.path for fault in view_faults(view)] == [path]


def test_a_view_with_inputs_needs_a_submit_button() -> None:
    view = modal(field("a", "plain_text_input"))
    del view["submit"]
    assert [fault.path for fault in view_faults(view)] == ["/view"]
    view["blocks"] = [section("nothing to enter")]
    assert view_faults(view) == []


def test_suggestions_are_options_or_groups_of_them() -> None:
    assert suggestion_faults({"options": [option("a")]}) == []
    assert suggestion_faults({"options": []}) == []
    assert (
        suggestion_faults({"option_groups": [{"label": plain("G"), "options": [option("a")]}]})
        == []
    )
    assert suggestion_faults({"options": [option(str(n)) for n in range(101)]})
    assert suggestion_faults({"options": [{"text": "Ada", "value": "1"}]})
    assert suggestion_faults({})


@pytest.mark.parametrize("nonsense", [None, "x", {"type": "modal"}, [["x"]], 3])
def test_nonsense_is_a_fault_and_no_crash(nonsense: object) -> None:
    assert view_faults(nonsense)
    assert suggestion_faults(nonsense)
