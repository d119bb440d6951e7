"""How time is written: UTC text of fixed width, so that text order is time order."""

from datetime import UTC, datetime


def as_text(moment: datetime) -> str:
    """`2026-11-22T09:00:00.000000Z`; raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_text(text: str) -> datetime:
    """The moment that `as_text` wrote, aware and in UTC."""
    return datetime.fromisoformat(text)


def maybe_text(moment: datetime | None) -> str | None:
    """`as_text` for a moment that may be missing."""
    return None if moment is None else as_text(moment)


def maybe_moment(text: str | None) -> datetime | None:
    """`from_text` for a moment that may be missing."""
    return None if text is None else from_text(text)
