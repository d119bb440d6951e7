"""The bricks of Block Kit that we use, and how text gets into them unharmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

Block = dict[str, Any]

SECTION_CHARACTERS = 3000  # Slack's limit on a section's text
HEADER_CHARACTERS = 150


def escape(text: str) -> str:
    """Somebody's text inside mrkdwn: no mention, link or entity of theirs comes alive."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str, limit: int = 150) -> str:
    """Somebody's text inside mrkdwn as one short line; a zero-width space tames what formats."""
    line = shortened(" ".join(text.split()), limit)
    for mark in "*_~`":
        line = line.replace(mark, f"\u200b{mark}")
    return escape(line)


def shortened(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def mention(who: str) -> str:
    """A Slack user by id; Slack shows the name."""
    return f"<@{who}>"


def when(moment: datetime, form: str = "{date_short_pretty} {time}") -> str:
    """A time that Slack shows in the reader's own zone."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{form}|{fallback}>"


def plain(text: str) -> Block:
    """A plain_text object; emoji codes in somebody's text stay as written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """A mrkdwn object that turns no bare word into a link or mention."""
    return {"type": "mrkdwn", "text": shortened(text, SECTION_CHARACTERS), "verbatim": True}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(shortened(text, HEADER_CHARACTERS))}


def section(text: str, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"block_id": block_id} if block_id else block


def verbatim(text: str) -> Block:
    """A paragraph shown exactly as written."""
    return {"type": "section", "text": plain(shortened(text, SECTION_CHARACTERS))}


def context(text: str, block_id: str | None = None) -> Block:
    """A small grey line."""
    block: Block = {"type": "context", "elements": [mrkdwn(text)]}
    return block | {"block_id": block_id} if block_id else block


def button(text: str, action_id: str, value: str | int, style: str | None = None) -> Block:
    """A button; `style` is primary or danger."""
    element: Block = {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": str(value),
    }
    return element | {"style": style} if style else element


def confirmed(element: Block, title: str, text: str, yes: str) -> Block:
    """The button with a second question before it acts."""
    asked = {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain("No")}
    return element | {"confirm": asked}


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(text: str, value: str, description: str | None = None) -> Block:
    """One choice of a menu; Slack takes 75 characters of each text."""
    choice: Block = {"text": plain(shortened(text, 75)), "value": value}
    return choice | {"description": plain(shortened(description, 75))} if description else choice


def field(
    name: str,
    label: str,
    element: Block,
    *,
    optional: bool = False,
    hint: str | None = None,
    dispatch: bool = False,
) -> Block:
    """An input whose block_id and action_id are both its name."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element | {"action_id": name},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    return block | {"dispatch_action": True} if dispatch else block
