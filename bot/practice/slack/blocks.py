"""Block Kit's blocks, messages, views and answers: what Slack would refuse, and where.

Pure functions from a payload to its faults. Stricter than Slack in one place: inputs are taken in
views only. Block types a card or a form does not need (rich_text, video, file, table ...) count as
unknown. Source: https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .checks import Check, Fault, array, boolean, by_type, one_of, record, string
from .elements import BUTTONS, CHOICES, DATETIME, IMAGE, TEXT_FIELDS
from .objects import (
    ID,
    OFFER,
    any_text,
    distinct_values,
    one_offer,
    plain_text,
    url,
)

MOST_IN_MESSAGE: Final = 50
MOST_IN_VIEW: Final = 100
# Undocumented: github.com/slackapi/bolt-js issue 2509.
MOST_BLOCK_CHARACTERS: Final = 13_200
MOST_MARKDOWN: Final = 12_000
MOST_VIEW_BYTES: Final = 250_000


def _text_or_fields(block: dict[str, Any], path: str) -> Iterator[Fault]:
    if "text" not in block and "fields" not in block:
        yield Fault(path, "must define either `text` or `fields`")


def _unique_action_ids(block: dict[str, Any], path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, element in enumerate(block["elements"]):
        action_id = element.get("action_id")
        if action_id in seen:
            where = f"{path}/elements/{place}/action_id"
            yield Fault(where, f"`action_id` must be unique within the block: {action_id}")
        if action_id:
            seen.add(action_id)


def _block(
    kind: str, required: Mapping[str, Check], optional: Mapping[str, Check], *also: Check
) -> Check:
    return record({"type": one_of(kind), **required}, {"block_id": ID, **optional}, also)


_ACTIONS: Final = by_type({**BUTTONS, **CHOICES, **DATETIME}, "an actions block")
_ACCESSORY: Final = by_type({**BUTTONS, **CHOICES, **IMAGE}, "an accessory")
_INPUT: Final = by_type({**TEXT_FIELDS, **CHOICES, **DATETIME}, "an input block")
_CONTEXT: Final = by_type(
    {**IMAGE, "mrkdwn": any_text(3000), "plain_text": any_text(3000)}, "a context block"
)

_EVERYWHERE: Final[Mapping[str, Check]] = {
    "section": _block(
        "section",
        {},
        {
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": _ACCESSORY,
            "expand": boolean,
        },
        _text_or_fields,
    ),
    "header": _block("header", {"text": plain_text(150)}, {}),
    "divider": _block("divider", {}, {}),
    "context": _block("context", {"elements": array(_CONTEXT, 10)}, {}),
    "actions": _block("actions", {"elements": array(_ACTIONS, 25)}, {}, _unique_action_ids),
    "image": _block(
        "image",
        {"alt_text": string(2000), "image_url": url},
        {"title": plain_text(2000)},
    ),
}
_IN_MESSAGES: Final = {
    **_EVERYWHERE,
    "markdown": _block("markdown", {"text": string(MOST_MARKDOWN)}, {}),
}
_IN_VIEWS: Final = {
    **_EVERYWHERE,
    "input": _block(
        "input",
        {"label": plain_text(2000), "element": _INPUT},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}


def _unique_block_ids(blocks: list[Any], path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(block_id, str) and block_id in seen:
            yield Fault(f"{path}/{place}/block_id", f"`block_id` must be unique: {block_id}")
        elif isinstance(block_id, str):
            seen.add(block_id)


def _blocks(kinds: Mapping[str, Check], most: int, least: int) -> Check:
    shape = array(by_type(kinds, "a block here"), most, least)

    def check(value: object, path: str) -> Iterator[Fault]:
        yield from shape(value, path)
        if isinstance(value, list):
            yield from _unique_block_ids(value, path)

    return check


_MESSAGE_BLOCKS: Final = _blocks(_IN_MESSAGES, MOST_IN_MESSAGE, 0)
_VIEW_BLOCKS: Final = _blocks(_IN_VIEWS, MOST_IN_VIEW, 1)


def _submit_for_inputs(view: dict[str, Any], path: str) -> Iterator[Fault]:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield Fault(path, "missing required field: submit (the view has inputs)")


def _one_focus(view: dict[str, Any], path: str) -> Iterator[Fault]:
    if json.dumps(view["blocks"]).count('"focus_on_load": true') > 1:
        yield Fault(path, "only one element may have focus_on_load")


_MODAL: Final = record(
    {"type": one_of("modal"), "title": plain_text(24), "blocks": _VIEW_BLOCKS},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "callback_id": ID,
        "external_id": ID,
        "private_metadata": string(3000, least=0),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    (_submit_for_inputs, _one_focus),
)


def message_faults(blocks: object) -> list[Fault]:
    """What Slack would refuse in the blocks of a message."""
    return list(_MESSAGE_BLOCKS(blocks, "/blocks"))


def view_faults(view: object) -> list[Fault]:
    """What Slack would refuse in a modal; its size is `MOST_VIEW_BYTES`'s affair."""
    return list(_MODAL(view, "/view"))


_SUGGESTIONS: Final = record({}, OFFER, (one_offer, distinct_values))


def suggestion_faults(answer: object) -> list[Fault]:
    """What Slack would refuse in the answer to an external menu; no options at all is an answer."""
    if answer in ({"options": []}, {"option_groups": []}):
        return []
    return list(_SUGGESTIONS(answer, ""))


def characters(blocks: object) -> int:
    """How much text stands in the text objects of a message's blocks."""
    if isinstance(blocks, list):
        return sum(characters(entry) for entry in blocks)
    if isinstance(blocks, dict):
        own = blocks.get("text")
        return sum(characters(e) for e in blocks.values()) + (
            len(own) if isinstance(own, str) else 0
        )
    return 0
