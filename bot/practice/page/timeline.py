"""What may be sent to a customer until when, by Meta's own memory, and what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.practice.graph.memory import PersonMemory
from bot.practice.page.moments import day_and_time, length
from bot.practice.page.record import ToCome

TAGS_REACH: Final = timedelta(days=7)
_LEAST_SPAN: Final = timedelta(days=8)
_MARGIN: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the timeline, in percent of its width."""

    name: str
    start: float
    width: float
    until: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the timeline; `go_min` is how far the clock must move to pass it."""

    title: str
    at: float
    go_min: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the strip above a phone shows: `window` and `tags` in words, the rest as a drawing."""

    window: str
    tags: str
    is_open: bool
    now: float
    spans: Sequence[Span]
    marks: Sequence[Mark]


def timeline(
    person: PersonMemory, ad_window: timedelta, to_come: Sequence[ToCome], now: datetime
) -> Timeline:
    """The strip for this person at this moment."""
    closes, wrote = person.window_closes_at(ad_window), person.last_wrote_at()
    agent_until = wrote + TAGS_REACH if wrote else None
    coming = [one for one in to_come if one.approved and one.due_at > now]
    opened = max((act.at for act in person.acts), default=None)
    begin = min(moment for moment in (now, wrote, opened) if moment) - _MARGIN
    ends = [end for end in (closes, agent_until, *(one.due_at for one in coming)) if end]
    scale = _Scale(begin, max([now, begin + _LEAST_SPAN, *ends]) + _MARGIN)
    return Timeline(
        window=_window_says(closes, now),
        tags=_tags_say(agent_until, now),
        is_open=closes is not None and now < closes,
        now=scale.at(now),
        spans=[
            *_span("Messaging window", opened, closes, scale),
            *_span("Human agent, feedback", wrote, agent_until, scale),
        ],
        marks=[_mark(one, now, scale) for one in coming],
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        share = (moment - self.begin) / (self.end - self.begin)
        return round(100 * min(1.0, max(0.0, share)), 2)


def _span(name: str, since: datetime | None, until: datetime | None, scale: _Scale) -> list[Span]:
    if since is None or until is None:
        return []
    start, end = scale.at(since), scale.at(until)
    return [Span(name, start, round(end - start, 2), day_and_time(until))]


def _mark(one: ToCome, now: datetime, scale: _Scale) -> Mark:
    minutes = int((one.due_at - now).total_seconds() // 60) + 1
    title = f"Draft {one.draft_id}: {day_and_time(one.due_at)}, in {length(one.due_at - now)}"
    return Mark(title, scale.at(one.due_at), minutes)


def _window_says(closes: datetime | None, now: datetime) -> str:
    if closes is None:
        return "No messaging window: nothing came from this person yet."
    if now < closes:
        return f"Messaging window open for {length(closes - now)}, until {day_and_time(closes)}."
    return f"Messaging window closed {length(now - closes)} ago."


def _tags_say(until: datetime | None, now: datetime) -> str:
    if until is None:
        return ""
    if now < until:
        return f"Human agent and feedback: {length(until - now)} left."
    return "Human agent and feedback: over."
