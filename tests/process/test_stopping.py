"""SIGTERM and SIGINT: exit 0 within 10 s, everything finished or on record, nothing sent twice."""

import json
import signal
import socket
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from bot.practice.graph import faults
from tests.house import ADA, until
from tests.process.running import Site

SEND_AT = "2020-01-01T00:00:00.000000Z"


def _queue(site: Site, count: int) -> None:
    """So many approved messages to Ada, due at once: written to the database of a stopped bot."""
    bot = site.run()
    site.graph.person(ADA).writes("Hi")
    assert bot.end() == 0
    with closing(sqlite3.connect(site.database)) as db:
        for number in range(1, count + 1):
            db.execute(
                "INSERT INTO drafts (id, author, message, facts, state, needs_second_person,"
                " decided_by, decided_at, card_channel, created_at)"
                " VALUES (?, ?, ?, '{}', 'approved', 0, ?, ?, ?, ?)",
                [
                    number,
                    site.ben.id,
                    json.dumps({"text": f"MESSAGE-TEXT-MARK {number}"}),
                    site.ben.id,
                    SEND_AT,
                    site.approvals.id,
                    SEND_AT,
                ],
            )
            db.execute(
                "INSERT INTO deliveries (draft_id, contact_id, page_id, due_at, try_at, scheduled,"
                " state, changed_at) VALUES (?, 1, ?, ?, ?, 0, 'pending', ?)",
                [number, site.graph.page_id, SEND_AT, SEND_AT, SEND_AT],
            )
        db.commit()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_stop_under_load_loses_nothing_and_sends_nothing_twice(
    site: Site, number: signal.Signals
) -> None:
    _queue(site, 60)
    site.graph.fail_next(faults.slow(0.3), times=60, endpoint="messages")
    bot = site.run(SEND_RATE="30")
    until(lambda: len(site.sends()) >= 10)
    assert bot.end(number) == 0
    after = Counter(site.states())
    assert set(after) <= {"sent", "delivered", "pending"}
    assert after["pending"]
    site.run()
    until(lambda: set(site.states()) <= {"sent", "delivered"}, 30)
    sent = [message.metadata for message in site.graph.sent_to(ADA)]
    assert sorted(map(str, sent)) == sorted(f"tagwise:{number}" for number in range(1, 61))


def test_a_stop_while_meta_hangs_puts_the_doubt_on_record(site: Site) -> None:
    site.graph.echoes = site.graph.deliveries = False
    _queue(site, 3)
    site.graph.fail_next(faults.hang(), times=3, endpoint="messages")
    bot = site.run()
    until(lambda: len(site.sends()) == 3)
    assert bot.end() == 0
    assert site.states() == ["unknown"] * 3
    assert len(site.sends()) == 3


def test_a_stop_while_slack_and_meta_hang_still_ends_in_time(site: Site) -> None:
    site.graph.echoes = site.graph.deliveries = False
    _queue(site, 2)
    site.graph.fail_next(faults.hang(), times=50)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        silent.settimeout(20)
        bot = site.start(SLACK_API_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        with silent.accept()[0]:  # the card of the first draft, which never gets an answer
            until(lambda: len(site.sends()) == 2)
            assert bot.end() == 0
    assert site.states() == ["unknown"] * 2


@pytest.mark.parametrize("socket_mode", [False, True], ids=["HTTP mode", "Socket Mode"])
def test_a_bot_that_cannot_reach_slack_runs_says_so_and_stops(
    site: Site, socket_mode: bool
) -> None:
    token = site.slack.app_token if socket_mode else None
    bot = site.start(SLACK_API_URL="http://127.0.0.1:9/api", SLACK_APP_TOKEN=token)
    assert bot.says("running")
    health = site.health(bot)
    if socket_mode:
        assert bot.says("Slack cannot be reached yet")["level"] == "warning"
        assert health.status_code == 503
        assert "Slack connection" in health.json()["error"]
    else:
        assert health.status_code == 200
    assert bot.end() == 0


def test_a_bot_that_finds_slack_later_connects_by_itself(site: Site) -> None:
    site.slack.down = True
    bot = site.start(SLACK_APP_TOKEN=site.slack.app_token)
    bot.says("Slack cannot be reached yet")
    site.slack.down = False
    site.slack.wait_for_socket(seconds=20)
    until(lambda: site.health(bot).status_code == 200)
    site.slack.sockets.close()
    until(lambda: site.health(bot).status_code == 503)
    assert bot.end() == 0
