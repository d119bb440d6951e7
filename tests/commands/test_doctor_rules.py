"""What `doctor` says of the edition, the Graph version and the switches, by the calendar."""

from datetime import date

import pytest
from pydantic import SecretStr

from bot.doctor.rules import drafts_endpoint, graph_version, human_agent, policy_edition
from bot.graph_versions import ENDS, NEWEST
from bot.settings import Settings

TODAY = date(2026, 11, 22)


def test_the_first_edition_is_warned_of_once_meta_refuses_its_tags() -> None:
    assert policy_edition("2021-06", date(2026, 4, 26)).level == "ok"
    found = policy_edition("2021-06", date(2026, 4, 27))

    assert found.level == "warn"
    for word in ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"):
        assert word in found.sentence
    assert "HUMAN_AGENT" not in found.sentence
    assert found.sentence.endswith("Set POLICY_EDITION=2026-04.")
    assert policy_edition("2026-04", TODAY).level == "ok"


@pytest.mark.parametrize(
    ("version", "level", "words"),
    [
        (NEWEST, "ok", "the newest"),
        ("v25.0", "ok", "until 2028-07-29"),
        ("v21.0", "warn", "ends on 2027-01-21. Set GRAPH_API_VERSION=v26.0."),
        ("v20.0", "fail", "ended on 2026-09-24. Set GRAPH_API_VERSION=v26.0."),
        ("v11.0", "fail", "no longer serves v11.0"),
        ("v9.0", "fail", "no longer serves v9.0"),
        ("v27.0", "warn", "knows no v27.0"),
    ],
)
def test_a_graph_version_is_new_or_ends_soon_or_has_ended(
    version: str, level: str, words: str
) -> None:
    found = graph_version(version, TODAY)

    assert found.level == level
    assert words in found.sentence


def test_a_version_is_warned_of_90_days_before_its_end_and_failed_on_the_day() -> None:
    levels = {day: graph_version("v21.0", day).level for day in map(date.fromisoformat, DAYS)}
    assert list(levels.values()) == ["ok", "warn", "warn", "fail"]


DAYS = ("2026-10-22", "2026-10-23", "2027-01-20", "2027-01-21")


def test_the_default_version_is_the_newest_in_the_table() -> None:
    assert Settings.model_fields["graph_api_version"].default == NEWEST == list(ENDS)[-1]


def test_a_short_drafts_token_is_warned_of() -> None:
    assert drafts_endpoint(None).level == "ok"
    assert drafts_endpoint(SecretStr("x" * 15)).level == "warn"
    assert drafts_endpoint(SecretStr("x" * 16)).level == "ok"


def test_human_agent_off_says_how_to_switch_it_on() -> None:
    assert "HUMAN_AGENT_APPROVED=true" in human_agent(allowed=False).sentence
    assert human_agent(allowed=True).level == human_agent(allowed=False).level == "ok"
