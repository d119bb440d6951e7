"""What `doctor` and `backfill` need around them: both stand-ins, and settings that fit them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result

from bot.practice.graph import GraphStandIn
from bot.practice.slack import Channel, SlackStandIn
from bot.scopes import BOT_SCOPES
from bot.settings import Settings
from tests.clock import HandClock
from tests.commands.running import run
from tests.house import settings_for


@dataclass
class Setup:
    """A workspace, a Page, and the settings (`env`) of a bot between them that does not run."""

    slack: SlackStandIn
    graph: GraphStandIn
    clock: HandClock
    approvals: Channel
    database: Path
    env: dict[str, str]

    def run(self, *arguments: str, **changes: str) -> Result:
        """The command with these settings changed; "" takes one away. Never tells a secret."""
        env = self.env | changes
        others = [name.upper() for name in Settings.model_fields if name.upper() not in env]
        result = run(*arguments, env=dict.fromkeys(others, "") | env)
        for name, value in env.items():
            if value and name.endswith(("_TOKEN", "_SECRET")):
                assert value not in result.output
        return result

    def doctor(self, *arguments: str, **changes: str) -> "Report":
        result = self.run("doctor", "--json", *arguments, **changes)
        report = json.loads(result.stdout)
        assert result.exit_code == (0 if report["ok"] else 1)
        return Report(report["findings"])

    def backfill(self, **changes: str) -> Result:
        return self.run("backfill", **changes)


@dataclass
class Report:
    """What the doctor found."""

    findings: list[dict[str, str]]

    def of(self, name: str) -> tuple[str, str]:
        """Level and sentence of the one finding by that name."""
        (found,) = [one for one in self.findings if one["name"] == name]
        return found["level"], found["sentence"]

    def level(self, level: str) -> list[str]:
        """The names of the findings of that level."""
        return [one["name"] for one in self.findings if one["level"] == level]

    def names(self) -> list[str]:
        return [one["name"] for one in self.findings]


@contextmanager
def opened(folder: Path, **slack_options: Any) -> Iterator[Setup]:
    """Everything set up as it should be; Slack is reached over a socket."""
    clock = HandClock()
    options: dict[str, Any] = {"scopes": BOT_SCOPES} | slack_options
    with SlackStandIn(**options) as slack, GraphStandIn(clock=clock) as graph:
        approvals = slack.add_channel("approvals", [slack.add_user("Ada")])
        database = folder / "tagwise.db"
        env = settings_for(
            slack,
            graph,
            approvals.id,
            database,
            slack_app_token=slack.app_token,
            policy_edition="2026-04",
        )
        yield Setup(slack, graph, clock, approvals, database, env)
