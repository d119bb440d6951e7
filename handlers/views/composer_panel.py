"""What the composer says of a message while one writes it: the rule book's answer for this person."""

from collections.abc import Iterator
from typing import Final

from bot.policy.editions import CUSTOMER_FEEDBACK, EDITIONS, HUMAN_AGENT
from bot.policy.question import Verdict
from handlers.views import ids
from handlers.views.blocks import Block, actions, button, context, escape, section
from handlers.views.breakers import form_blocks
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered
from handlers.views.words import (
    agent_line,
    finding_line,
    recipient,
    verdict_line,
    ways_out,
    window_line,
)
from storage.records import Contact

PANEL: Final = "panel"
BETTER_TAG: Final = "better_tag"
PROBLEM: Final = "problem"
# What the fields below are there to mend: until then there is no need to list other ways.
MENDED_BELOW: Final = {
    "event-missing",
    "event-not-registered",
    "order-missing",
    "utility-parameters",
}


def panel(entered: Entered, facts: ComposerFacts) -> Iterator[Block]:
    """Whom it goes to, whether it may, and what else could be done."""
    if facts.problem:
        yield section(f":no_entry: {escape(facts.problem)}", PROBLEM)
    if facts.contact is None or facts.verdict is None:
        if not facts.problem:
            yield context("Choose a person to see what may be sent to them now.", PANEL)
        return
    yield section("\n".join(_judgement(entered, facts, facts.contact, facts.verdict)), PANEL)
    if facts.breakers and facts.verdict.allowed:
        yield from form_blocks(facts.breakers, tagged=facts.verdict.tag is not None)
    if tag := better_tag(entered, facts):
        yield actions(BETTER_TAG, [button(f"Use {tag}", ids.USE_TAG, tag)])


def better_tag(entered: Entered, facts: ComposerFacts) -> str | None:
    """The tag that the text reads like, where it is another one and may be used here and now."""
    if facts.contact is None or facts.verdict is None or facts.verdict.window.open:
        return None
    tag = EDITIONS[facts.edition].tags.get(facts.verdict.suggested_tag or "")
    if tag is None or tag.retired_on or tag.name in (entered.tag, CUSTOMER_FEEDBACK):
        return None  # the composer writes texts, and feedback takes a template
    if facts.contact.channel not in tag.channels:
        return None
    return tag.name if tag.name != HUMAN_AGENT or facts.agent_until else None


def _judgement(
    entered: Entered, facts: ComposerFacts, contact: Contact, verdict: Verdict
) -> Iterator[str]:
    yield f"*{recipient(contact)}*"
    yield window_line(verdict.window, facts.now)
    if not verdict.window.open and facts.agent_until:
        yield agent_line(facts.agent_until)
    yield verdict_line(verdict)
    if verdict.allowed and facts.waits:
        yield "A colleague has to approve it before it goes out."
    message = {"text": entered.message}
    yield from (finding_line(finding, message) for finding in verdict.findings)
    if verdict.flagged or not {finding.rule for finding in verdict.refusals} <= MENDED_BELOW:
        yield from ways_out(verdict)
