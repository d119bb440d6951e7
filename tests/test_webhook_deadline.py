"""Meta waits five seconds for its answer, whatever Slack, Graph and the disk are doing."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from bot.practice.graph import faults
from tests.house import ADA, BELA, House, open_house
from tests.webhook_door import body_of, event, post, post_raw, recorded

DEADLINE_S = 5.0
LOCK = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], isolation_level=None) as db:
    db.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def locked_by_another_process(database: Path) -> Iterator[None]:
    command = [sys.executable, "-c", LOCK, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        yield
        holder.communicate()


def test_it_is_answered_while_slack_and_graph_hang(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:  # takes calls, says nothing
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/api/"
        with open_house(tmp_path, slack_api_url=url) as house:
            house.graph.fail_next(faults.hang(), times=50)
            for number in range(20):
                began = time.monotonic()
                text = {"mid": f"m_{number}", "text": "Hello"}
                post(house, body_of(event(str(100 + number), message=text)))
                assert time.monotonic() - began < DEADLINE_S / 5
            house.until(lambda: any(r.fault for r in house.graph.requests))
            assert house.post_draft("100", tag=None).status_code == 201
            mute.close()  # so that the house need not wait for Slack when it closes
            house.graph.down()
            assert len(recorded(house)) == 20


def test_while_another_process_writes_meta_is_asked_to_come_again_and_nothing_is_lost(
    house: House,
) -> None:
    house.ada.writes("Hi")

    def post_by_meta() -> tuple[int, float]:
        began = time.monotonic()
        house.graph.person(BELA).writes("Hi")
        return house.graph.webhooks[-1].status or 0, time.monotonic() - began

    with locked_by_another_process(house.database), ThreadPoolExecutor(2) as pool:
        webhook, draft = pool.submit(post_by_meta), pool.submit(house.post_draft, ADA)
        status, took_s = webhook.result()
        assert status == 503
        assert took_s < DEADLINE_S
        refused = draft.result()
        assert refused.status_code == 503
        assert set(refused.json()) == {"error"}
    assert [who for who, _, _ in recorded(house)] == [ADA]
    assert house.rows("SELECT 1 FROM drafts") == []
    house.graph.redeliver()
    assert [who for who, _, _ in recorded(house)] == [ADA, BELA]


def test_whoever_comes_while_the_disk_is_waited_for_is_answered_in_time_as_well(
    house: House,
) -> None:
    def write_at(second: int) -> tuple[int, float]:
        time.sleep(second)
        began = time.monotonic()
        text = {"mid": f"m_{second}", "text": "Hello"}
        answer = post_raw(house, json.dumps(body_of(event(str(second), message=text))).encode())
        return answer.status_code, time.monotonic() - began

    with locked_by_another_process(house.database), ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(write_at, range(5)))
    assert [status for status, _ in answers] == [503] * 5
    assert max(took_s for _, took_s in answers) < DEADLINE_S


def test_events_that_concern_nobody_need_no_disk(house: House) -> None:
    with locked_by_another_process(house.database):
        began = time.monotonic()
        assert post_raw(house, b'{"object":"user","entry":[]}').status_code == 200
        assert time.monotonic() - began < DEADLINE_S / 2
