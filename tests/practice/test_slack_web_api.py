"""Who may call what of the Web API, and how it refuses the rest."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.practice.slack import METHODS, Refusal, SlackStandIn
from bot.practice.slack.web_api import HANDLERS
from tests.clock import HandClock

from .slack_support import client, modal, section


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=HandClock()) as slack:
        yield slack


def refusal(call: Any, *args: Any, **kwargs: Any) -> Any:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as problem:
        call(*args, **kwargs)
    return problem.value.response


def test_every_method_in_the_table_is_served() -> None:
    assert set(METHODS) == {*HANDLERS, "apps.connections.open"}


def test_the_bot_learns_who_it_is_and_what_it_may(slack: SlackStandIn) -> None:
    answer = client(slack).auth_test()
    assert answer["user_id"] == "U0BOT"
    assert answer["team"] == "Practice"
    assert "chat:write" in str(answer.headers["x-oauth-scopes"]).split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-practice", "not_allowed_token_type"),
    ],
)
def test_only_the_bots_token_opens_the_api(slack: SlackStandIn, token: str, error: str) -> None:
    answer = refusal(client(slack, token).api_call, "auth.test")
    assert answer["error"] == error
    assert [refused.error for refused in slack.refused] == [error]


def test_socket_mode_needs_the_app_token(slack: SlackStandIn) -> None:
    answer = refusal(client(slack).apps_connections_open, app_token=slack.bot_token)
    assert answer["error"] == "not_allowed_token_type"


def test_an_unknown_method_is_refused(slack: SlackStandIn) -> None:
    assert refusal(client(slack).api_call, "chat.shout")["error"] == "unknown_method"
    assert slack.refused == [Refusal("chat.shout", "unknown_method")]


def test_unknown_and_missing_arguments_are_named(slack: SlackStandIn) -> None:
    answer = refusal(client(slack).api_call, "chat.postMessage", json={"txt": "x"})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unknown argument: txt",
        "[ERROR] missing required field: channel",
    ]
    assert slack.refused[0].messages == tuple(answer["response_metadata"]["messages"])


def test_the_team_id_that_bolt_adds_is_taken(slack: SlackStandIn) -> None:
    assert client(slack).api_call("auth.test", params={"team_id": "T0PRACTICE"})["ok"]


def test_a_missing_scope_is_named() -> None:
    with SlackStandIn(scopes={"chat:write", "channels:read"}) as slack:
        ada = slack.add_user("Ada")
        public = slack.add_channel("public", [ada])
        secret = slack.add_channel("secret", [ada], private=True)
        web = client(slack)
        assert refusal(web.users_info, user=ada.id)["needed"] == "users:read"
        assert refusal(web.conversations_info, channel=secret.id)["needed"] == "groups:read"
        assert refusal(web.conversations_open, users=ada.id)["needed"] == "im:write"
        disguised = refusal(web.chat_postMessage, channel=public.id, text="x", username="Ada")
        assert disguised["needed"] == "chat:write.customize"
        assert web.conversations_info(channel=public.id)["channel"]["is_member"]
        assert refusal(web.conversations_info, channel="C404")["error"] == "channel_not_found"


def test_the_scopes_used_are_those_the_calls_needed(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada")
    secret = slack.add_channel("secret", [ada], private=True)
    web = client(slack)
    assert slack.scopes_used() == set()
    web.auth_test()
    web.chat_postMessage(channel=secret.id, text="x")
    web.conversations_members(channel=secret.id)
    assert slack.scopes_used() == {"chat:write", "groups:read"}


def test_every_call_is_recorded_without_its_token(slack: SlackStandIn) -> None:
    refusal(client(slack).users_info, user="U404")
    call = slack.calls[-1]
    assert (call.method, call.args, call.error) == (
        "users.info",
        {"user": "U404"},
        "user_not_found",
    )
    assert (call.ok, call.scopes, call.at) == (False, ("users:read",), HandClock().now)
    assert slack.refused == []  # that somebody left is no mistake of the bot's


def test_blocks_are_refused_with_a_pointer_to_the_fault(slack: SlackStandIn) -> None:
    channel = slack.add_channel("general")
    answer = refusal(
        client(slack).chat_postMessage, channel=channel.id, text="x", blocks=[section("")]
    )
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]
    assert slack.refused[0].error == "invalid_blocks"
    for blocks in ("{", '{"type": "divider"}'):
        answer = refusal(
            client(slack).chat_postMessage, channel=channel.id, text="x", blocks=blocks
        )
        assert answer["error"] == "invalid_blocks_format"


def test_a_view_is_refused_with_a_pointer_to_the_fault(slack: SlackStandIn) -> None:
    answer = refusal(client(slack).views_open, trigger_id="1", view=modal())
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/blocks]" in answer["response_metadata"]["messages"][0]


def test_blocks_may_travel_as_json_in_a_form(slack: SlackStandIn) -> None:
    channel = slack.add_channel("general")
    form = {"channel": channel.id, "text": "x", "blocks": '[{"type": "divider"}]'}
    client(slack).api_call("chat.postMessage", data=form)
    assert channel.messages[0].blocks[0]["type"] == "divider"


def test_trouble_comes_on_demand_and_ends(slack: SlackStandIn) -> None:
    web = client(slack)
    slack.fail_next("auth.test", "invalid_auth")
    assert refusal(web.auth_test)["error"] == "invalid_auth"
    assert web.auth_test()["ok"]
    slack.fail_next("auth.test", times=5)
    slack.down = True
    assert refusal(web.auth_test).status_code == 503
    slack.end_troubles()
    assert web.auth_test()["ok"]
    assert slack.refused == []


def test_trouble_on_demand_is_an_error_the_method_may_answer(slack: SlackStandIn) -> None:
    with pytest.raises(ValueError, match="never answers"):
        slack.fail_next("auth.test", "channel_not_found")


def test_a_rate_limit_says_when_to_come_back(slack: SlackStandIn) -> None:
    slack.rate_limit_next("auth.test", retry_after=7)
    answer = refusal(client(slack).auth_test)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    patient = client(slack)
    patient.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.rate_limit_next("auth.test", retry_after=0)
    assert patient.auth_test()["ok"]


def test_slacks_rate_limits_can_be_turned_on() -> None:
    clock = HandClock()
    with SlackStandIn(clock=clock, rate_limits=True) as slack:
        web = client(slack)
        busy, quiet = slack.add_channel("busy"), slack.add_channel("quiet")
        for _ in range(5):
            web.chat_postMessage(channel=busy.id, text="x")
        answer = refusal(web.chat_postMessage, channel=busy.id, text="x")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        web.chat_postMessage(channel=quiet.id, text="x")
        clock.forward(seconds=1)
        web.chat_postMessage(channel=busy.id, text="x")
        ts = busy.messages[0].ts
        for _ in range(50):
            web.chat_update(channel=busy.id, ts=ts, text="y")
        limited = refusal(web.chat_update, channel=busy.id, ts=ts, text="y")
        assert limited.headers["Retry-After"] == "2"  # 50 a minute: the next in 1.2 s
