"""`tagwise doctor`: is everything set up? One line each, with what to do."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from bot.clock import system_clock
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Level
from bot.json_text import write_json

_STYLES: Final[Mapping[Level, str]] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@click.command()
@click.option(
    "--subscribe", is_flag=True, help="Subscribe the Page to the webhook fields that are missing."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def doctor(ctx: click.Context, subscribe: bool, as_json: bool) -> None:
    """Check the settings, the database, Slack and the Page.

    Nothing is changed, unless you ask for --subscribe. What is wrong with the settings is said first;
    what they do not hinder is checked all the same.

    Exit code 0: nothing failed (a warning is no failure). 1: something did.
    """
    findings = examine(system_clock(), subscribe=subscribe)
    failed = _write_json(findings) if as_json else _print(findings)
    ctx.exit(1 if failed else 0)


def _print(findings: Iterable[Finding]) -> bool:
    console = Console(highlight=False, soft_wrap=True)
    failed = False
    for finding in findings:
        failed |= finding.level == "fail"
        console.print(
            Text.assemble(
                (f"{finding.level:<4}", _STYLES[finding.level]),
                f"  {finding.name:<17}  {finding.sentence}",
            )
        )
    return failed


def _write_json(findings: Iterable[Finding]) -> bool:
    made = list(findings)
    failed = any(finding.level == "fail" for finding in made)
    report = {"ok": not failed, "findings": [asdict(finding) for finding in made]}
    sys.stdout.buffer.write(write_json(report, pretty=True) + b"\n")
    return failed
