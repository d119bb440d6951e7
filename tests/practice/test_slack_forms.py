"""Filling in and submitting a modal, the way Slack's client and the bot treat it together."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from bot.practice.slack import NotOnScreen, SlackDispatchFailed

from .slack_office import Office, opened_office, shown
from .slack_support import Json, field, modal, option, section


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    with opened_office(getattr(request, "param", "http")) as office:
        yield office


both_ways = pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
MESSAGE = field("message", "plain_text_input")


def answering(office: Office, *answers: Json) -> None:
    """Let the bot answer submissions with these, one after another."""
    waiting = list(answers)

    def answer(ack: Any, body: Json) -> None:
        office.heard.append(body)
        ack(**waiting.pop(0))

    office.app.view("form")(answer)


@both_ways
def test_a_submission_carries_everything_entered(office: Office) -> None:
    answering(office, {})
    form = shown(
        office,
        modal(
            MESSAGE,
            field("empty", "plain_text_input", _optional=True),
            field("tag", "static_select", options=[option("a"), option("b")]),
            field("ticks", "checkboxes", options=[option("a"), option("b")], _optional=True),
            field("day", "datepicker"),
            field("hour", "timepicker"),
            field("at", "datetimepicker"),
            field("who", "users_select"),
            private_metadata="{}",
        ),
    )
    form.fill("message", "Hello")
    form.choose("tag", "b")
    form.choose("ticks", "a", "b")
    form.pick("day", date(2026, 12, 1))
    form.pick("hour", time(18, 30))
    form.pick("at", datetime(2026, 12, 1, 18, tzinfo=timezone(timedelta(hours=1))))
    form.choose("who", office.ben.id)
    assert form.submit() == {}
    assert not form.is_open
    [body] = office.heard
    assert body["view"]["state"]["values"] == {
        "message": {"message": {"type": "plain_text_input", "value": "Hello"}},
        "empty": {"empty": {"type": "plain_text_input", "value": None}},
        "tag": {"tag": {"type": "static_select", "selected_option": option("b")}},
        "ticks": {"ticks": {"type": "checkboxes", "selected_options": [option("a"), option("b")]}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}},
        "hour": {"hour": {"type": "timepicker", "selected_time": "18:30", "timezone": None}},
        "at": {"at": {"type": "datetimepicker", "selected_date_time": 1_796_144_400}},
        "who": {"who": {"type": "users_select", "selected_user": office.ben.id}},
    }
    assert (body["type"], body["response_urls"]) == ("view_submission", [])
    assert {"user", "team", "trigger_id", "api_app_id", "token"} <= set(body)
    view = {"id", "hash", "root_view_id", "previous_view_id", "app_id", "bot_id", "external_id"}
    assert view <= set(body["view"])
    assert body["view"]["private_metadata"] == "{}"


def test_slacks_client_refuses_what_is_not_filled_in_well(office: Office) -> None:
    answering(office, {})
    form = shown(
        office,
        modal(
            field("message", "plain_text_input", min_length=3, max_length=5),
            field("mail", "email_text_input", _optional=True),
            field(
                "tags",
                "multi_static_select",
                options=[option("a"), option("b")],
                max_selected_items=1,
            ),
        ),
    )
    assert set(form.submit()) == {"message", "tags"}
    form.fill("message", "ab")
    form.fill("mail", "nobody")
    form.choose("tags", "a", "b")
    assert form.submit() == {
        "message": "Enter at least 3 characters.",
        "mail": "This does not look right.",
        "tags": "Choose at most 1.",
    }
    form.fill("message", "abcdef")
    form.fill("mail", "ada@example.org")
    form.choose("tags", "b")
    assert form.submit() == {"message": "Enter at most 5 characters."}
    assert office.heard == []
    form.fill("message", "abcde")
    assert form.submit() == {}


@both_ways
def test_the_bots_errors_stand_beside_the_fields(office: Office) -> None:
    answering(office, {"response_action": "errors", "errors": {"message": "Too rude."}}, {})
    form = shown(office, modal(MESSAGE))
    form.fill("message", "Hey you")
    assert form.submit() == {"message": "Too rude."}
    form.fill("message", "Hello")
    assert form.submit() == {}


def test_an_answer_can_show_another_view_or_lay_one_on_top_or_clear(office: Office) -> None:
    answering(
        office,
        {"response_action": "update", "view": modal(section("Sure?"))},
        {"response_action": "push", "view": modal(section("Really?"))},
        {},
        {"response_action": "push", "view": modal(section("Really?"))},
        {"response_action": "clear"},
    )
    form = shown(office, modal(MESSAGE))
    form.fill("message", "Hello")
    form.submit()
    assert office.slack.render(form) == "Form\nSure?\n[Cancel] [Send]"
    form.submit()
    pushed = office.slack.modal(office.ada)
    assert pushed.view()["previous_view_id"] == form.id
    pushed.submit()
    assert (pushed.is_open, form.is_open) == (False, True)
    form.submit()
    office.slack.modal(office.ada).submit()
    assert office.slack.open_modals(office.ada) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"recipient": "There is no such field."}},
        {"response_action": "update", "view": modal()},
        {"response_action": "vanish"},
    ],
    ids=["unknown field", "faulty view", "unknown action"],
)
def test_an_answer_slack_cannot_use_is_a_failure(office: Office, answer: Json) -> None:
    office.app.view("form")(lambda ack: ack(**answer))
    form = shown(office, modal(MESSAGE))
    form.fill("message", "Hello")
    with pytest.raises(SlackDispatchFailed):
        form.submit()
    assert [refused.what for refused in office.slack.refused] == ["view_submission"]
    assert form.is_open


def test_a_form_asks_for_an_address_to_answer_to(office: Office) -> None:
    answering(office, {})
    form = shown(office, modal(field("where", "conversations_select", response_url_enabled=True)))
    form.choose("where", office.channel.id)
    form.submit()
    [address] = office.heard[0]["response_urls"]
    assert (address["block_id"], address["channel_id"]) == ("where", office.channel.id)


def test_a_submission_that_is_not_acknowledged_leaves_the_form_open(office: Office) -> None:
    form = shown(office, modal(MESSAGE))
    form.fill("message", "Hello")
    with pytest.raises(SlackDispatchFailed, match="404"):
        form.submit()
    assert form.value("message") == "Hello"


def test_a_person_enters_only_what_the_form_takes(office: Office) -> None:
    menu = field("tag", "static_select", options=[option("a"), option("b")])
    form = shown(office, modal(MESSAGE, menu, field("at", "datetimepicker")))
    for impossible in (
        lambda: form.fill("tag", "a"),
        lambda: form.choose("tag", "c"),
        lambda: form.choose("tag", "a", "b"),
        lambda: form.fill("absent", "x"),
        lambda: form.click("absent"),
        lambda: form.pick("at", datetime(2026, 12, 1)),  # noqa: DTZ001 - a zone is what it lacks
        lambda: form.pick("message", date(2026, 12, 1)),
        lambda: form.suggest("tag", "abc"),
    ):
        with pytest.raises(NotOnScreen):
            impossible()
