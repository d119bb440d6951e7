"""The composer's part for utility messages: a menu of templates, a field for each gap, the text."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.policy.editions import EDITIONS
from bot.policy.utility import PARAMETER_CHARACTERS
from bot.policy.utility_templates import APPROVED, Gap, UtilityTemplate
from handlers.views import ids
from handlers.views.blocks import Block, context, escape, field, option, plain, shortened
from handlers.views.composer_facts import ComposerFacts
from handlers.views.elements import text_element
from handlers.views.entered import Entered, TemplateName
from handlers.views.entered_state import parameter_field, template_value
from handlers.views.tag_fields import is_retired
from handlers.views.utility_preview import utility_preview

PREVIEW: Final = "utility_preview"
NO_TEMPLATES: Final = "no_templates"
VALUE_CHARACTERS: Final = 150  # of an option; Meta takes longer names, which nobody gives
GROUP: Final = 100
PLACEHOLDER_CHARACTERS: Final = 150
HINT: Final = (
    "Goes out when the messaging window is closed; from a template that Meta has approved."
)


def utility_fields(entered: Entered, facts: ComposerFacts) -> Iterator[Block]:
    """Shown where the window may be closed by then, or a tag is chosen that Meta retired for these."""
    if not _is_of_use(entered, facts):
        return
    templates = _offered(entered, facts.templates)
    if not templates and entered.utility is None:
        yield context(_none_approved(facts.listing_problem), NO_TEMPLATES)
        return
    yield _menu(entered, templates)
    if (asked := entered.asked_utility) is None:
        return
    chosen = next((t for t in templates if _name(t) == entered.utility), None)
    if chosen:
        yield from (_gap_field(entered, chosen, gap) for gap in chosen.gaps)
    alone = not entered.message.strip()
    yield utility_preview(asked, chosen, alone=alone, block_id=PREVIEW)


def _is_of_use(entered: Entered, facts: ComposerFacts) -> bool:
    if not EDITIONS[facts.edition].has_utility_messages:
        return False
    if entered.utility is not None:
        return True
    if facts.contact is not None and facts.contact.channel != "messenger":
        return False
    closed = facts.verdict is not None and not facts.verdict.window.open
    return closed or is_retired(entered.tag, facts.edition)


def _name(template: UtilityTemplate) -> TemplateName:
    return TemplateName(template.name, template.language)


def _offered(entered: Entered, known: Sequence[UtilityTemplate]) -> list[UtilityTemplate]:
    """The approved ones, and the one that was chosen, whatever became of it."""
    return [
        template
        for template in known
        if _name(template) == entered.utility
        or (
            template.status == APPROVED and len(template_value(_name(template))) <= VALUE_CHARACTERS
        )
    ]


def _menu(entered: Entered, templates: Sequence[UtilityTemplate]) -> Block:
    none = option("No utility message", ids.NO_TEMPLATE)
    choices = [none, *map(_choice, templates)]
    chosen = none
    if entered.utility is not None:
        value = template_value(entered.utility)
        gone = option(entered.utility.name, value, "No longer there")
        chosen = next((choice for choice in choices if choice["value"] == value), gone)
        choices += [] if chosen in choices else [gone]
    element: Block = {"type": "static_select", "initial_option": chosen}
    if len(choices) <= GROUP:
        element["options"] = choices
    else:
        element["option_groups"] = list(_groups(choices))
    return field(ids.UTILITY, "Utility message", element, optional=True, hint=HINT, dispatch=True)


def _choice(template: UtilityTemplate) -> Block:
    status = "" if template.status == APPROVED else f"{template.status}: "
    label = f"{template.name} ({template.language})"
    return option(label, template_value(_name(template)), f"{status}{template.body}")


def _groups(choices: Sequence[Block]) -> Iterator[Block]:
    """Slack takes 100 options, or as many groups of them."""
    for start in range(0, len(choices), GROUP):
        part = choices[start : start + GROUP]
        first, last = part[0]["text"]["text"], part[-1]["text"]["text"]
        yield {"label": plain(f"{first[:35]} … {last[:35]}"), "options": part}


def _gap_field(entered: Entered, template: UtilityTemplate, gap: Gap) -> Block:
    example = f"For example {gap.example}" if gap.example else "No #, $ or %"
    element = text_element(
        entered.parameters.get(gap.key, "")[:PARAMETER_CHARACTERS],
        shortened(example, PLACEHOLDER_CHARACTERS),
        PARAMETER_CHARACTERS,
    )
    element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    name = parameter_field(template.name, gap.key)
    return field(name, _label(gap), element, dispatch=True)


def _label(gap: Gap) -> str:
    if gap.part == "buttons":
        return f"What the button “{gap.name}” is given"
    of_header = " of the headline" if gap.part == "header" else ""
    return f"For {{{{{gap.name}}}}}{of_header}"


def _none_approved(problem: str | None) -> str:
    why = f" Meta did not show its templates: {escape(problem)}" if problem else ""
    return (
        "*Utility messages* could go out now, but this Page has no template that Meta has approved. "
        f"An admin makes one: `python -m bot templates create FILE`.{why}"
    )
