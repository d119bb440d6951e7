"""What stops sending, as staff meet it in Slack: they see why, and a person lets it go on with a reason."""

from datetime import timedelta
from typing import Any

import requests

from bot.breakers import pause_for_rate
from bot.practice.graph import faults
from bot.practice.slack import Message, Modal
from tests.house import INES, PATIENCE_S, House
from tests.stories.slack_steps import (
    ada_is_known,
    ask,
    buttons,
    choose_tag,
    messages_to,
    reads,
    resume,
    shows,
    told,
    write,
)

APPROVED = "Your application was approved."


def channel(house: House) -> str:
    return "\n".join(house.text_of(message) for message in list(house.approvals.messages))


def alarm(house: House, words: str) -> Message:
    """The message in the approvals channel that says this."""
    house.until(lambda: words in channel(house))
    return next(m for m in reversed(house.approvals.messages) if words in house.text_of(m))


def health(house: House) -> Any:
    answer = requests.get(f"{house.url}/health", timeout=PATIENCE_S)
    assert answer.status_code == 200
    return answer.json()


def metrics(house: House) -> str:
    return requests.get(f"{house.url}/metrics", timeout=PATIENCE_S).text


def under_a_tag(house: House, text: str = APPROVED) -> Modal:
    """A composer with a message under ACCOUNT_UPDATE, outside the window."""
    modal = write(house, house.ben, text)
    choose_tag(house, modal, "ACCOUNT_UPDATE")
    return modal


def the_window_has_closed(house: House) -> None:
    ada_is_known(house)
    house.clock.forward(hours=25)


def a_refused_tag(house: House) -> Message:
    """Meta refuses what Ben sends under ACCOUNT_UPDATE: what the channel is told of it."""
    the_window_has_closed(house)
    house.graph.fail_next(faults.error(100, 1893061), endpoint="messages")
    assert under_a_tag(house).submit() == {}
    house.until(lambda: house.states() == ["failed"])
    return alarm(house, "Meta refuses the tag")


def test_a_tag_that_meta_refuses_is_refused_while_one_writes_until_a_member_lifts_it(
    house: House,
) -> None:
    notice = a_refused_tag(house)
    assert "`ACCOUNT_UPDATE` for Messenger" in house.text_of(notice)
    modal = under_a_tag(house)
    reads(house, modal, "*Not allowed.*", "Meta refused the tag ACCOUNT_UPDATE for this Page.")
    assert "Graph error 100/1893061" in house.text_of(modal)
    errors = modal.submit()
    assert "Meta refused the tag ACCOUNT_UPDATE" in errors["tag"]
    [known] = health(house)["refused_tags"]
    assert (known["page"], known["tag"]) == (house.graph.page_id, "ACCOUNT_UPDATE")
    assert "tagwise_tags_refused 1.0" in metrics(house)

    house.slack.click(house.cleo, notice, "reset_tag")
    lifting = house.slack.modal(house.cleo, "reset_tag")
    assert "Meta did not accept the tag" in house.text_of(lifting)
    lifting.fill("reason", "App Review gave it back.")
    assert lifting.submit() == {}
    alarm(house, "may be used again for Messenger.* By @Cleo. Reason: App Review gave it back.")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["failed", "delivered"])
    late = told(house, house.cleo, lambda: house.slack.click(house.cleo, notice, "reset_tag"))
    assert "not refused any more" in late
    assert not house.slack.refused


def test_no_tag_is_proposed_that_meta_refuses(house: House) -> None:
    a_refused_tag(house)
    modal = write(house, house.ben, APPROVED)
    reads(house, modal, "*Not allowed.*", "What you can do instead")
    assert (
        "ACCOUNT_UPDATE"
        not in house.text_of(modal).split("What you can do instead")[1].split("Message tag")[0]
    )
    assert "use_tag" not in str(modal.blocks)


