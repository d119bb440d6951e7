"""From a form's fields in the browser to what a person enters in a modal or a message.

The form has `block` and `action`, and `text`, `day` and `hour` (by the reader's clock), or any number
of `value`, as the kind of field asks for; `key` is Enter where that was pressed, `typed` what was
searched for.
"""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from bot.practice.page.slack_pane.forms import entered_moment
from bot.practice.page.slack_pane.reader import Reader
from bot.practice.slack import Message, Modal, NotOnScreen, SlackStandIn
from bot.practice.slack.block_parts import elements_of
from bot.practice.slack.fields import TEMPORAL, TYPED
from bot.practice.slack.workspace import Json

Form = MultiDict[str, str]


def enter_in_modal(modal: Modal, reader: Reader, form: Form) -> None:
    """Put what the browser's field holds into the modal's."""
    name, kind = field_name(modal, form["block"], form["action"]), _kind(modal.blocks, form)
    if kind in TYPED:
        modal.fill(name, form.get("text", ""), enter=form.get("key") == "Enter")
    elif kind in TEMPORAL:
        modal.pick(name, entered_moment(kind, form.get("day", ""), form.get("hour", ""), reader))
    else:
        modal.choose(name, *form.getlist("value"), typed=form.get("typed", ""))


def enter_in_message(slack: SlackStandIn, message: Message, reader: Reader, form: Form) -> None:
    """Put what the browser's field holds into the message's."""
    kind = _kind(message.blocks, form)
    if kind in TEMPORAL:
        moment = entered_moment(kind, form.get("day", ""), form.get("hour", ""), reader)
        slack.pick(reader.user, message, form["action"], moment)
    else:
        slack.choose(reader.user, message, form["action"], *form.getlist("value"))


def field_name(modal: Modal, block_id: str, action_id: str) -> str:
    """The name by which the modal knows a field: its block's, unless the block holds several."""
    blocks = [block for block in modal.blocks if block["block_id"] == block_id]
    return action_id if blocks and blocks[0]["type"] == "actions" else block_id


def _kind(blocks: Sequence[Json], form: Form) -> str:
    for block in blocks:
        for element in elements_of(block):
            if (block["block_id"], element["action_id"]) == (form["block"], form["action"]):
                return str(element["type"])
    raise NotOnScreen("That field is not there any more.")
