"""The bot's sentences about drafts, deliveries, windows and verdicts, in Slack's mrkdwn."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.moments import read_moment
from bot.policy.content import texts_of
from bot.policy.editions import EDITIONS
from bot.policy.question import Finding, Severity, Verdict, Window
from handlers.views.blocks import escape, linked, mention, place, quoted, when
from storage.history import SYSTEM
from storage.records import Contact, Delivery, Draft, Entry

CHANNEL_NAMES: Final = {"messenger": "Messenger", "instagram": "Instagram"}
NAME_CHARACTERS: Final = 60
SEVERITY_MARKS: Final = {
    Severity.REFUSE: ":no_entry:",
    Severity.REVIEW: ":warning:",
    Severity.ADVICE: ":bulb:",
}
_WAITS, _DONE, _FAILED = ":hourglass:", ":white_check_mark:", ":x:"
# What became of a delivery: a mark, and how it reads after "this message is".
DELIVERY_WORDS: Final = {
    "pending": (_WAITS, "waiting"),
    "sending": (_WAITS, "being sent"),
    "sent": (_DONE, "sent"),
    "delivered": (_DONE, "delivered"),
    "read": (_DONE, "read"),
    "refused": (_FAILED, "not sent, because the rule book said no at the last moment"),
    "failed": (_FAILED, "not accepted by Meta"),
    "unknown": (":grey_question:", "in doubt: it may have arrived"),
    "missed": (_FAILED, "not sent: it missed its time"),
    "cancelled": (":heavy_minus_sign:", "cancelled"),
}
FOR_PROGRAMS: Final = re.compile(r" \(for programs: [^)]*\)")
AROUND: Final = 40  # characters shown on either side of a passage


def window_line(window: Window, now: datetime) -> str:
    """What a busy colleague needs to know of the messaging window at the time of sending."""
    if window.closes_at is None:
        return ":red_circle: The messaging window is closed; nothing known has opened it."
    if window.open:
        return (
            f":large_green_circle: The messaging window is open, closes {when(window.closes_at)}."
        )
    if window.closes_at > now:
        return (
            ":large_yellow_circle: The messaging window closes "
            f"{when(window.closes_at)}, before this goes out."
        )
    return f":red_circle: The messaging window has been closed since {when(window.closes_at)}."


def agent_line(until: datetime) -> str:
    """Until when a person may still answer after the window has closed."""
    return f"A person may answer as `HUMAN_AGENT` until {when(until)}."


def verdict_line(verdict: Verdict) -> str:
    """Why it may go out, and until when; or that it may not."""
    if not verdict.allowed:
        return "*Not allowed.*"
    if verdict.messaging_type == "UTILITY":
        return "*Allowed*: the utility message goes out."
    until = f" until {when(verdict.valid_until)}" if verdict.valid_until else ""
    if verdict.one_time:
        return f"*Allowed*{until}, as the one message about “{quoted(verdict.one_time)}” they asked for."
    if verdict.window.open:
        return "*Allowed*: while the window is open anything may be sent, and no tag is needed."
    return f"*Allowed*{until or ' without a time limit'}, under `{verdict.tag}`."


def finding_line(finding: Finding, message: Mapping[str, Any]) -> str:
    """One finding, the rule it comes from, and where in the message the passage stands."""
    mark = SEVERITY_MARKS[finding.severity]
    line = f"{mark} {escape(finding.why)} _({finding.source}, rule {finding.rule})_"
    return f"{line}\n>{marked_passage(finding.evidence, message)}" if finding.evidence else line


def marked_passage(passage: str, message: Mapping[str, Any]) -> str:
    """The passage in bold among the words around it, as it stands in the message."""
    text = next((text for text in texts_of(message) if passage in text), passage)
    before, _, after = text.partition(passage)
    head = f"…{before[-AROUND:]}" if len(before) > AROUND else before
    tail = f"{after[:AROUND]}…" if len(after) > AROUND else after
    spaced = " " if after[:1].isspace() else ""
    lead = " " if before[-1:].isspace() else ""
    return f"{quoted(head)}{lead}*{quoted(passage)}*{spaced}{quoted(tail)}"


def ways_out(verdict: Verdict) -> list[str]:
    """What could be sent or done instead, a line each; nothing where it is allowed."""
    if not verdict.alternatives:
        return []
    return ["*What you can do instead*", *(f"• {linked(way)}" for way in for_people(verdict))]


def for_people(verdict: Verdict) -> list[str]:
    """What could be sent or done instead, without the names that only programs use."""
    return [FOR_PROGRAMS.sub("", way) for way in verdict.alternatives]


def tag_purpose(tag: str, edition: str) -> str:
    """What the tag is for, as the edition says."""
    known = EDITIONS[edition].tags.get(tag)
    return known.purpose if known else "Meta knows no such tag."


def facts_line(facts: Mapping[str, Any]) -> str | None:
    """The event or the order that the message is about."""
    parts = []
    if event := facts.get("event"):
        name = quoted(event["name"]) if event.get("name") else "An event"
        times = [when(read_moment(event[k])) for k in ("starts_at", "ends_at") if event.get(k)]
        signed_up = "signed up" if event.get("registered") else "*not* signed up"
        parts.append(f"{name}, {' to '.join(times)}, {signed_up}" if times else name)
    if order := facts.get("order"):
        parts.append(f"order {quoted(order.get('id') or '?')}")
    if facts.get("recurring"):
        parts.append("a message that recurs")
    return f"*About* {'; '.join(parts)}" if parts else None


def named(contact: Contact) -> str:
    """The person's name, or id while no name is known."""
    return quoted(contact.label, NAME_CHARACTERS)


