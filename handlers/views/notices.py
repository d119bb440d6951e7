"""What is told beside the card: replies in its thread, lines to its author, alarms to the channel."""

from collections.abc import Sequence

from bot.chronicle import PROBLEMS
from bot.settings import Settings
from handlers.views.blocks import Block, fitting, quoted, section
from handlers.views.breakers import page_buttons, page_line
from handlers.views.message import message_line
from handlers.views.words import entry_line, recipients, waits_line
from storage.records import Contact, Draft, Entry

NOTIFICATION_CHARACTERS = 4000  # what Slack advises; the blocks are what people read
Told = tuple[Entry, Sequence[Contact]]


def notice_message(
    draft: Draft | None, place: str, told: Sequence[Told], settings: Settings
) -> Block | None:
    """The arguments of chat.postMessage that tell these entries at that place; None for nowhere."""
    if draft is None:
        return _page_alarm([entry for entry, _ in told], settings)
    if place == "author":
        return _to_author(draft, told) if draft.author else None
    text = "\n".join(entry_line(draft, entry, people) for entry, people in told)
    reply = _said(draft.card_channel, text) | {"thread_ts": draft.card_ts}
    urgent = place == "channel" and any(entry.what in PROBLEMS for entry, _ in told)
    return reply | {"reply_broadcast": True} if urgent else reply


def _to_author(draft: Draft, told: Sequence[Told]) -> Block:
    everybody = list({person.id: person for _, people in told for person in people}.values())
    text = quoted(message_line(draft.message), 80)
    lines = [f"*Draft {draft.id}* to {recipients(everybody, 3)}: “{text}”"]
    for entry, people in told:
        waits = entry.what == "queued"
        lines.append(waits_line(draft) if waits else entry_line(draft, entry, people))
    return _said(draft.author or "", "\n".join(lines))


def _said(channel: str, text: str) -> Block:
    return {
        "channel": channel,
        "text": fitting(text, NOTIFICATION_CHARACTERS),
        "blocks": [section(text)],
    }


def _page_alarm(entries: Sequence[Entry], settings: Settings) -> Block:
    text = "\n".join(page_line(entry, settings) for entry in entries)
    message = _said(settings.approvals_channel, text)
    message["blocks"] += page_buttons(entries, settings)
    return message
