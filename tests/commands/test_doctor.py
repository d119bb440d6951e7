"""`tagwise doctor`: what it says as a whole, and what it checks when the settings are not right."""

import re

import pytest

from bot.settings import Settings
from tests.commands.installation import Setup

NAMES = [
    "Settings",
    "Policy edition",
    "Human Agent",
    "Drafts endpoint",
    "Database",
    "Database file",
    "Disk space",
    "Slack token",
    "Slack scopes",
    "Approvals channel",
    "Slack connection",
    "Graph version",
    "Page token",
    "Page permissions",
    "App secret",
    "Webhook fields",
    "Instagram",
    "Utility messages",
]


def test_when_all_is_well_every_line_says_ok_and_the_exit_code_is_0(setup: Setup) -> None:
    result = setup.run("doctor")

    lines = result.stdout.splitlines()
    assert [line[:4] for line in lines] == ["ok  "] * len(NAMES)
    assert [re.split(r"  +", line)[1] for line in lines] == NAMES
    assert (result.exit_code, result.stderr) == (0, "")
    assert not setup.slack.refused


def test_each_finding_is_one_line_even_where_it_is_longer_than_the_screen(setup: Setup) -> None:
    setup.graph.subscribed_fields.clear()
    result = setup.run("doctor", COLUMNS="40")

    assert len(result.stdout.splitlines()) == len(NAMES)
    assert result.exit_code == 1


def test_the_same_as_json(setup: Setup) -> None:
    report = setup.doctor()

    assert report.names() == NAMES
    assert report.level("ok") == NAMES


def test_nothing_is_changed_unless_asked_for(setup: Setup) -> None:
    setup.graph.subscribed_fields.discard("standby")
    setup.doctor()

    assert not setup.database.exists()
    assert "standby" not in setup.graph.subscribed_fields
    assert {call.method for call in setup.slack.calls} == {
        "auth.test",
        "conversations.info",
        "apps.connections.open",
    }
    assert {request.method for request in setup.graph.requests} == {"GET"}


def test_without_settings_their_faults_are_named_and_the_rest_is_checked(setup: Setup) -> None:
    for name in Settings.model_fields:
        setup.env[name.upper()] = ""
    report = setup.doctor()

    faults = [one["sentence"] for one in report.findings if one["name"] == "Settings"]
    for name in ("SLACK_BOT_TOKEN", "APPROVALS_CHANNEL", "PAGE_ID", "APP_SECRET", "VERIFY_TOKEN"):
        assert sum(fault.startswith(f"{name} is missing") for fault in faults) == 1
    assert report.level("fail") == ["Settings"] * len(faults)
    assert {"Database", "Disk space", "Policy edition"} <= set(report.names())
    assert report.of("Slack") == ("warn", "Was not asked: its settings come first.")
    assert report.of("Meta") == ("warn", "Was not asked: its settings come first.")


@pytest.mark.parametrize(
    ("missing", "asked", "not_asked"),
    [("PAGE_ID", "Slack token", "Meta"), ("SLACK_BOT_TOKEN", "Page token", "Slack")],
)
def test_half_of_the_settings_is_enough_for_half_of_the_checks(
    setup: Setup, missing: str, asked: str, not_asked: str
) -> None:
    report = setup.doctor(**{missing: ""})

    assert report.of("Settings") == (
        "fail",
        f"{missing} is missing. README.md says where to find it.",
    )
    assert report.of(asked)[0] == "ok"
    assert report.of(not_asked)[0] == "warn"


def test_a_wrong_setting_elsewhere_hinders_no_check(setup: Setup) -> None:
    report = setup.doctor(PORT="many", POLICY_EDITION="1999-01")

    assert report.level("fail") == ["Settings", "Settings"]
    hindered = {"Policy edition", "Human Agent", "Drafts endpoint", "Utility messages"}
    assert set(NAMES) - set(report.names()) == hindered


def test_wrong_use_ends_with_2(setup: Setup) -> None:
    assert setup.run("doctor", "--subscribed").exit_code == 2
