"""`tagwise backup`: copy the database while the bot runs."""

import signal
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress

from bot.clock import system_clock
from bot.commands.wrong_use import WrongUse, settings_or_exit
from bot.settings import DatabaseSettings
from storage.backup import Backup, CannotBegin, NoBackup, back_up
from storage.store import Store

STOPPED: Final = 128 + signal.SIGINT


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE once the new backup is complete.")
@click.pass_context
def backup(ctx: click.Context, file: Path, force: bool) -> None:
    """Copy the database to FILE. The bot may run and send meanwhile.

    FILE appears only when the copy is complete and was looked through; nobody but you can read it. It
    holds everything: customers, messages, who approved what. An existing FILE stays as it is, unless
    you ask for --force.

    To restore: stop the bot, put FILE in the place of DATABASE_PATH, move DATABASE_PATH-wal and
    DATABASE_PATH-shm away, start the bot. What was sent since the backup is not known to it, so the
    bot sends nothing twice by itself: messages that were due by then are put down as "may have
    arrived" for a person to settle, and nothing else leaves until somebody presses "Resume sending".

    Exit code 0: the backup is complete. 1: it could not be made. 2: the database or FILE is not what
    it has to be. 130: stopped by Ctrl-C.
    """
    store = Store(settings_or_exit(DatabaseSettings).database_path)
    console = Console(stderr=True, highlight=False)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Copying")
        try:
            made = back_up(
                store,
                file,
                now=system_clock(),
                force=force,
                shown=lambda done, total: progress.update(task, completed=done, total=total),
                checking=lambda: progress.update(task, description="Looking through the copy"),
            )
        except CannotBegin as error:
            raise WrongUse(str(error)) from None
        except NoBackup as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("Stopped: no backup was made.", err=True)
            ctx.exit(STOPPED)
        finally:
            store.close()
    click.echo(_summary(file, made))


def _summary(file: Path, made: Backup) -> str:
    people, drafts, messages = (made.rows[table] for table in ("contacts", "drafts", "deliveries"))
    return (
        f"{file} is complete ({decimal(made.size)}): {people:,} people, {drafts:,} drafts, "
        f"{messages:,} messages."
    )
