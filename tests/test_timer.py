"""The alarm clock keeps ringing, also when the system's clock is set back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from handlers.timer import Timer
from tests.house import until


@contextmanager
def _ticking(timer: Timer) -> Iterator[Timer]:
    timer.start()
    try:
        yield timer
    finally:
        timer.stop()


def test_a_job_runs_at_once_and_whenever_it_is_woken() -> None:
    runs = threading.Semaphore(0)
    with _ticking(Timer(job=runs.release)) as timer:
        assert runs.acquire(timeout=0.9)
        timer.waker("job")()
        assert runs.acquire(timeout=0.9)


def test_to_be_woken_a_thousand_times_costs_a_few_runs_and_the_last_word_is_heard() -> None:
    said = 0
    heard: list[int] = []
    with _ticking(Timer(job=lambda: heard.append(said))) as timer:
        wake = timer.waker("job")
        for _ in range(1000):
            said += 1
            wake()
        until(lambda: heard and heard[-1] == 1000)
        assert len(heard) < 100


def test_a_clock_set_back_by_an_hour_stops_nothing_for_an_hour() -> None:
    runs = threading.Semaphore(0)
    timer = Timer(job=runs.release)
    with _ticking(timer):
        assert runs.acquire(timeout=5)
        # What the clock's step leaves behind: a next time that lies an hour ahead.
        timer._scheduler.modify_job("job", next_run_time=datetime.now(UTC) + timedelta(hours=1))
        while runs.acquire(blocking=False):
            pass
        assert runs.acquire(timeout=5)


def test_a_slow_job_holds_up_no_other_and_never_runs_beside_itself() -> None:
    release, runs, beside = threading.Event(), threading.Semaphore(0), []
    inside = threading.Lock()

    def slow() -> None:
        beside.append(not inside.acquire(blocking=False))
        release.wait(10)
        inside.release()

    with _ticking(Timer(slow=slow, quick=runs.release)) as timer:
        until(lambda: beside)
        timer.waker("slow")()
        for _ in range(3):
            timer.waker("quick")()
            assert runs.acquire(timeout=5)
        release.set()
    assert not any(beside)


def test_a_job_that_fails_runs_again() -> None:
    runs = threading.Semaphore(0)

    def fail() -> None:
        runs.release()
        raise ValueError("on purpose")

    with _ticking(Timer(job=fail)) as timer:
        assert runs.acquire(timeout=5)
        timer.waker("job")()
        assert runs.acquire(timeout=5)


def test_waking_a_timer_that_has_stopped_does_nothing() -> None:
    timer = Timer(job=lambda: None)
    with _ticking(timer):
        wake = timer.waker("job")
    wake()
    assert not timer.running


def test_a_job_that_rings_while_the_timer_stops_does_not_hold_it_up() -> None:
    running, ring = threading.Event(), threading.Event()

    def rings() -> None:
        running.set()
        ring.wait(5)
        timer._scheduler.modify_job("rings", next_run_time=datetime.now(UTC))

    timer = Timer(rings=rings)
    timer.start()
    assert running.wait(5)
    stopping = threading.Thread(target=timer.stop)
    stopping.start()
    until(lambda: not timer.running)
    ring.set()
    stopping.join(5)
    assert not stopping.is_alive()
