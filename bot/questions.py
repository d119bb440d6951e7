"""The rule book's questions and verdicts as JSON, for the command line and for other programs."""

from typing import Any

from pydantic import Field, StrictBool, field_validator
from pydantic_core import PydanticCustomError

from bot.json_parts import ContentJson, EventJson, JsonObject, OrderJson, UtilityJson
from bot.moments import Moment, moment_text
from bot.policy.editions import EDITIONS
from bot.policy.question import (
    Author,
    Channel,
    Finding,
    Interaction,
    InteractionKind,
    OneTime,
    Question,
    Utility,
    Verdict,
)


class InteractionJson(JsonObject):
    """Something the person did, and when."""

    kind: InteractionKind
    at: Moment


class AskedUtilityJson(UtilityJson):
    """A utility message with what is known of its template, for which see `Utility`."""

    status: str | None = None
    takes: tuple[str, ...] | None = None

    @property
    def as_utility(self) -> Utility:
        """The utility message as the rule book sees it."""
        return Utility(self.template, self.language, self.parameters, self.status, self.takes)


class OneTimeJson(JsonObject):
    """A person's permission to be told something once; without a topic and its end they gave none."""

    topic: str | None = None
    expires_at: Moment | None = None
    spent: StrictBool = False

    @property
    def as_one_time(self) -> OneTime:
        """The permission as the rule book sees it."""
        return OneTime(self.topic, self.expires_at, self.spent)


class QuestionJson(ContentJson):
    """One question; only `at` and one of `text`, `message` and `utility` are required.

    `refused_tags` names tags that Meta did not take from the Page, each with what Meta said.
    """

    utility: AskedUtilityJson | None = None
    one_time: OneTimeJson | None = None
    id: Any = None
    edition: str | None = None
    channel: Channel = "messenger"
    at: Moment
    interactions: tuple[InteractionJson, ...] = ()
    tag: str | None = None
    author: Author = "person"
    scheduled: StrictBool = False
    recurring: StrictBool = False
    reply: StrictBool = False
    human_agent_approved: StrictBool = False
    event: EventJson | None = None
    order: OrderJson | None = None
    refused_tags: dict[str, str] = Field(default_factory=dict)

    @field_validator("edition")
    @classmethod
    def _is_known(cls, edition: str | None) -> str | None:
        if edition is not None and edition not in EDITIONS:
            known = " or ".join(f"'{name}'" for name in EDITIONS)
            raise PydanticCustomError("edition", "must be {known}", {"known": known})
        return edition


def read_question(value: object, default_edition: str) -> Question:
    """The question that parsed JSON asks; raises pydantic's ValidationError naming every fault.

    `default_edition` holds where the question names none.
    """
    asked = QuestionJson.model_validate(value)
    return Question(
        at=asked.at,
        message=asked.send_api_message,
        edition=asked.edition or default_edition,
        channel=asked.channel,
        interactions=tuple(Interaction(done.kind, done.at) for done in asked.interactions),
        tag=asked.tag,
        author=asked.author,
        scheduled=asked.scheduled,
        recurring=asked.recurring,
        reply=asked.reply,
        human_agent_approved=asked.human_agent_approved,
        event=(asked.event or EventJson()).as_event,
        order_id=asked.order.id if asked.order else None,
        refused_tags=asked.refused_tags,
        utility=asked.utility.as_utility if asked.utility else None,
        one_time=asked.one_time.as_one_time if asked.one_time else None,
    )


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict with its keys in their published order, times in UTC."""
    closes_at = verdict.window.closes_at
    return {
        "allowed": verdict.allowed,
        "needs_review": verdict.needs_review,
        "messaging_type": verdict.messaging_type,
        "tag": verdict.tag,
        "window": {
            "open": verdict.window.open,
            "closes_at": moment_text(closes_at) if closes_at else None,
        },
        "valid_until": moment_text(verdict.valid_until) if verdict.valid_until else None,
        "findings": [_finding_as_json(finding) for finding in verdict.findings],
        "suggested_tag": verdict.suggested_tag,
        "alternatives": list(verdict.alternatives),
    }


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "why": finding.why,
        "evidence": finding.evidence,
        "source": finding.source,
    }
