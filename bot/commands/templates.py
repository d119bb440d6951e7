"""`tagwise templates`: the Page's templates of utility messages, at Meta."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.clock import system_clock
from bot.commands.prepared import prepared_store
from bot.commands.wrong_use import WrongUse, settings_or_exit
from bot.json_text import NotJsonError, read_json, write_json
from bot.messenger import GraphFault, Messenger
from bot.policy.editions import EDITIONS
from bot.policy.utility_creation import creation_faults, promotion_in
from bot.settings import DatabaseSettings, PageSettings, RuleSettings
from bot.utility import Listed, fetch_templates, keep_templates

EDGE: Final = "message_templates"
IN_USE: Final = ("APPROVED", "PENDING")


class TemplateSettings(DatabaseSettings, PageSettings, RuleSettings):
    """What these commands need; Slack is not asked."""


@click.group()
def templates() -> None:
    """Templates of utility messages: what may be sent once the messaging window is closed.

    Meta reviews each template. The bot reads the list by itself every hour; each of these commands
    reads it at once, and the bot knows it from then on.

    Exit code 0: done. 1: Meta said no. 2: something has to be changed first.
    """


@templates.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_templates(as_json: bool) -> None:
    """Show the Page's templates with their status."""
    settings = _settings()
    with _meta(settings) as messenger:
        listed = _refresh(messenger, settings)
    if as_json:
        shown = [{**each.told, "sendable": each.template is not None} for each in listed]
        sys.stdout.buffer.write(write_json(shown, pretty=True) + b"\n")
    elif listed:
        Console(highlight=False).print(_table(listed))
    else:
        click.echo("The Page has no templates. Make one: python -m bot templates create FILE")


@templates.command("create")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_context
def create_template(ctx: click.Context, file: Path) -> None:
    """Create the template that FILE describes, in Meta's JSON; - reads standard input.

    \b
    {"name": "order_shipped", "language": "en", "components": [
      {"type": "BODY", "text": "Your order {{1}} is on its way.",
       "example": {"body_text": [["A-17"]]}}]}
    """
    settings = _settings()
    made = {"category": "UTILITY", **_read(file)}
    if faults := list(creation_faults(made)):
        raise WrongUse("\n".join(["This template cannot be created:", *faults]))
    if why := promotion_in(made):
        click.echo(f"Meta may reject it as marketing, for {why}.", err=True)
    with _meta(settings) as messenger:
        answer = messenger.create(f"{settings.page_id}/{EDGE}", made)
        _refresh(messenger, settings)
    status = answer.get("status", "PENDING")
    click.echo(f"{made['name']} in {made['language']}: {status} (id {answer.get('id')}).")
    ctx.exit(0 if status in IN_USE else 1)


@templates.command("delete")
@click.argument("name")
@click.option("--language", help="Only the template in this language; without it, in all of them.")
def delete_template(name: str, language: str | None) -> None:
    """Delete the template of that NAME. Drafts that name it fall back on nothing from then on."""
    settings = _settings()
    with _meta(settings) as messenger:
        found = [
            each.told
            for each in fetch_templates(messenger, settings.page_id)
            if each.told.get("name") == name and language in (None, each.told.get("language"))
        ]
        if not found:
            where = f" in {language}" if language else ""
            raise click.ClickException(f"The Page has no template called {name}{where}.")
        which = {"hsm_id": str(found[0].get("id"))} if language else {"name": name}
        messenger.delete(f"{settings.page_id}/{EDGE}", **which)
        _refresh(messenger, settings)
    click.echo(f"Deleted {name} in {', '.join(str(each.get('language')) for each in found)}.")


def _settings() -> TemplateSettings:
    settings = settings_or_exit(TemplateSettings)
    edition = settings.policy_edition
    if not EDITIONS[edition].has_utility_messages:
        raise WrongUse(
            f"Edition {edition} of Meta's rules knows no utility messages: set POLICY_EDITION=2026-04."
        )
    return settings


@contextmanager
def _meta(settings: TemplateSettings) -> Iterator[Messenger]:
    token = settings.page_access_token.get_secret_value()
    messenger = Messenger(settings.graph_api_url, settings.graph_api_version, token)
    with closing(messenger):
        try:
            yield messenger
        except GraphFault as fault:
            said = f" Meta says: {fault.said}" if fault.said else ""
            raise click.ClickException(f"{fault}{said}") from None


def _refresh(messenger: Messenger, settings: TemplateSettings) -> list[Listed]:
    store = prepared_store(settings.database_path)
    with closing(store):
        listed = fetch_templates(messenger, settings.page_id)
        keep_templates(store, settings.page_id, listed, system_clock())
    return listed


def _read(file: Path) -> Mapping[str, Any]:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        made = read_json(raw)
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from None
    except NotJsonError as error:
        raise WrongUse(f"{file}: {error}") from None
    if not isinstance(made, dict):
        raise WrongUse(f"{file}: a template has to be a JSON object.")
    return made


def _table(listed: Sequence[Listed]) -> Table:
    table = Table("Name", "Language", "Status", "Text")
    for each in listed:
        told = each.told
        text = each.template.body if each.template else f"Tagwise cannot send it: {each.unfit}."
        reason = told.get("rejected_reason")
        why = f" ({reason})" if reason and reason != "NONE" else ""
        row = (told.get("name"), told.get("language"), f"{told.get('status')}{why}", text)
        table.add_row(*(Text(str(cell)) for cell in row))
    return table
