"""The bot's sentences about drafts, deliveries, windows and verdicts, in Slack's mrkdwn."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.moments import read_moment
from bot.policy.editions import EDITIONS
from bot.policy.question import Finding, Severity, Verdict, Window
from handlers.views.blocks import escape, mention, quoted, when
from storage.history import SYSTEM
from storage.records import Contact, Delivery, Draft, Entry

CHANNEL_NAMES: Final = {"messenger": "Messenger", "instagram": "Instagram"}
SEVERITY_MARKS: Final = {
    Severity.REFUSE: ":no_entry:",
    Severity.REVIEW: ":warning:",
    Severity.ADVICE: ":bulb:",
}
DELIVERY_WORDS: Final = {
    "pending": "waits",
    "sending": "is being sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "refused": "not sent",
    "failed": "not accepted by Meta",
    "unknown": "may have arrived",
    "missed": "missed its time",
    "cancelled": "cancelled",
}
DELIVERY_MARKS: Final = {
    "pending": ":hourglass:",
    "sending": ":outbox_tray:",
    "sent": ":white_check_mark:",
    "delivered": ":white_check_mark:",
    "read": ":eyes:",
    "refused": ":no_entry:",
    "failed": ":x:",
    "unknown": ":grey_question:",
    "missed": ":alarm_clock:",
    "cancelled": ":wastebasket:",
}
PAGE_WORDS: Final = {
    "page_paused": ":rotating_light: *Sending is paused.* {note} What waits is kept.",
    "page_resumed": ":white_check_mark: *Sending goes on.* {note}",
    "page_warned": ":warning: *Meta warns.* {note}",
}


def window_line(window: Window) -> str:
    """What a busy colleague needs to know of the messaging window."""
    if window.open and window.closes_at:
        return f":large_green_circle: The messaging window is open; it closes {when(window.closes_at)}."
    if window.closes_at:
        return f":red_circle: The messaging window is closed since {when(window.closes_at)}."
    return ":red_circle: The messaging window is closed: nothing this person did is known."


def verdict_line(verdict: Verdict) -> str:
    """Why it may go out, and until when; or that it may not."""
    if not verdict.allowed:
        return ":no_entry: *The rule book refuses it now.*"
    if verdict.window.open and verdict.window.closes_at:
        return (
            "*Allowed* because the messaging window is open, "
            f"until {when(verdict.window.closes_at)}."
        )
    until = f", until {when(verdict.valid_until)}" if verdict.valid_until else ""
    return f"*Allowed* outside the messaging window under `{verdict.tag}`{until}."


def finding_line(finding: Finding) -> str:
    """One finding with the passage that led to it."""
    evidence = f" “{quoted(finding.evidence)}”" if finding.evidence else ""
    mark = SEVERITY_MARKS[finding.severity]
    return f"{mark} {escape(finding.why)}{evidence} _{finding.source}, {finding.rule}_"


def tag_purpose(tag: str, edition: str) -> str:
    """What the tag is for, as the edition says."""
    known = EDITIONS[edition].tags.get(tag)
    return known.purpose if known else "Meta knows no such tag."


def facts_line(facts: Mapping[str, Any]) -> str | None:
    """The event or the order that the message is about."""
    parts = []
    if event := facts.get("event"):
        name = quoted(event["name"]) if event.get("name") else "Event"
        times = [when(read_moment(event[k])) for k in ("starts_at", "ends_at") if event.get(k)]
        signed_up = "signed up" if event.get("registered") else "not signed up"
        parts.append(f"*{name}* {' to '.join(times)}, {signed_up}")
    if order := facts.get("order"):
        parts.append(f"order *{quoted(order.get('id') or '?')}*")
    if facts.get("recurring"):
        parts.append("recurring")
    return "About " + "; ".join(parts) + "." if parts else None


def recipient(contact: Contact) -> str:
    """Whom it goes to, and where."""
    return f"{quoted(contact.label)} on {CHANNEL_NAMES[contact.channel]}"


def author_of(draft: Draft) -> str:
    """Who wrote the draft, and who rewrote it."""
    author = mention(draft.author) if draft.author else quoted(draft.requested_by or "a system")
    return f"{author}, edited by {mention(draft.editor)}" if draft.editor else author


def delivery_line(delivery: Delivery, contact: Contact, *, several: bool) -> str:
    """What became of one message, or when it goes out."""
    words = DELIVERY_WORDS[delivery.state]
    about = f"{quoted(contact.label)}: " if several else ""
    if delivery.state == "pending":
        planned = f" for {when(delivery.due_at)}" if delivery.scheduled else ""
        again = f", tried again {when(delivery.try_at)}" if delivery.attempts else ""
        words = f"waits{planned}{again}"
    elif delivery.state == "refused":
        words = "not sent, because the rule book said no at the last moment"
    elif delivery.state != "cancelled":
        words = f"{words} {when(delivery.changed_at)}"
    note = f". {escape(delivery.note)}" if delivery.note else ""
    return f"{DELIVERY_MARKS[delivery.state]} {about}{words}{note}"


def entry_line(entry: Entry, contacts: Sequence[Contact]) -> str:
    """One line of the history."""
    who = "Tagwise" if entry.who == SYSTEM else mention(entry.who)
    to = quoted(contacts[0].label) if contacts else "the customer"
    note = f" {escape(entry.note)}" if entry.note else ""
    sentences = {
        "queued": f"Queued by {who}.",
        "edited": f"{who} edited it; an approval has to look at it anew.",
        "approved": f"Approved by {who}.{' Reason:' + note if note else ''}",
        "rejected": f"Rejected by {who}.{' Reason:' + note if note else ''}",
        "withdrawn": f"Withdrawn by {who}.",
        "sent": f"Sent to {to}.",
        "delivered": f"Delivered to {to}.",
        "read": f"{to} has read it.",
        "deferred": f"Not sent to {to} yet.{note} It waits and is tried again.",
        "failed": f"Meta did not accept it for {to}.{note}",
        "unknown": (
            f"It may have reached {to}.{note} It is not sent again by itself: look into the "
            "conversation, then press one of the buttons on the card."
        ),
        "refused": f"Not sent to {to}, because the rule book said no at the last moment.{note}",
        "missed": f"Not sent to {to}: it missed its time.{note}",
        "send_again": f"{who} has it sent once more.",
        "mark_arrived": f"{who} says that it arrived.",
    }
    return sentences[entry.what]


def page_line(entry: Entry) -> str:
    """Something about the Page itself."""
    by = "" if entry.who == SYSTEM else f"By {mention(entry.who)}. "
    return PAGE_WORDS[entry.what].format(note=by + escape(entry.note or "")).strip()


def message_text(message: Mapping[str, Any]) -> str:
    """The message as a reader can take it in: its text, or what kind of thing it is with its texts."""
    if isinstance(message.get("text"), str):
        text: str = message["text"]
        return text
    attachment = message.get("attachment")
    payload = attachment.get("payload", {}) if isinstance(attachment, dict) else {}
    kind = payload.get("template_type") if isinstance(payload, dict) else None
    title = f"[{kind} template]" if kind else f"[{(attachment or {}).get('type', 'attachments')}]"
    return "\n".join([title, *_texts(payload)])


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        shown = ("text", "title", "subtitle", "url", "question", "name")
        own = [str(value[key]) for key in shown if isinstance(value.get(key), str)]
        return own + [
            t for nested in value.values() if not isinstance(nested, str) for t in _texts(nested)
        ]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []
