"""Three readers of Block Kit that know nothing of each other: all have to like what we show."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import slackblocks
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.practice.slack import message_faults, suggestion_faults, view_faults
from bot.practice.slack.blocks import MOST_BLOCK_CHARACTERS, MOST_VIEW_BYTES, characters

Json = Mapping[str, Any]
NOTIFICATION_CHARACTERS = 4000  # chat.update refuses a longer text


def check_message(message: Json) -> None:
    """Fails unless every reader takes the message."""
    check_blocks(message["blocks"])
    assert 0 < len(message["text"]) <= NOTIFICATION_CHARACTERS


def check_blocks(blocks: Sequence[Json]) -> None:
    """Fails unless every reader takes these blocks as a message."""
    assert message_faults(blocks) == []
    assert characters(blocks) <= MOST_BLOCK_CHARACTERS
    slackblocks.Message("C1", blocks=[_rebuilt(block) for block in blocks])
    for parsed in Block.parse_all([dict(block) for block in blocks]):
        parsed.validate_json()


def check_view(view: Json) -> None:
    """Fails unless every reader takes this modal."""
    assert view_faults(view) == []
    assert len(str(view).encode()) <= MOST_VIEW_BYTES
    texts = {name: _text(view[name]) for name in ("title", "submit", "close") if name in view}
    slackblocks.ModalView(
        blocks=[_rebuilt(block) for block in view["blocks"]],
        private_metadata=view.get("private_metadata"),
        callback_id=view.get("callback_id"),
        **texts,
    )
    View(**view).validate_json()
    for parsed in Block.parse_all(list(view["blocks"])):
        parsed.validate_json()


def check_suggestions(options: Sequence[Json]) -> None:
    """Fails unless this can be answered to an external menu."""
    assert suggestion_faults({"options": list(options)}) == []
    for option in options:
        _option(option)


def _text(given: Json) -> Any:
    if given["type"] == "plain_text":
        return slackblocks.PlainText(given["text"], emoji=given.get("emoji", False))
    return slackblocks.Text(given["text"], verbatim=given.get("verbatim", False))


def _option(given: Json) -> Any:
    description = _text(given["description"]) if "description" in given else None
    return slackblocks.Option(_text(given["text"]), given["value"], description)


def _group(given: Json) -> Any:
    options = [_option(option) for option in given["options"]]
    return slackblocks.OptionGroup(_text(given["label"]), options)


def _element(given: Json) -> Any:
    fields = {name: _READ.get(name, _same)(value) for name, value in given.items()}
    kind = fields.pop("type")
    if "option_groups" in fields:
        fields.pop("initial_option", None)  # slackblocks wants a whole group there; Slack an option
    if "initial_date_time" in fields:
        fields["initial_datetime"] = fields.pop("initial_date_time")
    return _ELEMENTS[kind](**fields)


def _rebuilt(block: Json) -> Any:
    fields = {name: _READ.get(name, _same)(value) for name, value in block.items()}
    return _BLOCKS[fields.pop("type")](**fields)


def _same(value: Any) -> Any:
    return value


def _confirm(given: Json) -> Any:
    return slackblocks.ConfirmationDialogue(**{name: _text(text) for name, text in given.items()})


def _parts(given: Sequence[Json]) -> list[Any]:
    return [
        _text(part) if part["type"] in ("plain_text", "mrkdwn") else _element(part)
        for part in given
    ]


_READ: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "label": _text,
    "hint": _text,
    "placeholder": _text,
    "confirm": _confirm,
    "element": _element,
    "accessory": _element,
    "elements": _parts,
    "options": lambda given: [_option(option) for option in given],
    "option_groups": lambda given: [_group(group) for group in given],
    "initial_option": _option,
    "initial_options": lambda given: [_option(option) for option in given],
    "dispatch_action_config": lambda given: slackblocks.DispatchActionConfiguration(**given),
}
_ELEMENTS: Mapping[str, Callable[..., Any]] = {
    "button": slackblocks.Button,
    "static_select": slackblocks.StaticSelectMenu,
    "external_select": slackblocks.ExternalSelectMenu,
    "multi_static_select": slackblocks.StaticMultiSelectMenu,
    "plain_text_input": slackblocks.PlainTextInput,
    "checkboxes": slackblocks.CheckboxGroup,
    "radio_buttons": slackblocks.RadioButtonGroup,
    "datetimepicker": slackblocks.DateTimePicker,
    "image": slackblocks.Image,
}
_BLOCKS: Mapping[str, Callable[..., Any]] = {
    "section": slackblocks.SectionBlock,
    "header": slackblocks.HeaderBlock,
    "context": slackblocks.ContextBlock,
    "actions": slackblocks.ActionsBlock,
    "input": slackblocks.InputBlock,
    "image": slackblocks.ImageBlock,
}
