"""What one person's screen shows: conversations, days, authors, threads, and what is theirs alone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.practice.slack import SlackStandIn
from tests.clock import HandClock
from tests.practice.slack_support import actions, button, client, option, plain, section

from .slack_screens import Html, Screens, opened_screens


@pytest.fixture
def screens() -> Iterator[Screens]:
    with opened_screens() as screens:
        yield screens


def messages(html: Html) -> list[str]:
    return [" ".join(e.text.split()) for e in html.all("li", "sk-message")]


def test_a_message_is_shown_to_everybody_with_its_author(screens: Screens) -> None:
    ada, ben = screens.office.ada, screens.office.ben
    screens.says(ada, "Fish & <b>chips</b> *today*")
    seen = screens.sees(ben)
    [said] = seen.all("div", "sk-text")
    assert said.text == "Fish & <b>chips</b> today"
    assert [e.text for e in seen.all("b")].count("today") == 1
    assert "Ada" in messages(seen)[0]


def test_messages_of_one_author_share_a_name_until_some_minutes_pass() -> None:
    clock = HandClock(datetime(2026, 11, 21, 22, 50, tzinfo=UTC))
    with opened_screens(clock=clock) as screens:
        ada = screens.office.ada  # in Berlin
        for minutes, text in ((0, "one"), (1, "two"), (5, "three"), (10, "after midnight")):
            clock.forward(minutes=minutes)
            screens.says(ada, text)
        seen = screens.sees(ada)
        classes = [e["class"].split() for e in seen.all("li", "sk-message")]
        assert ["sk-follows" in names for names in classes] == [False, True, False, False]
        assert [e.text for e in seen.all("li", "sk-day")] == ["Yesterday", "Today"]
        assert "11:50 PM" in seen.text
        assert "12:06 AM" in seen.text
        clock.forward(days=400)
        days = [e.text for e in screens.sees(ada).all("li", "sk-day")]
        assert days == ["Saturday, November 21, 2026", "Sunday, November 22, 2026"]


def test_the_list_at_the_side_counts_what_was_not_read(screens: Screens) -> None:
    office = screens.office
    other = screens.slack.add_channel("other", [office.ada, office.ben])
    assert screens.sees(office.ben).all("span", "sk-count") == []
    for text in ("one", "two"):
        screens.slack.say(office.ada, other, text)
    client(screens.slack).chat_postMessage(channel=office.ben.id, text="for Ben")
    seen = screens.sees(office.ben)
    assert [e.text for e in seen.all("span", "sk-count")] == ["2 unread", "1 unread"]
    assert screens.sees(office.ada).all("span", "sk-count") == []
    assert screens.sees(office.ada).all("span", "sk-dot") != []
    screens.sees(office.ben, other)
    assert [e.text for e in screens.sees(office.ben).all("span", "sk-count")] == ["1 unread"]
    screens.sees(office.ben, screens.slack.dm(office.ben))
    assert screens.sees(office.ada).all("span", "sk-dot") == []


def test_nobody_sees_a_channel_they_are_not_in(screens: Screens) -> None:
    secret = screens.slack.add_channel("secret", [screens.office.ben], private=True)
    seen = screens.sees(screens.office.ada, secret)
    assert "secret" not in seen.text
    assert seen.one("div", "sk")["data-place"] == screens.office.channel.id
    assert "secret" in screens.sees(screens.office.ben, secret).text


def test_what_only_one_person_sees_can_be_dismissed(screens: Screens) -> None:
    ada, ben, channel = screens.office.ada, screens.office.ben, screens.office.channel
    client(screens.slack).chat_postEphemeral(channel=channel.id, user=ada.id, text="psst")
    assert messages(screens.sees(ben)) == []
    seen = screens.sees(ada)
    assert "Only visible to you" in seen.text
    ts = seen.one("li", "sk-message")["data-ts"]
    assert screens.does(ben, "dismiss", ts=ts).status_code == 409
    assert screens.does(ada, "dismiss", ts=ts).status_code == 204
    assert messages(screens.sees(ada)) == []


def test_replies_stand_in_their_thread_and_are_counted_below_the_message(screens: Screens) -> None:
    ada, ben = screens.office.ada, screens.office.ben
    screens.says(ada, "Who is here?")
    ts = screens.newest().ts
    screens.says(ben, "Me", thread=ts)
    screens.says(ada, "Me too", thread=ts)
    [row] = messages(screens.sees(ben))
    assert "2 replies" in row
    assert "Me too" not in row
    thread = screens.sees(ben, thread=ts)
    shown = thread.one("aside").text
    at = [shown.index(text) for text in ("Who is here?", "Me", "Me too")]
    assert at == sorted(at)


def test_a_reply_that_was_also_sent_to_the_channel_leads_to_its_thread(screens: Screens) -> None:
    screens.says(screens.office.ada, "Root")
    ts = screens.newest().ts
    client(screens.slack).chat_postMessage(
        channel=screens.office.channel.id, thread_ts=ts, text="Alarm", reply_broadcast=True
    )
    seen = screens.sees(screens.office.ada)
    assert "replied to a thread" in seen.text
    assert f"thread={ts}" in seen.one("button", "sk-replies")["data-go"]


def test_an_edited_text_says_so_and_a_card_does_not(screens: Screens) -> None:
    web, channel = client(screens.slack), screens.office.channel.id
    ts = web.chat_postMessage(channel=channel, text="one")["ts"]
    web.chat_update(channel=channel, ts=ts, text="two")
    assert "two (edited)" in screens.sees(screens.office.ada).text
    web.chat_update(channel=channel, ts=ts, text="x", blocks=[section("three")])
    shown = screens.sees(screens.office.ada).text
    assert "three" in shown
    assert "(edited)" not in shown


def test_blocks_are_shown_in_their_order_with_all_they_hold(screens: Screens) -> None:
    screens.office.post(
        {"type": "header", "text": plain("Draft <12>")},
        section("*To* Ada", fields=[plain("Tag"), plain("none")]),
        {"type": "divider"},
        section("with a button", accessory=button("one", "One")),
        {"type": "context", "elements": [plain("small"), _picture("a face")]},
        {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a cat", "title": plain("Cat")},
        {"type": "markdown", "text": "**plainly**"},
        actions(
            button("go", "Go", style="primary"),
            button("web", "Web", url="https://x.y"),
            {"type": "overflow", "action_id": "more", "options": [option("edit"), option("log")]},
            {"type": "static_select", "action_id": "size", "options": [option("s"), option("m")]},
        ),
    )  # fmt: skip
    seen = screens.sees(screens.office.ben)
    order = [
        "Draft <12>",
        "To Ada",
        "none",
        "with a button",
        "One",
        "small",
        "Cat",
        "plainly",
        "Go",
    ]
    card = seen.one("li", "sk-message").text
    at = [card.index(text) for text in order]
    assert at == sorted(at)
    assert [e["alt"] for e in seen.all("img")] == ["a face", "a cat"]
    assert "primary" in seen.one("button", data_press="go")["class"]
    assert seen.one("a", "sk-button")["href"] == "https://x.y"
    assert [e["data-option"] for e in seen.all("button", data_press="more")] == ["edit", "log"]
    assert [
        e["data-value"]
        for e in seen.all("li", role="option", aria_selected="false")
        if "data-value" in e.attributes
    ] == ["s", "m"]


def test_what_slack_refused_of_the_bot_is_there_to_read(screens: Screens) -> None:
    assert "refused" not in screens.sees(screens.office.ada).text
    with pytest.raises(Exception, match="invalid_blocks"):
        screens.office.post({"type": "header"})
    shown = screens.sees(screens.office.ada).one("details", "sk-refused").text
    assert "chat.postMessage" in shown
    assert "missing required field: text" in shown


def test_a_new_slack_is_a_new_screen_that_remembers_nothing(screens: Screens) -> None:
    ada = screens.office.ada
    screens.says(ada, "old")
    assert "old" in screens.sees(ada).text
    with SlackStandIn(clock=HandClock(datetime(2020, 1, 1, tzinfo=UTC))) as other:
        zoe, yan = other.add_user("Zoe"), other.add_user("Yan")
        new, side = other.add_channel("new", [zoe, yan]), other.add_channel("side", [zoe, yan])
        screens.workspace.slack, screens.workspace.staff = other, [zoe]
        seen = screens.sees(ada)
        assert "old" not in seen.text
        assert seen.one("button", "sk-person").text.strip().endswith("Zoe")
        other.say(yan, side, "unread, though older than what was read before")
        assert screens.sees(zoe, new).one("span", "sk-count").text == "1 unread"


def _picture(alt: str) -> dict[str, str]:
    return {"type": "image", "image_url": "https://x.y/f.png", "alt_text": alt}
