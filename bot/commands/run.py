"""`tagwise run`: the live bot."""

import os

import click

from bot.commands.wrong_use import WrongUse, settings_or_exit
from bot.live import CannotListen, run_until_stopped
from bot.logs import configure_logs
from bot.settings import Settings, has_no_credentials
from storage.store import StoreError

NO_CREDENTIALS = """\
Tagwise has no credentials yet. It needs a Slack app and a Facebook Page:
  1. Copy .env.example to .env.
  2. Create the Slack app from manifest.yml at https://api.slack.com/apps and fill in its tokens.
  3. Create the Meta app at https://developers.facebook.com/apps and fill in the Page's token.
README.md takes you through both, step by step; `tagwise doctor` then says what is still missing."""


@click.command()
def run() -> None:
    """Run the live bot until SIGTERM or SIGINT."""
    if has_no_credentials():
        raise WrongUse(NO_CREDENTIALS)
    settings = settings_or_exit(Settings)
    configure_logs(settings)
    try:
        all_ended = run_until_stopped(settings)
    except (StoreError, CannotListen) as error:
        raise WrongUse(str(error)) from None
    if not all_ended:
        # Python would wait for threads that wait for Slack; all that matters is on record.
        os._exit(0)
