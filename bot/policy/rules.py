"""The rules of a message tag, one function each; they hold once the messaging window is closed.

Every rule looks at the question and at the chosen tag's row in its edition, and answers with a
sentence when it is broken. Source of all of them: Meta's Message Tags page, section of the tag.
"""

from collections.abc import Callable
from typing import Final

from bot.policy.editions import (
    ACCOUNT_UPDATE,
    CONFIRMED_EVENT_UPDATE,
    CUSTOMER_FEEDBACK,
    HUMAN_AGENT,
    POST_PURCHASE_UPDATE,
    Tag,
)
from bot.policy.limits import FEEDBACK_TEMPLATE, template_type
from bot.policy.one_time import one_time_request
from bot.policy.question import Question
from bot.policy.windows import last_message_at, within_reach

Rule = Callable[[Question, Tag], str | None]


def tag_retired(_question: Question, tag: Tag) -> str | None:
    """Meta no longer accepts the tag in this edition."""
    if tag.retired_on is None:
        return None
    return (
        f"Meta has refused the tag {tag.name} since {tag.retired_on:%-d %B %Y}; "
        f"what replaced it is {tag.instead}."
    )


def tag_refused_by_meta(question: Question, tag: Tag) -> str | None:
    """Meta did not take the tag from this Page, whatever its published rules say."""
    if (said := question.refused_tags.get(tag.name)) is None:
        return None
    return (
        f"Meta refused the tag {tag.name} for this Page. {said} Once Meta takes it again, whoever may "
        "approve drafts can lift this with the button that /notify queue shows."
    )


def tag_not_on_instagram(question: Question, tag: Tag) -> str | None:
    """Instagram knows one tag only."""
    if question.channel in tag.channels:
        return None
    return f"Instagram does not accept the tag {tag.name}; the only one it knows is {HUMAN_AGENT}."


def human_agent_expired(question: Question, tag: Tag) -> str | None:
    """A person may answer for 7 days."""
    if tag.name != HUMAN_AGENT or within_reach(question, tag):
        return None
    return f"A person may answer for 7 days after the customer's message{_too_late(question)}"


def human_agent_automated(question: Question, tag: Tag) -> str | None:
    """Meta forbids automated messages under this tag; a timer that sends by itself is one."""
    if tag.name != HUMAN_AGENT:
        return None
    if question.author == "system":
        return "HUMAN_AGENT is for a person's own answer; a system may not send under it."
    if question.scheduled or question.recurring:
        return "HUMAN_AGENT is for an answer sent by a person now; a timer may not send under it."
    return None


def human_agent_not_approved(question: Question, tag: Tag) -> str | None:
    """The permission is given by App Review."""
    if tag.name != HUMAN_AGENT or question.human_agent_approved:
        return None
    return (
        "Meta has not approved this app for HUMAN_AGENT; "
        "an admin can ask for it in App Review and then set HUMAN_AGENT_APPROVED=true."
    )


def feedback_expired(question: Question, tag: Tag) -> str | None:
    """Feedback may be asked for during 7 days."""
    if tag.name != CUSTOMER_FEEDBACK or within_reach(question, tag):
        return None
    return (
        f"Feedback may be asked for up to 7 days after the customer's message{_too_late(question)}"
    )


def feedback_needs_template(question: Question, tag: Tag) -> str | None:
    """The tag carries the customer feedback template and nothing else, and nothing else carries it."""
    carries_template = template_type(question.message) == FEEDBACK_TEMPLATE
    if tag.name == CUSTOMER_FEEDBACK and not carries_template:
        return "CUSTOMER_FEEDBACK carries Meta's customer feedback template only, not a free text."
    if tag.name != CUSTOMER_FEEDBACK and carries_template:
        return f"The customer feedback template goes out under CUSTOMER_FEEDBACK, not {tag.name}."
    return None


def event_missing(question: Question, tag: Tag) -> str | None:
    """An event update names when its event starts."""
    if tag.name != CONFIRMED_EVENT_UPDATE or question.event.starts_at is not None:
        return None
    return "CONFIRMED_EVENT_UPDATE speaks of one event: say when it starts."


def event_not_registered(question: Question, tag: Tag) -> str | None:
    """The person has signed up for the event."""
    if tag.name != CONFIRMED_EVENT_UPDATE or question.event.registered:
        return None
    return "CONFIRMED_EVENT_UPDATE may only reach people who have signed up for the event."


def event_past(question: Question, tag: Tag) -> str | None:
    """The event is upcoming or in progress."""
    over_after = question.event.over_after
    if tag.name != CONFIRMED_EVENT_UPDATE or over_after is None or question.at <= over_after:
        return None
    return "The event is over by then; CONFIRMED_EVENT_UPDATE is for events to come or in progress."


def order_missing(question: Question, tag: Tag) -> str | None:
    """A purchase update names its order."""
    if tag.name != POST_PURCHASE_UPDATE or question.order_id:
        return None
    return "POST_PURCHASE_UPDATE speaks of one purchase: give the order number."


def account_recurring(question: Question, tag: Tag) -> str | None:
    """Account updates are one-time changes."""
    if tag.name != ACCOUNT_UPDATE or not question.recurring:
        return None
    return "ACCOUNT_UPDATE is for one-time changes; a message that recurs may not use it."


def _too_late(question: Question) -> str:
    known = last_message_at(question) is not None
    return ", and those are over." if known else ", and no message of theirs is known."


TAG_RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("tag-retired", tag_retired),
    ("tag-refused-by-meta", tag_refused_by_meta),
    ("tag-not-on-instagram", tag_not_on_instagram),
    ("human-agent-expired", human_agent_expired),
    ("human-agent-automated", human_agent_automated),
    ("human-agent-not-approved", human_agent_not_approved),
    ("feedback-expired", feedback_expired),
    ("feedback-needs-template", feedback_needs_template),
    ("one-time-needs-window", one_time_request),
    ("event-missing", event_missing),
    ("event-not-registered", event_not_registered),
    ("event-past", event_past),
    ("order-missing", order_missing),
    ("account-recurring", account_recurring),
)