def recipient(contact: Contact) -> str:
    """Whom it goes to, and where."""
    return f"{named(contact)} on {CHANNEL_NAMES[contact.channel]}"


def recipients(people: Sequence[Contact], most: int) -> str:
    """Whom it goes to: so many by name, the rest as a number."""
    shown = ", ".join(recipient(person) for person in people[:most])
    return f"{shown} and {len(people) - most} more" if len(people) > most else shown


def author_of(draft: Draft) -> str:
    """Who wrote the draft, and who rewrote it."""
    if draft.editor in (None, draft.author):
        return _writer(draft)
    return f"{_writer(draft)}, edited by {mention(draft.editor or '')}"


def _writer(draft: Draft) -> str:
    return (
        mention(draft.author)
        if draft.author
        else quoted(draft.requested_by or "a system", NAME_CHARACTERS)
    )


def delivery_line(
    draft: Draft,
    delivery: Delivery,
    contact: Contact,
    *,
    several: bool,
    waits: str | None = None,
) -> str:
    """What became of one message, or when it goes out; `waits` says why that is not now."""
    mark, words = DELIVERY_WORDS[delivery.state]
    if waits:
        words = waits
    elif delivery.state == "pending":
        words = _plan(draft, delivery)
    elif delivery.state == "cancelled":
        words = f"cancelled{', it was for ' + when(delivery.due_at) if delivery.scheduled else ''}"
    else:
        words = f"{words}, {when(delivery.changed_at)}"
    about = f"{named(contact)}: " if several else ""
    note = f". {escape(delivery.note)}" if delivery.note and not waits else ""
    return f"{mark} {about}{words}{note}"


def _plan(draft: Draft, delivery: Delivery) -> str:
    if delivery.attempts:
        return f"waiting, tried again {when(delivery.try_at)}"
    if delivery.scheduled:
        return f"goes out {when(delivery.due_at)}{_once_approved(draft)}"
    return f"goes out at once{_once_approved(draft)}"


def _once_approved(draft: Draft) -> str:
    return ", if approved" if draft.state == "queued" else ""


def entry_line(draft: Draft, entry: Entry, people: Sequence[Contact]) -> str:
    """One line of the draft's history; `people` are those it concerns."""
    who = "Tagwise" if entry.who == SYSTEM else mention(entry.who)
    to = named(people[0]) if len(people) == 1 else f"{len(people)} people"
    note = f" {escape(entry.note)}" if entry.note else ""
    reason = f" Reason: {quoted(entry.note, 500)}" if entry.note else ""
    if entry.what == "approved" and entry.who == draft.author:
        return "Needed no second person."
    sentences = {
        "queued": f"Written by {_writer(draft)}.",
        "edited": f"Edited by {who}; whoever approves it has to look at it anew.",
        "approved": f"Approved by {who}.{reason}",
        "rejected": f"Rejected by {who}.{reason}",
        "withdrawn": f"Withdrawn by {who}: what has not gone out will not be sent.",
        "sent": f"Sent to {to}.",
        "delivered": f"Delivered to {to}.",
        "read": f"Read by {to}.",
        "answered": f"{to} answered: {quoted(entry.note or '', 700)}",
        "deferred": f"Not sent to {to} yet.{note} It waits and is tried again.",
        "failed": f"Meta did not accept it for {to}.{note}",
        "unknown": (
            f"It may have reached {to}.{note} It is not sent again by itself: look into the "
            "Page's inbox, then press one of the two buttons on the card."
        ),
        "refused": f"Not sent to {to}, because the rule book said no at the last moment.{note}",
        "missed": f"Not sent to {to}: it missed its time.{note}",
        "send_again": f"{who} has it sent to {to} once more.",
        "mark_arrived": f"{who} says that it reached {to}.",
        "looked_up": f"{to}:{note}",
    }
    return sentences[entry.what]


def waits_line(draft: Draft) -> str:
    """What its author is told once the draft lies in the approvals channel."""
    return f"It waits for a colleague's approval in {place(draft.card_channel)}."
