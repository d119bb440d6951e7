"""The Idempotency-Key: however often a system posts, there is one draft and one answer."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.drafts_door import BEARER, draft, drafts_on_record, post, post_raw
from tests.house import ADA, House

CROWD, THREADS = 10_000, 16


def post_many(house: House, keys: list[str], raw: bytes) -> Counter[tuple[int, bytes]]:
    """Post once for each key, over one connection; how often each answer came."""
    connection = HTTPConnection(urlsplit(house.url).netloc, timeout=30)
    answers: Counter[tuple[int, bytes]] = Counter()
    for key in keys:
        headers = {"Authorization": BEARER, "Idempotency-Key": key}
        connection.request("POST", "/drafts", raw, headers)
        answer = connection.getresponse()
        answers[answer.status, answer.read()] += 1
    connection.close()
    return answers


def test_ten_thousand_identical_posts_at_once_make_one_draft(house: House) -> None:
    house.ada.writes("Hi")
    raw = json.dumps(draft()).encode()
    start = threading.Barrier(THREADS)

    def post_share(_: int) -> Counter[tuple[int, bytes]]:
        start.wait()
        return post_many(house, ["booking-17"] * (CROWD // THREADS), raw)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = sum(pool.map(post_share, range(THREADS)), Counter())
    assert answers.total() == CROWD
    (((status, body), _),) = answers.items()
    assert status == 201
    assert json.loads(body)["id"] == 1
    assert drafts_on_record(house) == 1
    assert house.states() == ["pending"]
    assert len(house.rows("SELECT 1 FROM history WHERE what = 'queued'")) == 1


def test_different_keys_at_once_make_a_draft_each(house: House) -> None:
    house.ada.writes("Hi")
    raw = json.dumps(draft()).encode()
    keys = [[f"{thread}-{number}" for number in range(8)] for thread in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = sum(pool.map(lambda mine: post_many(house, mine * 2, raw), keys), Counter())
    assert {status for status, _ in answers} == {201}
    numbers = sorted(json.loads(body)["id"] for _, body in answers)
    assert numbers == list(range(1, 8 * THREADS + 1))
    assert set(answers.values()) == {2}
    assert drafts_on_record(house) == 8 * THREADS


def test_the_same_body_spelt_otherwise_gets_the_first_answer(house: House) -> None:
    house.ada.writes("Hi")
    body = draft(order={"id": "A-17", "placed_at": "2026-11-20T09:00:00Z"}, text="Größe")
    first = post(house, body, key="k")
    backwards: Any = dict(reversed(body.items())) | {"order": dict(reversed(body["order"].items()))}
    for raw in (
        json.dumps(backwards, indent=4).encode(),
        json.dumps(body, ensure_ascii=False).encode(),
        b"\xef\xbb\xbf" + json.dumps(body).encode() + b"\n\n",
    ):
        again = post_raw(house, raw, key="k")
        assert (again.status_code, again.json()) == (201, first.json())
    assert drafts_on_record(house) == 1


def test_the_first_answer_stays_whatever_has_happened_since(house: House) -> None:
    refused = post(house, draft(), key="k")
    assert refused.status_code == 422
    house.ada.writes("Hi")
    again = post(house, draft(), key="k")
    assert (again.status_code, again.json()) == (422, refused.json())
    assert drafts_on_record(house) == 0
    timed = draft(send_at="2026-11-22T12:00:00Z")
    queued = post(house, timed, key="timed")
    house.clock.forward(hours=5)
    again = post(house, timed, key="timed")
    assert (again.status_code, again.json()) == (201, queued.json())


def test_the_first_answer_outlives_the_process(house: House) -> None:
    house.ada.writes("Hi")
    first = post(house, draft(), key="k").json()
    house.stop()
    house.start()
    assert post(house, draft(), key="k").json() == first
    assert drafts_on_record(house) == 1


def test_the_same_key_with_another_body_is_a_conflict(house: House) -> None:
    house.ada.writes("Hi")
    post(house, draft(), key="k")
    others: list[Any] = [draft(text="Other"), draft(recipient={"id": "5"}), draft(tag=None), {}, []]
    for other in others:
        answer = post(house, other, key="k")
        assert answer.status_code == 409, other
        assert set(answer.json()) == {"error"}
    assert drafts_on_record(house) == 1


def test_a_key_counts_for_this_very_spelling_and_without_one_each_post_counts(
    house: House,
) -> None:
    house.ada.writes("Hi")
    for key in ("k", "K", "k ey", None, None):
        assert post(house, draft(), key=key).status_code == 201
    assert drafts_on_record(house) == 5


def test_a_malformed_body_and_a_dry_run_use_up_no_key(house: House) -> None:
    house.ada.writes("Hi")
    assert post_raw(house, b"{", key="k").status_code == 400
    assert post(house, draft(text=5), key="k").status_code == 400
    assert post(house, draft(), key="k", query="?dry_run=true").status_code == 200
    assert post(house, draft(), key="k").status_code == 201


def test_a_key_has_to_be_there_and_not_too_long(house: House) -> None:
    house.ada.writes("Hi")
    for key, status in (("", 400), ("x" * 256, 400), ("x" * 255, 201), ("schlüssel", 201)):
        answer = post(house, draft(recipient={"id": ADA}), key=key)
        assert answer.status_code == status, key
