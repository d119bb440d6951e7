"""What a person does on their screen reaches the bot as Slack would bring it, or fails as in Slack."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.practice.slack_support import Json, actions, button, option, section

from .slack_screens import Screens, opened_screens


@pytest.fixture
def screens() -> Iterator[Screens]:
    with opened_screens() as screens:
        yield screens


def hears(screens: Screens) -> list[Json]:
    """The bot takes note of every action."""
    screens.office.app.action(re.compile("."))(screens.office.hear)
    return screens.office.heard


def said_by_slackbot(screens: Screens) -> str:
    [note] = screens.slack.shown_to(screens.office.ada)
    assert note.user == "USLACKBOT"
    return note.text


def test_a_command_carries_its_text_and_where_it_was_typed(screens: Screens) -> None:
    screens.slack.add_command("/notify")
    screens.office.app.command("/notify")(screens.office.hear)
    screens.says(screens.office.ada, " /notify Fish & chips ")
    [form] = screens.office.heard
    assert (form["text"], form["channel_id"]) == ("Fish &amp; chips", screens.office.channel.id)
    assert form["user_id"] == screens.office.ada.id
    assert screens.office.channel.messages == []


def test_a_command_that_nobody_has_is_said_to_be_none(screens: Screens) -> None:
    screens.says(screens.office.ada, "/<nosuch> thing")
    assert said_by_slackbot(screens) == "`/&lt;nosuch&gt;` is not a valid command."
    assert screens.office.channel.messages == []


def test_a_command_in_a_thread_is_not_supported(screens: Screens) -> None:
    screens.slack.add_command("/notify")
    screens.says(screens.office.ada, "root")
    screens.says(screens.office.ada, "/notify", thread=screens.newest().ts)
    assert "not supported in threads" in said_by_slackbot(screens)


def test_a_command_that_the_bot_is_too_slow_for_has_timed_out(screens: Screens) -> None:
    screens.slack.add_command("/notify")

    @screens.office.app.command("/notify")
    def dawdle(ack: Any) -> None:
        time.sleep(1.3)  # it has one second
        ack()

    screens.says(screens.office.ada, "/notify")
    assert said_by_slackbot(screens) == "`/notify` failed with the error “operation_timeout”."


def test_a_command_without_its_bot_fails(screens: Screens) -> None:
    screens.slack.add_command("/notify")
    screens.slack.connect_http("http://127.0.0.1:9/")
    screens.says(screens.office.ada, "/notify")
    assert said_by_slackbot(screens) == "`/notify` failed with the error “dispatch_failed”."


def test_the_app_takes_no_plain_messages(screens: Screens) -> None:
    dm = screens.slack.dm(screens.office.ada)
    screens.says(screens.office.ada, "hello?", place=dm.id)
    assert dm.messages == []
    assert "turned off" in said_by_slackbot(screens)


def test_nobody_writes_where_they_are_not(screens: Screens) -> None:
    secret = screens.slack.add_channel("secret", [screens.office.ben])
    answer = screens.does(screens.office.ada, "say", text="hi", place=secret.id)
    assert (answer.status_code, secret.messages) == (409, [])
    assert answer.json()["error"]


def test_a_button_is_pressed_with_its_value(screens: Screens) -> None:
    heard = hears(screens)
    screens.office.post(actions(button("go", "Go", value="12"), block_id="row"))
    ts = screens.newest().ts
    assert screens.does(screens.office.ben, "click", ts=ts, block="row", action="go").ok
    [body] = heard
    assert (body["actions"][0]["value"], body["user"]["id"]) == ("12", screens.office.ben.id)


def test_the_menu_of_a_message_has_the_apps_own_entries(screens: Screens) -> None:
    screens.slack.add_message_shortcut("File it", "file_it")
    screens.office.app.message_shortcut("file_it")(screens.office.hear)
    screens.says(screens.office.ben, "A note")
    assert "File it" in screens.sees(screens.office.ada).text
    ts = screens.newest().ts
    assert screens.does(screens.office.ada, "shortcut", ts=ts, shortcut="file_it").ok
    [body] = screens.office.heard
    assert (body["message"]["text"], body["user"]["id"]) == ("A note", screens.office.ada.id)


def test_a_button_that_has_gone_is_said_to_have_gone(screens: Screens) -> None:
    screens.office.post(actions(button("go", "Go"), block_id="row"))
    about: dict[str, Any] = {"ts": screens.newest().ts, "block": "row"}
    answer = screens.does(screens.office.ada, "click", action="nosuch", **about)
    assert (answer.status_code, "nosuch" in answer.json()["error"]) == (409, True)
    gone = screens.does(screens.office.ada, "click", ts="1.0", block="row", action="go")
    assert gone.json() == {"error": "That message is not there any more."}


def test_a_button_whose_bot_is_away_says_that_it_did_not_work(screens: Screens) -> None:
    screens.office.post(actions(button("go", "Go"), block_id="row"))
    screens.slack.connect_http("http://127.0.0.1:9/")
    ts = screens.newest().ts
    answer = screens.does(screens.office.ada, "click", ts=ts, block="row", action="go")
    assert answer.status_code == 502
    assert "trouble connecting" in answer.json()["error"]


def test_a_button_that_asks_first_carries_its_question(screens: Screens) -> None:
    asked = {
        "title": {"type": "plain_text", "text": "Sure?"},
        "text": {"type": "mrkdwn", "text": '*Really* <b onclick="x">?'},
        "confirm": {"type": "plain_text", "text": "Yes"},
        "deny": {"type": "plain_text", "text": "No"},
        "style": "danger",
    }
    screens.office.post(actions(button("go", "Go", confirm=asked)))
    shown = screens.sees(screens.office.ada).one("button", data_press="go")["data-confirm"]
    assert '"title": "Sure?"' in shown
    assert '"style": "danger"' in shown
    assert "<b>Really</b> &lt;b onclick=&#34;x&#34;&gt;?" in shown.replace('\\"', '"')


def test_overflow_menus_and_fields_of_messages_are_heard(screens: Screens) -> None:
    heard = hears(screens)
    sizes = [option("s"), option("m")]
    screens.office.post(
        actions(
            {"type": "overflow", "action_id": "more", "options": [option("edit"), option("log")]},
            {"type": "static_select", "action_id": "size", "options": sizes},
            {"type": "checkboxes", "action_id": "ticks", "options": sizes},
            {"type": "datepicker", "action_id": "day"},
            block_id="row",
        )
    )
    ada, about = screens.office.ada, {"ts": screens.newest().ts, "block": "row"}
    assert screens.does(ada, "click", action="more", option="log", **about).ok
    assert screens.does(ada, "choose", action="size", value="m", **about).ok
    assert screens.does(ada, "choose", action="ticks", value=["s", "m"], **about).ok
    assert screens.does(ada, "choose", action="day", day="2026-12-01", **about).ok
    done = [body["actions"][0] for body in heard]
    assert done[0]["selected_option"]["value"] == "log"
    assert done[1]["selected_option"]["value"] == "m"
    assert [o["value"] for o in done[2]["selected_options"]] == ["s", "m"]
    assert done[3]["selected_date"] == "2026-12-01"


def test_every_request_between_slack_and_the_bot_is_on_record(screens: Screens) -> None:
    screens.office.app.action("loud")(lambda ack, respond: (ack(), respond("done")))
    screens.office.post(section("x"), actions(button("loud", "Loud"), block_id="row"))
    ts = screens.newest().ts
    screens.does(screens.office.ada, "click", ts=ts, block="row", action="loud")
    exchanges = screens.until(
        lambda: (
            [e for e in screens.slack.exchanges if e.what == "response_url"]
            and screens.slack.exchanges
        )
    )
    assert {(e.to_bot, e.what, e.error) for e in exchanges} >= {
        (False, "chat.postMessage", None),
        (True, "block_actions", None),
        (False, "response_url", None),
    }
    posted = next(e for e in exchanges if e.what == "chat.postMessage")
    assert (posted.answer or {})["ts"] == ts
    assert posted.at <= datetime.now(UTC)
    screens.slack.connect_http("http://127.0.0.1:9/")
    screens.does(screens.office.ada, "click", ts=ts, block="row", action="loud")
    last = screens.slack.exchanges[-1]
    assert (last.answer, bool(last.error)) == (None, True)


def test_a_field_of_a_message_that_is_none_is_refused(screens: Screens) -> None:
    screens.office.post(section("x", block_id="row"))
    answer = screens.does(
        screens.office.ada, "choose", ts=screens.newest().ts, block="row", action="no", value="1"
    )
    assert answer.json() == {"error": "That field is not there any more."}
