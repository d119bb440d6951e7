"""`tagwise` and `python -m bot`: the same commands, and none heavier than it has to be."""

import sys
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from tests.commands.running import run, started


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")

    assert result.exit_code == 0
    assert f"tagwise {command}" in result.stdout
    assert command in run("--help").stdout


@pytest.mark.parametrize("arguments", [("chek",), ("check", "--colour"), ("check", "a", "b"), ()])
def test_wrong_use_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage:" in result.stderr


@pytest.mark.parametrize(
    "executable", [(sys.executable, "-m", "bot"), (str(Path(sys.executable).with_name("tagwise")),)]
)
def test_both_names_lead_to_the_same_commands(executable: tuple[str, ...]) -> None:
    with started("check", executable=executable) as process:
        stdout, stderr = process.communicate(b"[]\n")

    assert stdout == b'{"error": "A question must be an object."}\n'
    assert (process.returncode, stderr) == (1, b"")


def test_asking_the_rule_book_loads_nothing_of_the_live_bot() -> None:
    code = (
        "import sys; from bot.__main__ import main; main(['check'], standalone_mode=False); "
        "print(*sys.modules)"
    )
    with started(executable=(sys.executable, "-c", code)) as process:
        stdout, stderr = process.communicate(b"")

    assert stderr == b""
    heavy = {"slack_bolt", "slack_sdk", "requests", "apscheduler", "flask", "rich", "sqlite_utils"}
    assert not heavy & set(stdout.decode().split())
