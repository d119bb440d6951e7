"""`tagwise run`: the live bot."""

import gc
import os
import sys
from typing import Final

import click

from bot.commands.practice import serve_practice
from bot.commands.wrong_use import WrongUse, settings_or_exit
from bot.live import CannotListen, run_until_stopped
from bot.logs import configure_logs
from bot.settings import Settings, has_no_credentials
from storage.store import StoreError

NO_CREDENTIALS = """\
Tagwise has no credentials yet, so here is the practice workspace: the same bot between a Slack
and customers' phones on one page. To go live, copy .env.example to .env and follow README.md."""

# Threads come back from disk and network all the time. Python's own 5 ms are how long each of them may
# wait for one that computes: many in a row hold up what is to leave now. Far less than this, and they
# are busy handing over.
GIVES_WAY_S: Final = 0.001
# The collector looks for cycles after so many new objects, of which nearly none ends in one. Python's own
# 700 are less than a batch of messages.
OBJECTS_PER_SEARCH: Final = 20_000


@click.command()
def run() -> None:
    """Run the live bot until SIGTERM or SIGINT; without any credentials, the practice workspace."""
    if has_no_credentials():
        click.echo(NO_CREDENTIALS)
        serve_practice()
        return
    settings = settings_or_exit(Settings)
    configure_logs(settings)
    sys.setswitchinterval(GIVES_WAY_S)
    gc.set_threshold(OBJECTS_PER_SEARCH)
    try:
        all_ended = run_until_stopped(settings)
    except (StoreError, CannotListen) as error:
        raise WrongUse(str(error)) from None
    if not all_ended:
        # Python would wait for threads that wait for Slack; all that matters is on record.
        os._exit(0)
