"""Which field of the composer a refusal of the rule book stands beside."""

from collections.abc import Mapping
from typing import Any, Final

from bot.policy.question import Finding, Verdict
from handlers.views import ids
from handlers.views.blocks import shortened
from handlers.views.entered import Entered

ERROR_CHARACTERS: Final = 2000
WAYS: Final = 3
FIELD_OF_RULE: Final = {
    "event-missing": ids.EVENT_STARTS_AT,
    "event-not-registered": ids.EVENT_REGISTERED,
    "event-past": ids.EVENT_STARTS_AT,
    "order-missing": ids.ORDER_ID,
    "message-too-long": ids.MESSAGE,
    "message-invalid": ids.MESSAGE,
}


def errors_beside_fields(verdict: Verdict, entered: Entered) -> dict[str, str]:
    """Each refusal by the field that causes it, with what could be done instead."""
    errors: dict[str, str] = {}
    for finding in verdict.refusals:
        name = _field_of(finding, entered)
        errors[name] = f"{errors[name]} {finding.why}" if name in errors else finding.why
    if ids.TAG in errors and verdict.alternatives:
        errors[ids.TAG] += " Instead: " + " ".join(verdict.alternatives[:WAYS])
    return errors


def _field_of(finding: Finding, entered: Entered) -> str:
    if finding.rule == "human-agent-automated" and entered.send_at:
        return ids.SEND_AT
    if finding.rule == "event-past" and entered.event_ends_at:
        return ids.EVENT_ENDS_AT
    return FIELD_OF_RULE.get(finding.rule, ids.TAG)


def shown_errors(errors: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """The errors as Slack takes them: one for a field that the view does not show goes to the tag."""
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    shown: dict[str, str] = {}
    for name, text in errors.items():
        beside = name if name in fields else ids.TAG
        shown[beside] = shortened(f"{shown.get(beside, '')} {text}".strip(), ERROR_CHARACTERS)
    return shown
