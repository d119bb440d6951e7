"""What the rule book is asked, and what it answers: plain values, all times aware and in UTC.

What is made anew for each message that leaves is a NamedTuple, which takes a third of the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

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


class Interaction(NamedTuple):
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


NO_EVENT: Final = Event()
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Utility:
    """The utility message that goes out where the message itself may not, or alone.

    `status` is Meta's word on the template, None where the Page has none of that name and language.
    `takes` are the names of its parameters, None where they are not known.
    """

    template: str
    language: str
    parameters: Mapping[str, str]
    status: str | None = None
    takes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OneTime:
    """A person's permission for one message about a topic; without one, this person gave none."""

    topic: str | None = None
    expires_at: datetime | None = None
    spent: bool = False


class Question(NamedTuple):
    """May this message go to this person at this moment?

    `message` is a Send API message object, empty where a utility message goes out alone; a `reply`
    answers in a conversation. `closed_by_meta_at` is when Meta last refused a message to this person
    as outside the window: whatever came before no longer opens it. `refused_tags` are those that Meta
    did not take from this Page, each with a sentence about what Meta said. `one_time` is the person's
    permission that the draft names; `one_time_off` says that this bot is not to use any.
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
    reply: bool = False
    human_agent_approved: bool = False
    event: Event = NO_EVENT
    order_id: str | None = None
    closed_by_meta_at: datetime | None = None
    refused_tags: Mapping[str, str] = NOTHING
    utility: Utility | None = None
    one_time: OneTime | None = None
    one_time_off: bool = False

    @property
    def carries_message(self) -> bool:
        """Whether there is anything but the utility message to send."""
        return bool(self.message) or self.utility is None


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


class Leaving(NamedTuple):
    """How a message that is allowed leaves: its messaging type, and the tag if the window is closed.

    `one_time`: it uses up the permission that the draft names.
    """

    messaging_type: str
    tag: str | None
    one_time: bool = False

    @property
    def in_window(self) -> bool:
        """Whether it leaves inside the messaging window, where it may say anything."""
        return self.messaging_type in ("RESPONSE", "UPDATE") and not self.one_time


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule book's answer; it holds up to `valid_until` if nothing else happens (None: no end).

    `one_time` is the topic of the permission that the message would use up.
    """

    allowed: bool
    needs_review: bool
    messaging_type: str | None
    tag: str | None
    window: Window
    valid_until: datetime | None
    findings: tuple[Finding, ...]
    suggested_tag: str | None
    alternatives: tuple[str, ...]
    one_time: str | None = None

    @property
    def waits_for_its_tag(self) -> bool:
        """Whether all that forbids it is that Meta refuses the tag to this Page, which a person can end."""
        return {finding.rule for finding in self.refusals} == {"tag-refused-by-meta"}

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that forbid the message."""
        return tuple(f for f in self.findings if f.severity is Severity.REFUSE)

    @property
    def flagged(self) -> bool:
        """Whether a finding asks for a second person, once what is refused has been mended."""
        return any(finding.severity is Severity.REVIEW for finding in self.findings)
