"""What could be sent instead of a message that the rule book refuses."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.policy.editions import HUMAN_AGENT, Edition, Tag
from bot.policy.question import Finding, Question, Severity, Window
from bot.policy.windows import within_reach

_FIXES: Final = {
    "message-too-long": "Shorten the text, or send it as two messages.",
    "message-invalid": "Correct the message; the window and the tag can stay as they are.",
    "event-missing": "Say when the event starts.",
    "event-not-registered": "Confirm that the person has signed up for the event, if they have.",
    "order-missing": "Give the number of the order the message is about.",
    "promotional": "Leave the promotion out: the rest of the message may go.",
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


def alternatives_to(
    question: Question,
    edition: Edition,
    window: Window,
    findings: Sequence[Finding],
    fitting_tag: str | None,
) -> Iterator[str]:
    """One sentence for each way that is left: mend the message, change the tag, or wait.

    `fitting_tag` is the one that the text reads like, where it may be used.
    """
    broken = {finding.rule for finding in findings}
    if not broken & _BEYOND_MENDING:
        yield from (fix for rule, fix in _FIXES.items() if rule in broken)
    if broken <= {"message-too-long", "message-invalid"}:
        return
    if window.open:
        yield "Leave the tag out: the messaging window is open, and the message needs none."
        return
    refused = any(finding.severity is Severity.REFUSE for finding in findings)
    yield from _other_tags(question, edition, fitting_tag, only_fitting=not refused)
    if "tag-retired" in broken and question.channel == "messenger":
        instead = edition.tags[question.tag or ""].instead
        yield f"Meta offers {instead} for it, which Tagwise does not send yet."
    yield "Wait until the person writes or reacts: that opens the messaging window for 24 hours."
    if question.channel == "messenger" and (refused or "promotional" in broken):
        yield edition.for_promotions


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
        question.author == "person" and question.human_agent_approved
    )
