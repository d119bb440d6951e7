"""The composer while one writes: it says what Meta's rules allow, and keeps what was typed."""

from functools import partial

import pytest

from bot.practice.slack import Modal
from bot.practice.slack.delivery import HttpDelivery
from handlers.views.feedback_fields import FIELDS as FEEDBACK_FIELDS
from tests.house import ADA, BELA, House
from tests.stories.slack_steps import (
    ada_is_known,
    choose_tag,
    event_modal,
    hours_from_now,
    reads,
    shows,
    write,
)


def found(modal: Modal, typed: str) -> list[str]:
    """Name and place of the people offered for what was typed."""
    return [
        f"{option['text']['text']}, {option['description']['text']}"
        for option in modal.suggest("recipient", typed)
    ]


def shows_fields(modal: Modal, fields: list[str]) -> bool:
    return modal.fields == fields


def test_people_are_found_by_name_by_part_of_it_and_by_id(house: House) -> None:
    ada_is_known(house)
    house.graph.person(BELA).writes("Hello")
    house.until(lambda: house.rows("SELECT 1 FROM contacts WHERE name = 'Béla Kiss'"))
    modal = write(house, house.ben)
    ada, bela = f"Ada Moreau, Messenger, window open, id {ADA}", "Béla Kiss, Messenger"
    assert found(modal, "Ada Moreau") == [ada]
    assert found(modal, "mor ad") == [ada]
    assert found(modal, ADA) == [ada]
    assert found(modal, ADA[4:12]) == [ada]
    assert [who[:20] for who in found(modal, "")] == [bela, ada[:20]]
    assert found(modal, "Zorro") == []
    assert found(modal, "%") == []
    assert not house.slack.refused


