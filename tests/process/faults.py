"""What no fault may break, checked from the database and from what the stand-ins themselves remember.

`check_the_books` holds the bot to four promises: every accepted draft is in one final state or waits;
nobody got a message twice; what Meta accepted is known as sent, or as unknown while nothing proves
it; and nothing is missing of a webhook that was answered 200.
"""

import json
import os
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.asking import Facts
from bot.drafting import Proposal, propose_draft
from bot.policy.question import Channel
from bot.practice.graph import ThreadMessage
from bot.settings import Settings
from storage import contacts
from storage.store import Store
from storage.times import as_text
from tests.house import until
from tests.process.running import Site

GONE = ("sent", "delivered", "read")
ENDED = (*GONE, "refused", "failed", "unknown", "missed", "cancelled")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SETTLING_S = 40.0


@contextmanager
def seeded() -> Iterator[random.Random]:
    """Chance, different each time; a failure names the seed, and FAULTS_SEED repeats its choices."""
    seed = int(os.environ.get("FAULTS_SEED") or random.randrange(2**32))
    try:
        yield random.Random(seed)
    except BaseException as error:
        error.add_note(f"repeat with FAULTS_SEED={seed}")
        raise


def add_crowd(site: Site, count: int) -> list[str]:
    """So many people who have just written, every fifth on Instagram. The bot has to be running."""
    psids = [f"{24918830014478000 + number}" for number in range(count)]
    for number, psid in enumerate(psids):
        channel: Channel = "instagram" if number % 5 == 4 else "messenger"
        site.graph.add_person(psid, channel=channel).writes("Hi")
    return psids


def queue(site: Site, psids: Sequence[str], text: str) -> int:
    """One approved draft to all of these, as another process writes it; returns its number."""
    values: dict[str, Any] = {name.lower(): value for name, value in site.settings().items()}
    settings = Settings(_env_file=None, **(values | {"approval": "never"}))
    proposal = Proposal(message={"text": text}, tag=None, facts=Facts(), author=site.ben.id)
    store = Store(site.database)
    with closing(store), store.write() as db:
        known = {psid: site.graph.account_id(site.graph.people[psid]) for psid in psids}
        found = [contacts.find(db, account, psid) for psid, account in known.items()]
        people = [contact for contact in found if contact]
        assert len(people) == len(psids)
        return propose_draft(db, settings, proposal, people, now=datetime.now(UTC)).draft.id


def write_at_once(site: Site, psids: Sequence[str], times: int) -> None:
    """Each of these people writes so many times; they do not wait for one another."""

    def write(psid: str) -> None:
        for _ in range(times):
            site.graph.person(psid).writes("And one more thing")

    writers = [threading.Thread(target=write, args=(psid,)) for psid in psids]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def hurry(site: Site) -> None:
    """Let what waits to be tried again be due now, instead of in a minute."""
    with closing(sqlite3.connect(site.database, timeout=20)) as db, db:
        db.execute("UPDATE deliveries SET try_at = due_at WHERE state = 'pending'")


def settle(site: Site) -> None:
    """Wait until nothing is on its way any more, and Meta has told everything, again if need be."""
    try:
        until(lambda: not _under_way(site), SETTLING_S)
    except AssertionError:
        raise AssertionError(f"these stay under way: {_under_way(site)}") from None
    site.graph.settle(SETTLING_S)

    def all_taken() -> bool:
        site.graph.redeliver()
        return not site.graph.undelivered

    until(all_taken, SETTLING_S)


def _under_way(site: Site) -> list[Any]:
    return site.rows(
        "SELECT deliveries.id, deliveries.state FROM deliveries JOIN drafts ON drafts.id = draft_id"
        " WHERE deliveries.state = 'sending' OR (deliveries.state = 'pending'"
        f" AND drafts.state = 'approved' AND try_at <= '{as_text(datetime.now(UTC))}')"
    )


@dataclass(frozen=True)
class _Delivery:
    number: int
    draft: int
    decision: str
    state: str
    mid: str | None
    psid: str


