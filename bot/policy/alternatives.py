"""What could be sent instead of a message that the rule book refuses."""

from collections.abc import Iterator, Sequence, Set
from typing import Final

from bot.policy.editions import HUMAN_AGENT, Edition, Tag
from bot.policy.limits import (
    INSTAGRAM_TEMPLATES,
    INSTAGRAM_TEXT_BYTES,
    QUICK_REPLIES,
    SEVERAL_IMAGES,
)
from bot.policy.question import Finding, Question, Severity, Window
from bot.policy.utility import utility_alternatives
from bot.policy.windows import within_reach

_FIXES: Final = {
    "message-too-long": "Shorten the text, or send it as two messages.",
    "message-invalid": "Correct the message; the window and the tag can stay as they are.",
    "event-missing": "Say when the event starts (for programs: event.starts_at).",
    "event-not-registered": (
        "Confirm that the person has signed up for the event, if they have "
        "(for programs: event.registered)."
    ),
    "order-missing": "Give the number of the order the message is about (for programs: order.id).",
    "promotional": "Leave the promotion out: no tag takes one.",
    "survey": "Leave the question for feedback out, or ask it with Meta's feedback template.",
    "recurring-content": "Send it inside the messaging window, where no tag is needed.",
    "human-agent-automated": "Let a person write and send the answer now.",
}
_BEYOND_MENDING: Final = {
    "tag-retired",
    "tag-refused-by-meta",
    "tag-not-on-instagram",
    "unknown-tag",
}
_MESSAGE_FAULTS: Final = {"message-too-long", "message-invalid"}
_MISSING_FACTS: Final = {"event-missing", "order-missing", "utility-parameters"}
# The text promotes, or nobody has looked, or it could not be read.
_MAY_PROMOTE: Final = {"promotional", "unknown-tag", "language-not-supported"}
_INSTAGRAM_MESSAGE: Final = (
    f"Instagram takes a text of {INSTAGRAM_TEXT_BYTES:,} bytes, up to {SEVERAL_IMAGES['instagram']} "
    f"pictures, one file of another kind, or a {', '.join(INSTAGRAM_TEMPLATES[:-1])} or "
    f"{INSTAGRAM_TEMPLATES[-1]} template, with up to {QUICK_REPLIES} quick replies."
)
_INSTAGRAM_WAYS: Final = (
    f"Instagram takes anything while the messaging window is open, and then {HUMAN_AGENT}, a person's "
    "own answer, up to 7 days after the customer's message; it has no other tag, no utility messages "
    "and no paid way for promotions."
)


def alternatives_to(
    question: Question,
    edition: Edition,
    window: Window,
    findings: Sequence[Finding],
    fitting_tag: str | None,
) -> Iterator[str]:
    """One sentence for each way that is left: mend the message, change the tag, or wait.

    `fitting_tag` is the one that the text reads like, where it may be used. What only lacks a fact,
    or is too long, is told how to mend that and nothing else.
    """
    broken = {f.rule for f in findings if f.severity is not Severity.ADVICE}
    if not broken & _BEYOND_MENDING:
        yield from (fix for rule, fix in _FIXES.items() if rule in broken)
    if not window.open:
        yield from utility_alternatives(question, edition, broken)
    elsewhere = not broken <= _MESSAGE_FAULTS | _MISSING_FACTS
    if elsewhere and window.open:
        yield _inside_the_window(question, broken)
    elif elsewhere:
        yield from _outside_the_window(question, edition, findings, fitting_tag)
    if question.channel == "instagram":
        yield from _on_instagram(broken)


def _outside_the_window(
    question: Question, edition: Edition, findings: Sequence[Finding], fitting_tag: str | None
) -> Iterator[str]:
    rules = {finding.rule for finding in findings}
    if question.channel == "messenger" and rules & _MAY_PROMOTE:
        yield edition.for_promotions
    refused = {finding.rule for finding in findings if finding.severity is Severity.REFUSE}
    # No tag takes a promotion, and the tag that lacks a fact may well be the right one.
    only_fitting = "promotional" in rules or refused <= _MISSING_FACTS | {"event-not-registered"}
    yield from _other_tags(question, edition, fitting_tag, only_fitting=only_fitting)
    yield "Wait until the person writes or reacts: that opens the messaging window for 24 hours."


def _on_instagram(broken: Set[str]) -> Iterator[str]:
    if broken & _MESSAGE_FAULTS:
        yield _INSTAGRAM_MESSAGE
    if broken - _MESSAGE_FAULTS:
        yield _INSTAGRAM_WAYS


def _inside_the_window(question: Question, broken: Set[str]) -> str:
    if not question.carries_message:
        return "Write a text instead: the messaging window is open, and it may say anything."
    if "one-time-off" in broken:
        return (
            "Leave the One-Time Notification out: the messaging window is open, and a text may go."
        )
    if "unknown-tag" in broken:
        return "Leave the tag out: the messaging window is open, and the message needs none."
    return "Leave the utility message out: the messaging window is open, and the text may go."


def _other_tags(
    question: Question, edition: Edition, fitting_tag: str | None, *, only_fitting: bool
) -> Iterator[str]:
    for tag in sorted(edition.living_tags, key=lambda tag: tag.name != fitting_tag):
        if only_fitting and tag.name != fitting_tag:
            continue
        if tag.name != question.tag and _open_to(question, tag):
            yield f"Use {tag.name} where it fits: {tag.purpose[0].lower()}{tag.purpose[1:]}"


def _open_to(question: Question, tag: Tag) -> bool:
    if question.channel not in tag.channels or not within_reach(question, tag):
        return False
    if tag.name in question.refused_tags:
        return False
    return tag.name != HUMAN_AGENT or (
        question.author == "person"
        and question.human_agent_approved
        and not (question.scheduled or question.recurring)
    )
