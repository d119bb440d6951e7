"""What becomes of a message, on its card and in its author's messages."""

from datetime import timedelta

import pytest

from bot.practice.graph import faults
from bot.practice.slack import Message
from tests.house import ADA, House
from tests.stories.slack_steps import (
    buttons,
    hours_from_now,
    messages_to,
    resume,
    thread,
    told,
    waiting_card,
    write,
)


def headline(house: House, card: Message) -> str:
    return house.text_of(card).splitlines()[0]


def direct_card(house: House, text: str = "Your table is booked.") -> Message:
    """Ben answers Ada directly; the card is in his messages."""
    house.ada.writes("Hi")
    assert write(house, house.ben, text).submit() == {}
    return house.until(lambda: house.slack.dm(house.ben).messages)[0]


def doubtful_card(house: House) -> Message:
    """A card of a message that may have arrived: Meta's answer and echo were lost."""
    house.graph.echoes = house.graph.deliveries = False
    card = waiting_card(house)
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: headline(house, card) == "Draft 1: may have arrived")
    return card


def test_the_card_changes_in_place_from_waiting_to_read(house: House) -> None:
    house.graph.deliveries = False
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    modal.pick("send_at", hours_from_now(house, 2))
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    assert headline(house, card) == "Draft 1: waits for approval"
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: headline(house, card) == "Draft 1: approved")
    assert "Approved by @Cleo, " in house.text_of(card)
    house.clock.forward(hours=2)
    house.until(lambda: headline(house, card) == "Draft 1: sent")
    house.ada.reads()
    house.until(lambda: headline(house, card) == "Draft 1: read")
    assert len(house.approvals.messages) == 1
    house.until(lambda: "Read by" in thread(house, card))
    steps = ("Approved by @Cleo.", "Sent to ", "Read by ")
    said = thread(house, card)
    assert sorted(steps, key=said.index) == list(steps)
    assert not house.slack.refused


def test_a_direct_message_has_its_card_in_its_authors_messages(house: House) -> None:
    card = direct_card(house)
    house.until(lambda: headline(house, card) == "Draft 1: delivered")
    assert "Needed no second person." in house.text_of(card)
    house.until(lambda: "Needed no second person." in thread(house, card))
    assert house.approvals.messages == []
    house.ada.reads()
    house.until(lambda: headline(house, card) == "Draft 1: read")
    assert len(house.slack.dm(house.ben).messages) == 1


def test_what_meta_refuses_is_told_to_the_author_with_the_reason(house: House) -> None:
    house.graph.fail_next(faults.error(100, 2018001), endpoint="messages")
    card = direct_card(house)
    house.until(lambda: headline(house, card) == "Draft 1: not accepted by Meta")
    assert "Meta knows nobody by this id" in house.text_of(card)
    house.until(lambda: len(house.slack.dm(house.ben).messages) == 2)
    news = house.text_of(house.slack.dm(house.ben).messages[1])
    assert news.startswith("*Draft 1* to ")
    assert "Meta did not accept it for" in news
    house.until(lambda: "Meta knows nobody by this id" in thread(house, card))


def test_what_the_rule_book_stops_at_the_last_moment_says_so(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    modal.pick("send_at", hours_from_now(house, 2))
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: buttons(card) == ["withdraw_draft"])
    with house.store.write() as db:  # Meta has refused another message as outside the window
        db.execute("UPDATE contacts SET closed_by_meta_at = '2026-11-22T10:30:00.000Z'")
    house.clock.forward(hours=2)
    house.until(lambda: headline(house, card) == "Draft 1: not sent")
    assert "because the rule book said no at the last moment" in house.text_of(card)
    assert "The messaging window is closed" in house.text_of(card)
    house.until(lambda: "rule book said no at the last moment" in messages_to(house, house.ben))
    assert house.sends() == []


def test_a_message_that_missed_its_time_stays_home_and_says_so(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    modal.pick("send_at", hours_from_now(house, 2))
    assert modal.submit() == {}
    card = house.until(lambda: house.slack.dm(house.ben).messages)[0]
    house.stop()
    house.clock.forward(hours=4)
    house.start()
    house.until(lambda: headline(house, card) == "Draft 1: missed its time")
    assert "It was to go out more than 1 hour ago." in house.text_of(card)
    house.until(
        lambda: "it missed its time" in house.text_of(house.slack.dm(house.ben).messages[-1])
    )
    assert house.sends() == []


def test_a_message_in_doubt_asks_whether_it_arrived(house: House) -> None:
    card = doubtful_card(house)
    assert "*Did it reach " in house.text_of(card)
    assert buttons(card) == ["mark_arrived", "send_again"]
    late = card.snapshot()
    house.slack.click(house.cleo, card, "mark_arrived")
    house.until(lambda: headline(house, card) == "Draft 1: sent")
    house.until(lambda: "@Cleo says that it reached" in thread(house, card))
    said = told(house, house.ben, lambda: house.slack.click(house.ben, late, "send_again"))
    assert "There is nothing to settle any more: this message is sent." in said
    assert len(house.sends()) == 1


def test_a_message_in_doubt_is_sent_again_only_by_a_persons_word(house: House) -> None:
    card = doubtful_card(house)
    house.until(lambda: "press one of the two buttons" in messages_to(house, house.ben))
    house.clock.forward(hours=2)
    house.slack.click(house.ben, card, "send_again")
    house.until(lambda: house.states() == ["sent"])
    assert len(house.sends()) == 2
    house.until(lambda: "@Ben has it sent to" in thread(house, card))


def test_an_echo_settles_what_was_in_doubt(house: House) -> None:
    house.graph.deliveries = False
    card = waiting_card(house)
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: headline(house, card) == "Draft 1: sent")
    assert buttons(card) == []
    assert len(house.sends()) == 1


