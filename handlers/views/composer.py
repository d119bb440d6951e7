"""The composer: a modal that says, while one writes, what Meta's rules allow."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.policy.editions import CUSTOMER_FEEDBACK, EDITIONS, HUMAN_AGENT, POST_PURCHASE_UPDATE
from bot.policy.question import Verdict
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    escape,
    field,
    option,
    plain,
    section,
    shortened,
)
from handlers.views.entered import FACT_CHARACTERS, Entered
from handlers.views.words import (
    CHANNEL_NAMES,
    agent_line,
    finding_line,
    recipient,
    tag_purpose,
    verdict_line,
    ways_out,
    window_line,
)
from storage.records import Contact

PANEL: Final = "panel"
BETTER_TAG: Final = "better_tag"
PROBLEM: Final = "problem"
PURPOSE: Final = "purpose"
MESSAGE_CHARACTERS: Final = 3000  # Slack's own limit; Meta's stricter one is the rule book's
REMINDERS: Final = {
    "-7d": "7 days before",
    "-3d": "3 days before",
    "-2d": "2 days before",
    "-24h": "24 hours before",
    "-12h": "12 hours before",
    "-3h": "3 hours before",
    "-2h": "2 hours before",
    "-1h": "1 hour before",
    "-30m": "30 minutes before",
}
NO_TAG_PURPOSE: Final = "For a message inside the messaging window"
# What the fields below are there to mend: until then there is no need to list other ways.
MENDED_BELOW: Final = {"event-missing", "event-not-registered", "order-missing"}


@dataclass(frozen=True, slots=True)
class ComposerFacts:
    """What the composer knows beside what was entered; `verdict` is the rule book's at `now`."""

    edition: str
    now: datetime
    may_send: bool
    waits: bool = False
    contact: Contact | None = None
    verdict: Verdict | None = None
    agent_until: datetime | None = None
    problem: str | None = None


def composer(entered: Entered, facts: ComposerFacts) -> Block:
    """The whole modal; what Slack holds for a field stays as it was typed."""
    editing = entered.draft_id is not None
    blocks = [
        _recipient(facts.contact),
        *_panel(entered, facts),
        _message(entered),
        *_tag(entered, facts.edition),
        *_tag_fields(entered),
        _send_at(entered),
        *([] if editing or not facts.may_send else [_route(entered)]),
    ]
    return {
        "type": "modal",
        "callback_id": ids.COMPOSER,
        "title": plain(f"Edit draft {entered.draft_id}" if editing else "Write to a customer"),
        "submit": plain(_submit(entered, facts)),
        "close": plain("Cancel"),
        "private_metadata": entered.metadata,
        "blocks": blocks,
    }


def outline(view: Mapping[str, Any]) -> str:
    """Equal for two composers that differ in nothing but what was typed: no update is needed then."""
    blocks = view["blocks"]
    shown = [block["block_id"] if block["type"] == "input" else block for block in blocks]
    return hashlib.sha256(json.dumps([view["submit"], shown], sort_keys=True).encode()).hexdigest()


def contact_option(contact: Contact, window_open: bool) -> Block:
    """A person in the menu of recipients; the id tells two of one name apart."""
    state = "window open" if window_open else "window closed"
    place = f"{CHANNEL_NAMES[contact.channel]}, {state}"
    return option(contact.name or "Name not known", str(contact.id), f"{place}, id {contact.psid}")


def _submit(entered: Entered, facts: ComposerFacts) -> str:
    if entered.draft_id is not None:
        return "Save"
    if facts.waits:
        return "Ask for approval"
    return "Schedule" if entered.send_at else "Send"


def _recipient(contact: Contact | None) -> Block:
    element: Block = {
        "type": "external_select",
        "placeholder": plain("Search by name or id"),
        "min_query_length": 0,
    }
    if contact:
        element["initial_option"] = option(contact.label, str(contact.id))
    return field(ids.RECIPIENT, "To", element, dispatch=True)


def _panel(entered: Entered, facts: ComposerFacts) -> Iterator[Block]:
    if facts.problem:
        yield section(f":no_entry: {escape(facts.problem)}", PROBLEM)
    if facts.contact is None or facts.verdict is None:
        if not facts.problem:
            yield context("Choose a person to see what may be sent to them now.", PANEL)
        return
    yield section("\n".join(_judgement(entered, facts, facts.contact, facts.verdict)), PANEL)
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


