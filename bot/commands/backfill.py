"""`tagwise backfill`: learn from the Page's conversations when each person last wrote."""

import signal
from contextlib import closing
from sqlite3 import OperationalError

import click
from rich.console import Console

from bot.backfill import Backfill, Patience, Tally
from bot.commands.prepared import prepared_store
from bot.commands.wrong_use import settings_or_exit
from bot.messenger import GraphFault, Messenger
from bot.settings import Settings

STOPPED = 128 + signal.SIGINT
GO_ON = "What was read is kept: run it again to go on."


@click.command()
@click.pass_context
def backfill(ctx: click.Context) -> None:
    """Read the Page's conversations to learn when each person last wrote.

    Run it once after setting up, and after times when the webhook did not work. The bot may run
    meanwhile. Meta allows 2 calls a second, so a thousand conversations take about ten minutes; stop it
    with Ctrl-C and run it again as you like: what has not changed since is left out.

    It can make a messaging window look shorter than it is, never longer: Meta's list knows messages,
    but not the buttons, links and reactions that open the window too.

    Exit code 0: all conversations were read. 1: Meta did not let it go on. 130: stopped by Ctrl-C.
    """
    settings = settings_or_exit(Settings)
    prepared_store(settings.database_path)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with closing(_messenger(settings)) as messenger:
        with console.status("Reading conversations ...") as status:
            reading = Backfill(
                settings,
                messenger,
                Patience(tell=lambda words: console.print(words, markup=False)),
                shown=lambda tally: status.update(_progress(tally)),
            )
            stopped = _run(reading)
        click.echo(_summary(reading))
    if stopped:
        click.echo(f"Stopped. {GO_ON}", err=True)
        ctx.exit(STOPPED)


def _messenger(settings: Settings) -> Messenger:
    token = settings.page_access_token.get_secret_value()
    return Messenger(settings.graph_api_url, settings.graph_api_version, token)


def _run(reading: Backfill) -> bool:
    """Whether it was stopped by Ctrl-C."""
    try:
        reading.run()
    except KeyboardInterrupt:
        return True
    except GraphFault as fault:
        raise click.ClickException(f"Meta did not let it go on. {fault} {GO_ON}") from None
    except OperationalError as error:
        raise click.ClickException(f"The database could not be used ({error}). {GO_ON}") from None
    return False


def _progress(tally: Tally) -> str:
    return f"{tally.read + tally.unchanged:,} conversations, {tally.people:,} people learnt of"


def _summary(reading: Backfill) -> str:
    tally = reading.tally
    left_out = f", {tally.unreadable:,} could not be read" if tally.unreadable else ""
    return (
        f"Conversations: {tally.read:,} read, {tally.unchanged:,} unchanged since the last time"
        f"{left_out}. People whose last message is newly known: {tally.people:,}. "
        f"Windows open now: {reading.windows_open():,}."
    )
