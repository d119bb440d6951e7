"""The composer: a modal that says, while one writes, what Meta's rules allow."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from handlers.views import ids
from handlers.views.blocks import Block, field, option, plain, shortened
from handlers.views.composer_facts import ComposerFacts
from handlers.views.composer_panel import panel
from handlers.views.elements import time_element
from handlers.views.entered import Entered
from handlers.views.entered_state import metadata_of
from handlers.views.form_fields import form_fields
from handlers.views.tag_fields import tag_fields, tag_menu
from handlers.views.utility_fields import utility_fields
from handlers.views.words import CHANNEL_NAMES
from storage.records import Contact

MESSAGE_CHARACTERS: Final = 3000  # Slack's own limit; Meta's stricter one is the rule book's


def composer(entered: Entered, facts: ComposerFacts) -> Block:
    """The whole modal; what Slack holds for a field stays as it was typed."""
    editing = entered.draft_id is not None
    blocks = [
        _recipient(facts.contact),
        *panel(entered, facts),
        _message(entered),
        *tag_menu(entered, facts.edition),
        *utility_fields(entered, facts),
        *tag_fields(entered),
        *form_fields(entered, facts),
        _send_at(entered),
        *([] if editing or not facts.may_send else [_route(entered)]),
    ]
    return {
        "type": "modal",
        "callback_id": ids.COMPOSER,
        "title": plain(f"Edit draft {entered.draft_id}" if editing else "Write to a customer"),
        "submit": plain(_submit(entered, facts)),
        "close": plain("Cancel"),
        "private_metadata": metadata_of(entered),
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


def without_tag(view: Block) -> Block:
    """The composer without its tag: Slack keeps what a field holds until the field is gone."""
    return view | {"blocks": [b for b in view["blocks"] if b.get("block_id") != ids.TAG]}


def _message(entered: Entered) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": MESSAGE_CHARACTERS,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if entered.message:
        element["initial_value"] = shortened(entered.message, MESSAGE_CHARACTERS)
    if entered.sends_a_form:
        # It stays, for Slack forgets what was typed in a field that goes.
        return field(ids.MESSAGE, "Message (the form goes out instead)", element, optional=True)
    if entered.utility:
        label = "Message, while the messaging window is open"
        return field(ids.MESSAGE, label, element, optional=True, dispatch=True)
    return field(ids.MESSAGE, "Message", element, dispatch=True)


def _send_at(entered: Entered) -> Block:
    hint = "Leave it empty to send as soon as it may go out."
    element = time_element(entered.send_at)
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
