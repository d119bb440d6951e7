"""Running the command line: in this process, and as people do."""

import os
import subprocess
import sys
from collections.abc import Mapping

from click.testing import CliRunner, Result

from bot.__main__ import main


def run(*arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Result:
    """The command in this process, with nothing set but `env`."""
    clean = {"POLICY_EDITION": None, "HUMAN_AGENT_APPROVED": None}
    return CliRunner().invoke(main, arguments, input=stdin, env={**clean, **(env or {})})


def started(
    *arguments: str,
    executable: tuple[str, ...] = (sys.executable, "-m", "bot"),
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """The command in a process of its own, with pipes at all three ends."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("POLICY_EDITION", "COLUMNS")}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        (*executable, *arguments),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={**inherited, **(env or {})},
    )
