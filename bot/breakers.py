"""Circuit breakers: what stops a Page's sending after an answer of Meta's, and how it goes on.

A token that is not accepted stops all accounts of the token; a restriction or a rate limit stops the
Page or account itself; a warning of Meta's makes tagged messages wait; a tag that Meta refuses is
refused by the rule book as well. What waits stays in the outbox.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.chronicle import note_page
from bot.deciding import Refused
from bot.graph_errors import GraphError, Meaning
from storage import pauses, tags, waiting
from storage.pauses import Pause
from storage.store import Store
from storage.tags import RefusedTag, TagHold

FIRST_REST: Final = timedelta(minutes=1)
LONGEST_REST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Breakers:
    """What keeps a Page or account from sending now.

    `pause` stops everything. `tagged_wait` is a sentence: why messages under a tag wait. Of
    `refused_tags` each comes with what Meta said.
    """

    pause: Pause | None
    tagged_wait: str | None
    refused_tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stops:
    """All that keeps any Page or account from sending now."""

    pauses: Sequence[Pause]
    holds: Sequence[TagHold]
    refused: Sequence[RefusedTag]


class NotStopped(Refused):
    """Nothing of what the person saw keeps the Page from sending any more."""


class StoppedAnew(Refused):
    """Something else has stopped the Page while the person was looking."""


class TagNotRefused(Refused):
    """The tag is not, or no longer, remembered as refused."""


def breakers_of(db: Database, page_id: str, now: datetime) -> Breakers:
    """What holds for this Page or account now."""
    pause, hold = pauses.latest(db, page_id), tags.hold_of(db, page_id)
    return Breakers(
        pause=pause if pause and pause.holds(now) else None,
        tagged_wait=hold.reason if hold else None,
        refused_tags=tags.refused_of(db, page_id),
    )


def stops_of(db: Database, now: datetime) -> Stops:
    """What holds now, wherever it does."""
    return Stops(pauses.holding(db, now), tags.holds(db), tags.refused(db))


def trip(
    db: Database,
    error: GraphError,
    *,
    page_id: str,
    accounts: Collection[str],
    tag: str | None,
    now: datetime,
    resume_at: datetime | None = None,
) -> None:
    """Stop what this answer of Meta's says is to be stopped, if anything, and tell the channel once.

    `accounts` are all that share the access token, `tag` the one that was sent, `resume_at` when Meta
    said that there is room again.
    """
    match error.meaning:
        case Meaning.STOP_TOKEN:
            if pauses.begin(db, accounts, "token", error.sentence, now):
                note_page(db, "page_paused", now=now, note=error.sentence)
        case Meaning.STOP_POLICY:
            restrict(db, page_id, error.sentence, now)
        case Meaning.STOP_RATE:
            _rest(db, page_id, resume_at, error.sentence, now)
    if error.refuses_tag and tag and tags.refuse(db, page_id, tag, error.sentence, now):
        note_page(db, "tag_refused", now=now, note=error.sentence, page_id=page_id, tag=tag)


def restrict(db: Database, page_id: str, reason: str, now: datetime) -> None:
    """Meta lets this Page send nothing: a person has to look into it, or Meta to lift it."""
    if pauses.begin(db, [page_id], "policy", reason, now):
        note_page(db, "page_paused", now=now, note=reason, page_id=page_id)


def pause_for_rate(db: Database, page_id: str, until: datetime, reason: str, now: datetime) -> None:
    """Meta's usage headers say that nothing is left: let the Page rest until then."""
    current = pauses.latest(db, page_id)
    if until > now and pauses.begin(db, [page_id], "rate", reason, now, until):
        known = current.until if current and current.holds(now) else None
        if known is None or until - known >= FIRST_REST:  # seconds more are no news
            note_page(db, "page_rests", now=now, note=reason, page_id=page_id, until=until)


def _rest(
    db: Database, page_id: str, resume_at: datetime | None, reason: str, now: datetime
) -> None:
    """Rest until Meta says, else for a minute, doubled when the last rest was of no avail."""
    last, length = pauses.latest(db, page_id), FIRST_REST
    resume_at = resume_at if resume_at and resume_at > now else None
    if resume_at is None and last and last.until:
        if last.holds(now):
            return  # this was on its way when the Page was stopped already
        rested = last.until - last.at
        if now - last.until <= rested:
            length = min(2 * rested, LONGEST_REST)
    pause_for_rate(db, page_id, resume_at or now + length, reason, now)


def hold_tagged(db: Database, page_id: str, reason: str, now: datetime) -> None:
    """After a warning of Meta's, messages under a tag wait until a person lets them go."""
    tags.hold(db, page_id, reason, now)
    note_page(db, "page_warned", now=now, note=reason, page_id=page_id)


def unblock(db: Database, page_id: str, reason: str, now: datetime) -> None:
    """Meta itself lets the Page send again."""
    if pauses.end(db, [page_id], ["policy"]):
        waiting.wake(db, page_id, now)
        note_page(db, "page_resumed", now=now, note=reason, page_id=page_id)


def resume(
    store: Store,
    page_id: str,
    *,
    by: str,
    reason: str,
    now: datetime,
    seen_at: datetime | None = None,
) -> None:
    """A person lets the Page send again: whatever stops it, and the tagged messages that wait.

    Token trouble ends for all accounts of the token. `seen_at` is when the person saw what stops it.
    Raises NotStopped, StoppedAnew.
    """
    with store.write() as db:
        pause, hold = pauses.latest(db, page_id), tags.hold_of(db, page_id)
        pause = pause if pause and pause.holds(now) else None
        if not (pause or hold):
            raise NotStopped
        if seen_at and any(stop and stop.at > seen_at for stop in (pause, hold)):
            raise StoppedAnew
        resumed = {page_id}
        if pause and pause.kind == "token":
            resumed |= {other.page_id for other in pauses.holding(db, now) if other.kind == "token"}
        pauses.end(db, resumed)
        tags.release(db, page_id)
        for resumed_id in resumed:
            waiting.wake(db, resumed_id, now)
        about = None if pause and pause.kind == "token" else page_id
        what = "page_resumed" if pause else "tags_released"
        note_page(db, what, now=now, note=reason, who=by, page_id=about)


def reset_tag(store: Store, page_id: str, tag: str, *, by: str, reason: str, now: datetime) -> None:
    """A person has seen to it that Meta takes the tag again. Raises TagNotRefused."""
    with store.write() as db:
        if not tags.reset(db, page_id, tag):
            raise TagNotRefused
        waiting.wake(db, page_id, now)
        note_page(db, "tag_reset", now=now, note=reason, who=by, page_id=page_id, tag=tag)
