"""`tagwise practice`: a Slack, customers' phones and the real bot on one page, without credentials."""

import os
import sys
import webbrowser
from typing import Final

import click

from bot.commands.wrong_use import WrongUse
from bot.logs import set_levels
from bot.policy.editions import EDITIONS
from bot.stopping import StopSignal

PORT: Final = 8700


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--edition", type=click.Choice(list(EDITIONS)), help="Which edition of Meta's rules.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def practice(port: int, edition: str | None, no_browser: bool) -> None:
    """Open the practice workspace.

    Nothing leaves this machine, and nothing is kept: Slack and Meta are stand-ins.
    """
    serve_practice(port, edition, browser=not no_browser)


def serve_practice(port: int = PORT, edition: str | None = None, *, browser: bool = True) -> None:
    """The practice workspace until SIGTERM or SIGINT; raises WrongUse when the port is taken."""
    # Here, for they take a second that `--help` has no use for.
    from bot.practice.page.application import page_application
    from bot.practice.page.server import PageServer
    from bot.practice.page.workspace import DEFAULT_EDITION, Workspace

    set_levels("ERROR")  # what goes wrong here is meant to; the page shows it
    stop_signal = StopSignal()
    workspace = Workspace(edition or DEFAULT_EDITION)
    page = page_application(workspace)
    workspace.begin()
    try:
        try:
            server = PageServer(page, port)
        except OSError as error:
            raise WrongUse(
                f"Port {port} cannot be had ({error}). "
                "Choose another one: python -m bot practice --port 0"
            ) from None
        click.echo(f"The practice workspace is open at {server.url} (Ctrl+C ends it)")
        if browser and _has_screen():
            webbrowser.open(server.url)
        _ = workspace.scene  # what keeps it from standing is told here
        stop_signal.wait()
        workspace.changes.close()
        server.close()
    finally:
        workspace.close()


def _has_screen() -> bool:
    """Whether a browser could show itself; a text browser would take the terminal over."""
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
