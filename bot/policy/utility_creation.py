"""What Meta asks of a new template of utility messages, so that its review is not the first to say.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.policy.content import read_text
from bot.policy.utility_templates import GAP, Unfit, UtilityTemplate, read_template

_SINGLE_BRACES: Final = re.compile(r"(?<!\{)\{\s*\w+\s*\}(?!\})")


def creation_faults(made: Mapping[str, Any]) -> Iterator[str]:
    """Everything that Meta would not take, or Tagwise could not send, a sentence for each."""
    for name in ("name", "language"):
        if not isinstance(made.get(name), str) or not made[name]:
            yield f"It needs a {name}."
    if made.get("category", "UTILITY") != "UTILITY":
        yield "Its category has to be UTILITY."
    if "library_template_name" not in made:  # which has Meta's own words
        try:
            yield from _template_faults(read_template(made))
        except Unfit as why:
            yield f"Tagwise could not send it: {why}."


def _template_faults(template: UtilityTemplate) -> Iterator[str]:
    yield from _text_faults(template.body, "text")
    yield from _text_faults(template.header, "headline")
    if GAP.match(template.body) or re.search(rf"{GAP.pattern}$", template.body):
        yield "Its text may neither begin nor end with a gap."
    for gap in template.gaps:
        if gap.part != "buttons" and not gap.example:
            yield f"Meta wants an example of what fills {{{{{gap.name}}}}} ({gap.key})."


def promotion_in(made: Mapping[str, Any]) -> str | None:
    """Why Meta may reject the template as marketing; None when nothing speaks for that."""
    try:
        template = read_template(made)
    except Unfit:
        return None
    found = read_text(_words(template)).promotional
    return f"it {found.why}: “{found.passage}”" if found else None


def _text_faults(text: str, part: str) -> Iterator[str]:
    if _SINGLE_BRACES.search(text):
        yield f"A gap of its {part} has double braces, such as {{{{1}}}}."
    numbers = sorted({int(name) for name in GAP.findall(text) if name.isdecimal()})
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"The gaps of its {part} are numbered from 1 on, without leaving one out."


def _words(template: UtilityTemplate) -> str:
    return "\n".join([template.header, template.body, *(each.label for each in template.buttons)])
