"""The one question: may this message go out at this moment?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.policy.alternatives import alternatives_to
from bot.policy.content import Reading, read_message
from bot.policy.editions import EDITIONS, KNOWN_TAGS, Edition
from bot.policy.judgements import fitting_tag, judgements
from bot.policy.limits import limit_findings
from bot.policy.one_time import one_time_findings, one_time_off
from bot.policy.question import Finding, Leaving, Question, Severity, Verdict, Window
from bot.policy.rules import TAG_RULES
from bot.policy.utility import utility_findings, utility_judgements, utility_unknown
from bot.policy.windows import last_message_at, window_at


def check(question: Question) -> Verdict:
    """Judge one message to one person at one moment.

    Pure: the same question always has the same answer. Raises KeyError for an unknown edition.
    """
    edition = EDITIONS[question.edition]
    window = window_at(question)
    reading = read_message(question.message)
    misnamed = _misnamed(question, edition)
    against_tag = () if misnamed else _against_tag(question, edition)
    way = None if misnamed else _leaving(question, window, against_tag)
    findings = tuple(_findings(question, edition, window, reading, way, against_tag))
    severities = {finding.severity for finding in findings}
    allowed = Severity.REFUSE not in severities
    fitting = fitting_tag(question, edition, reading)
    needs_review = allowed and Severity.REVIEW in severities
    leaving = way if allowed else None
    return Verdict(
        allowed=allowed,
        needs_review=needs_review,
        messaging_type=leaving.messaging_type if leaving else None,
        tag=leaving.tag if leaving else None,
        window=window,
        valid_until=_valid_until(question, edition, window, leaving) if leaving else None,
        findings=findings,
        suggested_tag=None if reading.tag in question.refused_tags else reading.tag,
        alternatives=()
        if allowed and not needs_review
        else tuple(alternatives_to(question, edition, window, findings, fitting)),
        one_time=question.one_time.topic
        if leaving and leaving.one_time and question.one_time
        else None,
    )


def leaves_as(question: Question) -> Leaving | None:
    """How the message leaves at this moment; None when a rule forbids it.

    The text is not read again: what it promotes never forbids, it asks a colleague, who has decided.
    """
    edition, window = EDITIONS[question.edition], window_at(question)
    if any(_always_refused(question, edition)):
        return None
    return _leaving(question, window, _against_tag(question, edition))


def _leaving(question: Question, window: Window, against_tag: Sequence[Finding]) -> Leaving | None:
    """The first way that is free: inside the window as it is, then those that the draft names."""
    if question.carries_message:
        if window.open:
            return Leaving("RESPONSE" if question.reply else "UPDATE", None)
        if question.tag and not against_tag:
            return Leaving("MESSAGE_TAG", question.tag)
        if question.one_time and not any(one_time_findings(question, question.one_time)):
            return Leaving("UPDATE", None, one_time=True)
    if question.utility and not any(utility_findings(question, question.utility)):
        return Leaving("UTILITY", None)
    return None


def _findings(
    question: Question,
    edition: Edition,
    window: Window,
    reading: Reading,
    leaving: Leaving | None,
    against_tag: Sequence[Finding],
) -> Iterator[Finding]:
    yield from _always_refused(question, edition)
    if _misnamed(question, edition):
        return
    # What stands against a way that is not taken is worth knowing, no more; the last way that a draft
    # names is its utility message, beside which one word about the tag is enough.
    of_tag = _tag_duties(question, edition, window, against_tag)[: 1 if question.utility else None]
    yield from map(_as_advice, of_tag) if leaving or question.utility else of_tag
    of_permission = one_time_findings(question, question.one_time) if question.one_time else ()
    yield from map(_as_advice, of_permission) if leaving or question.utility else of_permission
    of_utility = utility_findings(question, question.utility) if question.utility else ()
    yield from map(_as_advice, of_utility) if leaving else of_utility
    judged = _judgements(question, edition, reading, leaving)
    yield from map(_as_advice, judged) if leaving and leaving.in_window else judged


def _as_advice(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.ADVICE)


def _always_refused(question: Question, edition: Edition) -> Iterator[Finding]:
    """What is refused whether the window is open or not."""
    if question.carries_message:
        yield from limit_findings(question.message, question.channel)
    if misnamed := _misnamed(question, edition):
        yield misnamed
    if off := one_time_off(question):
        yield off


def _misnamed(question: Question, edition: Edition) -> Finding | None:
    """A way to send that does not exist in this edition."""
    if question.tag is not None and question.tag not in KNOWN_TAGS:
        return _unknown_tag(question.tag, edition)
    if question.utility and not edition.has_utility_messages:
        return utility_unknown(edition)
    return None


def _tag_duties(
    question: Question, edition: Edition, window: Window, against_tag: Sequence[Finding]
) -> Sequence[Finding]:
    """What stands against the tag that is for when the window is closed, or against having none."""
    if question.tag or window.open or question.utility or question.one_time:
        return against_tag
    return (_window_closed(edition, window),)


def _judgements(
    question: Question, edition: Edition, reading: Reading, leaving: Leaving | None
) -> Iterator[Finding]:
    """What the words that go out once the window is closed give reason to look at twice."""
    if leaving and leaving.one_time:
        return  # the person asked for it, and it may promote
    kind = leaving.messaging_type if leaving else None
    if kind != "UTILITY" and (question.tag is not None or leaving is None):
        yield from judgements(question, edition, reading)
    if kind != "MESSAGE_TAG" and question.utility:
        yield from utility_judgements(question.utility)


def _against_tag(question: Question, edition: Edition) -> Sequence[Finding]:
    """What stands against sending the message under its tag."""
    if question.tag is None or not question.carries_message:
        return ()
    tag = edition.tags[question.tag]
    reasons = ((name, rule(question, tag)) for name, rule in TAG_RULES)
    return tuple(
        Finding(name, Severity.REFUSE, why, edition.source) for name, why in reasons if why
    )


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


def _valid_until(
    question: Question, edition: Edition, window: Window, leaving: Leaving
) -> datetime | None:
    if leaving.messaging_type == "UTILITY":
        return None
    if leaving.one_time and question.one_time:
        return question.one_time.expires_at
    if window.open:
        return window.closes_at
    tag = edition.tags[question.tag] if question.tag else None
    last_message = last_message_at(question)
    if tag and tag.reach and last_message:
        return last_message + tag.reach
    return question.event.over_after if tag and tag.name == "CONFIRMED_EVENT_UPDATE" else None
