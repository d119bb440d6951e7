"""Databases full of approved drafts, made with the bot's own functions and then multiplied."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.asking import Facts
from bot.deciding import approve_draft
from bot.drafting import Proposal, propose_draft
from storage import contacts, interactions
from storage.interactions import Act
from storage.records import Contact
from storage.store import Store
from tests.benchmarks.installation import CLEO, PAGE, settings_for

PEOPLE = 1_000
OPEN_PEOPLE = 800  # the others last wrote three days ago, and are reached under a tag
NAMES = ("Ada", "Béla", "Chloé", "Dmitri", "Emre", "Fatou", "Giulia", "Hanna", "Inês", "Jürgen")
ANSWERS = (
    "Hi {name}, your table for {number} is ready at seven. See you soon!",
    "Hello {name}, we found your umbrella. You can pick it up until half past {number}.",
    "{name}, the colour you asked about is there again in size {number}.",
    "Dear {name}, room {number} has a view of the garden, and breakfast is from seven to ten.",
)
SHIPPED = "Hi {name}, your order A-{number} has left our warehouse and arrives tomorrow."
EVENT = (
    "Hi {name}, your class {number} starts tomorrow at six in the evening. Please bring a towel."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """When drafts are to go out: None is as soon as the bot runs."""

    send_at: datetime | None = None
    reminders: tuple[str, ...] = ()
    event_at: datetime | None = None


NOW = Plan()


class PreparedStore(Store):
    """A store that can take many blocks into one transaction: here it is not the disk we measure."""

    _open: Database | None = None

    @contextmanager
    def write(self, waiting_since: float | None = None) -> Iterator[Database]:
        """One transaction, or a part of the one that is open."""
        if self._open is not None:
            yield self._open
            return
        with super().write(waiting_since) as db:
            yield db

    @contextmanager
    def at_once(self) -> Iterator[Database]:
        """Everything that is written in this block is one transaction; for one thread."""
        with super().write() as db:
            self._open = db
            try:
                yield db
            finally:
                self._open = None


def make_database(path: Path) -> PreparedStore:
    """An empty record with its people: names known, most of their windows open."""
    store, now = PreparedStore(path), datetime.now(UTC)
    store.migrate(now)
    with store.write() as db:
        for number in range(PEOPLE):
            psid = f"{20_000_000_000_000_000 + number}"
            wrote = timedelta(minutes=30) if number < OPEN_PEOPLE else timedelta(days=3)
            act = Act(PAGE, psid, "messenger", "message", now - wrote, now)
            (person,) = interactions.record(db, [act])
            contacts.note_name(db, person, f"{NAMES[number % len(NAMES)]} {number}", now)
    return store


def add_drafts(store: PreparedStore, count: int, plan: Plan = NOW) -> float:
    """Queue so many drafts as another system does and approve each; the seconds that took."""
    settings, now = settings_for(store.path), datetime.now(UTC)
    people, begun = list(_people(store)), time.perf_counter()
    with store.at_once() as db:
        for number in range(count):
            person = people[number % len(people)]
            proposal = _proposal(number, person, plan, now)
            draft = propose_draft(db, settings, proposal, [person], now=now).draft
            approve_draft(store, settings, draft.id, by=CLEO, now=now)
    return time.perf_counter() - begun


def tagged(count: int) -> int:
    """How many of so many drafts go to people outside their window."""
    whole, rest = divmod(count, PEOPLE)
    return whole * (PEOPLE - OPEN_PEOPLE) + max(0, rest - OPEN_PEOPLE)


def _people(store: Store) -> Iterator[Contact]:
    with store.read() as db:
        for row in db.query("SELECT * FROM contacts ORDER BY id"):
            yield Contact.of(row)


def _proposal(number: int, person: Contact, plan: Plan, now: datetime) -> Proposal:
    """An answer inside the window; outside it, and for reminders, what a tag is for."""
    about_event = plan.event_at is not None or number % 2 == 0
    tag = "CONFIRMED_EVENT_UPDATE" if about_event else "POST_PURCHASE_UPDATE"
    if person.id <= OPEN_PEOPLE and plan.event_at is None:
        text, facts = ANSWERS[number % len(ANSWERS)], Facts()
        tag_or_none = None
    else:
        text, tag_or_none = (EVENT if about_event else SHIPPED), tag
        facts = _facts(number, plan, now) if about_event else _order(number)
    said = text.format(name=(person.name or "").split()[0], number=number)
    return Proposal(
        {"text": said}, tag_or_none, facts, send_at=plan.send_at, requested_by="booking system"
    )


def _facts(number: int, plan: Plan, now: datetime) -> Facts:
    starts_at = (plan.event_at or now + timedelta(days=1)) + timedelta(seconds=number)
    event = {"name": f"Class {number}", "registered": True, "starts_at": starts_at.isoformat()}
    return Facts.model_validate({"event": event, "reminders": plan.reminders})


def _order(number: int) -> Facts:
    return Facts.model_validate({"order": {"id": f"A-{number}"}})


def multiply(database: Path, times: int, minutes_apart: int = 0) -> float:
    """Have every draft with its deliveries so many times, each so much later; the seconds that took.

    Their histories are not repeated: nothing that waits is looked up there.
    """
    begun = time.perf_counter()
    with closing(sqlite3.connect(database)) as db, db:
        drafts, deliveries = (
            db.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            for table in ("drafts", "deliveries")
        )
        later = f"strftime('%Y-%m-%dT%H:%M:%f', {{}}, '+'||(k*{minutes_apart})||' minutes')||'000Z'"
        _repeat(db, "drafts", times, {"id": f"id + k*{drafts}"})
        changes = {"id": f"id + k*{deliveries}", "draft_id": f"draft_id + k*{drafts}"}
        moments = {name: later.format(name) for name in ("due_at", "try_at")}
        _repeat(db, "deliveries", times, changes | moments)
    return time.perf_counter() - begun


def _repeat(db: sqlite3.Connection, table: str, times: int, changes: dict[str, str]) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changes.get(name, name) for name in columns)
    db.execute(
        "WITH RECURSIVE copies (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k + 1 < ?)"
        f" INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM copies, {table}",
        [times],
    )
