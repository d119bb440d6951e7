"""What the text itself says about its tag: judgements, which ask a colleague instead of refusing.

Sources: Meta's Message Tags page (disallowed content of each tag) and, for what promotes, Meta's
worked examples for template categories, which it publishes for WhatsApp only.
"""

from collections.abc import Iterator
from typing import Final

from bot.policy.content import Reading
from bot.policy.editions import (
    ACCOUNT_UPDATE,
    CONFIRMED_EVENT_UPDATE,
    CUSTOMER_FEEDBACK,
    HUMAN_AGENT,
    POST_PURCHASE_UPDATE,
    Edition,
)
from bot.policy.question import Finding, Question, Severity

UPDATE_TAGS: Final = (CONFIRMED_EVENT_UPDATE, POST_PURCHASE_UPDATE, ACCOUNT_UPDATE)


def judgements(question: Question, edition: Edition, reading: Reading) -> Iterator[Finding]:
    """Everything the text gives reason to look at twice while the window is closed."""
    if found := reading.promotional:
        why = f"No message outside the window may promote anything, and this one {found.why}."
        yield _review("promotional", why, edition, found.passage)
    if (found := reading.survey) and question.tag in UPDATE_TAGS:
        why = f"{question.tag} may not ask for feedback, and this message {found.why}."
        yield _review("survey", why, edition, found.passage)
    if (found := reading.recurring) and question.tag == ACCOUNT_UPDATE:
        why = f"ACCOUNT_UPDATE is for one-time changes, and this message {found.why}."
        yield _review("recurring-content", why, edition, found.passage)
    yield from _mismatch(question, edition, reading)
    if reading.language_unsupported:
        why = "The text is in no language that the rule book reads: look for promotions yourself."
        yield Finding("language-not-supported", Severity.ADVICE, why, edition.source)


def fitting_tag(question: Question, edition: Edition, reading: Reading) -> str | None:
    """The tag the text reads like, where this edition and channel have it and Meta takes it."""
    tag = edition.tags.get(reading.tag or "")
    if tag is None or tag.retired_on or question.channel not in tag.channels:
        return None
    if tag.name in question.refused_tags:
        return None
    return tag.name


def _mismatch(question: Question, edition: Edition, reading: Reading) -> Iterator[Finding]:
    better = fitting_tag(question, edition, reading)
    chosen = question.tag
    # What asks for feedback has its own rule, and a person may answer whatever was asked.
    if better in (None, chosen, CUSTOMER_FEEDBACK, HUMAN_AGENT) or chosen not in UPDATE_TAGS:
        return
    evidence = reading.tag_evidence
    why = f"The text reads like {better}, not like {chosen}."
    yield _review("tag-mismatch", why, edition, evidence.passage if evidence else None)


def _review(rule: str, why: str, edition: Edition, evidence: str | None) -> Finding:
    return Finding(rule, Severity.REVIEW, why, edition.source, evidence)
