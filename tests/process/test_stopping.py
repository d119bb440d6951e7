"""A signal ends the wait whichever thread the system hands it to, and whenever it comes."""

import subprocess
import sys

import pytest

from tests.process.running import ROOT

WAITS = """
import os, signal, threading, time
from bot.stopping import StopSignal

stop_signal = StopSignal()
{before}
stop_signal.wait()
print("ended")
"""
# The main thread's wait is not interrupted: Python runs the handler when that thread looks again.
TO_ANOTHER_THREAD = """
def later():
    time.sleep(0.3)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    time.sleep(60)
threading.Thread(target=later, daemon=True).start()
"""


@pytest.mark.parametrize("before", [TO_ANOTHER_THREAD, "os.kill(os.getpid(), signal.SIGINT)"])
def test_no_signal_is_missed(before: str) -> None:
    script = WAITS.format(before=before)
    ended = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=ROOT,
        timeout=20,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")
