"""The rules of One-Time Notifications: one message about what a person asked to be told.

Source: https://developers.facebook.com/docs/messenger-platform/send-messages/one-time-notification/ (beta):
the permission is asked for inside the messaging window, lives for a year, and is good for one message,
promotions included.
"""

from collections.abc import Iterator
from typing import Final

from bot.policy.editions import Tag
from bot.policy.limits import template_type
from bot.policy.question import Finding, OneTime, Question, Severity

SOURCE: Final = "One-Time Notification"
REQUEST_TEMPLATE: Final = "one_time_notif_req"
_ASKED_INSIDE: Final = (
    "Whether a person wants to be told something once may only be asked while the messaging window is "
    "open."
)


def one_time_off(question: Question) -> Finding | None:
    """Meta's own pages disagree on whether there still are One-Time Notifications: an admin decides."""
    if not question.one_time_off:
        return None
    if question.one_time is None and template_type(question.message) != REQUEST_TEMPLATE:
        return None
    why = (
        "One-Time Notifications are switched off, because Meta's pages disagree on whether they still "
        "work; an admin can switch them on with ONE_TIME_NOTIFICATION=true."
    )
    return _refusal("one-time-off", why)


def one_time_findings(question: Question, asked: OneTime) -> Iterator[Finding]:
    """What stands against using the permission that a draft names."""
    if template_type(question.message) == REQUEST_TEMPLATE:
        yield _refusal("one-time-needs-window", _ASKED_INSIDE)
    if asked.topic is None or asked.expires_at is None:
        yield _refusal(
            "one-time-unknown", "This person has not asked to be told what the draft is meant for."
        )
    elif asked.spent:
        why = (
            f"The one message about “{asked.topic}” that this person asked for was sent, or may have "
            "been: Meta takes no second one."
        )
        yield _refusal("one-time-spent", why)
    elif question.at >= asked.expires_at:
        why = (
            f"This person asked to be told “{asked.topic}”, but Meta lets that lapse after a year."
        )
        yield _refusal("one-time-expired", why)


def one_time_request(question: Question, _tag: Tag) -> str | None:
    """No tag carries the question whether to tell a person something once."""
    return _ASKED_INSIDE if template_type(question.message) == REQUEST_TEMPLATE else None


def _refusal(rule: str, why: str) -> Finding:
    return Finding(rule, Severity.REFUSE, why, SOURCE)
