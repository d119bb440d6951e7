"""`tagwise feedback`: counts, CSAT, NPS and CES over a period, as a table or CSV."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from storage import contacts, feedback
from storage.store import Store
from tests.commands.running import run
from tests.outbox import open_outbox
from tests.test_feedback import ask

DAY = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "tagwise.db")
    opened.migrate(DAY)
    yield opened
    opened.close()


def answer(
    store: Store, kind: str, score: int | None, at: datetime = DAY, words: str | None = None
) -> None:
    with store.write() as db:
        ada = contacts.ensure(db, "1", "24918830014477562", "messenger", DAY)
        [row] = db.query("SELECT count(*) AS n FROM feedback_answers")
        feedback.add(
            db,
            ada.id,
            delivery_id=None,
            key=str(row["n"]),
            question_id="visit",
            kind=kind,
            score=score,
            words=words,
            at=at,
        )


def ran(store: Store, *arguments: str) -> Result:
    return run("feedback", *arguments, env={"DATABASE_PATH": str(store.path)})


def as_csv(store: Store, *arguments: str) -> dict[str, dict[str, str]]:
    result = ran(store, "--csv", *arguments)
    assert result.exit_code == 0, result.output
    return {row["kind"]: row for row in csv.DictReader(result.stdout.splitlines())}


def test_csv_has_counts_measures_and_how_often_each_score_was_given(store: Store) -> None:
    for score in (5, 5, 4, 2):
        answer(store, "csat", score, words="Slow." if score == 2 else None)
    for score in (10, 9, 8, 0):
        answer(store, "nps", score)
    for score in (7, 4):
        answer(store, "ces", score)
    answer(store, "free_form", None, words="Nice.")

    assert ran(store, "--csv").stdout.splitlines() == [
        "kind,asked,answers,with_words,result,0,1,2,3,4,5,6,7,8,9,10",
        "csat,0,4,1,75.00,,0,1,0,1,2,,,,,",
        "nps,0,4,0,25.00,1,0,0,0,0,0,0,0,1,1,1",
        "ces,0,2,0,5.50,,0,0,0,1,0,0,1,,,",
        "free_form,0,1,1,,,,,,,,,,,,",
    ]


def test_the_table_says_the_same_to_people(store: Store) -> None:
    for score in (5, 5, 4, 2):
        answer(store, "csat", score)
    answer(store, "nps", 3)
    answer(store, "ces", 6)
    table = ran(store).stdout

    for text in ("CSAT", "75 %", "1:0 2:1 3:0 4:1 5:2", "NPS", "-100", "CES", "6.0", "In words"):
        assert text in table
    assert max(map(len, table.splitlines())) <= 80


def test_without_answers_there_is_no_result(store: Store) -> None:
    assert as_csv(store)["csat"] | {"kind": ""} == {
        **dict.fromkeys(("0", *map(str, range(6, 11)), "kind", "result"), ""),
        **dict.fromkeys(("asked", "answers", "with_words", *map(str, range(1, 6))), "0"),
    }
    assert "–" in ran(store).stdout


def test_a_period_has_its_first_and_its_last_day_or_goes_from_moment_to_moment(
    store: Store,
) -> None:
    for day, hour in ((9, 23), (10, 0), (11, 23), (12, 0)):
        answer(store, "csat", 5, datetime(2026, 11, day, hour, 59 * (hour > 0), tzinfo=UTC))

    def count(*arguments: str) -> str:
        return as_csv(store, *arguments)["csat"]["answers"]

    assert count("--since", "2026-11-10", "--until", "2026-11-11") == "2"
    assert count("--since", "2026-11-10") == "3"
    assert count("--until", "2026-11-09") == "1"
    assert count("--since", "2026-11-10T00:00:00Z", "--until", "2026-11-11T23:59:00Z") == "1"
    assert count("--since", "2026-11-10T01:00:00+01:00") == "3"


def test_what_was_asked_is_counted_when_it_was_sent(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        ask(outbox)
        ask(outbox, "advice", "nps")
        outbox.queue("No survey")
        outbox.work()
        store = outbox.services.store
        rows = as_csv(store, "--since", "2026-11-22", "--until", "2026-11-22")
        before = as_csv(store, "--until", "2026-11-21")
    assert [row["asked"] for row in rows.values()] == ["1", "1", "0", "0"]
    assert [row["asked"] for row in before.values()] == ["0"] * 4


@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01", "2026-11-10T12:00:00"])
def test_a_period_that_cannot_be_read_is_wrong_use(store: Store, wrong: str) -> None:
    result = ran(store, "--since", wrong)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "a day such as 2026-11-22" in result.stderr


def test_without_a_database_it_says_where_it_looked(tmp_path: Path) -> None:
    result = run("feedback", env={"DATABASE_PATH": str(tmp_path / "none.db")})

    assert result.exit_code == 2
    assert "none.db" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_help_defines_each_measure() -> None:
    told = " ".join(run("feedback", "--help").stdout.split())

    assert "the share of answers of 4 and 5, from 1 to 5, in percent" in told
    assert "the share of 9 and 10 minus that of 0 to 6" in told
    assert "the mean of answers from 1 (hard) to 7 (easy)" in told
