"""What `/notify help`, `queue`, `status` and `window` answer, for one reader's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.asking import Reach
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    escape,
    quoted,
    section,
    shortened,
    when,
)
from handlers.views.card import CardFacts, card
from handlers.views.words import author_of, entry_line, message_text, recipient, window_line
from storage.records import Contact, Delivery, Draft, Entry

HELP = (
    (ids.COMMAND, "open the composer", ""),
    (f"{ids.COMMAND} Your table is booked.", "open it with that message", ""),
    (f"{ids.COMMAND} queue", "what waits for approval, and what is scheduled", ""),
    (f"{ids.COMMAND} status 12", "what became of draft 12", ""),
    (f"{ids.COMMAND} withdraw 12", "take draft 12 back", " (its author, or an approver)"),
    (f"{ids.COMMAND} window Ada", "what may be sent to Ada now", ""),
)
BUTTON_TEXT = 2000  # Slack's limit on a button's value


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft in a list: whom it goes to, and when next."""

    draft: Draft
    people: Sequence[Contact]
    deliveries: Sequence[Delivery]


def help_text(approvals_channel: str) -> str:
    """Each word with an example."""
    lines = [f"• `{example}`: {what}{who}" for example, what, who in HELP]
    decide = f"Drafts are approved in <#{approvals_channel}> by someone other than their author."
    return "\n".join(["*Write to customers inside Meta's rules*", *lines, decide])


def queue_blocks(
    waiting: Sequence[Listed], scheduled: Sequence[Listed], channel: str
) -> list[Block]:
    """What waits for a decision, and what is approved and waits for its time."""
    blocks = [section(f"*Waiting for approval in <#{channel}>*")]
    blocks += [section(_waiting_line(listed)) for listed in waiting] or [context("Nothing.")]
    blocks.append(section("*Approved and still to go out*"))
    blocks += [section(_scheduled_line(listed)) for listed in scheduled] or [context("Nothing.")]
    return blocks


def status_blocks(facts: CardFacts, entries: Sequence[Entry]) -> list[Block]:
    """The draft's card without its buttons, and its history."""
    blocks: list[Block] = card(facts, with_buttons=False)["blocks"]
    people = [line.contact for line in facts.lines]
    lines = []
    for entry in entries[-15:]:
        known = [ln.contact for ln in facts.lines if ln.delivery.id == entry.delivery_id]
        if entry.what == "queued":
            lines.append(f"{when(entry.at)} Queued by {author_of(facts.draft)}.")
        else:
            lines.append(f"{when(entry.at)} {entry_line(entry, known or people)}")
    return [*blocks, section(shortened("\n".join(lines), 2900))] if lines else blocks


def window_blocks(found: Sequence[tuple[Contact, Reach]], more: bool) -> list[Block]:
    """What may reach each of these people now."""
    blocks = [section(_reach_text(contact, reach)) for contact, reach in found]
    return [*blocks, context("There are more: type more of the name.")] if more else blocks


def nobody_found(name: str, text: str) -> list[Block]:
    """Nobody has that name; perhaps it was meant as a message."""
    line = f"Nobody who wrote to the Page is called “{quoted(name)}”, by name or by id."
    return _offer(line, text)


def did_you_mean(meant: str, text: str) -> list[Block]:
    """A mistyped word: the right one, and the way to send the text all the same."""
    return _offer(f"Did you mean `{ids.COMMAND} {escape(meant)}`?", text)


def _offer(line: str, text: str) -> list[Block]:
    write = button("Write it as a message", ids.COMPOSE, text[:BUTTON_TEXT])
    return [section(line), actions("write_it", [write])]


def _waiting_line(listed: Listed) -> str:
    since = when(listed.draft.created_at)
    return f"{_draft_line(listed)}\nby {author_of(listed.draft)}, since {since}"


def _scheduled_line(listed: Listed) -> str:
    pending = [d for d in listed.deliveries if d.state == "pending"]
    times = [when(delivery.try_at) for delivery in pending[:3]]
    more = f" and {len(pending) - 3} more" if len(pending) > 3 else ""
    return f"{_draft_line(listed)}\n{', '.join(times)}{more}"


def _draft_line(listed: Listed) -> str:
    people = ", ".join(recipient(person) for person in listed.people[:3])
    more = f" and {len(listed.people) - 3} more" if len(listed.people) > 3 else ""
    text = quoted(message_text(listed.draft.message), 100)
    return f"*Draft {listed.draft.id}* to {people}{more}: “{text}”"


def _reach_text(contact: Contact, reach: Reach) -> str:
    lines = [f"*{recipient(contact)}*", window_line(reach.window)]
    if reach.window.open:
        lines.append("Anything may be sent now, without a tag.")
    elif reach.agent_until:
        lines.append(f"A person may answer as `HUMAN_AGENT` until {when(reach.agent_until)}.")
    else:
        lines.append("Only a message with a fitting tag may go out until they write again.")
    return "\n".join(lines)
