"""What `doctor` says of the workspace."""

from pathlib import Path

import pytest

from bot.scopes import BOT_SCOPES
from tests.commands.installation import Setup, opened
from tests.commands.running import started


def test_a_token_that_slack_does_not_know_fails_and_ends_the_questions(setup: Setup) -> None:
    report = setup.doctor(SLACK_BOT_TOKEN="xoxb-wrong-secret")

    level, sentence = report.of("Slack token")
    assert (level, sentence.startswith("Slack answered invalid_auth. Copy")) == ("fail", True)
    assert "Slack scopes" not in report.names()
    assert report.of("Slack connection")[0] == "ok"


@pytest.mark.parametrize("scope", BOT_SCOPES)
def test_a_scope_that_is_missing_is_named(tmp_path: Path, scope: str) -> None:
    with opened(tmp_path, scopes=set(BOT_SCOPES) - {scope}) as setup:
        level, sentence = setup.doctor().of("Slack scopes")

    assert level == "fail"
    assert scope in sentence
    assert not any(other in sentence for other in set(BOT_SCOPES) - {scope})


def test_the_approvals_channel_must_be_one_that_the_bot_is_in(setup: Setup) -> None:
    elsewhere = setup.slack.add_channel("elsewhere", bot=False)
    hidden = setup.slack.add_channel("hidden", private=True, bot=False)

    for channel, words in (
        (elsewhere.id, "not in #elsewhere. Invite the bot"),
        (hidden.id, "Slack answered channel_not_found. Invite the bot"),
        ("C0NOSUCH", "Slack answered channel_not_found. Invite the bot"),
    ):
        level, sentence = setup.doctor(APPROVALS_CHANNEL=channel).of("Approvals channel")
        assert (level, words in sentence) == ("fail", True)
    inside = setup.slack.add_channel("inside", private=True)
    assert setup.doctor(APPROVALS_CHANNEL=inside.id).of("Approvals channel")[0] == "ok"


def test_an_app_token_that_slack_does_not_know_fails(setup: Setup) -> None:
    level, sentence = setup.doctor(SLACK_APP_TOKEN="xapp-wrong-secret").of("Slack connection")

    assert (level, "invalid_auth" in sentence, "connections:write" in sentence) == (
        "fail",
        True,
        True,
    )


def test_without_an_app_token_slack_is_heard_over_http(setup: Setup) -> None:
    report = setup.doctor(SLACK_APP_TOKEN="")

    assert report.level("fail") == []
    assert report.of("Slack connection")[1].startswith("HTTP mode")
    assert "apps.connections.open" not in {call.method for call in setup.slack.calls}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (None, b"What answered is not Slack, or Slack has trouble."),
        ("http://127.0.0.1:1/api", b"Slack could not be reached (ConnectionRefusedError)"),
    ],
)
def test_slack_in_trouble_or_out_of_reach_is_a_line_and_nothing_else(
    setup: Setup, url: str | None, why: bytes
) -> None:
    setup.slack.down = True
    with started("doctor", env=setup.env | ({"SLACK_API_URL": url} if url else {})) as process:
        stdout, stderr = process.communicate(timeout=30)

    assert process.returncode == 1
    assert stdout.count(why) == 2  # for each of the two tokens
    assert stderr == b""
    assert b"Page token" in stdout


def test_the_inbox_channel_is_looked_at_where_there_is_one(setup: Setup) -> None:
    assert "Inbox channel" not in setup.doctor().names()
    inbox = setup.slack.add_channel("inbox", [], bot=False)
    level, said = setup.doctor(INBOX_CHANNEL=inbox.id).of("Inbox channel")
    assert (level, "correct INBOX_CHANNEL" in said) == ("fail", True)
    assert setup.doctor(INBOX_CHANNEL=setup.approvals.id).of("Inbox channel")[0] == "ok"
