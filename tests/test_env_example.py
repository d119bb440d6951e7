""".env.example: every setting, explained, with the values that hold without it."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from dotenv import dotenv_values

from bot.settings import Settings

FILE: Final = Path(__file__).parents[1] / ".env.example"
CREDENTIALS: Final = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "APPROVALS_CHANNEL": "C1",
    "PAGE_ID": "1",
    "PAGE_ACCESS_TOKEN": "t",
    "APP_SECRET": "s",
    "VERIFY_TOKEN": "t",
}


def filled_in(values: dict[str, str | None]) -> Settings:
    given: dict[str, Any] = {
        name.lower(): value for name, value in (values | CREDENTIALS).items() if value
    }
    return Settings(_env_file=None, **given)


def test_it_names_every_setting_and_nothing_else() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_has_a_line_of_explanation_above_it() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    for above, line in pairwise(lines):
        if line and not line.startswith("#"):
            assert above.startswith("# "), line


def test_its_values_are_the_defaults_but_for_the_edition() -> None:
    written, default = filled_in(dotenv_values(FILE)), filled_in({})

    changed = {
        name: getattr(written, name)
        for name in Settings.model_fields
        if getattr(written, name) != getattr(default, name)
    }
    assert changed == {"policy_edition": "2026-04"}


def test_it_holds_no_credential() -> None:
    values = dotenv_values(FILE)
    assert not any(values[name] for name in [*CREDENTIALS, "SLACK_APP_TOKEN", "DRAFTS_API_TOKEN"])
