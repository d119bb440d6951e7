"""People are found as staff type their names, and what is known of them never goes back."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import contacts, interactions
from storage.folding import fold
from storage.interactions import Act
from storage.store import Store

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PAGE, INSTAGRAM, OTHER = "109823456712345", "17841402233445566", "110099887766554"
NAMES = {
    "101": "Béla Kiss",
    "102": "Łukasz Ødegård",
    "103": "STRASSE Weiß",
    "104": "100%_real \\ name",
    "105": "Анна Иванова",
    "106": "Ada Moreau",
    "2107": None,
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fresh = Store(tmp_path / "tagwise.db")
    fresh.migrate(NOW)
    with fresh.write() as db:
        for psid, name in NAMES.items():
            contact = contacts.ensure(db, PAGE, psid, "messenger", NOW)
            contacts.note_name(db, contact.id, name, NOW)
        stranger = contacts.ensure(db, OTHER, "101", "messenger", NOW)
        contacts.note_name(db, stranger.id, "Béla of another Page", NOW)
    return fresh


def found(store: Store, typed: str, *accounts: str) -> list[str]:
    with store.read() as db:
        return [who.label for who in contacts.search(db, accounts or (PAGE,), typed, 20)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bela", ["Béla Kiss"]),
        ("BÉLA", ["Béla Kiss"]),
        ("Be\u0301la", ["Béla Kiss"]),
        ("  kiss   bél ", ["Béla Kiss"]),
        ("lukasz odegard", ["Łukasz Ødegård"]),
        ("weiss", ["STRASSE Weiß"]),
        ("straße", ["STRASSE Weiß"]),
        ("%", ["100%_real \\ name"]),
        ("_", ["100%_real \\ name"]),
        ("\\", ["100%_real \\ name"]),
        ("анна", ["Анна Иванова"]),
        ("ada bela", []),
        ("106", ["Ada Moreau"]),
        ("2107", ["2107"]),
        ("'; DROP TABLE contacts; --", []),
    ],
)
def test_people_are_found_whatever_the_case_and_the_accents(
    store: Store, typed: str, names: list[str]
) -> None:
    assert found(store, typed) == names


def test_whoever_was_active_last_comes_first(store: Store) -> None:
    with store.write() as db:
        for psid, hours in (("101", 3), ("103", 1)):
            contact = contacts.find(db, PAGE, psid)
            assert contact is not None
            at = NOW - timedelta(hours=hours)
            act = Act(contact.page_id, contact.psid, contact.channel, "message", at, NOW)
            interactions.record(db, [act])
    assert found(store, "")[:3] == ["STRASSE Weiß", "Béla Kiss", "2107"]


def test_only_people_of_these_accounts_are_found(store: Store) -> None:
    assert found(store, "bela", OTHER) == ["Béla of another Page"]
    assert found(store, "bela", INSTAGRAM) == []
    assert len(found(store, "bela", PAGE, OTHER)) == 2


def test_fifty_thousand_people_are_searched_in_no_time(store: Store) -> None:
    with store.write() as db:
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 51000)"
            " INSERT INTO contacts (page_id, psid, channel, name, name_folded, created_at)"
            " SELECT ?, 'x' || i, 'messenger', 'Person ' || i, 'person ' || i, '' FROM n",
            [PAGE],
        )
        db.execute(
            "INSERT INTO interactions (contact_id, kind, reported_at, at)"
            " SELECT id, 'message', '2026', '2026' FROM contacts"
        )
    for typed in ("", "pers", "person 50999", "bela"):
        began = time.monotonic()
        assert found(store, typed)
        assert time.monotonic() - began < 1.5  # Slack waits three seconds


def test_a_name_is_kept_when_it_is_not_told_again(store: Store) -> None:
    with store.write() as db:
        bela = contacts.find(db, PAGE, "101")
        assert bela is not None
        contacts.note_name(db, bela.id, None, NOW)
    assert found(store, "bela") == ["Béla Kiss"]


def test_the_nameless_are_asked_for_newest_first_and_once_a_day(store: Store) -> None:
    def nameless(at: datetime) -> list[str]:
        with store.read() as db:
            people = contacts.without_name(db, (PAGE,), at - timedelta(days=1), 10)
        return [person.psid for person in people]

    assert nameless(NOW) == []
    assert nameless(NOW + timedelta(days=1, seconds=1)) == ["2107"]
    with store.write() as db:
        contacts.ensure(db, PAGE, "2108", "messenger", NOW)
        contacts.ensure(db, OTHER, "2109", "messenger", NOW)
    assert nameless(NOW + timedelta(days=1, seconds=1)) == ["2108", "2107"]


def test_a_watermark_never_goes_back(store: Store) -> None:
    with store.write() as db:
        for until in (NOW, NOW - timedelta(hours=1)):
            contacts.note_watermark(db, 1, "read_until", until)
        assert contacts.watermarks(db, 1) == (None, "2026-11-22T10:00:00.000000Z")


@given(st.text(), st.text())
def test_folding_is_done_once_and_keeps_what_holds_what(outer: str, inner: str) -> None:
    assert fold(fold(outer)) == fold(outer)
    assert fold(inner) in fold(f"{outer} {inner} {outer}")
