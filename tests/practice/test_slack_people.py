"""What people do reaches the bot in Slack's own shape, and what it answers reaches them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.practice.slack import NotOnScreen, SlackDispatchFailed, SlackStandIn, SlackTimeout

from .slack_office import Office, opened_office
from .slack_support import Json, actions, button, client, option, section


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    with opened_office(getattr(request, "param", "http")) as office:
        yield office


both_ways = pytest.mark.parametrize("office", ["http", "socket"], indirect=True)


@both_ways
def test_a_command_carries_who_where_and_what(office: Office) -> None:
    office.app.command("/notify")(office.hear)
    office.slack.run_command(office.ada, "/notify", "  hello & bye ", channel=office.channel)
    [form] = office.heard
    assert form["response_url"].startswith("http://127.0.0.1:")
    assert form | {"response_url": "", "trigger_id": ""} == {
        "token": "practice",
        "team_id": "T0PRACTICE",
        "team_domain": "practice",
        "channel_id": office.channel.id,
        "channel_name": "approvals",
        "user_id": office.ada.id,
        "user_name": "ada",
        "command": "/notify",
        "text": "  hello &amp; bye ",  # Slack writes three characters as entities
        "api_app_id": "A0PRACTICE",
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }
    assert office.slack.scopes_used() == {"commands"}


@both_ways
def test_an_answer_to_a_command_is_shown_to_its_author(office: Office) -> None:
    office.app.command("/notify")(lambda ack: ack("Hello Ada"))
    office.app.command("/loud")(lambda ack: ack(text="Hello all", response_type="in_channel"))
    note = office.slack.run_command(office.ada, "/notify", channel=office.channel)
    assert note is not None
    assert [note] == office.slack.shown_to(office.ada)
    office.slack.run_command(office.ada, "/loud", channel=office.channel)
    assert [message.text for message in office.channel.messages] == ["Hello all"]
    assert (note.text, office.slack.shown_to(office.ben)) == ("Hello Ada", [])


def test_a_faulty_answer_to_a_command_is_a_failure(office: Office) -> None:
    office.app.command("/notify")(lambda ack: ack(blocks=[section("")], text="x"))
    with pytest.raises(SlackDispatchFailed, match="invalid_blocks"):
        office.slack.run_command(office.ada, "/notify")
    assert office.slack.refused[0].what == "answer to /notify"


@both_ways
def test_a_bot_that_takes_too_long_leaves_the_person_with_a_timeout(office: Office) -> None:
    def dawdle(ack: Any) -> None:
        time.sleep(1.3)
        ack("too late")

    office.app.command("/slow")(dawdle)
    started = time.monotonic()
    with pytest.raises(SlackTimeout, match="within 1 s"):
        office.slack.run_command(office.ada, "/slow")
    assert 1 <= time.monotonic() - started < 1.3
    assert office.slack.shown_to(office.ada) == []


def test_a_bot_that_breaks_or_is_away_leaves_the_person_with_a_failure(office: Office) -> None:
    with pytest.raises(SlackDispatchFailed, match="404"):
        office.slack.run_command(office.ada, "/unknown")
    with SlackStandIn() as lonely:
        ada = lonely.add_user("Ada")
        with pytest.raises(SlackDispatchFailed, match="not connected"):
            lonely.run_command(ada, "/notify")
        lonely.connect_http("http://127.0.0.1:9/slack/events")
        with pytest.raises(SlackDispatchFailed, match="cannot be reached"):
            lonely.run_command(ada, "/notify")


def test_a_request_signed_with_another_secret_is_turned_away() -> None:
    with opened_office("http") as office, SlackStandIn(signing_secret="other") as stranger:
        office.app.command("/notify")(office.hear)
        stranger.connect_http(office.link)
        with pytest.raises(SlackDispatchFailed, match="401"):
            stranger.run_command(stranger.add_user("Eve"), "/notify")
    assert office.heard == []


def test_without_the_scope_there_are_no_commands() -> None:
    with SlackStandIn(scopes={"chat:write"}) as slack:
        with pytest.raises(NotOnScreen, match="commands"):
            slack.run_command(slack.add_user("Ada"), "/notify")
        assert slack.scopes_used() == {"commands"}


@both_ways
def test_a_click_carries_the_message_and_the_button(office: Office) -> None:
    office.app.action("approve")(office.hear)
    approve = button("approve", "Approve", value="12", style="primary")
    card = office.post(section("Draft 12"), actions(approve, block_id="decide"))
    office.slack.click(office.ben, card, "approve")
    [body] = office.heard
    assert body["type"] == "block_actions"
    assert body["team"] == {"id": "T0PRACTICE", "domain": "practice"}
    assert body["user"] == {
        "id": office.ben.id,
        "username": "ben",
        "name": "ben",
        "team_id": "T0PRACTICE",
    }
    assert body["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": office.channel.id,
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": office.channel.id, "name": "approvals"}
    assert body["message"]["blocks"] == card.blocks
    assert body["message"]["bot_id"] == "B0PRACTICE"
    assert (body["is_enterprise_install"], body["enterprise"]) == (False, None)
    assert {"trigger_id", "response_url", "api_app_id", "token", "state"} <= set(body)
    [action] = body["actions"]
    assert action.pop("action_ts")
    assert action == {**approve, "block_id": "decide"}


def test_a_choice_in_a_message_carries_its_state(office: Office) -> None:
    office.app.action("more")(office.hear)
    office.app.action("tag")(office.hear)
    menu = {"type": "static_select", "action_id": "tag", "options": [option("a"), option("b")]}
    overflow = {"type": "overflow", "action_id": "more", "options": [option("edit"), option("log")]}
    card = office.post(actions(overflow, menu, block_id="row"))
    office.slack.click(office.ada, card, "more", "log")
    office.slack.choose(office.ada, card, "tag", "b")
    first, second = office.heard
    assert first["actions"][0]["selected_option"] == option("log")
    assert second["actions"][0]["selected_option"] == option("b")
    assert second["state"]["values"]["row"]["tag"]["selected_option"] == option("b")


def test_a_person_clicks_only_what_is_on_their_screen(office: Office) -> None:
    overflow = {"type": "overflow", "action_id": "more", "options": [option("edit")]}
    card = office.post(actions(button("approve", "Approve"), overflow))
    stranger = office.slack.add_user("Eve")
    for person, name, choice in [
        (office.ada, "reject", None),
        (office.ada, "more", "delete"),
        (stranger, "approve", None),
    ]:
        with pytest.raises(NotOnScreen):
            office.slack.click(person, card, name, choice)
    with pytest.raises(NotOnScreen):
        office.slack.run_command(stranger, "/notify", channel=office.channel)


def test_a_screen_that_has_not_caught_up_still_shows_the_old_buttons(office: Office) -> None:
    office.app.action("approve")(office.hear)
    card = office.post(actions(button("approve", "Approve")))
    before = card.snapshot()
    client(office.slack).chat_update(channel=office.channel.id, ts=card.ts, text="Approved")
    with pytest.raises(NotOnScreen):
        office.slack.click(office.ada, card, "approve")
    office.slack.click(office.ada, before, "approve")
    assert office.heard[0]["message"]["text"] == "Approved"


def test_an_ephemeral_message_keeps_its_contents_to_itself(office: Office) -> None:
    office.app.action("undo")(office.hear)
    client(office.slack).chat_postEphemeral(
        channel=office.channel.id,
        user=office.ada.id,
        text="x",
        blocks=[actions(button("undo", "Undo"))],
    )
    [note] = office.slack.shown_to(office.ada)
    office.slack.click(office.ada, note, "undo")
    assert "message" not in office.heard[0]
    assert office.heard[0]["container"]["is_ephemeral"] is True
    with pytest.raises(NotOnScreen):
        office.slack.click(office.ben, note, "undo")


def test_an_ephemeral_message_may_be_replaced_by_its_outcome(office: Office) -> None:
    def undo(ack: Any, respond: Any) -> None:
        ack()
        respond("Undone", replace_original=True)

    office.app.action("undo")(undo)
    client(office.slack).chat_postEphemeral(
        channel=office.channel.id,
        user=office.ada.id,
        text="x",
        blocks=[actions(button("undo", "Undo"))],
    )
    [note] = office.slack.shown_to(office.ada)
    office.slack.click(office.ada, note, "undo")
    office.slack.wait_for(lambda: office.slack.render(note) == "Undone")
    assert office.slack.shown_to(office.ada) == [note]


def test_shortcuts_carry_what_they_were_used_on(office: Office) -> None:
    office.app.message_shortcut("reply")(office.hear)
    office.app.global_shortcut("compose")(office.hear)
    hello = office.slack.say(office.ben, office.channel, "hello")
    office.slack.use_message_shortcut(office.ada, hello, "reply")
    office.slack.use_shortcut(office.ada, "compose")
    first, second = office.heard
    assert (first["type"], first["message"]["text"]) == ("message_action", "hello")
    assert first["message_ts"] == hello.ts
    assert {"response_url", "trigger_id", "action_ts", "channel"} <= set(first)
    assert (second["type"], second["callback_id"]) == ("shortcut", "compose")


def test_an_answer_may_replace_or_delete_what_it_answers(office: Office) -> None:
    answers: list[Json] = [
        {"text": "only you", "replace_original": False},
        {"text": "all of you", "response_type": "in_channel", "replace_original": False},
        {"text": "done", "replace_original": True},
        {"text": "", "delete_original": True},
    ]

    def answer(ack: Any, respond: Any) -> None:
        ack()
        assert respond(**answers.pop(0)).status_code == 200

    office.app.action("approve")(answer)
    card = office.post(actions(button("approve", "Approve")))
    shown = card.snapshot()
    slack, channel = office.slack, office.channel
    slack.click(office.ada, card, "approve")
    [note] = slack.wait_for(lambda: slack.shown_to(office.ada))
    assert note.text == "only you"
    slack.click(office.ada, card, "approve")
    slack.wait_for(lambda: [m.text for m in channel.messages] == ["x", "all of you"])
    slack.click(office.ada, card, "approve")
    slack.wait_for(lambda: (card.text, card.blocks) == ("done", []))
    slack.click(office.ada, shown, "approve")
    slack.wait_for(lambda: [m.text for m in channel.messages] == ["all of you"])
    assert slack.refused == []
