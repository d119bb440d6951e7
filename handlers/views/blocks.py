"""The bricks of Block Kit that we use, and how text gets into them unharmed."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

Block = dict[str, Any]

# Slack's limits: https://docs.slack.dev/reference/block-kit/blocks
SECTION_CHARACTERS: Final = 3000
HEADER_CHARACTERS: Final = 150
OPTION_CHARACTERS: Final = 75


def escape(text: str) -> str:
    """Somebody's text inside mrkdwn: no mention, link or entity of theirs comes alive."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def linked(text: str) -> str:
    """A sentence of ours inside mrkdwn, in which each web address can be clicked."""
    return re.sub(r"https://([a-z.]+)[\w./-]*\w", r"<\g<0>|\1>", escape(text))


def quoted(text: str, limit: int = 150) -> str:
    """Somebody's text inside mrkdwn as one short line; a zero-width space tames what formats."""
    line = shortened(" ".join(text.split()), limit)
    line = re.sub(r":(?=[\w+'-]+:)", ":\u200b", line)  # the customer sees no emoji in :tada:
    for mark in "*_~`":
        line = line.replace(mark, f"\u200b{mark}")
    return escape(line)


def shortened(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def fitting(markup: str, limit: int) -> str:
    """The mrkdwn, cut where it is longer: at the end of a line, and never inside an entity or a date."""
    if len(markup) <= limit:
        return markup
    kept = markup[: limit - 2]
    lines, newline, _ = kept.rpartition("\n")
    return f"{lines}{newline}…" if newline else re.sub(r"[<&][^<>&;]*$", "", kept) + "…"


def mention(who: str) -> str:
    """A Slack user by id; Slack shows the name."""
    return f"<@{who}>"


def place(channel: str) -> str:
    """A Slack channel by id; Slack shows the name."""
    return f"<#{channel}>"


def when(moment: datetime, form: str = "{date_short_pretty} at {time}") -> str:
    """A time that Slack shows in the reader's own zone."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{form}|{fallback}>"


def plain(text: str) -> Block:
    """A plain_text object; emoji codes in somebody's text stay as written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """A mrkdwn object that turns no bare word into a link or mention."""
    return {"type": "mrkdwn", "text": fitting(text, SECTION_CHARACTERS), "verbatim": True}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(shortened(text, HEADER_CHARACTERS))}


def section(text: str, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"block_id": block_id} if block_id else block


def verbatim(text: str, most: int = 1) -> Iterator[Block]:
    """Somebody's text exactly as written, in `most` paragraphs at most; what is left out is said."""
    starts = range(0, len(text), SECTION_CHARACTERS)
    for start in islice(starts, most):
        yield {"type": "section", "text": plain(text[start : start + SECTION_CHARACTERS])}
    if (rest := len(text) - most * SECTION_CHARACTERS) > 0:
        yield context(f"Here {rest:,} more characters do not fit.")


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
    choice: Block = {"text": plain(shortened(text, OPTION_CHARACTERS)), "value": value}
    if description:
        choice["description"] = plain(shortened(description, OPTION_CHARACTERS))
    return choice


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