def test_the_panel_says_until_when_the_window_is_open(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    assert reads(house, modal, "window is open")
    assert reads(house, modal, "anything may be sent, and no tag is needed")
    assert shows(modal, hours_from_now(house, 24))


def test_the_panel_says_since_when_the_window_is_closed_and_what_else_there_is(
    house: House,
) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = write(house, house.ben)
    said = house.text_of(modal)
    assert "has been closed since" in said
    assert shows(modal, hours_from_now(house, -1))
    assert "A person may answer as `HUMAN_AGENT` until" in said
    assert shows(modal, hours_from_now(house, 6 * 24 - 1))
    assert "needs a tag that fits. _(Message Tags, rule window-closed)_" in said
    assert "*What you can do instead*\n• Use CONFIRMED_EVENT_UPDATE where it fits" in said


def test_the_panel_follows_recipient_tag_text_and_time(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=23)
    house.graph.person(BELA).writes("Hello")
    house.clock.forward(hours=2)
    modal = write(house, house.ben, psid=BELA)
    assert reads(house, modal, "window is open")
    modal.choose("recipient", str(house.contact_id(ADA)))
    assert reads(house, modal, "rule window-closed")
    choose_tag(house, modal, "ACCOUNT_UPDATE")
    assert reads(house, modal, "*Allowed* without a time limit, under `ACCOUNT_UPDATE`.")
    modal.fill("message", "x" * 2001)
    assert reads(house, modal, "The text has 2,001 characters; Messenger takes 2,000")
    modal.fill("message", "x" * 2000)
    assert reads(house, modal, "*Allowed*")
    choose_tag(house, modal, "HUMAN_AGENT")
    assert reads(house, modal, "*Allowed* until")
    assert reads(house, modal, "[Send]")
    modal.pick("send_at", hours_from_now(house, 2))
    assert reads(house, modal, "a timer may not send under it")
    assert reads(house, modal, "[Schedule]")
    assert modal.value("message") == "x" * 2000
    assert modal.value("recipient") == str(house.contact_id(ADA))
    assert not house.slack.refused


def test_a_window_that_closes_before_the_message_goes_out_is_told(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    modal.pick("send_at", hours_from_now(house, 30))
    assert reads(house, modal, "The messaging window closes")
    assert reads(house, modal, "before this goes out")
    assert reads(house, modal, "rule window-closed")


def test_only_the_fields_of_the_chosen_tag_are_shown(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    always = ["recipient", "message", "tag", "send_at", "route"]
    event = ["event_name", "event_starts_at", "event_ends_at", "event_registered", "reminders"]
    feedback = [*FEEDBACK_FIELDS]
    fields = {
        "CONFIRMED_EVENT_UPDATE": event,
        "POST_PURCHASE_UPDATE": ["order_id"],
        "ACCOUNT_UPDATE": [],
        "HUMAN_AGENT": [],
        "CUSTOMER_FEEDBACK": feedback,
        "NONE": [],
    }
    for tag, extra in fields.items():
        modal.choose("tag", tag)
        shown = [*always[:3], *extra, *always[3:]]
        house.until(partial(shows_fields, modal, shown))
    assert [option["value"] for option in modal.options("tag")] == ["NONE", *list(fields)[:-1]]


def test_the_edition_of_2026_sets_the_retired_tags_apart_with_their_date(house: House) -> None:
    house.stop()
    house.start(policy_edition="2026-04")
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    tag = next(block for block in modal.blocks if block["block_id"] == "tag")
    groups = {
        group["label"]["text"]: [option["value"] for option in group["options"]]
        for group in tag["element"]["option_groups"]
    }
    assert groups == {
        "Message tags": ["NONE", "HUMAN_AGENT", "CUSTOMER_FEEDBACK"],
        "Retired on 27 April 2026": [
            "CONFIRMED_EVENT_UPDATE",
            "POST_PURCHASE_UPDATE",
            "ACCOUNT_UPDATE",
        ],
    }


def test_what_was_typed_stays_when_the_tag_is_left_and_chosen_again(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.fill("event_name", "Yoga <b> & “more”")
    modal.pick("event_ends_at", hours_from_now(house, 31))
    modal.choose("reminders", "-24h", "-1h")
    choose_tag(house, modal, "POST_PURCHASE_UPDATE")
    modal.fill("order_id", "A-17")
    modal.choose("tag", "NONE")
    house.until(lambda: "order_id" not in modal.fields)
    choose_tag(house, modal, "CONFIRMED_EVENT_UPDATE")
    assert modal.value("event_name") == "Yoga <b> & “more”"
    assert modal.value("event_starts_at") == int(hours_from_now(house, 30).timestamp())
    assert modal.value("event_ends_at") == int(hours_from_now(house, 31).timestamp())
    assert modal.value("event_registered") == ["registered"]
    assert modal.value("reminders") == ["-24h", "-1h"]
    choose_tag(house, modal, "POST_PURCHASE_UPDATE")
    assert modal.value("order_id") == "A-17"
    assert modal.value("message") == "Your class starts soon."


def test_the_panel_ends_with_what_was_entered_last_however_fast_that_was(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = write(house, house.ben)
    for tag in ("ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "HUMAN_AGENT", "ACCOUNT_UPDATE"):
        modal.choose("tag", tag)
    modal.fill("message", "x" * 2001)
    assert reads(house, modal, "`ACCOUNT_UPDATE`: ", "The text has 2,001 characters")
    modal.fill("message", "short")
    assert reads(house, modal, "*Allowed* without a time limit, under `ACCOUNT_UPDATE`.")
    assert modal.value("message") == "short"


def test_an_action_that_arrives_late_does_not_bring_an_old_judgement_back(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = write(house, house.ben)
    late = {
        "type": "block_actions",
        "user": {"id": house.ben.id},
        "team": {"id": "T1"},
        "view": modal.view(),
        "actions": [{"type": "static_select", "action_id": "tag", "action_ts": "1.0"}],
    }
    choose_tag(house, modal, "ACCOUNT_UPDATE")
    calls = len(house.slack.calls)
    slack = HttpDelivery(f"{house.url}/slack/events", house.slack.signing_secret)
    assert slack.deliver("interactive", late, 3.0) == {}
    modal.fill("message", "x" * 2001)
    assert reads(house, modal, "`ACCOUNT_UPDATE`: ", "The text has 2,001 characters")
    assert [call.method for call in house.slack.calls[calls:]] == ["views.update"]


def test_typing_on_updates_nothing_that_already_stands_there(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)

    def updates() -> int:
        return sum(call.method == "views.update" for call in house.slack.calls)

    before = updates()
    for length in range(1, 9):
        modal.fill("message", "Tomorrow"[:length])
    assert updates() == before


def test_reminders_become_messages_of_their_own(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.choose("reminders", "-24h", "-1h")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered", "pending", "pending"])
    house.clock.forward(hours=6)
    house.until(lambda: house.states() == ["delivered", "delivered", "pending"])
    house.clock.forward(hours=23)
    house.until(lambda: house.states() == ["delivered"] * 3)
    assert {sent["tag"] for sent in house.sends()} == {"CONFIRMED_EVENT_UPDATE"}
    assert not house.slack.refused


@pytest.mark.parametrize(
    ("approval", "route", "label"),
    [
        ("flagged", "send", "[Send]"),
        ("flagged", "approve", "[Ask for approval]"),
        ("never", "send", "[Send]"),
        ("never", "approve", "[Ask for approval]"),
        ("always", None, "[Ask for approval]"),
    ],
)
def test_the_button_says_whether_a_colleague_has_to_approve(
    house: House, approval: str, route: str | None, label: str
) -> None:
    house.stop()
    house.start(approval=approval)
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    assert ("route" in modal.fields) == (route is not None)
    if route:
        modal.choose("route", route)
    assert reads(house, modal, label)
    assert ("A colleague has to approve it" in house.text_of(modal)) == ("Ask" in label)
    assert modal.submit() == {}
    if "Ask" in label:
        assert "waits for approval" in house.text_of(house.card())
        assert house.sends() == []
    else:
        house.until(lambda: house.states() == ["delivered"])
        assert house.approvals.messages == []