def test_after_a_warning_tagged_messages_wait_and_their_cards_say_why(house: House) -> None:
    the_window_has_closed(house)
    house.graph.page.is_warned()
    notice = alarm(house, "Meta warns")
    assert under_a_tag(house).submit() == {}
    house.until(lambda: "waits: Meta warns" in messages_to(house, house.ben))
    house.ines.writes("Hi")
    assert write(house, house.ben, "Hello Ines", INES).submit() == {}
    house.until(lambda: house.states() == ["pending", "sent"])
    [held] = health(house)["tagged_wait"]
    assert (held["page"], health(house)["paused"]) == (house.graph.page_id, [])
    assert "tagwise_pages_tags_waiting 1.0" in metrics(house)

    house.slack.click(house.cleo, notice, "resume_page")
    modal = house.slack.modal(house.cleo, "resume_page")
    assert "Messages under a tag wait:* Meta warns" in house.text_of(modal)
    modal.fill("reason", "  ")
    assert "reason" in modal.submit()
    assert house.states() == ["pending", "sent"]
    modal.fill("reason", "The texts were looked through.")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered", "sent"])
    alarm(house, "go out again for Messenger.* By @Cleo. Reason: The texts were looked through.")
    assert health(house)["tagged_wait"] == []


def test_a_restricted_page_is_seen_on_cards_in_the_queue_and_in_health(house: House) -> None:
    ada_is_known(house)
    house.graph.fail_next(faults.error(10, 1893063), endpoint="messages")
    assert write(house, house.ben).submit() == {}
    notice = alarm(house, "Sending is paused for Messenger")
    restricted_at = house.clock()
    house.clock.forward(minutes=5)
    assert write(house, house.ben, "Another").submit() == {}
    house.until(lambda: messages_to(house, house.ben).count("waits: sending is paused since") == 2)
    card = house.slack.dm(house.ben).messages[-1]
    assert "Meta restricts what this Page may send" in house.text_of(card)
    assert shows(card, restricted_at)
    [paused] = health(house)["paused"]
    assert (paused["page"], paused["kind"], paused["until"]) == (
        house.graph.page_id,
        "policy",
        None,
    )
    assert "tagwise_pages_paused 1.0" in metrics(house)
    assert "what stops sending" in house.text_of(ask(house, house.ben, "help"))
    queue = ask(house, house.ben, "queue")
    assert "Sending is paused for Messenger* since" in house.text_of(queue)
    assert buttons(queue) == ["resume_page"]
    assert "waits: sending is paused" in house.text_of(ask(house, house.ben, "status 1"))

    resume(house, house.ben, queue, "Meta was wrong.")
    house.until(lambda: house.states() == ["delivered"] * 2)
    house.until(lambda: "waits" not in house.text_of(card))
    late = told(house, house.cleo, lambda: house.slack.click(house.cleo, notice, "resume_page"))
    assert "not paused any more" in late
    assert "paused" not in house.text_of(ask(house, house.ben, "queue"))
    assert not house.slack.refused


def test_whoever_writes_is_told_before_that_it_would_wait(house: House) -> None:
    the_window_has_closed(house)
    house.graph.page.is_warned()
    alarm(house, "Meta warns")
    modal = under_a_tag(house)
    reads(
        house,
        modal,
        "*Messages under a tag wait:* Meta warns",
        "What you send waits for now",
    )
    house.graph.page.is_blocked()
    alarm(house, "Sending is paused")
    choose_tag(house, modal, "CONFIRMED_EVENT_UPDATE")
    assert "What you send waits" not in house.text_of(modal)  # for it may not go out at all yet
    choose_tag(house, modal, "ACCOUNT_UPDATE")
    reads(house, modal, "*Sending is paused* since", "blocked this Page")


def test_a_card_drawn_before_the_page_was_stopped_is_drawn_anew(house: House) -> None:
    ada_is_known(house)
    modal = write(house, house.ben)
    modal.pick("send_at", house.clock() + timedelta(hours=2))
    assert modal.submit() == {}
    house.until(lambda: "goes out" in messages_to(house, house.ben))
    house.graph.page.is_blocked()
    house.until(lambda: "but sending is paused since" in messages_to(house, house.ben))
    house.clock.forward(minutes=1)
    house.graph.page.is_unblocked()
    house.until(lambda: "paused" not in messages_to(house, house.ben))


