"""Every check there is, in the order in which people set things up."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from bot.doctor.database import database_findings
from bot.doctor.finding import Finding, fail, ok, warn
from bot.doctor.meta import meta_findings
from bot.doctor.rules import drafts_endpoint, graph_version, human_agent, policy_edition
from bot.doctor.sending import sending_findings
from bot.doctor.slack import slack_findings
from bot.policy.editions import EDITIONS
from bot.settings import (
    DatabaseSettings,
    PageSettings,
    PartOfSettings,
    RuleSettings,
    ServerSettings,
    Settings,
    SettingsError,
    SlackSettings,
    read_settings,
)
from storage.store import Store

Part = TypeVar("Part", bound=PartOfSettings)


def examine(now: datetime, *, subscribe: bool = False) -> Iterator[Finding]:
    """Look at everything that the settings, as far as they are right, let one look at.

    `subscribe`: add the webhook fields that are missing. Findings come as they are made; never raises
    for what Slack, Meta, the network or the disk do.
    """
    today = now.date()
    yield from _settings_findings()
    if rules := _part(RuleSettings):
        yield policy_edition(rules.policy_edition, today)
        yield human_agent(allowed=rules.human_agent_approved)
    if server := _part(ServerSettings):
        yield drafts_endpoint(server.drafts_api_token)
    if database := _part(DatabaseSettings):
        store = Store(database.database_path)
        yield from database_findings(store)
        yield from sending_findings(store, now)
    if slack := _part(SlackSettings):
        yield from slack_findings(slack)
    else:
        yield warn("Slack", "Was not asked: its settings come first.")
    if page := _part(PageSettings):
        yield graph_version(page.graph_api_version, today)
        utility = rules is not None and EDITIONS[rules.policy_edition].has_utility_messages
        yield from meta_findings(page, now, subscribe=subscribe, utility=utility)
    else:
        yield warn("Meta", "Was not asked: its settings come first.")


def _settings_findings() -> Iterator[Finding]:
    try:
        read_settings(Settings)
    except SettingsError as error:
        for fault in error.faults:
            yield fail("Settings", f"{fault}. README.md says where to find it.")
    else:
        yield ok("Settings", "Complete.")


def _part(model: type[Part]) -> Part | None:
    try:
        return read_settings(model)
    except SettingsError:
        return None
