"""`tagwise check`: questions to the rule book as JSON Lines, one verdict a line."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from pydantic import ValidationError

from bot.commands.wrong_use import WrongUse, settings_or_exit
from bot.faults import faults_as_json
from bot.json_text import NotJsonError, read_json, write_json
from bot.policy.check import check as judge
from bot.questions import read_question, verdict_as_json
from bot.settings import RuleSettings

LONGEST_LINE: Final = 16 * 1024 * 1024  # bytes: a file of anything else must not fill the memory


@click.command()
@click.argument("file", default="-", metavar="[FILE]")
@click.pass_context
def check(ctx: click.Context, file: str) -> None:
    """Ask the rule book: may these messages go out?

    FILE holds one question a line, as JSON; without it they are read from standard input. Every line
    is answered on standard output, in order: with a verdict, or with {"error": ...} where it is no
    question. Blank lines are skipped.

    Exit code 0: every message may go out. 1: at least one may not, or a line was no question.
    """
    default_edition = settings_or_exit(RuleSettings).policy_edition
    verdicts = sys.stdout.buffer
    every_one_allowed = True
    with _opened(file) as questions:
        for line in _lines(questions):
            answer, allowed = _answer(line, default_edition)
            every_one_allowed &= allowed
            verdicts.write(answer + b"\n")
            verdicts.flush()  # whoever asks one question at a time waits for its answer
    ctx.exit(0 if every_one_allowed else 1)


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from None


def _lines(questions: BinaryIO) -> Iterator[bytes]:
    """The lines that are not blank; of one that is too long, only its beginning."""
    while line := questions.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = questions.readline(LONGEST_LINE + 1)
        if line.strip():
            yield line


def _answer(line: bytes, default_edition: str) -> tuple[bytes, bool]:
    """One line of JSON, and whether it says that the message may go out."""
    try:
        if len(line) > LONGEST_LINE:
            raise NotJsonError("This line is too long to be a question.")
        asked = read_json(line)
        answer = _judged(asked, default_edition)
        return write_json(answer), answer.get("allowed", False)
    except NotJsonError as error:
        return write_json({"error": str(error)}), False


def _judged(asked: Any, default_edition: str) -> dict[str, Any]:
    try:
        verdict = judge(read_question(asked, default_edition))
    except ValidationError as error:
        named = {"id": asked["id"]} if isinstance(asked, dict) and "id" in asked else {}
        return named | faults_as_json(error, "A question")
    return {"id": asked.get("id"), **verdict_as_json(verdict)}