def test_the_card_of_a_tagged_message_to_come_follows_what_becomes_of_its_tag(house: House) -> None:
    the_window_has_closed(house)
    modal = under_a_tag(house)
    modal.pick("send_at", house.clock() + timedelta(hours=2))
    assert modal.submit() == {}

    def card() -> str:
        return house.text_of(house.slack.dm(house.ben).messages[0])

    house.until(lambda: "goes out" in messages_to(house, house.ben))
    house.graph.page.is_warned()
    house.until(lambda: "but Meta warns" in card())
    resume(house, house.cleo, alarm(house, "Meta warns"))
    house.until(lambda: "Meta warns" not in card())
    house.graph.fail_next(faults.error(100), endpoint="messages")
    assert under_a_tag(house, "Your application was forwarded.").submit() == {}
    notice = alarm(house, "Meta refuses the tag")
    house.until(lambda: "*Not allowed.*" in card())
    assert "but Meta refuses the tag `ACCOUNT_UPDATE`, until a person allows it again" in card()
    house.clock.forward(hours=2)
    house.until(lambda: house.rows("SELECT 1 FROM deliveries WHERE note LIKE '%this Page.%'"))
    assert house.states() == ["pending", "failed"]
    house.slack.click(house.cleo, notice, "reset_tag")
    lifting = house.slack.modal(house.cleo, "reset_tag")
    lifting.fill("reason", "Meta gave it back.")
    assert lifting.submit() == {}
    house.until(lambda: house.states() == ["delivered", "failed"])


def test_a_short_rest_is_told_with_its_end_and_ends_by_itself(house: House) -> None:
    ada_is_known(house)
    house.graph.fail_next(faults.error(613), endpoint="messages")
    assert write(house, house.ben).submit() == {}
    notice = alarm(house, "Sending rests for Messenger until")
    assert shows(notice, house.clock() + timedelta(minutes=1))
    assert buttons(notice) == []
    house.until(lambda: "waits: sending is paused since" in messages_to(house, house.ben))
    assert house.states() == ["pending"]
    [paused] = health(house)["paused"]
    assert paused["kind"] == "rate"
    assert paused["until"]
    house.clock.forward(minutes=1)
    house.until(lambda: house.states() == ["delivered"])
    assert health(house)["paused"] == []
    assert "tagwise_pages_paused 0.0" in metrics(house)


def test_a_rest_that_lasts_has_a_button(house: House) -> None:
    ada_is_known(house)
    now = house.clock()
    with house.store.write() as db:
        until = now + timedelta(hours=2)
        pause_for_rate(db, house.graph.page_id, until, "Nothing is left.", now)
    house.running.services.bell.ring()
    notice = alarm(house, "Sending rests")
    assert write(house, house.ben).submit() == {}
    house.until(lambda: "waits: sending is paused" in messages_to(house, house.ben))
    resume(house, house.cleo, notice)
    house.until(lambda: house.states() == ["delivered"])


def test_only_members_of_the_channel_let_a_page_go_on(house: House) -> None:
    house.graph.page.is_blocked()
    alarm(house, "Sending is paused")
    seen = house.slack.dm(house.dan).ephemerals
    house.slack.run_command(house.dan, "/notify", "queue")
    house.until(lambda: seen)
    house.slack.click(house.dan, seen[0], "resume_page")
    house.until(lambda: len(seen) == 2)
    assert "Only members of" in house.text_of(seen[1], house.dan)
    assert health(house)["paused"]


def test_what_stopped_the_page_while_one_was_giving_a_reason_stays(house: House) -> None:
    house.graph.page.is_warned()
    notice = alarm(house, "Meta warns")
    house.slack.click(house.cleo, notice, "resume_page")
    modal = house.slack.modal(house.cleo, "resume_page")
    house.clock.forward(minutes=1)
    house.graph.page.is_blocked()
    alarm(house, "Sending is paused")
    modal.fill("reason", "The texts were looked through.")
    modal.submit()
    house.until(lambda: "Something else has stopped sending" in house.text_of(modal))
    assert [pause["kind"] for pause in health(house)["paused"]] == ["policy"]
    assert len(health(house)["tagged_wait"]) == 1


def test_a_page_and_its_instagram_account_have_a_button_each(house: House) -> None:
    now = house.clock()
    with house.store.write() as db:
        for page_id in house.running.services.settings.accounts:
            pause_for_rate(db, page_id, now + timedelta(hours=1), "Nothing is left.", now)
    house.running.services.bell.ring()
    alarm(house, "Sending rests for Instagram")
    rows = [row for message in house.approvals.messages for row in buttons(message)]
    assert rows == ["resume_page", "resume_page"]
    assert not house.slack.refused
