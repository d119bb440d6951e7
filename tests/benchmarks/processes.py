"""The processes of a benchmark: stand-ins, bare programs to compare with, and what a process uses."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.benchmarks.arrivals import Summary

ROOT = Path(__file__).parents[2]
ENDING_S = 10.0


@dataclass(frozen=True)
class Child:
    """A program that tells about itself in its first line, and answers a line of JSON with one."""

    process: subprocess.Popen[str]
    about: dict[str, Any]

    def ask(self, **what: Any) -> Any:
        """Send one line; the answer, however long it takes."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """The next line that it says."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


@contextmanager
def running(module: str, *arguments: str) -> Iterator[Child]:
    """`python -m tests.benchmarks.<module>` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            raise RuntimeError(f"{module} did not start")
        yield Child(process, json.loads(first))
    finally:
        process.terminate()
        process.communicate(timeout=ENDING_S)


@dataclass(frozen=True)
class Graph:
    """The benchmark's Graph, asked over its control addresses."""

    url: str
    session: requests.Session

    def reset(self, delay_s: float) -> None:
        """Forget what arrived, and answer after this many seconds from now on."""
        self._control("POST", f"reset?delay_s={delay_s}")

    def count(self) -> int:
        """How many messages have arrived."""
        return int(self._control("GET", "count"))

    def summary(self) -> Summary:
        """What can be said of all that arrived."""
        return Summary.from_json(self._control("GET", "summary"))

    def arrivals(self) -> dict[str, float]:
        """When each message arrived, by its metadata."""
        return dict(self._control("GET", "arrivals"))

    def _control(self, method: str, what: str) -> Any:
        answer = self.session.request(method, f"{self.url}/control/{what}", timeout=ENDING_S)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_graph() -> Iterator[Graph]:
    """A Graph of its own until the block ends."""
    with running("graph_server") as child, requests.Session() as session:
        session.trust_env = False
        yield Graph(f"http://127.0.0.1:{child.about['port']}", session)


def cpu_s(pid: int) -> float:
    """Seconds of processor time that the process has used (Linux)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Megabytes of memory that the process holds (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def sleep_until(moment: float) -> None:
    """Wait for a time in seconds since the epoch; returns at once when it has passed."""
    time.sleep(max(0.0, moment - time.time()))
