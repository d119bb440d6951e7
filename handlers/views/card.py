"""The card: one draft, from waiting to read, in one message that changes in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.policy.question import Severity, Verdict
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    escape,
    header,
    mention,
    quoted,
    section,
    verbatim,
    when,
)
from handlers.views.words import (
    author_of,
    delivery_line,
    facts_line,
    finding_line,
    message_text,
    recipient,
    tag_purpose,
    verdict_line,
    window_line,
)
from storage.records import Contact, Delivery, Draft

MOST_LINES = 10
HEADLINES = {
    "queued": "waits for approval",
    "approved": "is approved",
    "rejected": "is rejected",
    "withdrawn": "is withdrawn",
}
OUTCOMES = (
    "unknown",
    "failed",
    "refused",
    "missed",
    "sending",
    "pending",
    "sent",
    "delivered",
    "read",
)
OUTCOME_HEADLINES = {
    "unknown": "may have arrived",
    "failed": "was not accepted by Meta",
    "refused": "was not sent",
    "missed": "missed its time",
    "sending": "is being sent",
    "sent": "is sent",
    "delivered": "is delivered",
    "read": "is read",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery and the person it goes to."""

    delivery: Delivery
    contact: Contact


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a card shows; `verdict` is the rule book's answer at the time of drawing."""

    draft: Draft
    lines: Sequence[Line]
    verdict: Verdict | None
    edition: str


def card(facts: CardFacts, *, with_buttons: bool = True) -> Block:
    """The message: `text` for notifications, `blocks` for the eye."""
    draft = facts.draft
    headline = f"Draft {draft.id} {_state_words(facts)}"
    blocks = [
        header(headline),
        section(_who_line(facts)),
        verbatim(message_text(draft.message)),
        *_about(facts),
        *_progress(facts),
    ]
    if with_buttons:
        blocks.extend(_buttons(facts))
    people = quoted(facts.lines[0].contact.label) if facts.lines else "nobody"
    return {"text": f"{headline}: to {people}", "blocks": blocks}


def _state_words(facts: CardFacts) -> str:
    if facts.draft.state == "approved":
        states = {line.delivery.state for line in facts.lines}
        for state in OUTCOMES:
            if state in states and state in OUTCOME_HEADLINES:
                return OUTCOME_HEADLINES[state]
    return HEADLINES[facts.draft.state]


def _who_line(facts: CardFacts) -> str:
    people = list({line.contact.id: line.contact for line in facts.lines}.values())
    shown = ", ".join(recipient(person) for person in people[:MOST_LINES])
    more = f" and {len(people) - MOST_LINES} more" if len(people) > MOST_LINES else ""
    return f"*To* {shown}{more}\n*By* {author_of(facts.draft)}, {when(facts.draft.created_at)}"


def _about(facts: CardFacts) -> Iterator[Block]:
    draft = facts.draft
    if draft.tag:
        yield section(f"*Tag* `{escape(draft.tag)}`: {tag_purpose(draft.tag, facts.edition)}")
    if about := facts_line(draft.facts):
        yield context(about)
    if facts.verdict is not None and _is_open(facts):
        verdict = facts.verdict
        rules = [verdict_line(verdict)]
        if not verdict.window.open:
            rules.append(window_line(verdict.window))
        rules.extend(finding_line(finding) for finding in verdict.findings)
        if not verdict.allowed:
            rules.extend(f"• {escape(way)}" for way in verdict.alternatives)
        yield section("\n".join(rules))


def _progress(facts: CardFacts) -> Iterator[Block]:
    draft = facts.draft
    if draft.state != "queued" or any(line.delivery.scheduled for line in facts.lines):
        several = len({line.contact.id for line in facts.lines}) > 1
        told = [
            delivery_line(line.delivery, line.contact, several=several)
            for line in facts.lines[:MOST_LINES]
        ]
        more = len(facts.lines) - MOST_LINES
        yield section("\n".join([*told, *([f"and {more} more"] if more > 0 else [])]))
    if draft.state == "queued":
        others = " and ".join(mention(who) for who in (draft.author, draft.editor) if who)
        needs = f"someone other than {others}" if others else "someone in this channel"
        yield context(f"Needs {needs}.")
    elif draft.decided_by and draft.decided_at:
        reason = f" Reason: {quoted(draft.reason, 500)}" if draft.reason else ""
        second = draft.state != "approved" or draft.needs_second_person
        by = f"by {mention(draft.decided_by)} " if second else "without a second person "
        yield context(f"{draft.state.capitalize()} {by}{when(draft.decided_at)}.{reason}")


def _buttons(facts: CardFacts) -> Iterator[Block]:
    draft = facts.draft
    withdraw = confirmed(
        button("Withdraw", ids.WITHDRAW, draft.id),
        "Withdraw this draft?",
        "What has not gone out yet will not be sent.",
        "Withdraw",
    )
    if draft.state == "queued":
        approve = button("Approve", ids.APPROVE, draft.id, style="primary")
        if _is_flagged(facts):
            approve = button("Approve anyway…", ids.APPROVE, draft.id)
        reject = button("Reject", ids.REJECT, draft.id, style="danger")
        # The composer writes texts; a template would be lost in it.
        is_text = set(draft.message) == {"text"}
        edit = [button("Edit", ids.EDIT, draft.id)] if is_text else []
        yield actions(f"decide:{draft.id}:{draft.revision}", [approve, reject, *edit, withdraw])
    elif draft.state == "approved" and any(_waits(line) for line in facts.lines):
        yield actions(f"withdraw:{draft.id}", [withdraw])
    in_doubt = [line for line in facts.lines if line.delivery.state == "unknown"]
    for line in in_doubt[:MOST_LINES]:
        yield from _settle(line)


def _settle(line: Line) -> Iterator[Block]:
    again = confirmed(
        button("Send again", ids.SEND_AGAIN, line.delivery.id),
        "Send it again?",
        "If the first one arrived after all, the person gets it twice. Look into the conversation first.",
        "Send again",
    )
    arrived = button("It arrived", ids.MARK_ARRIVED, line.delivery.id)
    yield section(f"*Did it reach {quoted(line.contact.label)}?* Look into the Page's inbox, then:")
    yield actions(f"settle:{line.delivery.id}", [arrived, again])


def _waits(line: Line) -> bool:
    return line.delivery.state == "pending"


def _is_open(facts: CardFacts) -> bool:
    return facts.draft.state == "queued" or any(_waits(line) for line in facts.lines)


def _is_flagged(facts: CardFacts) -> bool:
    findings = facts.verdict.findings if facts.verdict else ()
    return any(finding.severity is Severity.REVIEW for finding in findings)
