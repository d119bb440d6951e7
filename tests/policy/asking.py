"""Questions for the tests: a harmless message to somebody, and what each test changes of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.policy.check import check
from bot.policy.question import Event, Interaction, InteractionKind, Question, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY = timedelta(hours=24)
WEEK = timedelta(days=7)

# It promotes nothing, asks for no opinion and reads like no tag's use.
NEUTRAL_TEXT = "Hello Ada, this is Ben."
FEEDBACK_TEMPLATE = {
    "attachment": {"type": "template", "payload": {"template_type": "customer_feedback"}}
}
UPCOMING = Event(registered=True, starts_at=NOW + timedelta(days=1))


def wrote(ago: timedelta, kind: InteractionKind = InteractionKind.MESSAGE) -> Interaction:
    """What the person did that long before NOW."""
    return Interaction(kind, NOW - ago)


def question(**changes: Any) -> Question:
    """Nobody has written, no tag is chosen: the window is closed."""
    given: dict[str, Any] = {"at": NOW, "message": {"text": NEUTRAL_TEXT}, "edition": "2021-06"}
    return Question(**{**given, **changes})


def verdict(**changes: Any) -> Verdict:
    """The rule book's answer to such a question."""
    return check(question(**changes))


def assert_sentence(text: str) -> None:
    """A colleague can read it: a capital, a full stop, and none of Python's own words for a value."""
    assert re.fullmatch(r"[A-Z].*[^.\s:;,]\.", text), text
    assert not re.search(
        r"\b(None|True|False|InteractionKind|Severity|datetime)\b|  |[{}<>]", text
    ), text


def rules_in(answer: Verdict) -> list[tuple[str, str]]:
    """The findings as (rule, severity), in order."""
    return [(finding.rule, finding.severity.value) for finding in answer.findings]
