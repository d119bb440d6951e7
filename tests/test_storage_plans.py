"""How SQLite goes about the questions that are asked every second, and a million rows long."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import drafts, waiting
from storage.due import due
from tests.outbox import INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def test_what_is_due_and_what_comes_next_is_found_by_its_time(outbox: Outbox) -> None:
    now, statements = outbox.clock(), list[str]()
    with outbox.services.store.write() as db:
        with db.tracer(lambda sql, _: statements.append(sql)):
            due(db, "1", now, 1)
            drafts.scheduled(db, ["1"], 1)
            waiting.wake_put_off(db, "1", now, until=now)
        plans = [
            " ".join(
                row["detail"]
                for row in db.query(f"EXPLAIN QUERY PLAN {sql}", ["1"] * sql.count("?"))
            )
            for sql in statements
            if "try_at" in sql
        ]
    assert len(plans) == 3
    for plan in plans:
        assert plan.startswith("SEARCH deliveries USING INDEX deliveries_due (page_id=?")
        assert "TEMP B-TREE" not in plan


def test_of_what_is_scheduled_the_soonest_come_first_each_draft_once(outbox: Outbox) -> None:
    now = outbox.clock()
    late = outbox.queue("Late", send_at=now + timedelta(hours=3))
    soon = outbox.queue("Soon", send_at=now + timedelta(hours=1))
    ines = outbox.queue("Hello Ines", psid=INES, send_at=now + timedelta(hours=2))
    accounts = outbox.services.settings.accounts
    with outbox.services.store.read() as db:
        found = [draft.id for draft in drafts.scheduled(db, accounts, 5)]
        assert [draft.id for draft in drafts.scheduled(db, accounts, 2)] == found[:2]
    assert found == [outbox.delivery(number).draft_id for number in (soon, ines, late)]
