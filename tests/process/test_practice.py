"""`run` without credentials, and `practice`: a process that opens the practice workspace."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.process.running import ROOT, environment

PATIENCE_S = 30


class Practice:
    """One process; `said` is what it printed until it stood."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            env=environment({}) | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def address(self) -> str:
        """Where it stands, once it says so."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                return found[0]
        raise AssertionError(self.said)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            self.said += rest.read()
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    assert list(tmp_path.iterdir()) == [], "practice leaves nothing behind"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_practice_stands_until_it_is_told_to_end(folder: Path, number: signal.Signals) -> None:
    practice = Practice(folder, "practice", "--port", "0", "--no-browser")
    address = practice.address()
    page = requests.get(address, timeout=PATIENCE_S)
    assert "<title>Tagwise practice</title>" in page.text
    with requests.get(f"{address}events", stream=True, timeout=PATIENCE_S) as open_page:
        assert next(open_page.iter_lines())
        assert practice.end(number) == 0
    assert "Traceback" not in practice.said


def test_practice_begins_with_the_edition_that_is_asked_for(folder: Path) -> None:
    practice = Practice(folder, "practice", "--port", "0", "--no-browser", "--edition", "2026-04")
    bar = requests.get(f"{practice.address()}fragment/top", timeout=PATIENCE_S).text
    assert "<option selected>2026-04" in bar
    assert practice.end(signal.SIGTERM) == 0


def test_a_port_that_is_taken_is_told_with_a_way_out(folder: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        practice = Practice(folder, "practice", "--port", str(taken.getsockname()[1]))
        assert practice.ended() == 2
    assert "--port" in practice.said
    assert "Traceback" not in practice.said


def test_run_without_any_credentials_opens_practice(folder: Path) -> None:
    with closing(socket.socket()) as probe:
        if probe.connect_ex(("127.0.0.1", 8700)) == 0:
            pytest.skip("somebody practises on this machine, on the port of practice")
    practice = Practice(folder, "run")
    assert practice.address() == "http://127.0.0.1:8700/"
    assert "no credentials" in practice.said
    assert ".env.example" in practice.said
    assert practice.end(signal.SIGTERM) == 0
