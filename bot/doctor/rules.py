"""Checks of what was chosen: the edition of Meta's rules, the Graph version, two switches."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from pydantic import SecretStr

from bot.doctor.finding import Finding, fail, ok, warn
from bot.graph_versions import ENDS, NEWEST, is_older_than_known
from bot.policy.editions import EDITIONS, Edition

SHORTEST_TOKEN: Final = 16  # characters
SOON: Final = timedelta(days=90)


def policy_edition(name: str, today: date) -> Finding:
    """Whether Meta still takes every tag that the edition allows."""
    title = "Policy edition"
    chosen = EDITIONS[name]
    for newer in EDITIONS.values():
        if refused := list(_tags_ended_in(newer, chosen, today)):
            return warn(
                title,
                f"{name}: Meta now refuses {', '.join(refused)}, which this edition still allows. "
                f"Set POLICY_EDITION={newer.name}.",
            )
    return ok(title, f"{name}: {chosen.title}.")


def _tags_ended_in(newer: Edition, chosen: Edition, today: date) -> Iterator[str]:
    allowed = {tag.name for tag in chosen.living_tags}
    for tag in newer.tags.values():
        if tag.retired_on and tag.retired_on <= today and tag.name in allowed:
            yield tag.name


def human_agent(*, allowed: bool) -> Finding:
    """Whether the tag that lets a person answer for 7 days is in use."""
    if allowed:
        return ok("Human Agent", "On: people may answer for 7 days. Meta must have approved it.")
    return ok(
        "Human Agent",
        "Off: after 24 hours nobody can answer. Once App Review has given you the feature, "
        "set HUMAN_AGENT_APPROVED=true.",
    )


def drafts_endpoint(token: SecretStr | None) -> Finding:
    """Whether a guess could open POST /drafts."""
    if token is None:
        return ok("Drafts endpoint", "Off: no DRAFTS_API_TOKEN is set.")
    if len(token.get_secret_value()) < SHORTEST_TOKEN:
        return warn(
            "Drafts endpoint",
            f"DRAFTS_API_TOKEN has fewer than {SHORTEST_TOKEN} characters and could be guessed: "
            "make a longer one, at random.",
        )
    return ok("Drafts endpoint", "On: other systems may queue drafts.")


def graph_version(version: str, today: date) -> Finding:
    """Whether Meta still serves this version of the Graph API, and for how long."""
    title, remedy = "Graph version", f"Set GRAPH_API_VERSION={NEWEST}."
    if version == NEWEST:
        return ok(title, f"{version}, the newest that this Tagwise knows.")
    if version not in ENDS:
        if is_older_than_known(version):
            return fail(title, f"Meta no longer serves {version}. {remedy}")
        return warn(title, f"This Tagwise knows no {version}; the newest it knows is {NEWEST}.")
    ends = ENDS[version]
    if ends is None:
        return ok(title, f"{version}; Meta has not said when it ends.")
    if ends <= today:
        return fail(title, f"{version} ended on {ends}. {remedy}")
    if ends - today <= SOON:
        return warn(title, f"{version} ends on {ends}. {remedy}")
    return ok(title, f"{version}, until {ends}.")
