"""Transactions on one SQLite file: all or nothing, one writer at a time, no write by accident."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import contacts, drafts, history, requests
from storage.requests import Answered
from storage.store import Store
from storage.times import as_text, from_text

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PAGE, ADA = "109823456712345", "24918830014477562"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fresh = Store(tmp_path / "tagwise with spaces & ? #.db")
    fresh.migrate(NOW)
    return fresh


def queue(store: Store) -> int:
    with store.write() as db:
        return drafts.add(
            db,
            author="UBEN",
            requested_by=None,
            message={"text": "x"},
            tag=None,
            facts={},
            send_at=None,
            needs_second_person=True,
            card_channel="C1",
            now=NOW,
        ).id


def test_every_table_is_strict_about_its_types(store: Store) -> None:
    with store.read() as db:
        strict = {row["name"]: row["strict"] for row in db.query("PRAGMA table_list")}
    ours = {name: strict[name] for name in strict if not name.startswith(("sqlite_", "_"))}
    assert ours == dict.fromkeys(ours, 1)
    assert {"contacts", "deliveries", "history", "pauses"} <= set(ours)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drafts SET state = 'sent'",
        "UPDATE drafts SET state = 'approved'",  # by nobody
        "UPDATE drafts SET author = NULL",  # of nobody
        "UPDATE drafts SET needs_second_person = 2",
        "UPDATE drafts SET revision = 'two'",
        "INSERT INTO deliveries (draft_id, contact_id, due_at, try_at, scheduled, state, changed_at)"
        " VALUES (1, 999, '', '', 0, 'pending', '')",  # to nobody
        "INSERT INTO interactions (contact_id, kind, reported_at, at) VALUES (1, 'wave', '1', '1')",
        "INSERT INTO interactions (contact_id, kind, reported_at, at) VALUES (1, 'message', '1', '2')",
        "INSERT INTO contacts (page_id, psid, channel, created_at) VALUES ('1', '1', 'sms', '')",
        "INSERT INTO contacts (page_id, psid, channel, created_at) VALUES ('109823456712345',"
        " '24918830014477562', 'messenger', '')",
        "INSERT INTO pauses VALUES ('1', 'mood', '', '', NULL)",
        "UPDATE history SET who = 'somebody else'",
        "DELETE FROM history",
    ],
)
def test_what_cannot_be_is_refused_by_the_schema(store: Store, statement: str) -> None:
    queue(store)
    with store.write() as db:
        contacts.ensure(db, PAGE, ADA, "messenger", NOW)
        history.append(db, history.Step("UBEN", "queued", draft_id=1), NOW)
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        db.execute(statement)


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), store.read() as db:
        contacts.ensure(db, PAGE, ADA, "messenger", NOW)
    with store.read() as db:
        assert contacts.find(db, PAGE, ADA) is None


def test_a_reader_sees_one_moment_and_holds_up_no_writer(store: Store) -> None:
    with store.read() as reading:
        assert contacts.find(reading, PAGE, ADA) is None
        with store.write() as writing:
            contacts.ensure(writing, PAGE, ADA, "messenger", NOW)
        assert contacts.find(reading, PAGE, ADA) is None
    with store.read() as reading:
        assert contacts.find(reading, PAGE, ADA) is not None


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as db:
            contacts.ensure(db, PAGE, ADA, "messenger", NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()
    with store.read() as db:
        assert contacts.find(db, PAGE, ADA) is None


def test_who_reads_and_then_writes_takes_turns(store: Store) -> None:
    """With a BEGIN that takes the lock only when it writes, one of two would be turned away."""
    both_have_begun = threading.Barrier(2)

    def count_up(_: int) -> None:
        both_have_begun.wait()
        for _ in range(50):
            with store.write() as db:
                known = requests.find(db, "counter")
                db.execute("DELETE FROM draft_requests")
                count = known.status + 1 if known else 1
                requests.remember(db, "counter", Answered("hash", count, {}), NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count_up, range(2)))
    with store.read() as db:
        counted = requests.find(db, "counter")
    assert counted is not None
    assert counted.status == 100


def test_a_draft_is_decided_once_among_eight_who_try(store: Store) -> None:
    number = queue(store)
    start = threading.Barrier(8)

    def decide(person: int) -> bool:
        start.wait()
        with store.write() as db:
            decided = drafts.decide(
                db,
                number,
                was=("queued",),
                to="approved",
                by=f"U{person}",
                reason=None,
                revision=1,
                now=NOW,
            )
        return decided is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(8))) == 1


def test_a_file_that_has_vanished_is_not_made_anew(store: Store) -> None:
    store.path.unlink()
    with pytest.raises(sqlite3.OperationalError), store.read():
        pass
    with pytest.raises(sqlite3.OperationalError), store.write():
        pass
    assert not store.path.exists()


MOMENTS = st.integers(1, 3_600 * 24 * 365 * 9_990).map(
    lambda seconds: (
        datetime.min.replace(tzinfo=UTC) + timedelta(seconds=seconds, microseconds=seconds)
    )
)


@given(st.lists(MOMENTS, min_size=2, max_size=5))
def test_the_order_of_texts_is_the_order_of_times(moments: list[datetime]) -> None:
    assert sorted(map(as_text, moments)) == [as_text(moment) for moment in sorted(moments)]
    assert [from_text(as_text(moment)) for moment in moments] == moments


def test_a_time_is_kept_to_the_microsecond_in_utc_and_never_without_a_zone() -> None:
    far_east = datetime.fromisoformat("2026-11-22T19:00:00.000007+09:00")
    assert as_text(far_east) == "2026-11-22T10:00:00.000007Z"
    assert as_text(NOW - timedelta(days=365 * 2000)) == "0028-03-21T10:00:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        as_text(datetime(2026, 11, 22))  # noqa: DTZ001
