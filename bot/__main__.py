"""The front door: `tagwise <command>`, or `python -m bot <command>`."""

from importlib import import_module
from typing import Final

import click

# Each is a function of that name in a module of that name in bot/commands.
COMMANDS: Final = (
    "run",
    "practice",
    "check",
    "rules",
    "doctor",
    "backfill",
    "templates",
    "audit",
    "feedback",
    "backup",
)


class _OnDemand(click.Group):
    """Imports a command when it is called for: `check` starts without what the live bot needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bot.commands.{cmd_name}"), cmd_name)
        return command


@click.command("tagwise", cls=_OnDemand)
def main() -> None:
    """Write to customers on Messenger and Instagram from Slack, inside Meta's rules."""


if __name__ == "__main__":
    main(prog_name="python -m bot")
