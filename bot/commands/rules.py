"""`tagwise rules`: the rule book of an edition, as tables or as JSON."""

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from bot.commands.wrong_use import settings_or_exit
from bot.json_text import write_json
from bot.policy.catalogue import CATALOGUE
from bot.policy.editions import EDITIONS, Edition, Tag
from bot.policy.question import InteractionKind
from bot.settings import RuleSettings

_HOUR: Final = timedelta(hours=1)
_DOES: Final[Mapping[InteractionKind, str]] = {
    InteractionKind.MESSAGE: "writes a message, or answers with a quick reply",
    InteractionKind.POSTBACK: "taps a button, the menu or Get Started",
    InteractionKind.REFERRAL: "follows a link of the Page's into the conversation",
    InteractionKind.OPTIN: "uses a Send to Messenger or checkbox plugin",
    InteractionKind.REACTION: "reacts to a message",
    InteractionKind.AD_MESSAGE: "writes for the first time after clicking an ad",
}


@click.command()
@click.option(
    "--edition",
    type=click.Choice(list(EDITIONS)),
    help="Which edition of Meta's rules; without it the one of POLICY_EDITION.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def rules(edition: str | None, as_json: bool) -> None:
    """Show the rule book: tags, messaging windows, and every rule."""
    book = EDITIONS[edition or settings_or_exit(RuleSettings).policy_edition]
    if as_json:
        sys.stdout.buffer.write(write_json(_book_as_json(book), pretty=True) + b"\n")
        return
    console = Console(highlight=False)
    console.print(f"Edition {book.name}: {book.title}, read on {_day(book.read_on)}.\n")
    for table in (_tags(book), _windows(book), _rules()):
        console.print(table)
        console.print()
    console.print(book.for_promotions)


def _tags(book: Edition) -> Table:
    table = _table("Message tags, for when the window is closed (messaging type MESSAGE_TAG)")
    table.add_column("Tag", no_wrap=True, style="bold")
    table.add_column("What it is for")
    table.add_column("What it takes")
    for tag in book.tags.values():
        table.add_row(tag.name, tag.purpose, "\n".join(_terms(tag)), end_section=True)
    return table


def _terms(tag: Tag) -> list[str]:
    if tag.retired_on:
        return [f"Retired on {_day(tag.retired_on)}.", f"Instead: {tag.instead}."]
    where = " and ".join(channel.capitalize() for channel in tag.channels)
    until = f"up to {_length(tag.reach)} after their last message" if tag.reach else "at any time"
    return [f"{where}, {until}.", f"Needs {tag.needs}."]


def _windows(book: Edition) -> Table:
    table = _table("The messaging window (messaging type RESPONSE or UPDATE, no tag)")
    table.add_column("Interaction", no_wrap=True, style="bold")
    table.add_column("What the person does")
    table.add_column("Open for", no_wrap=True)
    for kind, length in book.windows.items():
        table.add_row(kind.value, _DOES[kind], _length(length))
    return table


def _rules() -> Table:
    table = _table("Rules (while the window is open, only those marked * still refuse)")
    table.add_column("Rule", no_wrap=True, style="bold")
    table.add_column("Severity", no_wrap=True)
    table.add_column("When")
    for entry in CATALOGUE:
        table.add_row(entry.rule + ("*" if entry.always else ""), entry.severity.value, entry.when)
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold underline", expand=False)


def _book_as_json(book: Edition) -> dict[str, Any]:
    return {
        "edition": book.name,
        "title": book.title,
        "source": book.source,
        "read_on": book.read_on.isoformat(),
        "tags": [_tag_as_json(tag) for tag in book.tags.values()],
        "windows": [
            {
                "interaction": kind.value,
                "does": _DOES[kind],
                "hours": length // _HOUR,
                "messaging_types": ["RESPONSE", "UPDATE"],
            }
            for kind, length in book.windows.items()
        ],
        "rules": [
            {
                "rule": entry.rule,
                "severity": entry.severity.value,
                "when": entry.when,
                "also_while_open": entry.always,
            }
            for entry in CATALOGUE
        ],
        "for_promotions": book.for_promotions,
    }


def _tag_as_json(tag: Tag) -> dict[str, Any]:
    return {
        "tag": tag.name,
        "purpose": tag.purpose,
        "messaging_type": "MESSAGE_TAG",
        "channels": list(tag.channels),
        "reach_hours": tag.reach // _HOUR if tag.reach else None,
        "needs": tag.needs,
        "retired_on": tag.retired_on.isoformat() if tag.retired_on else None,
        "instead": tag.instead or None,
    }


def _length(length: timedelta) -> str:
    return f"{length.days} days" if length.days > 1 else f"{length // _HOUR} hours"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
