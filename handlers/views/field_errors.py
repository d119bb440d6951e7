"""Which field of the composer a refusal of the rule book stands beside."""

from collections.abc import Mapping
from typing import Any, Final

from bot.policy.question import Finding, Verdict
from handlers.views import ids
from handlers.views.blocks import shortened
from handlers.views.entered import Entered
from handlers.views.one_time_fields import ONE_TIME
from handlers.views.words import for_people

ERROR_CHARACTERS: Final = 2000
WAYS: Final = 3
FIELD_OF_RULE: Final = {
    "event-missing": ids.EVENT_STARTS_AT,
    "event-not-registered": ids.EVENT_REGISTERED,
    "event-past": ids.EVENT_STARTS_AT,
    "order-missing": ids.ORDER_ID,
    "utility-not-on-instagram": ids.UTILITY,
    "utility-template-unknown": ids.UTILITY,
    "utility-template-not-approved": ids.UTILITY,
    "utility-parameters": ids.UTILITY,
    "one-time-off": ONE_TIME,
    "one-time-needs-window": ONE_TIME,
    "one-time-unknown": ONE_TIME,
    "one-time-spent": ONE_TIME,
    "one-time-expired": ONE_TIME,
    "message-too-long": ids.MESSAGE,
    "message-invalid": ids.MESSAGE,
}


def errors_beside_fields(
    verdict: Verdict, entered: Entered, faults: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Each refusal by the field that causes it, with what could be done instead.

    `faults` are the refusals `utility-parameters`, by their fields.
    """
    errors = dict(faults or {})
    for finding in verdict.refusals:
        if faults and finding.rule == "utility-parameters":
            continue
        name = _field_of(finding, entered)
        errors[name] = f"{errors[name]} {finding.why}" if name in errors else finding.why
    beside = next((name for name in (ids.TAG, ids.UTILITY) if name in errors), None)
    if beside and verdict.alternatives:
        errors[beside] += " Instead: " + " ".join(for_people(verdict)[:WAYS])
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
