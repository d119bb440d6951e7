"""Reminders the way one would write them with APScheduler alone: a job each, kept in memory.

`python -m tests.benchmarks.bare_scheduler <graph url> <jobs> <due> <seconds>`: adds so many jobs, of
which so many are due that long after the start, and tells what that took; then it sends until ended.
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import requests
from apscheduler.schedulers.background import BackgroundScheduler

from tests.benchmarks.processes import memory_mb

PATIENCE_S = 30.0
_own = threading.local()


def remind(url: str, number: int) -> None:
    """Send one message; each worker keeps its own connection."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
        _own.session.trust_env = False
    message = {"text": f"Your class {number} starts tomorrow.", "metadata": f"plain:{number}"}
    body = {"recipient": {"id": str(number)}, "message": message, "messaging_type": "UPDATE"}
    _own.session.post(f"{url}/v26.0/me/messages", json=body, timeout=PATIENCE_S).raise_for_status()


def main(url: str, jobs: int, due: int, seconds: float) -> None:
    # Its own grace of a second would drop what is late, and more than one at a time.
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": False}
    )
    begun, soon = time.perf_counter(), datetime.now(UTC) + timedelta(seconds=seconds)
    for number in range(jobs):
        at = soon if number < due else soon + timedelta(days=1, minutes=number)
        scheduler.add_job(remind, "date", run_date=at, args=[url, number])
    inserted = time.perf_counter()
    scheduler.start()
    about = {
        "insert_s": inserted - begun,
        "start_s": time.perf_counter() - inserted,
        "memory_mb": memory_mb(os.getpid()),
        "due_at": soon.timestamp(),
    }
    print(json.dumps(about), flush=True)  # noqa: T201
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
