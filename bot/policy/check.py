"""The one question: may this message go out at this moment?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.policy.alternatives import alternatives_to
from bot.policy.content import Reading, read_message
from bot.policy.editions import EDITIONS, KNOWN_TAGS, Edition, Tag
from bot.policy.judgements import fitting_tag, judgements
from bot.policy.limits import limit_findings
from bot.policy.question import Finding, Question, Severity, Verdict, Window
from bot.policy.rules import TAG_RULES
from bot.policy.windows import last_message_at, window_at


def check(question: Question) -> Verdict:
    """Judge one message to one person at one moment.

    Pure: the same question always has the same answer. Raises KeyError for an unknown edition.
    """
    edition = EDITIONS[question.edition]
    window = window_at(question)
    reading = read_message(question.message)
    findings = tuple(_findings(question, edition, window, reading))
    severities = {finding.severity for finding in findings}
    allowed = Severity.REFUSE not in severities
    fitting = fitting_tag(question, edition, reading)
    needs_review = allowed and Severity.REVIEW in severities
    return Verdict(
        allowed=allowed,
        needs_review=needs_review,
        messaging_type=("UPDATE" if window.open else "MESSAGE_TAG") if allowed else None,
        tag=question.tag if allowed and not window.open else None,
        window=window,
        valid_until=_valid_until(question, edition, window) if allowed else None,
        findings=findings,
        suggested_tag=reading.tag,
        alternatives=()
        if allowed and not needs_review
        else tuple(alternatives_to(question, edition, window, findings, fitting)),
    )


def _findings(
    question: Question, edition: Edition, window: Window, reading: Reading
) -> Iterator[Finding]:
    yield from limit_findings(question.message, question.channel)
    if question.tag is not None and question.tag not in KNOWN_TAGS:
        yield _unknown_tag(question.tag, edition)
    elif window.open:
        # The tag is only what the message falls back on: its duties are advice.
        if question.tag is not None:
            found = _closed_findings(question, edition, window, reading)
            yield from (replace(finding, severity=Severity.ADVICE) for finding in found)
    else:
        yield from _closed_findings(question, edition, window, reading)


def _closed_findings(
    question: Question, edition: Edition, window: Window, reading: Reading
) -> Iterator[Finding]:
    if question.tag is None:
        yield _window_closed(edition, window)
    else:
        yield from _tag_findings(question, edition, edition.tags[question.tag])
    yield from judgements(question, edition, reading)


def _tag_findings(question: Question, edition: Edition, tag: Tag) -> Iterator[Finding]:
    for name, rule in TAG_RULES:
        if why := rule(question, tag):
            yield Finding(name, Severity.REFUSE, why, edition.source)


def _window_closed(edition: Edition, window: Window) -> Finding:
    known = (
        "is closed" if window.closes_at else "is closed: the person is not known to have written"
    )
    why = f"The messaging window {known}, and outside it a message needs a tag that fits."
    return Finding("window-closed", Severity.REFUSE, why, edition.source)


def _unknown_tag(tag: str, edition: Edition) -> Finding:
    names = ", ".join(known.name for known in edition.living_tags)
    why = f"Meta has no message tag called {tag!r}; this edition has {names}."
    return Finding("unknown-tag", Severity.REFUSE, why, edition.source)


def _valid_until(question: Question, edition: Edition, window: Window) -> datetime | None:
    if window.open:
        return window.closes_at
    tag = edition.tags[question.tag] if question.tag else None
    last_message = last_message_at(question)
    if tag and tag.reach and last_message:
        return last_message + tag.reach
    return question.event.over_after if tag and tag.name == "CONFIRMED_EVENT_UPDATE" else None
