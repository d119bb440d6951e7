"""The composer's forms that Meta has templates for, each with what the customer will see of it."""

from collections.abc import Iterator
from typing import Final

from bot.policy.editions import CUSTOMER_FEEDBACK
from handlers.views.blocks import Block, context
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered
from handlers.views.feedback_fields import feedback_blocks
from handlers.views.field_faults import FieldFaults
from handlers.views.one_time_fields import is_chosen, one_time_blocks
from handlers.views.preview import preview

SEEN: Final = "seen"


def form_fields(entered: Entered, facts: ComposerFacts) -> Iterator[Block]:
    """The fields of the feedback form, and of the One-Time Notification where there is one."""
    if entered.tag == CUSTOMER_FEEDBACK:
        yield from feedback_blocks(entered.forms)
    elif is_chosen(entered.forms) or _may_be_told_once(facts):
        yield from one_time_blocks(entered.forms, facts.waiting or ())
    if not entered.sends_a_form:
        return
    try:
        message = entered.send_api_message(facts.privacy_url)
    except FieldFaults:
        return  # there is nothing to see yet
    yield context("*What the customer will see*", SEEN)
    yield from preview(message)


def _may_be_told_once(facts: ComposerFacts) -> bool:
    on_messenger = facts.contact is not None and facts.contact.channel == "messenger"
    return facts.waiting is not None and on_messenger
