"""The published table of rules once more, written from its words and not from the code.

A case says in plain facts what a question says in times: "the window is open" instead of an hour ago.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from bot.policy.question import Channel, Event, Interaction, InteractionKind
from tests.policy.asking import DAY, FEEDBACK_TEMPLATE, MILLISECOND, NEUTRAL_TEXT, NOW, WEEK, wrote

TAGS = (
    None,
    "CONFIRMED_EVENT_UPDATE",
    "POST_PURCHASE_UPDATE",
    "ACCOUNT_UPDATE",
    "HUMAN_AGENT",
    "CUSTOMER_FEEDBACK",
    "NON_PROMOTIONAL_SUBSCRIPTION",
)
RETIRED = {
    "2021-06": (),
    "2026-04": ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"),
}


@dataclass(frozen=True)
class Past:
    """What the person did, and what follows from it by the contract's words."""

    told: str
    interactions: tuple[Interaction, ...]
    open: bool
    wrote_within_7_days: bool
    closes_at: datetime | None = None
    week_ends_at: datetime | None = None


@dataclass(frozen=True)
class Occasion:
    """An event, and what follows from it by the contract's words."""

    told: str
    event: Event
    has_start: bool
    registered: bool
    over: bool
    last_moment: datetime | None = None


_HOUR = timedelta(hours=1)
_PRESS = InteractionKind.POSTBACK
_LAST_MS, _LAST_MS_OF_WEEK = DAY - MILLISECOND, WEEK - MILLISECOND
PASTS = (
    Past("did nothing", (), False, False),
    Past("wrote an hour ago", (wrote(_HOUR),), True, True, NOW + 23 * _HOUR),
    Past("wrote nearly 24 h ago", (wrote(_LAST_MS),), True, True, NOW + MILLISECOND),
    Past("wrote 24 h ago", (wrote(DAY),), False, True, NOW, NOW + WEEK - DAY),
    Past(
        "wrote nearly 7 days ago",
        (wrote(_LAST_MS_OF_WEEK),),
        False,
        True,
        NOW - WEEK + DAY + MILLISECOND,
        NOW + MILLISECOND,
    ),
    Past("wrote 7 days ago", (wrote(WEEK),), False, False, NOW - WEEK + DAY),
    Past("pressed 1 h ago", (wrote(_HOUR, _PRESS),), True, False, NOW + 23 * _HOUR),
    Past("pressed 2 days ago", (wrote(2 * DAY, _PRESS),), False, False, NOW - DAY),
    Past("will write in 1 ms", (wrote(-MILLISECOND),), False, False),
)

_SOON, _LATER, _AGO = NOW + DAY, NOW + DAY + _HOUR, NOW - MILLISECOND
OCCASIONS = (
    Occasion("none", Event(), False, False, False),
    Occasion("without a start", Event(True), False, True, False),
    Occasion("with an end only", Event(True, None, _SOON), False, True, False),
    Occasion("not registered", Event(False, _SOON), True, False, False, _SOON),
    Occasion("to come", Event(True, _SOON, _LATER), True, True, False, _LATER),
    Occasion("in progress", Event(True, _AGO, _SOON), True, True, False, _SOON),
    Occasion("ends now", Event(True, _AGO, NOW), True, True, False, NOW),
    Occasion("starts now, open end", Event(True, NOW), True, True, False, NOW),
    Occasion("just over", Event(True, _AGO - _HOUR, _AGO), True, True, True),
    Occasion("just begun, open end", Event(True, _AGO), True, True, True),
)


@dataclass(frozen=True)
class Case:
    """One row of the exhaustive table."""

    edition: str
    tag: str | None
    channel: Channel
    past: Past
    by_system: bool
    scheduled: bool
    recurring: bool
    approved: bool
    occasion: Occasion
    order: bool
    template: bool

    def as_question(self) -> dict[str, Any]:
        """The same facts in the question's own fields."""
        return {
            "edition": self.edition,
            "tag": self.tag,
            "channel": self.channel,
            "interactions": self.past.interactions,
            "author": "system" if self.by_system else "person",
            "scheduled": self.scheduled,
            "recurring": self.recurring,
            "human_agent_approved": self.approved,
            "event": self.occasion.event,
            "order_id": "A-17" if self.order else None,
            "message": FEEDBACK_TEMPLATE if self.template else {"text": NEUTRAL_TEXT},
        }


def cases(edition: str, tag: str | None) -> Iterator[Case]:
    """Every combination; facts that the tag does not speak of are varied as well, but less."""
    channels: tuple[Channel, ...] = ("messenger", "instagram")
    yes_no = (False, True)
    occasions = OCCASIONS if tag == "CONFIRMED_EVENT_UPDATE" else OCCASIONS[:1] + OCCASIONS[-1:]
    rows = product(
        channels, PASTS, yes_no, yes_no, yes_no, yes_no, occasions, yes_no, yes_no
    )  # fmt: skip
    for row in rows:
        yield Case(edition, tag, *row)


def broken_duties(case: Case) -> set[str]:
    """The rules of the table that a known tag breaks, window aside."""
    late = not case.past.wrote_within_7_days
    is_event = case.tag == "CONFIRMED_EVENT_UPDATE"
    is_agent = case.tag == "HUMAN_AGENT"
    is_feedback = case.tag == "CUSTOMER_FEEDBACK"
    table = {
        "tag-retired": case.tag in RETIRED[case.edition],
        "tag-not-on-instagram": case.channel == "instagram" and not is_agent,
        "human-agent-expired": is_agent and late,
        "human-agent-automated": is_agent and (case.by_system or case.scheduled or case.recurring),
        "human-agent-not-approved": is_agent and not case.approved,
        "feedback-expired": is_feedback and late,
        "feedback-needs-template": is_feedback != case.template,
        "event-missing": is_event and not case.occasion.has_start,
        "event-not-registered": is_event and not case.occasion.registered,
        "event-past": is_event and case.occasion.over,
        "order-missing": case.tag == "POST_PURCHASE_UPDATE" and not case.order,
        "account-recurring": case.tag == "ACCOUNT_UPDATE" and case.recurring,
    }
    return {rule for rule, broken in table.items() if broken}


def expected_rules(case: Case) -> set[tuple[str, str]]:
    """Rule and severity of everything the rule book has to say; Instagram has no feedback template."""
    found = set()
    if case.template and case.channel == "instagram":
        found.add(("message-invalid", "refuse"))
    if case.tag is None:
        if not case.past.open:
            found.add(("window-closed", "refuse"))
    elif case.tag == "NON_PROMOTIONAL_SUBSCRIPTION":
        found.add(("unknown-tag", "refuse"))
    else:
        severity = "advice" if case.past.open else "refuse"
        found |= {(rule, severity) for rule in broken_duties(case)}
    return found


def expected_end(case: Case) -> datetime | None:
    """Until when an allowed verdict holds."""
    if case.past.open:
        return case.past.closes_at
    if case.tag in ("HUMAN_AGENT", "CUSTOMER_FEEDBACK"):
        return case.past.week_ends_at
    return case.occasion.last_moment if case.tag == "CONFIRMED_EVENT_UPDATE" else None
