"""The alarm clock: APScheduler wakes the sender, the painter and the learner of names.

The schedule itself is the outbox. A job that overslept is simply run: it looks for whatever is due.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

EVERY_S: Final = 1
AT_MOST_EVERY: Final = timedelta(seconds=0.05)  # however often it is woken
JOB_DEFAULTS: Final[dict[str, Any]] = {
    "coalesce": True,
    "max_instances": 1,
    "misfire_grace_time": None,  # the library's own second would drop a run that is late
}


class _Executor(BasePoolExecutor):  # type: ignore[misc] # the library has no types
    """Runs the jobs in a pool that we can wait for ourselves."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        super().__init__(pool)

    def shutdown(self, wait: bool = True) -> None:
        """Leave the pool to us: the scheduler may still be about to submit something."""


class Timer:
    """Runs each job every second, and at once when woken; a job never runs beside itself."""

    def __init__(self, **jobs: Callable[[], object]) -> None:
        self._pool = ThreadPoolExecutor(len(jobs), thread_name_prefix="timer")
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults=JOB_DEFAULTS,
            executors={"default": _Executor(self._pool)},
        )
        self._woken: set[str] = set()
        self._began: dict[str, datetime] = {}
        for name, job in jobs.items():
            self._scheduler.add_job(
                partial(self._run, name, job),
                "interval",
                seconds=EVERY_S,
                id=name,
                next_run_time=datetime.now(UTC),
            )
        self._stopped = threading.Event()
        self._guard = threading.Thread(target=self._guard_the_clock, name="clock", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        self._guard.start()

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        return bool(self._scheduler.running)

    def waker(self, name: str) -> Callable[[], None]:
        """A function that wakes this job at once; to be woken twice before it runs changes nothing."""

        def wake() -> None:
            if self._stopped.is_set() or name in self._woken:
                return
            self._woken.add(name)
            now = datetime.now(UTC)
            began = self._began.get(name, now)
            soon = max(now, began + AT_MOST_EVERY) if began <= now else now
            try:
                self._scheduler.modify_job(name, next_run_time=soon)
            except JobLookupError:
                return  # it was stopped just now

        return wake

    def stop(self) -> None:
        """Tick no more; returns when the jobs that are running have ended."""
        self._stopped.set()
        if self.running:
            # Were the library to wait, it would hold its lock, for which a job that rings waits too.
            self._scheduler.shutdown(wait=False)
            self._pool.shutdown(wait=True)

    def _run(self, name: str, job: Callable[[], object]) -> None:
        self._began[name] = datetime.now(UTC)
        self._woken.discard(name)  # before it looks: what comes while it runs wakes it once more
        job()

    def _guard_the_clock(self) -> None:
        """Wake what would sleep too long: the library waits for a time of day.

        When the system's clock is set back by an hour, that time comes an hour later.
        """
        while not self._stopped.wait(EVERY_S):
            latest = datetime.now(UTC) + timedelta(seconds=2 * EVERY_S)
            for job in self._scheduler.get_jobs():
                if job.next_run_time > latest:
                    self._woken.discard(job.id)
                    self._began.pop(job.id, None)
                    self.waker(job.id)()
