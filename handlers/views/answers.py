"""What `/notify help`, `queue`, `status` and `window` answer, for one reader's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final

from bot.asking import Reach
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    escape,
    fitting,
    place,
    quoted,
    section,
    when,
)
from handlers.views.card import CardFacts, card
from handlers.views.message import message_line
from handlers.views.words import (
    agent_line,
    author_of,
    entry_line,
    recipient,
    recipients,
    window_line,
)
from storage.records import Contact, Delivery, Draft, Entry

HELP: Final = (
    ("", "open the composer"),
    (" Your table is booked.", "open it with that message"),
    (" queue", "what waits for approval, what is still to go out, and what stops sending"),
    (" status 12", "what became of draft 12"),
    (" withdraw 12", "take draft 12 back (its author, or whoever may approve it)"),
    (" window Ada", "what may be sent to Ada now"),
)
HISTORY_LINES: Final = 15
HISTORY_CHARACTERS: Final = 2000
LIST_CHARACTERS: Final = 4200  # two lists and what stops sending have to fit into one message


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft in a list: whom it goes to, and when next."""

    draft: Draft
    people: Sequence[Contact]
    deliveries: Sequence[Delivery]


def help_text(approvals_channel: str) -> str:
    """Each word with an example, and who decides."""
    lines = [f"• `{ids.COMMAND}{example}`: {what}" for example, what in HELP]
    decide = f"Members of {place(approvals_channel)} approve drafts; nobody approves their own."
    return "\n".join(["*Write to customers inside Meta's rules*", *lines, decide])


def queue_blocks(
    waiting: Sequence[Listed], scheduled: Sequence[Listed], channel: str, most: int
) -> list[Block]:
    """What waits for a decision, and what is approved and waits for its time; `most` of each."""
    return [
        section(f"*Waiting for approval in {place(channel)}*"),
        *_listing([_waiting_line(listed) for listed in waiting], most),
        section("*Approved and still to go out*"),
        *_listing([_scheduled_line(listed) for listed in scheduled], most),
    ]


def _listing(lines: Sequence[str], most: int) -> list[Block]:
    if not lines:
        return [context("Nothing.")]
    fit = sum(size <= LIST_CHARACTERS for size in accumulate(map(len, lines[:most])))
    shown = [section(line) for line in lines[:fit]]
    return [*shown, context("And more.")] if len(lines) > fit else shown


def status_blocks(facts: CardFacts, entries: Sequence[Entry]) -> list[Block]:
    """The draft's card without its buttons, and the latest lines of its history."""
    contact_of = {line.delivery.id: line.contact for line in facts.lines}
    lines = []
    for entry in entries[-HISTORY_LINES:]:
        known = contact_of.get(entry.delivery_id or 0)
        concerned = [known] if known else facts.people
        lines.append(f"{when(entry.at)}: {entry_line(facts.draft, entry, concerned)}")
    blocks: list[Block] = card(facts, with_buttons=False, pictures=False)["blocks"]
    return [*blocks, section(fitting("\n".join(["*History*", *lines]), HISTORY_CHARACTERS))]


def window_blocks(found: Sequence[tuple[Contact, Reach]], most: int, now: datetime) -> list[Block]:
    """What may reach each of these people now; `most` of them."""
    blocks = [section(_reach_text(contact, reach, now)) for contact, reach in found[:most]]
    more = context("There are more: type more of the name.")
    return [*blocks, more] if len(found) > most else blocks


def nobody_found(name: str, text: str) -> list[Block]:
    """Nobody has that name; perhaps it was meant as a message."""
    line = f"Nobody known to the Page has “{quoted(name)}” in their name or id."
    return _offer(line, text)


def did_you_mean(meant: str, text: str) -> list[Block]:
    """A mistyped word: the right one, and the way to send the text all the same."""
    return _offer(f"Did you mean `{ids.COMMAND} {escape(meant)}`?", text)


def _offer(line: str, text: str) -> list[Block]:
    write = button("Write it as a message", ids.COMPOSE, text)
    return [section(line), actions("write_it", [write])]


def _waiting_line(listed: Listed) -> str:
    since = when(listed.draft.created_at)
    return f"{_draft_line(listed)}\nby {author_of(listed.draft)}, since {since}"


def _scheduled_line(listed: Listed) -> str:
    times = [when(d.try_at) for d in listed.deliveries if d.state == "pending"]
    more = f" and {len(times) - 3} more" if len(times) > 3 else ""
    return f"{_draft_line(listed)}\n{', '.join(times[:3])}{more}"


def _draft_line(listed: Listed) -> str:
    text = quoted(message_line(listed.draft.message), 100)
    return f"*Draft {listed.draft.id}* to {recipients(listed.people, 3)}: “{text}”"


def _reach_text(contact: Contact, reach: Reach, now: datetime) -> str:
    lines = [f"*{recipient(contact)}*", window_line(reach.window, now)]
    if reach.window.open:
        lines.append("Anything may be sent now, without a tag.")
    else:
        lines += [agent_line(reach.agent_until)] if reach.agent_until else []
        lines.append("A message with a tag that fits may go out; anything else waits for them.")
    return "\n".join(lines)
