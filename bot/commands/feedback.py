"""`tagwise feedback`: what customers answered in feedback forms, over a period."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from bot.commands.period import since_option, until_option
from bot.commands.record import require_current
from bot.commands.wrong_use import settings_or_exit
from bot.feedback_measures import FREE_FORM, KINDS, SCALES, measure
from bot.settings import DatabaseSettings
from storage.feedback import asked, tallies
from storage.store import Store

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
END: Final = datetime(9000, 1, 1, tzinfo=UTC)
SCORES: Final = range(11)
FIELDS: Final = ("kind", "asked", "answers", "with_words", "result", *map(str, SCORES))
NAMES: Final = {"csat": "CSAT", "nps": "NPS", "ces": "CES", FREE_FORM: "In words"}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one kind of question; `scores` are the answers by score."""

    kind: str
    asked: int
    answers: int
    with_words: int
    scores: Mapping[int, int]

    @property
    def measured(self) -> float | None:
        """CSAT, NPS or CES."""
        return measure(self.kind, self.scores)


@click.command()
@since_option
@until_option
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for spreadsheets and programs.")
def feedback(since: datetime | None, until: datetime | None, as_csv: bool) -> None:
    """Count the answers to feedback forms, and work out CSAT, NPS and CES.

    \b
    CSAT  satisfaction: the share of answers of 4 and 5, from 1 to 5, in percent.
    NPS   would recommend: the share of 9 and 10 minus that of 0 to 6, from 0 to
          10, in percentage points: -100 to 100.
    CES   effort: the mean of answers from 1 (hard) to 7 (easy).

    Answers count by the time at which they were given, forms (asked) by the time at which they were
    sent. n is the number of answers: a few say little.

    Exit code 0: done. 2: the database or an option is not what it has to be.
    """
    with closing(Store(settings_or_exit(DatabaseSettings).database_path)) as store:
        require_current(store)
        found = list(_results(store, since or BEGINNING, until or END))
    if as_csv:
        _write_csv(found)
    else:
        _write_table(found)


def _results(store: Store, since: datetime, until: datetime) -> Iterator[Result]:
    with store.read() as db:
        sent, found = asked(db, since, until), list(tallies(db, since, until))
    for kind in KINDS:
        scores: Counter[int] = Counter()
        answers = with_words = 0
        for tally in found:
            if tally.kind == kind:
                answers += tally.answers
                with_words += tally.with_words
                if tally.score is not None:
                    scores[tally.score] += tally.answers
        yield Result(kind, sent.get(kind, 0), answers, with_words, scores)


def _write_csv(found: list[Result]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(FIELDS)
    for result in found:
        measured = "" if result.measured is None else f"{result.measured:.2f}"
        scale = SCALES.get(result.kind, range(0))
        counts = [result.scores[score] if score in scale else "" for score in SCORES]
        head = (result.kind, result.asked, result.answers, result.with_words, measured)
        writer.writerow([*head, *counts])


def _write_table(found: list[Result]) -> None:
    table = Table("Question", "Asked", "n", "Result", "Answers by score", "With words")
    for result in found:
        counts = " ".join(f"{s}:{result.scores[s]}" for s in SCALES.get(result.kind, ()))
        numbers = (f"{result.asked:,}", f"{result.answers:,}", _in_words(result))
        table.add_row(NAMES[result.kind], *numbers, counts, f"{result.with_words:,}")
    Console(highlight=False).print(table)


def _in_words(result: Result) -> str:
    measured = result.measured
    if measured is None:
        return "–"
    return {"csat": f"{measured:.0f} %", "nps": f"{measured:+.0f}", "ces": f"{measured:.1f}"}[
        result.kind
    ]
