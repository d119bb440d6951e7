"""Who wrote, approved and sent what under which rule: one JSON object for each message."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.moments import moment_text
from storage import audit
from storage.audit import Audited
from storage.records import Draft, Entry
from storage.store import Store

AT_ONCE: Final = 500  # in memory; no transaction stays open while they are printed
NEVER_LEFT: Final = ("pending", "refused", "missed", "cancelled")
Entries = Mapping[int, Sequence[Entry]]


def audit_lines(
    store: Store,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    with_text: bool = False,
) -> Iterator[dict[str, Any]]:
    """A line for each message that was sent, or else settled, in [since, until).

    Without `with_text` no line holds any word of a message.
    """
    last_id = 0
    while True:
        with store.read() as db:
            found = audit.after(db, last_id, since, until, AT_ONCE)
            of_drafts = audit.of_drafts(db, {one.draft.id for one in found})
            of_deliveries = audit.of_deliveries(db, [one.delivery.id for one in found])
        by_draft = _grouped((entry.draft_id, entry) for entry in of_drafts)
        by_delivery = _grouped((entry.delivery_id, entry) for entry in of_deliveries)
        for one in found:
            last_id = one.delivery.id
            history = [*by_draft.get(one.draft.id, ()), *by_delivery.get(last_id, ())]
            yield _line(one, history, with_text)
        if len(found) < AT_ONCE:
            return


def _grouped(entries: Iterator[tuple[int | None, Entry]]) -> Entries:
    groups = defaultdict(list)
    for number, entry in entries:
        groups[number or 0].append(entry)
    return groups


def _line(one: Audited, history: Sequence[Entry], with_text: bool) -> dict[str, Any]:
    delivery, draft = one.delivery, one.draft
    line: dict[str, Any] = {
        "at": moment_text(delivery.sent_at or delivery.changed_at),
        "draft": draft.id,
        "delivery": delivery.id,
        "page": delivery.page_id,
        "channel": one.channel,
        "written_by": _writer(draft),
        "edited_by": draft.editor,
        "approved_by": _approval(draft),
        "sent_by": None if delivery.state in NEVER_LEFT else _sender(draft, history),
        "scheduled": delivery.scheduled,
        "reply": bool(draft.facts.get("reply")),
        "rule": {
            "messaging_type": delivery.messaging_type,
            "tag": delivery.tag,
            "findings": [_finding(found, with_text) for found in _findings(history)],
        },
        "outcome": delivery.state,
        "mid": delivery.mid,
    }
    return line | {"message": draft.message} if with_text else line


def _writer(draft: Draft) -> dict[str, str | None]:
    if draft.author:
        return {"kind": "person", "id": draft.author}
    return {"kind": "system", "id": draft.requested_by}


def _approval(draft: Draft) -> dict[str, str | None] | None:
    """The second person's yes; None where none was needed, or given."""
    if draft.state != "approved" or not draft.needs_second_person or draft.decided_at is None:
        return None
    return {"id": draft.decided_by, "at": moment_text(draft.decided_at), "reason": draft.reason}


def _sender(draft: Draft, history: Sequence[Entry]) -> str | None:
    """Who last pressed the button after which the message left."""
    again = [entry.who for entry in history if entry.what == "send_again"]
    return again[-1] if again else draft.decided_by


def _findings(history: Sequence[Entry]) -> Sequence[Mapping[str, Any]]:
    """What the rule book had to say when it was last asked."""
    verdicts = [entry.verdict for entry in history if entry.verdict is not None]
    found: Sequence[Mapping[str, Any]] = verdicts[-1]["findings"] if verdicts else ()
    return found


def _finding(found: Mapping[str, Any], with_text: bool) -> Mapping[str, Any]:
    return found if with_text else {name: found[name] for name in ("rule", "severity", "source")}
