"""The card: one draft, from waiting to read, in one message that changes in place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.breakers import Breakers
from bot.policy.question import Verdict
from bot.policy.utility_templates import UtilityTemplate
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    escape,
    fitting,
    header,
    mention,
    quoted,
    section,
    when,
)
from handlers.views.breakers import wait_words
from handlers.views.entered import can_compose
from handlers.views.preview import preview
from handlers.views.utility_preview import drafted_utility
from handlers.views.words import (
    author_of,
    delivery_line,
    facts_line,
    finding_line,
    named,
    recipients,
    tag_purpose,
    verdict_line,
    ways_out,
    window_line,
)
from storage.records import Contact, Delivery, Draft

# Slack takes some 13,200 characters in all, however each of them has to be escaped.
MOST_LINES: Final = 10
MOST_NAMES: Final = 3
MOST_IN_DOUBT: Final = 4
LINES_CHARACTERS: Final = 1800
# What the headline says of an approved draft: the first of these that some delivery is in.
TROUBLES: Final = {
    "unknown": "may have arrived",
    "failed": "not accepted by Meta",
    "refused": "not sent",
    "missed": "missed its time",
}
GONE: Final = ("sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery and the person it goes to."""

    delivery: Delivery
    contact: Contact


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a card shows; `verdict` is the rule book's answer at `now`, the time of drawing.

    There is no verdict once nothing is left to send. `breakers` by the Page or account. `template` is
    that of the draft's utility message, if it names one that the Page has.
    """

    draft: Draft
    lines: Sequence[Line]
    verdict: Verdict | None
    edition: str
    now: datetime
    breakers: Mapping[str, Breakers] = field(default_factory=dict)
    template: UtilityTemplate | None = None

    @property
    def people(self) -> list[Contact]:
        """Everybody it goes to, once."""
        return list({line.contact.id: line.contact for line in self.lines}.values())

    def count(self, *states: str) -> int:
        """How many deliveries are in one of these states."""
        return sum(line.delivery.state in states for line in self.lines)


def card(facts: CardFacts, *, with_buttons: bool = True, pictures: bool = True) -> Block:
    """The message: `text` for notifications, `blocks` for the eye.

    Slack takes no card with a picture that it cannot load; without `pictures` their addresses stand
    there instead.
    """
    draft = facts.draft
    headline = f"Draft {draft.id}: {_state_words(facts)}"
    to = recipients(facts.people, MOST_NAMES)
    written = f"*To* {to}\n*By* {author_of(draft)}, {when(draft.created_at)}"
    blocks = [
        header(headline),
        section(written),
        *preview(draft.message, pictures=pictures),
        *drafted_utility(facts.draft, facts.template),
        *_rules(facts),
        *_progress(facts),
        _decision(draft),
    ]
    if with_buttons:
        blocks.extend(_buttons(facts))
    return {"text": f"{headline}: to {to}", "blocks": blocks}


def _state_words(facts: CardFacts) -> str:
    state, total = facts.draft.state, len(facts.lines)
    if state != "approved":
        return "waits for approval" if state == "queued" else state
    for trouble, words in TROUBLES.items():
        if count := facts.count(trouble):
            return words if total == 1 else f"{count} of {total} {words}"
    gone = facts.count(*GONE)
    if 0 < gone < total:
        return f"{gone} of {total} sent"
    if facts.count("sending"):
        return "being sent"
    return next((step for step in GONE if facts.count(step)), "approved")


def _rules(facts: CardFacts) -> Iterator[Block]:
    draft, verdict = facts.draft, facts.verdict
    lines = []
    if about := facts_line(draft.facts):
        lines.append(about)
    if draft.tag:
        lines.append(f"*Tag* `{escape(draft.tag)}`: {tag_purpose(draft.tag, facts.edition)}")
    if verdict is not None:
        lines += [window_line(verdict.window, facts.now), verdict_line(verdict)]
        findings = [finding_line(finding, draft.message) for finding in verdict.findings]
        lines += [*findings, *ways_out(verdict)]
    if lines:
        yield section(fitting("\n".join(lines), LINES_CHARACTERS))


def _progress(facts: CardFacts) -> Iterator[Block]:
    several = len(facts.people) > 1
    told, explained = [], set()
    for line in facts.lines[:MOST_LINES]:
        account = line.contact.page_id
        waits = wait_words(
            facts.draft,
            line.delivery,
            facts.breakers.get(account),
            facts.verdict,
            facts.now,
            brief=account in explained,
        )
        explained |= {account} if waits else set()
        told.append(
            delivery_line(facts.draft, line.delivery, line.contact, several=several, waits=waits)
        )
    more = len(facts.lines) - MOST_LINES
    yield section(fitting("\n".join(told), LINES_CHARACTERS))
    if more > 0:
        yield context(f"and {more} more")


def _decision(draft: Draft) -> Block:
    if draft.state == "queued":
        writers = [draft.author, draft.editor]
        others = " and ".join(mention(who) for who in dict.fromkeys(filter(None, writers)))
        needs = f"someone here other than {others}" if others else "someone here"
        return context(f"Needs {needs} to decide.")
    if draft.state == "approved" and not draft.needs_second_person:
        return context("Needed no second person.")
    by, at = mention(draft.decided_by or ""), when(draft.decided_at or draft.created_at)
    reason = f" Reason: {quoted(draft.reason, 500)}" if draft.reason else ""
    return context(f"{draft.state.capitalize()} by {by}, {at}.{reason}")


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
        if facts.verdict and facts.verdict.flagged:
            approve = button("Approve anyway…", ids.APPROVE, draft.id)
        reject = button("Reject", ids.REJECT, draft.id, style="danger")
        edit = [button("Edit", ids.EDIT, draft.id)] if can_compose(draft) else []
        yield actions(f"decide:{draft.id}:{draft.revision}", [approve, reject, *edit, withdraw])
    elif draft.state == "approved" and facts.count("pending"):
        yield actions(f"withdraw:{draft.id}", [withdraw])
    in_doubt = [line for line in facts.lines if line.delivery.state == "unknown"]
    for line in in_doubt[:MOST_IN_DOUBT]:
        yield from _settle(draft, line)


def _settle(draft: Draft, line: Line) -> Iterator[Block]:
    arrived = button("It arrived", ids.MARK_ARRIVED, line.delivery.id)
    again = confirmed(
        button("Send again", ids.SEND_AGAIN, line.delivery.id),
        "Send it again?",
        "If the first one arrived after all, the person gets it twice. Look into the inbox first.",
        "Send again",
    )
    yield section(f"*Did it reach {named(line.contact)}?* Look into the Page's inbox, then press:")
    # What a person asked to be told once is never tried twice.
    may_again = draft.state == "approved" and line.delivery.one_time_id is None
    ways = [arrived, again] if may_again else [arrived]
    yield actions(f"settle:{line.delivery.id}", ways)
