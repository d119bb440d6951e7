"""The one question: may this message go out at this moment?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.policy.alternatives import alternatives_to
from bot.policy.content import Reading, read_message
from bot.policy.editions import EDITIONS, KNOWN_TAGS, Edition, Tag
from bot.policy.judgements import fitting_tag, judgements
from bot.policy.limits import limit_findings
from bot.policy.question import Finding, Leaving, Question, Severity, Verdict, Window
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
    leaving = _leaving(question, window) if allowed else None
    return Verdict(
        allowed=allowed,
        needs_review=needs_review,
        messaging_type=leaving.messaging_type if leaving else None,
        tag=leaving.tag if leaving else None,
        window=window,
        valid_until=_valid_until(question, edition, window) if allowed else None,
        findings=findings,
        suggested_tag=None if reading.tag in question.refused_tags else reading.tag,
        alternatives=()
        if allowed and not needs_review
        else tuple(alternatives_to(question, edition, window, findings, fitting)),
    )


def leaves_as(question: Question) -> Leaving | None:
    """How the message leaves at this moment; None when a rule forbids it.

    The text is not read again: what it promotes never forbids, it asks a colleague, who has decided.
    """
    edition, window = EDITIONS[question.edition], window_at(question)
    return None if any(_refusals(question, edition, window)) else _leaving(question, window)


def _leaving(question: Question, window: Window) -> Leaving:
    return Leaving("UPDATE", None) if window.open else Leaving("MESSAGE_TAG", question.tag)


def _findings(
    question: Question, edition: Edition, window: Window, reading: Reading
) -> Iterator[Finding]:
    yield from _refusals(question, edition, window)
    if question.tag is not None and question.tag not in KNOWN_TAGS:
        return
    if not window.open:
        yield from judgements(question, edition, reading)
    elif question.tag is not None:
        # The tag is only what the message falls back on: its duties are advice.
        yield from map(_as_advice, _duties(question, edition, window))
        yield from map(_as_advice, judgements(question, edition, reading))


def _as_advice(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.ADVICE)


def _refusals(question: Question, edition: Edition, window: Window) -> Iterator[Finding]:
    yield from limit_findings(question.message, question.channel)
    if question.tag is not None and question.tag not in KNOWN_TAGS:
        yield _unknown_tag(question.tag, edition)
    elif not window.open:
        yield from _duties(question, edition, window)


def _duties(question: Question, edition: Edition, window: Window) -> Iterator[Finding]:
    if question.tag is None:
        yield _window_closed(edition, window)
    else:
        yield from _tag_findings(question, edition, edition.tags[question.tag])


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
