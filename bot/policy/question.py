"""What the rule book is asked, and what it answers: plain values, all times aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Channel = Literal["messenger", "instagram"]
Author = Literal["person", "system"]


class InteractionKind(StrEnum):
    """What a person can do that opens the messaging window."""

    MESSAGE = "message"
    POSTBACK = "postback"
    REFERRAL = "referral"
    OPTIN = "optin"
    REACTION = "reaction"
    AD_MESSAGE = "ad_message"


class Severity(StrEnum):
    """How much a finding weighs: it forbids, it asks a second person, or it only tells."""

    REFUSE = "refuse"
    REVIEW = "review"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing the person did, at Meta's own timestamp."""

    kind: InteractionKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """The event that a CONFIRMED_EVENT_UPDATE speaks of."""

    registered: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def over_after(self) -> datetime | None:
        """The last moment at which the event is not yet past."""
        return self.ends_at or self.starts_at


@dataclass(frozen=True, slots=True)
class Question:
    """May this message go to this person at this moment?

    `message` is a Send API message object. `closed_by_meta_at` is when Meta last refused a message
    to this person as outside the window: whatever came before no longer opens it. `refused_tags` are
    those that Meta did not take from this Page, each with a sentence about what Meta said.
    """

    at: datetime
    message: Mapping[str, Any]
    edition: str
    channel: Channel = "messenger"
    interactions: tuple[Interaction, ...] = ()
    tag: str | None = None
    author: Author = "person"
    scheduled: bool = False
    recurring: bool = False
    human_agent_approved: bool = False
    event: Event = field(default_factory=Event)
    order_id: str | None = None
    closed_by_meta_at: datetime | None = None
    refused_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """The standard messaging window: `closes_at` is None when nothing is known to have opened it."""

    open: bool
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the rule book has to say; `why` is a sentence a colleague can act on."""

    rule: str
    severity: Severity
    why: str
    source: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a message that is allowed leaves: its messaging type, and the tag if the window is closed."""

    messaging_type: str
    tag: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule book's answer; it holds up to `valid_until` if nothing else happens (None: no end)."""

    allowed: bool
    needs_review: bool
    messaging_type: str | None
    tag: str | None
    window: Window
    valid_until: datetime | None
    findings: tuple[Finding, ...]
    suggested_tag: str | None
    alternatives: tuple[str, ...]

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that forbid the message."""
        return tuple(f for f in self.findings if f.severity is Severity.REFUSE)

    @property
    def flagged(self) -> bool:
        """Whether a finding asks for a second person, once what is refused has been mended."""
        return any(finding.severity is Severity.REVIEW for finding in self.findings)
