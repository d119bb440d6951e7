"""A Send API message object as its approver has to see it: as the customer will.

Slack shows pictures, and refuses a whole message for one that it cannot load; whoever posts a preview
with pictures tries again without. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.policy.limits import limit_findings
from handlers.views.blocks import SECTION_CHARACTERS, Block, context, section, verbatim
from handlers.views.message import message_text
from handlers.views.preview_parts import Look, chips, lying_at, picture
from handlers.views.preview_templates import TEMPLATES

# A card has more to say, and Slack takes some 13,200 characters in all.
MOST_CHARACTERS: Final = SECTION_CHARACTERS + 100
MOST_PICTURES: Final = 10
FILES: Final = {"image": "Picture", "video": "Video", "audio": "Audio", "file": "File"}


def preview(message: Mapping[str, Any], *, pictures: bool = True) -> list[Block]:
    """The message in blocks: its texts, pictures, buttons and quick replies; what is left out is said.

    What Meta would not take, or is of a kind that is not known here, is shown word by word.
    """
    if any(finding.rule == "message-invalid" for finding in limit_findings(message, "messenger")):
        return list(verbatim(message_text(message)))
    blocks = list(_parts(message, Look(pictures)))
    if _shown(blocks) < len(blocks):
        blocks = list(_parts(message, Look(pictures, links=False)))
    shown = _shown(blocks)
    if (rest := len(blocks) - shown) == 0:
        return blocks
    parts = "more parts" if rest > 1 else "more part"
    return [*blocks[:shown], context(f"Here {rest} {parts} of the message do not fit.")]


def _parts(message: Mapping[str, Any], look: Look) -> Iterator[Block]:
    if text := message.get("text"):
        yield from verbatim(text)
    if attachment := message.get("attachment"):
        yield from _attachment(attachment, look)
    yield from _pictures(message.get("attachments") or (), look)
    if replies := message.get("quick_replies"):
        yield chips(replies, look)


def _attachment(attachment: Mapping[str, Any], look: Look) -> Iterator[Block]:
    kind, payload = attachment["type"], attachment["payload"]
    if kind == "image":
        yield picture(payload.get("url"), FILES[kind], look)
    elif kind != "template":
        yield section(lying_at(payload.get("url"), FILES[kind], look))
    elif (template := TEMPLATES.get(payload["template_type"])) and len(payload) > 1:
        yield from template(payload, look)
    else:
        yield from verbatim(message_text({"attachment": attachment}))


def _pictures(several: Sequence[Mapping[str, Any]], look: Look) -> Iterator[Block]:
    urls = [(entry["payload"].get("url"), number) for number, entry in enumerate(several, start=1)]
    for url, number in urls[:MOST_PICTURES]:
        yield picture(url, f"Picture {number} of {len(several)}", look)
    if rest := urls[MOST_PICTURES:]:
        yield section("\n".join(lying_at(url, f"Picture {number}", look) for url, number in rest))


def _shown(blocks: Sequence[Block]) -> int:
    """How many of them fit, from the first on."""
    left, shown = MOST_CHARACTERS, 0
    for block in blocks:
        left -= _characters(block)
        if left < 0:
            break
        shown += 1
    return shown


def _characters(block: Block) -> int:
    elements = block.get("elements", [block.get("text", {"text": ""})])
    return sum(len(element["text"]) for element in elements)
