"""Each benchmark runs, in small: what `make bench` says can be believed only if it still works."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from rich.console import Console

from tests.benchmarks import (
    bench_notify,
    bench_rate,
    bench_reminders,
    bench_sending,
    bench_webhooks,
)
from tests.benchmarks.__main__ import main
from tests.benchmarks.arrivals import busiest_second, steady_rate
from tests.benchmarks.plain_clients import by_batches, by_loop, by_threads
from tests.benchmarks.report import Figure, Goal, Result, compared, percentile, show
from tests.benchmarks.workshop import Workshop, open_workshop

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(lambda _: None, tmp_path_factory.mktemp("bench")) as opened:
        yield opened


def values(result: Result) -> dict[str, float]:
    return {figure.name: figure.middle for figure in result.figures}


def met(result: Result, aim: str) -> bool:
    """Whether the goal with these words in it was met."""
    [goal] = [goal for goal in result.goals if aim in goal.aim]
    return goal.met


def test_sending_counts_only_what_is_sent_once_and_recorded(shop: Workshop) -> None:
    size = bench_sending.Size(50, 5, 16, 50, repeats=1)
    found = bench_sending.measure(shop, delay_s=0.01, least=0, size=size)
    assert all(value > 0 for value in values(found).values())
    assert met(found, "sent once and recorded")


@on_linux
def test_the_rate_is_measured_over_all_arrivals(shop: Workshop) -> None:
    found = bench_rate.measure(shop, bench_rate.Size(messages=50, rate=40))
    most = values(found)["most in any one second"]
    assert 30 <= most <= 45  # a busy machine hands some over late; without a rate it were 50
    assert met(found, "never above the rate") == (most <= 40)


def test_webhooks_count_only_once_they_are_on_record(shop: Workshop) -> None:
    found = bench_webhooks.measure(shop, bench_webhooks.Size(50, 20, repeats=1))
    assert all(value > 0 for value in values(found).values())
    assert met(found, "on record once")


def test_every_command_is_acknowledged_by_each(shop: Workshop) -> None:
    modes = (bench_notify.SOCKET_MODE,)
    size = bench_notify.Size(10, 0.02, warm_up=1, drafts=50, copies=2, webhooks=50, modes=modes)
    found = bench_notify.measure(shop, size)
    assert met(found, "no command failed")
    assert 0 < values(found)["Tagwise idle: p50"] < 3_000


@on_linux
def test_reminders_that_fall_due_among_many_are_timed(shop: Workshop) -> None:
    size = bench_reminders.Size(2_000, 50, due=20, jobs=50, lead_s=1, lead_of_jobs_s=2)
    found = bench_reminders.measure(shop, size)
    assert values(found)["Tagwise: memory"] > 0
    assert 0 < values(found)["Tagwise: late, p99"] < 60


MESSAGE = {"recipient": {"id": "7"}, "message": {"text": "Hi", "metadata": "m:1"}}
CALL = {"method": "POST", "relative_url": "me/messages"}


def batch_of(*bodies: dict[str, Any]) -> str:
    forms = [{name: json.dumps(value) for name, value in body.items()} for body in bodies]
    return json.dumps([{**CALL, "body": urlencode(form)} for form in forms])


@pytest.mark.parametrize(
    "posted",
    [
        {"json": MESSAGE},
        {"data": {name: json.dumps(value) for name, value in MESSAGE.items()}},
    ],
    ids=["JSON", "a form"],
)
def test_the_graph_of_the_benchmarks_takes_one_message(shop: Workshop, posted: Any) -> None:
    shop.graph.reset(0)
    answer = requests.post(f"{shop.graph.url}/v26.0/me/messages", timeout=5, **posted)
    assert set(answer.json()) == {"recipient_id", "message_id"}
    assert shop.graph.summary().count == 1


@pytest.mark.parametrize("kind", ["data", "files"], ids=["a form", "multipart"])
def test_the_graph_of_the_benchmarks_answers_each_call_of_a_batch(
    shop: Workshop, kind: str
) -> None:
    shop.graph.reset(0)
    batch = batch_of(MESSAGE, MESSAGE, {"message": {"text": "to nobody"}})
    posted: Any = {kind: {"batch": batch if kind == "data" else (None, batch)}}
    answers = requests.post(f"{shop.graph.url}/v26.0/", timeout=5, **posted).json()
    assert [answer["code"] for answer in answers] == [200, 200, 400]
    assert (
        json.loads(answers[0]["body"])["message_id"] != json.loads(answers[1]["body"])["message_id"]
    )
    summary = shop.graph.summary()
    assert (summary.count, summary.duplicates, summary.refused) == (2, 1, 1)


def test_the_graph_of_the_benchmarks_refuses_what_graph_refuses(shop: Workshop) -> None:
    shop.graph.reset(0)
    tagless = {**MESSAGE, "messaging_type": "MESSAGE_TAG"}
    for path, body in [("me/messages", {}), ("me/messages", tagless), ("nowhere", MESSAGE)]:
        answer = requests.post(f"{shop.graph.url}/v26.0/{path}", json=body, timeout=5)
        assert answer.status_code == 400
    assert shop.graph.summary().refused == 3


@pytest.mark.parametrize("way", [by_loop, by_threads, by_batches])
def test_the_plain_ways_send_each_message_once(shop: Workshop, way: Any) -> None:
    shop.graph.reset(0)
    assert way(shop.graph, 60) > 0
    summary = shop.graph.summary()
    assert (summary.count, summary.duplicates, summary.refused) == (60, 0, 0)


def test_the_busiest_second_may_begin_anywhere() -> None:
    assert busiest_second([0.0, 0.9, 1.2, 1.8, 1.89, 2.9]) == 4
    assert busiest_second([0.0, 1.0, 2.0]) == 1  # a second ends where the next begins
    assert busiest_second([]) == 0


def test_bursts_do_not_flatter_the_rate() -> None:
    bursts = [burst * 1.05 for burst in range(10) for _ in range(300)]
    assert 280 < steady_rate(bursts) < 290
    even = [number / 300 for number in range(3_000)]
    assert steady_rate(even) == pytest.approx(300)


def test_a_missed_goal_is_shown_as_missed() -> None:
    ours, other = Figure("ours", (3.0, 1.0, 2.0), "m/s"), Figure("other", (4.0,), "m/s")
    figures = compared(ours, [other])
    assert figures[1].ratio == 0.5
    goals = [Goal.at_least("twice as fast", 0.5, 2, " x"), Goal.at_most("within 1 s", 0.5, 1)]
    console = Console(file=io.StringIO(), width=100)
    show(console, Result("A test", figures, goals))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "missed: twice as fast: 0.50 x" in shown
    assert "met: within 1 s" in shown
    assert "1 to 3" in shown


def test_a_percentile_lies_between_the_values() -> None:
    assert percentile(range(101), 99) == 99
    assert percentile([5.0], 99) == 5.0


def test_an_unknown_benchmark_is_wrong_use(tmp_path: Path) -> None:
    assert main(["7"]) == 2
