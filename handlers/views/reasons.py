"""The modals that take a reason: approving what is flagged, rejecting, and ending a breaker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.breakers import Breakers
from bot.policy.question import Severity, Verdict
from bot.policy.utility_templates import UtilityTemplate
from handlers.views import ids
from handlers.views.blocks import Block, context, escape, field, plain, quoted, section
from handlers.views.breakers import breaker_lines
from handlers.views.preview import preview
from handlers.views.utility_preview import drafted_utility
from handlers.views.words import finding_line
from storage.records import Draft

REASON_CHARACTERS = 500
CAREFUL = "Only when the cause is mended: Meta restricts a Page further that goes on as before."


def approve_anyway(
    draft: Draft,
    revision: int | None,
    verdict: Verdict,
    template: UtilityTemplate | None = None,
) -> Block:
    """Shows the message and what the rule book flags, and asks why it is right all the same.

    `template`: of the utility message that the draft names.
    No pictures: the one chance to open a modal is not staked on Slack loading them.
    """
    message = [*preview(draft.message, pictures=False), *drafted_utility(draft, template)]
    flagged = [f for f in verdict.findings if f.severity is Severity.REVIEW]
    findings = [section(finding_line(finding, draft.message)) for finding in flagged]
    reason = _reason("Why is it right to send it?", optional=False)
    about = {"draft": draft.id, "revision": revision}
    return _modal(
        ids.APPROVE_ANYWAY, "Approve anyway", "Approve", about, [*message, *findings, reason]
    )


def reject_modal(draft_id: int, revision: int | None) -> Block:
    """Asks why, if the person wants to say."""
    reason = _reason("What should the author change?", optional=True)
    about = {"draft": draft_id, "revision": revision}
    return _modal(ids.REJECT_REASON, f"Reject draft {draft_id}", "Reject", about, [reason])


def resume_modal(page_id: str, breakers: Breakers, now: datetime) -> Block:
    """Shows what stops the Page and asks why it may go on; it tells when that was shown."""
    stops = [section(line) for line in breaker_lines(breakers)]
    reason = _reason("What was mended, or why may it go on?", optional=False)
    about = {"page": page_id, "seen_at": now.isoformat()}
    return _modal(ids.RESUME, "Resume sending", "Resume", about, [*stops, context(CAREFUL), reason])


def reset_tag_modal(page_id: str, tag: str, said: str) -> Block:
    """Shows what Meta said of the tag and asks why it may be used again."""
    shown = section(f"*Meta refuses the tag* `{escape(tag)}`. {quoted(said, 1000)}")
    reason = _reason("Why will Meta take it now?", optional=False)
    about = {"page": page_id, "tag": tag}
    return _modal(ids.RESET_TAG, "Allow the tag again", "Allow", about, [shown, reason])


def read_reason(view: Mapping[str, Any]) -> str | None:
    """The reason given; None when there is none."""
    given = view["state"]["values"][ids.REASON][ids.REASON]["value"]
    return (given or "").strip() or None


def _reason(label: str, *, optional: bool) -> Block:
    element = {"type": "plain_text_input", "multiline": True, "max_length": REASON_CHARACTERS}
    return field(ids.REASON, label, element, optional=optional)


def _modal(
    callback_id: str, title: str, submit: str, about: Mapping[str, Any], blocks: list[Block]
) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(about),
        "blocks": blocks,
    }