@pytest.mark.parametrize(
    "hostile", ["<!channel> & <@U1> *bold* _it_ `code`", ":tada: <http://a.b|c> &amp;"]
)
def test_a_systems_draft_shows_hostile_names_and_texts_as_they_are(
    house: House, hostile: str
) -> None:
    house.ada.writes("Hi")
    assert house.post_draft(text=hostile, requested_by=hostile).status_code == 201
    card = house.card()
    assert hostile in [block["text"]["text"] for block in card.blocks if "text" in block]
    raw = card.text + str(
        [b["text"] for b in card.blocks if b.get("text", {}).get("type") == "mrkdwn"]
    )
    for live in ("<!channel>", "<@U1>", "<http", "*bold*", "`code`"):
        assert live not in raw
    assert "edit_draft" in buttons(card)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["message"]["text"] == hostile
    assert not house.slack.refused


def test_a_systems_trouble_is_told_to_the_whole_channel(house: House) -> None:
    house.ada.writes("Hi")
    assert house.post_draft().status_code == 201
    card = house.card()
    house.graph.fail_next(faults.error(100, 2018001), endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "Meta did not accept it" in thread(house, card))
    broadcast = [c.args for c in house.slack.calls if c.args.get("reply_broadcast")]
    assert len(broadcast) == 1


def test_a_template_is_shown_as_the_customer_will_see_it(house: House) -> None:
    house.ada.writes("Hi")
    button = {"type": "web_url", "url": "https://shop.example/17", "title": "Track <it>"}
    payload = {"template_type": "button", "text": "Your *order*", "buttons": [button]}
    replies = [{"content_type": "text", "title": "Thanks & bye", "payload": "BYE"}]
    message = {"attachment": {"type": "template", "payload": payload}, "quick_replies": replies}
    assert house.post_draft(text=None, message=message).status_code == 201
    card = house.card()
    said = house.text_of(card)
    assert "Your *order*\n[Track <it>] → shop.example/17\n" in said
    assert "Quick replies: `Thanks & bye`" in said
    assert "BYE" not in said
    assert buttons(card) == ["approve_draft", "reject_draft", "withdraw_draft"]
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["message"] == message | {"metadata": "tagwise:1"}
    assert not house.slack.refused


def test_a_card_comes_without_a_picture_that_slack_cannot_load(house: House) -> None:
    house.ada.writes("Hi")
    where = {"url": "https://intranet.example/boots.png"}
    message = {"attachment": {"type": "image", "payload": where}}
    house.slack.fail_next("chat.postMessage", "invalid_blocks")
    assert house.post_draft(text=None, message=message).status_code == 201
    card = house.card()
    assert "Picture: intranet.example/boots.png" in house.text_of(card)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: headline(house, card) == "Draft 1: delivered")
    assert card.blocks[2]["image_url"] == where["url"]
    assert len(house.approvals.messages) == 1


def test_an_alarm_names_the_cause_and_lets_a_member_resume(house: House) -> None:
    house.graph.fail_next(faults.error(190), endpoint="messages")
    direct_card(house)
    house.until(lambda: house.approvals.messages)
    alarm = house.approvals.messages[0]
    assert "*Sending is paused.*" in house.text_of(alarm)
    assert "renew PAGE_ACCESS_TOKEN" in house.text_of(alarm)
    resume(house, house.cleo, alarm)
    house.until(lambda: "Sending goes on.* By @Cleo" in house.text_of(house.approvals.messages[-1]))
    house.clock.forward(minutes=2)
    house.until(lambda: house.states() == ["delivered"])
    assert house.graph.sent_to(ADA)
    said = told(house, house.cleo, lambda: house.slack.click(house.cleo, alarm, "resume_page"))
    assert "Sending was not paused any more." in said


def test_a_waiting_card_follows_the_window_when_the_person_writes_again(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    starts_at = (house.clock() + timedelta(days=3)).isoformat()
    event = {"name": "Yoga", "registered": True, "starts_at": starts_at}
    posted = house.post_draft(tag="CONFIRMED_EVENT_UPDATE", event=event)
    assert posted.status_code == 201
    card = house.card()
    assert "window has been closed" in house.text_of(card)
    house.ada.writes("Am I booked?")
    house.until(lambda: "window is open" in house.text_of(card))
