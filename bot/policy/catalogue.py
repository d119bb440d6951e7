"""Every rule of the book by its id: how heavy it is while the window is closed, and when it speaks."""

from dataclasses import dataclass
from typing import Final

from bot.policy.question import Severity


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule; `always` says that an open messaging window does not soften it to advice."""

    rule: str
    severity: Severity
    when: str
    always: bool = False


CATALOGUE: Final[tuple[RuleEntry, ...]] = (
    RuleEntry(
        "window-closed",
        Severity.REFUSE,
        "The messaging window is closed and the message names no tag.",
    ),
    RuleEntry(
        "unknown-tag",
        Severity.REFUSE,
        "Meta has no tag of that name, in this edition or another.",
        always=True,
    ),
    RuleEntry("tag-retired", Severity.REFUSE, "Meta no longer accepts the tag in this edition."),
    RuleEntry(
        "tag-refused-by-meta",
        Severity.REFUSE,
        "Meta refused the tag when this Page last used it, and nobody has lifted that since.",
    ),
    RuleEntry(
        "tag-not-on-instagram",
        Severity.REFUSE,
        "The message goes to Instagram, which accepts HUMAN_AGENT only.",
    ),
    RuleEntry(
        "human-agent-expired",
        Severity.REFUSE,
        "The person's last message is 7 days old or older, or none is known.",
    ),
    RuleEntry(
        "human-agent-automated",
        Severity.REFUSE,
        "A system wrote the message under HUMAN_AGENT, or a timer would send it.",
    ),
    RuleEntry(
        "human-agent-not-approved",
        Severity.REFUSE,
        "The app does not hold Meta's Human Agent permission.",
    ),
    RuleEntry(
        "feedback-expired",
        Severity.REFUSE,
        "Feedback is asked for 7 days or more after the person's last message, or none is known.",
    ),
    RuleEntry(
        "feedback-needs-template",
        Severity.REFUSE,
        "CUSTOMER_FEEDBACK is without Meta's feedback template, or another tag is with it.",
    ),
    RuleEntry("event-missing", Severity.REFUSE, "An event update does not say when it starts."),
    RuleEntry(
        "event-not-registered",
        Severity.REFUSE,
        "The person is not known to have signed up for the event.",
    ),
    RuleEntry("event-past", Severity.REFUSE, "The event is over when the message would go out."),
    RuleEntry("order-missing", Severity.REFUSE, "A purchase update names no order."),
    RuleEntry(
        "account-recurring",
        Severity.REFUSE,
        "A message that recurs names ACCOUNT_UPDATE, which is for one-time changes.",
    ),
    RuleEntry(
        "utility-unknown",
        Severity.REFUSE,
        "The draft names a utility message, which this edition does not have.",
        always=True,
    ),
    RuleEntry(
        "utility-not-on-instagram",
        Severity.REFUSE,
        "The utility message goes to Instagram, which has none.",
    ),
    RuleEntry(
        "utility-template-unknown",
        Severity.REFUSE,
        "The Page has no template of that name and language.",
    ),
    RuleEntry(
        "utility-template-not-approved",
        Severity.REFUSE,
        "Meta has not approved the template, or has paused or disabled it.",
    ),
    RuleEntry(
        "utility-parameters",
        Severity.REFUSE,
        "A parameter of the template is missing, too many, too long, or holds a mark Meta refuses.",
    ),
    RuleEntry(
        "one-time-off",
        Severity.REFUSE,
        "The draft has to do with a One-Time Notification, and ONE_TIME_NOTIFICATION is not on.",
        always=True,
    ),
    RuleEntry(
        "one-time-needs-window",
        Severity.REFUSE,
        "The draft asks whether the person wants to be told something once.",
    ),
    RuleEntry(
        "one-time-unknown",
        Severity.REFUSE,
        "The draft names a permission for one message that this person has not given.",
    ),
    RuleEntry(
        "one-time-spent",
        Severity.REFUSE,
        "The one message that the person asked for was sent, or may have been.",
    ),
    RuleEntry(
        "one-time-expired",
        Severity.REFUSE,
        "The person asked to be told a year ago or longer.",
    ),
    RuleEntry("promotional", Severity.REVIEW, "The text promotes something."),
    RuleEntry(
        "survey",
        Severity.REVIEW,
        "The text asks for feedback under a tag for updates.",
    ),
    RuleEntry(
        "recurring-content",
        Severity.REVIEW,
        "The text under ACCOUNT_UPDATE is of a kind that recurs, such as a bill or a statement.",
    ),
    RuleEntry(
        "tag-mismatch",
        Severity.REVIEW,
        "The text reads like another tag's use.",
    ),
    RuleEntry(
        "language-not-supported",
        Severity.ADVICE,
        "The text is in no language that the rule book reads.",
    ),
    RuleEntry(
        "message-too-long",
        Severity.REFUSE,
        "The text is longer than the channel takes.",
        always=True,
    ),
    RuleEntry(
        "message-invalid",
        Severity.REFUSE,
        "The Send API would not take the message as it is built.",
        always=True,
    ),
)
