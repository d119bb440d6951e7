"""A utility message as its reader will get it, in Slack's mrkdwn."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.asking import Facts
from bot.json_parts import UtilityJson
from bot.policy.utility_templates import UtilityTemplate, finished_body, finished_header
from handlers.views.blocks import Block, escape, fitting, quoted, section
from storage.records import Draft

PREVIEW_CHARACTERS: Final = 2000


def drafted_utility(
    draft: Draft, template: UtilityTemplate | None, *, left: bool = False
) -> Iterator[Block]:
    """The preview of the utility message that a draft names, if it names one; `left`: it went out."""
    if asked := Facts.model_validate(draft.facts).utility:
        yield utility_preview(asked, template, alone=left or not draft.message)


def utility_preview(
    asked: UtilityJson,
    template: UtilityTemplate | None,
    *,
    alone: bool,
    block_id: str | None = None,
) -> Block:
    """The finished text with its buttons; the parameters alone where the Page has no such template.

    `alone`: there is no other message, which would go out while the window is open.
    """
    name = f"`{escape(asked.template)}` ({escape(asked.language)})"
    when = "" if alone else ", once the messaging window is closed"
    lines = [f"*Utility message* {name}{when}:"]
    if template is None:
        lines.append("_No such template is known for this Page._")
        lines += [f">{quoted(key)}: {quoted(value)}" for key, value in asked.parameters.items()]
    else:
        lines += _finished(template, asked.parameters)
    return section(fitting("\n".join(lines), PREVIEW_CHARACTERS), block_id)


def _finished(template: UtilityTemplate, parameters: Mapping[str, str]) -> Iterator[str]:
    if header := finished_header(template, parameters):
        yield f">*{quoted(header, PREVIEW_CHARACTERS)}*"
    for line in finished_body(template, parameters).splitlines():
        yield f">{quoted(line, PREVIEW_CHARACTERS)}"
    for number, button in enumerate(template.buttons, start=1):
        filled = parameters.get(f"button.{number}")
        adds = f" with `{escape(filled)}`" if filled and button.takes_a_parameter else ""
        yield f">[ {quoted(button.label)} ]{adds}"