def without_tag(view: Block) -> Block:
    """The composer without its tag: Slack keeps what a field holds until the field is gone."""
    return view | {"blocks": [b for b in view["blocks"] if b.get("block_id") != ids.TAG]}


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


def _message(entered: Entered) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": MESSAGE_CHARACTERS,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if entered.message:
        element["initial_value"] = shortened(entered.message, MESSAGE_CHARACTERS)
    return field(ids.MESSAGE, "Message", element, dispatch=True)


def _tag(entered: Entered, edition: str) -> Iterator[Block]:
    none = option("No tag", ids.NO_TAG, NO_TAG_PURPOSE)
    choices = [none]
    choices += [option(tag.name, tag.name, tag.purpose) for tag in EDITIONS[edition].living_tags]
    if entered.tag and entered.tag not in {choice["value"] for choice in choices}:
        choices.append(option(entered.tag, entered.tag, "Meta no longer accepts it"))
    chosen = next((choice for choice in choices if choice["value"] == entered.tag), none)
    element = {"type": "static_select", "options": choices, "initial_option": chosen}
    hint = "Outside the messaging window Meta asks for the tag that fits; promotions never do."
    yield field(ids.TAG, "Message tag", element, hint=hint, dispatch=True)
    if entered.tag:
        yield context(f"`{escape(entered.tag)}`: {tag_purpose(entered.tag, edition)}", PURPOSE)


def _tag_fields(entered: Entered) -> Iterator[Block]:
    if entered.about_event:
        yield from _event_fields(entered)
    elif entered.tag == POST_PURCHASE_UPDATE:
        element = _text_element(entered.order_id, "A-17")
        yield field(ids.ORDER_ID, "Order number", element, optional=True)


def _event_fields(entered: Entered) -> Iterator[Block]:
    name = _text_element(entered.event_name, "Yoga class")
    yield field(ids.EVENT_NAME, "Event", name, optional=True)
    starts = _time_element(entered.event_starts_at)
    yield field(ids.EVENT_STARTS_AT, "It starts", starts, optional=True, dispatch=True)
    ends = _time_element(entered.event_ends_at)
    yield field(ids.EVENT_ENDS_AT, "It ends", ends, optional=True, dispatch=True)
    yes = option("The person has signed up for it", ids.REGISTERED)
    registered: Block = {"type": "checkboxes", "options": [yes]}
    if entered.event_registered:
        registered["initial_options"] = [yes]
    yield field(ids.EVENT_REGISTERED, "Registration", registered, optional=True, dispatch=True)
    yield field(
        ids.REMINDERS,
        "Reminders",
        _reminders_element(entered.reminders),
        optional=True,
        hint="Each is one more message with the same text, besides the one that goes out first.",
        dispatch=True,
    )


def _reminders_element(chosen: Sequence[str]) -> Block:
    offered = REMINDERS | {offset: offset for offset in chosen if offset not in REMINDERS}
    choices = [option(label, offset) for offset, label in offered.items()]
    element: Block = {
        "type": "multi_static_select",
        "placeholder": plain("None"),
        "options": choices,
    }
    initial = [choice for choice in choices if choice["value"] in chosen]
    return element | {"initial_options": initial} if initial else element


def _send_at(entered: Entered) -> Block:
    hint = "Leave it empty to send as soon as it may go out."
    element = _time_element(entered.send_at)
    return field(ids.SEND_AT, "Send at", element, optional=True, hint=hint, dispatch=True)


def _route(entered: Entered) -> Block:
    choices = [
        option(
            "Send it", ids.SEND, "At once if it is clean; what is flagged waits for a colleague"
        ),
        option("Ask a colleague to approve it", ids.APPROVE_ROUTE),
    ]
    chosen = choices[1] if entered.route == ids.APPROVE_ROUTE else choices[0]
    element = {"type": "radio_buttons", "options": choices, "initial_option": chosen}
    return field(ids.ROUTE, "Then", element, dispatch=True)


def _text_element(text: str, placeholder: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "placeholder": plain(placeholder),
        "max_length": FACT_CHARACTERS,
    }
    return element | {"initial_value": text} if text else element


def _time_element(moment: datetime | None) -> Block:
    element: Block = {"type": "datetimepicker"}
    return element | {"initial_date_time": int(moment.timestamp())} if moment else element
