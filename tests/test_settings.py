"""The environment is read once; whatever is wrong with it is named in one message."""

import pytest

from bot.settings import Settings, SettingsError, read_settings

RIGHT = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "APPROVALS_CHANNEL": "C1",
    "PAGE_ID": "1098",
    "PAGE_ACCESS_TOKEN": "EAA-secret",
    "APP_SECRET": "app-secret",
    "VERIFY_TOKEN": "verify-secret",
}


def read(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in {**RIGHT, **changes}.items():
        monkeypatch.setenv(name, value)
    return read_settings(Settings)


def fault(monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    with pytest.raises(SettingsError) as raised:
        read(monkeypatch, **changes)
    return str(raised.value)


def test_everything_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = fault(
        monkeypatch, SLACK_BOT_TOKEN="xoxp-1", PORT="99999", POLICY_EDITION="2019", PAGE_ID=""
    )
    for name in (
        "SLACK_BOT_TOKEN",
        "xoxb-",
        "PORT",
        "POLICY_EDITION",
        "2026-04",
        "PAGE_ID is missing",
    ):
        assert name in said


def test_slack_needs_one_of_two_ways_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).socket_mode
    posted = read(monkeypatch, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="signing")
    assert not posted.socket_mode
    said = fault(monkeypatch, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="")
    assert "SLACK_SIGNING_SECRET is missing" in said
    assert "SLACK_APP_TOKEN" in said


@pytest.mark.parametrize("token", ["EAA-secret\nEAA-secret", "EAA secret", "EAA-sécret"])
def test_a_secret_that_was_not_copied_whole_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    said = fault(monkeypatch, PAGE_ACCESS_TOKEN=token)
    assert "PAGE_ACCESS_TOKEN must be one word" in said
    assert "secret" not in said


def test_an_empty_setting_keeps_its_default_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = read(monkeypatch, GRAPH_API_VERSION="", APPROVAL="")
    assert (settings.graph_api_version, settings.approval) == ("v26.0", "flagged")
    assert "-secret" not in repr(settings)
