"""Another process holds the database locked for 30 s, longer than anybody waits for it."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.practice.graph import faults
from tests.house import until
from tests.process.faults import add_crowd, check_the_books, queue, settle, write_at_once
from tests.process.faults_traffic import post_draft, url_of
from tests.process.running import Bot, Site

PEOPLE = 8  # fewer than go in a batch
LOCKED_S = 30.0


@contextmanager
def _locked(site: Site) -> Iterator[None]:
    begun = time.monotonic()
    with closing(sqlite3.connect(site.database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        time.sleep(max(0.0, begun + LOCKED_S - time.monotonic()))
        db.execute("ROLLBACK")


def test_a_database_locked_by_another_process_loses_nothing(site: Site) -> None:
    bot = site.run()
    psids = add_crowd(site, PEOPLE)
    site.graph.echoes = site.graph.deliveries = False  # they would say what the bot has to keep
    site.graph.fail_next(faults.slow(4), times=PEOPLE, endpoint="messages")
    for psid in psids:
        queue(site, [psid], f"MESSAGE-TEXT-MARK to {psid}")
    until(lambda: len(site.sends()) == PEOPLE)
    told = len(site.graph.webhooks)
    with _locked(site):
        writers = threading.Thread(target=write_at_once, args=(site, psids[:6], 2))
        writers.start()
        assert _draft(site, bot, psids[0]) == 503
        writers.join()
        assert set(site.states()) == {"sending"}
    assert 503 in {post.status for post in site.graph.webhooks[told:]}
    until(lambda: "sending" not in site.states(), 20)
    settle(site)
    assert _draft(site, bot, psids[0]) == 201
    check_the_books(site)
    assert bot.says("outcomes not written yet")
    assert set(site.states()) == {"sent", "pending"}
    assert bot.end() == 0


def _draft(site: Site, bot: Bot, psid: str) -> int:
    return post_draft(site, url_of(bot), psid, "MESSAGE-TEXT-MARK later", "later").status_code
