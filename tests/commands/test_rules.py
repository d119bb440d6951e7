"""`tagwise rules`: the rule book, to read and to process."""

import json

import pytest

from bot.policy.catalogue import CATALOGUE
from bot.policy.editions import EDITIONS
from bot.policy.question import InteractionKind
from tests.commands.running import run, started
from tests.policy.asking import assert_sentence


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_the_tables_name_every_tag_every_interaction_and_every_rule(edition: str) -> None:
    result = run("rules", "--edition", edition)
    names = [
        *EDITIONS[edition].tags,
        *(kind.value for kind in InteractionKind),
        *(entry.rule for entry in CATALOGUE),
    ]

    assert result.exit_code == 0
    assert f"Edition {edition}" in result.stdout
    for name in names:
        assert f"│ {name}" in result.stdout


def test_the_tables_fit_80_columns_and_have_no_colours_when_piped() -> None:
    with started("rules", "--edition", "2026-04", env={"PYTHONIOENCODING": "utf-8"}) as process:
        stdout, stderr = process.communicate()

    assert (process.returncode, stderr) == (0, b"")
    assert max(map(len, stdout.decode().splitlines())) <= 80
    assert b"\x1b" not in stdout
    assert "…" not in stdout.decode()


def test_retired_tags_say_since_when_and_what_took_their_place() -> None:
    words = " ".join(run("rules", "--edition", "2026-04").stdout.replace("│", " ").split())

    assert words.count("Retired on 27 April") == 3
    assert "Retired" not in run("rules", "--edition", "2021-06").stdout


def test_the_edition_of_the_settings_is_shown_unless_one_is_named() -> None:
    env = {"POLICY_EDITION": "2026-04"}

    assert json.loads(run("rules", "--json").stdout)["edition"] == "2021-06"
    assert json.loads(run("rules", "--json", env=env).stdout)["edition"] == "2026-04"
    named = run("rules", "--json", "--edition", "2021-06", env=env)
    assert json.loads(named.stdout)["edition"] == "2021-06"


def test_programs_get_the_same_book_as_json() -> None:
    book = json.loads(run("rules", "--json", "--edition", "2026-04").stdout)
    tags = {tag["tag"]: tag for tag in book["tags"]}

    assert tags["HUMAN_AGENT"] == {
        "tag": "HUMAN_AGENT",
        "purpose": "A person on the team answers what the customer asked.",
        "messaging_type": "MESSAGE_TAG",
        "channels": ["messenger", "instagram"],
        "reach_hours": 168,
        "needs": "a person answering now, and the app's Human Agent permission",
        "retired_on": None,
        "instead": None,
    }
    assert tags["ACCOUNT_UPDATE"]["retired_on"] == "2026-04-27"
    assert tags["ACCOUNT_UPDATE"]["instead"]
    assert tags["ACCOUNT_UPDATE"]["reach_hours"] is None
    assert {w["interaction"]: w["hours"] for w in book["windows"]} == {
        kind.value: 24 for kind in InteractionKind
    }
    assert [(r["rule"], r["severity"]) for r in book["rules"]] == [
        (entry.rule, entry.severity.value) for entry in CATALOGUE
    ]
    assert {r["rule"] for r in book["rules"] if r["also_while_open"]} == {
        "unknown-tag",
        "utility-unknown",
        "one-time-off",
        "message-too-long",
        "message-invalid",
    }


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_purposes_rules_and_advice_are_written_in_sentences(edition: str) -> None:
    book = json.loads(run("rules", "--json", "--edition", edition).stdout)

    for text in (
        *(tag["purpose"] for tag in book["tags"]),
        *(rule["when"] for rule in book["rules"]),
        book["for_promotions"],
    ):
        assert_sentence(text)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [(("--edition", "1999"), {}), ((), {"POLICY_EDITION": "1999"})],
)
def test_an_edition_that_does_not_exist_is_wrong_use(
    arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    result = run("rules", *arguments, env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "2021-06" in result.stderr
    assert "2026-04" in result.stderr
