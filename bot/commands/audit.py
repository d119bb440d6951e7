"""`tagwise audit`: who wrote, approved and sent what under which rule, as JSON Lines."""

import sys
from datetime import datetime

import click

from bot.audit import audit_lines
from bot.commands.period import since_option, until_option
from bot.commands.record import require_current
from bot.commands.wrong_use import settings_or_exit
from bot.json_text import write_json
from bot.settings import DatabaseSettings
from storage.store import Store


@click.command()
@since_option
@until_option
@click.option(
    "--with-text", is_flag=True, help="With the messages themselves, and what was found in them."
)
def audit(since: datetime | None, until: datetime | None, with_text: bool) -> None:
    """Show who wrote, approved and sent what, and under which of Meta's rules.

    One JSON object a line for each message, in the order in which they were planned, for Meta's App
    Review or your own: who wrote it (a person, or a system), who approved it and why, who had it sent, the
    messaging type and tag under which it left, what the rule book found, and what became of it. No word
    of any message is in it, unless you ask for --with-text. The bot may run meanwhile.

    Times are those at which a message was sent, or was settled without being sent.

    Exit code 0: that is all of it.
    """
    store = Store(settings_or_exit(DatabaseSettings).database_path)
    require_current(store)
    for line in audit_lines(store, since, until, with_text=with_text):
        sys.stdout.buffer.write(write_json(line) + b"\n")
    sys.stdout.buffer.flush()