class _Books:
    """The database and Meta's memory side by side."""

    def __init__(self, site: Site) -> None:
        rows = site.rows(
            "SELECT deliveries.id, draft_id, drafts.state, deliveries.state, mid, psid FROM deliveries"
            " JOIN drafts ON drafts.id = draft_id JOIN contacts ON contacts.id = contact_id"
        )
        self.deliveries = {row[0]: _Delivery(*row) for row in rows}
        self.by_mid = {found.mid: found for found in self.deliveries.values() if found.mid}
        self.drafts = {row[0] for row in site.rows("SELECT id FROM drafts")}
        self.acts = set(
            site.rows("SELECT psid, reported_at FROM interactions JOIN contacts ON id = contact_id")
        )
        self.read_until = dict(site.rows("SELECT psid, read_until FROM contacts"))
        self.steps = Counter(
            site.rows("SELECT delivery_id, what FROM history WHERE delivery_id IS NOT NULL")
        )
        with site.graph.lock:
            self.accepted = list(site.graph.accepted)
        self.told = [_events(post.body) for post in site.graph.webhooks if post.status == 200]

    def delivery_of(self, metadata: Any) -> _Delivery | None:
        """The delivery whose number stands in a message's metadata."""
        number = str(metadata or "").removeprefix("tagwise:")
        return self.deliveries.get(int(number)) if number.isdigit() else None


def check_the_books(site: Site, accepted: Collection[int] = ()) -> None:
    """Fails unless all four promises are kept; `accepted` are drafts that were answered 201."""
    books = _Books(site)
    wrong = [*_lost(books, accepted), *_twice(books), *_misjudged(books), *_missing(books)]
    assert not wrong, f"{len(wrong)} wrong entries, such as:\n" + "\n".join(wrong[:20])


def _lost(books: _Books, accepted: Collection[int]) -> Iterator[str]:
    planned = Counter(delivery.draft for delivery in books.deliveries.values())
    for draft in {*accepted, *books.drafts}:
        if not planned[draft]:
            yield f"draft {draft} was accepted and has no delivery"
    for number, delivery in books.deliveries.items():
        waits = delivery.state == "pending" and delivery.decision in ("queued", "approved")
        if not (waits or delivery.state in ENDED):
            yield f"delivery {number} of a draft {delivery.decision} is {delivery.state} for good"
        for step in ("sent", *ENDED):
            if books.steps[number, step] > 1:
                yield f"delivery {number} was noted as {step} more than once"


def _twice(books: _Books) -> Iterator[str]:
    numbers = [(sent.person_id, sent.metadata) for sent in books.accepted]
    texts = [(sent.person_id, sent.text) for sent in books.accepted]
    for (psid, what), times in Counter([*numbers, *texts]).items():
        if times > 1:
            yield f"{psid} got {what!r} {times} times"


def _misjudged(books: _Books) -> Iterator[str]:
    arrived: dict[int, ThreadMessage] = {}
    for sent in books.accepted:
        delivery = books.delivery_of(sent.metadata)
        if delivery is None or delivery.psid != sent.person_id:
            yield f"Meta accepted {sent.metadata!r} for {sent.person_id}: no delivery of ours"
            continue
        arrived[delivery.number] = sent
        if delivery.state not in (*GONE, "unknown"):
            yield f"delivery {delivery.number} is {delivery.state}, but Meta accepted it"
        elif delivery.state in GONE and delivery.mid != sent.mid:
            yield f"delivery {delivery.number} is known by another message id than Meta's"
    for delivery in books.deliveries.values():
        if delivery.state in GONE and delivery.number not in arrived:
            yield f"delivery {delivery.number} is {delivery.state}, but never reached Meta"


def _missing(books: _Books) -> Iterator[str]:
    for event in (event for events in books.told for event in events):
        if (event.get("message") or {}).get("is_echo"):
            yield from _missing_echo(books, event["message"])
        elif "delivery" in event or "read" in event:
            yield from _missing_receipt(books, event)
        elif (event["sender"]["id"], _moment(event["timestamp"])) not in books.acts:
            yield f"what {event['sender']['id']} did at {event['timestamp']} is not on record"


def _missing_echo(books: _Books, message: dict[str, Any]) -> Iterator[str]:
    delivery = books.delivery_of(message.get("metadata"))  # Instagram's echo has none
    if delivery and delivery.state not in GONE:
        yield f"delivery {delivery.number} is {delivery.state} in spite of its echo"


def _missing_receipt(books: _Books, event: dict[str, Any]) -> Iterator[str]:
    told = event.get("read") or event["delivery"]
    enough = ("read",) if "read" in event else ("delivered", "read")
    for mid in told.get("mids") or [told.get("mid")]:
        known = books.by_mid.get(mid)
        if known and known.state not in enough:
            yield f"delivery {known.number} is {known.state} in spite of its receipt"
    psid = event["sender"]["id"]
    until_then = _moment(told["watermark"]) if "read" in event and "watermark" in told else ""
    if (books.read_until[psid] or "") < until_then:
        yield f"{psid} has read until {until_then}: not on record"


def _events(body: bytes) -> list[dict[str, Any]]:
    return [event for entry in json.loads(body)["entry"] for event in entry["messaging"]]


def _moment(milliseconds: int) -> str:
    return as_text(EPOCH + timedelta(milliseconds=milliseconds))
