"""Records for tests of pure functions, as the storage would hand them over."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.policy.question import Finding, Severity, Verdict, Window
from storage.records import Contact, Delivery, Draft, Entry

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def a_contact(number: int = 1, name: str | None = "Ada Moreau", **changes: Any) -> Contact:
    values = {"page_id": "1", "psid": f"{number:017}", "channel": "messenger"} | changes
    return Contact(id=number, name=name, closed_by_meta_at=None, **values)


def a_draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "id": 12,
        "author": "UBEN",
        "requested_by": None,
        "editor": None,
        "message": {"text": "Your table is booked."},
        "tag": None,
        "facts": {},
        "send_at": None,
        "state": "queued",
        "needs_second_person": True,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "revision": 1,
        "version": 1,
        "card_channel": "C1",
        "card_ts": None,
        "created_at": NOW,
    }
    return Draft(**values | changes)


def a_delivery(number: int = 1, state: str = "pending", **changes: Any) -> Delivery:
    values: dict[str, Any] = {
        "draft_id": 12,
        "contact_id": 1,
        "page_id": "1",
        "due_at": NOW,
        "try_at": NOW,
        "scheduled": False,
        "attempts": 0,
        "messaging_type": None,
        "tag": None,
        "mid": None,
        "note": None,
        "sent_at": None,
        "changed_at": NOW,
    }
    return Delivery(id=number, state=state, **values | changes)


def an_entry(what: str, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "id": 1,
        "draft_id": 12,
        "delivery_id": None,
        "at": NOW,
        "who": "UCLEO",
        "note": None,
        "verdict": None,
    }
    return Entry(what=what, **values | changes)


def a_finding(severity: Severity = Severity.REVIEW, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "rule": "promotional",
        "why": "The text promotes, which no tag allows.",
        "source": "Message Tags",
        "evidence": "50% off",
    }
    return Finding(severity=severity, **values | changes)


def a_verdict(*findings: Finding, window_open: bool = True, **changes: Any) -> Verdict:
    severities = {finding.severity for finding in findings}
    allowed = Severity.REFUSE not in severities
    closes_at = NOW + timedelta(hours=3 if window_open else -3)
    values: dict[str, Any] = {
        "allowed": allowed,
        "needs_review": allowed and Severity.REVIEW in severities,
        "messaging_type": "UPDATE",
        "tag": None if window_open else "ACCOUNT_UPDATE",
        "window": Window(window_open, closes_at),
        "valid_until": closes_at,
        "findings": findings,
        "suggested_tag": None,
        "alternatives": (),
    }
    return Verdict(**values | changes)
