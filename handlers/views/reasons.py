"""The two modals that take a reason: approving what is flagged, and rejecting."""

import json
from collections.abc import Mapping
from typing import Any

from bot.policy.question import Severity, Verdict
from handlers.views import ids
from handlers.views.blocks import Block, field, plain, section
from handlers.views.words import finding_line
from storage.records import Draft

REASON_CHARACTERS = 500


def approve_anyway(draft: Draft, revision: int | None, verdict: Verdict) -> Block:
    """Shows what the rule book flags and asks why it is right all the same."""
    flagged = [f for f in verdict.findings if f.severity is Severity.REVIEW]
    findings = [section(finding_line(finding, draft.message)) for finding in flagged]
    reason = _reason("Why is it right to send it?", optional=False)
    return _modal(
        ids.APPROVE_ANYWAY, "Approve anyway", "Approve", draft.id, revision, [*findings, reason]
    )


def reject_modal(draft_id: int, revision: int | None) -> Block:
    """Asks why, if the person wants to say."""
    reason = _reason("What should the author change?", optional=True)
    return _modal(
        ids.REJECT_REASON, f"Reject draft {draft_id}", "Reject", draft_id, revision, [reason]
    )


def read_reason(view: Mapping[str, Any]) -> str | None:
    """The reason given; None when there is none."""
    given = view["state"]["values"][ids.REASON][ids.REASON]["value"]
    return (given or "").strip() or None


def _reason(label: str, *, optional: bool) -> Block:
    element = {"type": "plain_text_input", "multiline": True, "max_length": REASON_CHARACTERS}
    return field(ids.REASON, label, element, optional=optional)


def _modal(
    callback_id: str,
    title: str,
    submit: str,
    draft_id: int,
    revision: int | None,
    blocks: list[Block],
) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": json.dumps({"draft": draft_id, "revision": revision}),
        "blocks": blocks,
    }
