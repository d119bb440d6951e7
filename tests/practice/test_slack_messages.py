"""Posting and editing: where a message ends up, and where Slack refuses it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.practice.slack import Channel, SlackStandIn, User
from tests.clock import HandClock

from .slack_support import actions, button, client, section


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=HandClock()) as slack:
        yield slack


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return client(slack)


@pytest.fixture
def ada(slack: SlackStandIn) -> User:
    return slack.add_user("Ada", tz="Europe/Berlin")


@pytest.fixture
def general(slack: SlackStandIn, ada: User) -> Channel:
    return slack.add_channel("general", [ada])


def error(call: Any, **kwargs: Any) -> str:
    with pytest.raises(SlackApiError) as problem:
        call(**kwargs)
    return str(problem.value.response["error"])


def test_messages_have_a_timestamp_of_their_own_each(web: WebClient, general: Channel) -> None:
    stamps = [web.chat_postMessage(channel=general.id, text="x")["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1795341600.000000"
    assert [message.ts for message in general.messages] == stamps


def test_a_reply_goes_to_its_thread(web: WebClient, general: Channel) -> None:
    root = web.chat_postMessage(channel=general.id, text="root")["ts"]
    web.chat_postMessage(channel=general.id, text="reply", thread_ts=root)
    web.chat_postMessage(channel=general.id, text="loud", thread_ts=root, reply_broadcast=True)
    assert [message.text for message in general.messages] == ["root", "loud"]
    assert [reply.text for reply in general.messages[0].replies] == ["reply", "loud"]


def test_a_thread_has_to_be_there(web: WebClient, general: Channel) -> None:
    root = web.chat_postMessage(channel=general.id, text="root")["ts"]
    reply = web.chat_postMessage(channel=general.id, text="reply", thread_ts=root)["ts"]
    for thread_ts, expected in {
        "1795348800.999999": "thread_not_found",
        "yesterday": "invalid_thread_ts",
        reply: "cannot_reply_to_message",
    }.items():
        assert (
            error(web.chat_postMessage, channel=general.id, text="x", thread_ts=thread_ts)
            == expected
        )


def test_the_bot_posts_only_where_it_was_invited(
    slack: SlackStandIn, web: WebClient, ada: User
) -> None:
    elsewhere = slack.add_channel("elsewhere", [ada], bot=False)
    secret = slack.add_channel("secret", [ada], private=True, bot=False)
    assert error(web.chat_postMessage, channel="C404", text="x") == "channel_not_found"
    assert error(web.chat_postMessage, channel=elsewhere.id, text="x") == "not_in_channel"
    assert error(web.chat_postMessage, channel=secret.id, text="x") == "channel_not_found"
    assert error(web.conversations_info, channel=secret.id) == "channel_not_found"
    assert web.conversations_info(channel=elsewhere.id)["channel"]["is_member"] is False


def test_a_further_scope_opens_public_channels() -> None:
    with SlackStandIn(scopes={"chat:write", "chat:write.public"}) as slack:
        elsewhere = slack.add_channel("elsewhere", bot=False)
        secret = slack.add_channel("secret", private=True, bot=False)
        client(slack).chat_postMessage(channel=elsewhere.id, text="x")
        assert (
            error(client(slack).chat_postMessage, channel=secret.id, text="x")
            == "channel_not_found"
        )


def test_posting_to_a_person_opens_their_direct_messages(
    slack: SlackStandIn, web: WebClient, ada: User
) -> None:
    answer = web.chat_postMessage(channel=ada.id, text="psst")
    assert answer["channel"].startswith("D")
    assert (
        answer["channel"]
        == slack.dm(ada).id
        == web.conversations_open(users=ada.id)["channel"]["id"]
    )
    web.chat_postMessage(channel=answer["channel"], text="again")
    assert [message.text for message in slack.shown_to(ada)] == ["psst", "again"]
    assert slack.shown_to(slack.add_user("Ben")) == []


def test_a_message_says_something(web: WebClient, general: Channel) -> None:
    assert (
        error(partial(web.api_call, "chat.postMessage"), json={"channel": general.id}) == "no_text"
    )
    conflict = {"channel": general.id, "text": "x", "markdown_text": "y"}
    assert error(web.chat_postMessage, **conflict) == "markdown_text_conflict"
    long = web.chat_postMessage(channel=general.id, text="x" * 40_001)
    assert len(long["message"]["text"]) == 40_000


def test_blocks_have_a_limit_together(web: WebClient, general: Channel) -> None:
    post = web.chat_postMessage
    assert post(channel=general.id, text="x", blocks=[section("x" * 2640)] * 5)["ok"]
    crowded = [section("x" * 2641)] * 5
    assert error(post, channel=general.id, text="x", blocks=crowded) == "msg_blocks_too_long"


def test_an_edit_replaces_what_was_said(web: WebClient, general: Channel) -> None:
    blocks = [section("Draft 1"), actions(button("approve", "Approve"))]
    ts = web.chat_postMessage(channel=general.id, text="Draft 1", blocks=blocks)["ts"]
    message = general.messages[0]
    web.chat_update(channel=general.id, ts=ts, text="Approved", blocks=[section("Approved")])
    assert (message.edits, message.marked_edited) == (1, False)
    web.chat_update(channel=general.id, ts=ts, text="Approved")
    assert (message.text, message.blocks) == ("Approved", [])
    assert (message.edits, message.marked_edited) == (2, True)
    assert general.messages == [message]


def test_only_own_and_lasting_messages_can_be_edited(
    slack: SlackStandIn, web: WebClient, general: Channel, ada: User
) -> None:
    hers = slack.say(ada, general, "hello").ts
    whisper = web.chat_postEphemeral(channel=general.id, user=ada.id, text="psst")["message_ts"]
    own = web.chat_postMessage(channel=general.id, text="x")["ts"]
    assert error(web.chat_update, channel=general.id, ts=hers, text="y") == "cant_update_message"
    assert error(web.chat_update, channel=general.id, ts=whisper, text="y") == "message_not_found"
    assert error(web.chat_update, channel=ada.id, ts=own, text="y") == "channel_not_found"
    assert error(web.chat_update, channel=general.id, ts=own, text="y" * 4001) == "msg_too_long"
    nothing = {"channel": general.id, "ts": own}
    assert error(partial(web.api_call, "chat.update"), json=nothing) == "no_text"


def test_an_ephemeral_message_is_for_one_member(
    slack: SlackStandIn, web: WebClient, general: Channel, ada: User
) -> None:
    ben = slack.add_user("Ben")
    web.chat_postEphemeral(channel=general.id, user=ada.id, text="psst")
    assert [message.text for message in slack.shown_to(ada)] == ["psst"]
    assert (general.messages, slack.shown_to(ben)) == ([], [])
    outsider = {"channel": general.id, "user": ben.id, "text": "psst"}
    assert error(web.chat_postEphemeral, **outsider) == "user_not_in_channel"


def test_a_permalink_leads_to_the_message(web: WebClient, general: Channel) -> None:
    ts = web.chat_postMessage(channel=general.id, text="x")["ts"]
    link = web.chat_getPermalink(channel=general.id, message_ts=ts)["permalink"]
    assert link == f"https://practice.slack.com/archives/{general.id}/p{ts.replace('.', '')}"
    assert error(web.chat_getPermalink, channel=general.id, message_ts="1.0") == "message_not_found"


def test_members_come_a_page_at_a_time(slack: SlackStandIn, web: WebClient) -> None:
    people = [slack.add_user(f"P{n}") for n in range(4)]
    crowd = slack.add_channel("crowd", people)
    first = web.conversations_members(channel=crowd.id, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = web.conversations_members(channel=crowd.id, limit=3, cursor=cursor)
    assert [*first["members"], *second["members"]] == [*(p.id for p in people), "U0BOT"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert error(web.conversations_members, channel=crowd.id, cursor="x") == "invalid_cursor"
    assert error(web.conversations_members, channel=crowd.id, limit=1001) == "invalid_limit"


def test_a_person_has_a_name_and_a_zone(web: WebClient, ada: User) -> None:
    user = web.users_info(user=ada.id)["user"]
    assert (user["real_name"], user["tz"], user["tz_offset"]) == ("Ada", "Europe/Berlin", 3600)


def test_metadata_has_a_type_and_a_payload(web: WebClient, general: Channel) -> None:
    good = {"event_type": "draft", "event_payload": {"id": 1}}
    web.chat_postMessage(channel=general.id, text="x", metadata=good)
    assert general.messages[0].metadata == good
    bad = {"channel": general.id, "text": "x", "metadata": {"event_type": "draft"}}
    assert error(web.chat_postMessage, **bad) == "invalid_metadata_schema"


def test_many_may_post_at_once(web: WebClient, general: Channel) -> None:
    with ThreadPoolExecutor(8) as crowd:
        posts = [
            crowd.submit(web.chat_postMessage, channel=general.id, text=str(n)) for n in range(40)
        ]
    stamps = {post.result()["ts"] for post in posts}
    assert len(stamps) == 40
    assert sorted(stamps) == [message.ts for message in general.messages]
