"""`tagwise backfill` from the command line: what is learnt, kept, said, and how it ends."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.practice.graph import faults
from storage.store import Store
from tests.commands.installation import Setup
from tests.commands.running import run
from tests.house import ADA, BELA, INES, House, settings_for, until


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    with Store(database).read() as db:
        return list(db.query(query))


def learnt(database: Path) -> dict[str, tuple[str, str | None, str]]:
    """Channel, name and time of the last message, by PSID."""
    found = rows(
        database,
        "SELECT psid, channel, name, max(at) AS at FROM contacts"
        " JOIN interactions ON contact_id = contacts.id AND kind = 'message' GROUP BY psid",
    )
    return {row["psid"]: (row["channel"], row["name"], row["at"]) for row in found}


def test_it_learns_when_each_person_last_wrote_on_both_channels(setup: Setup) -> None:
    ada = setup.graph.add_person(ADA)
    ines = setup.graph.add_person(INES, channel="instagram", first_name="Ines", last_name="Faria")
    silent = setup.graph.add_person(BELA)
    ada.writes("Is my table booked?")
    setup.clock.forward(minutes=5)
    ines.writes("Hello")
    setup.clock.forward(minutes=5)
    setup.graph.page.replies_from_inbox(ADA, "Yes, it is.")
    setup.graph.page.replies_from_inbox(BELA, "We miss you.")
    result = setup.backfill()

    assert learnt(setup.database) == {
        ADA: ("messenger", "Ada Moreau", "2026-11-22T10:00:00.000000Z"),
        INES: ("instagram", "ines.faria", "2026-11-22T10:05:00.000000Z"),
    }
    people = rows(setup.database, "SELECT psid, page_id FROM contacts ORDER BY psid")
    page, instagram = setup.graph.page_id, setup.graph.instagram_id
    accounts = {row["psid"]: row["page_id"] for row in people}
    assert accounts == {ADA: page, BELA: page, INES: instagram}
    assert silent.thread
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Conversations: 3 read, 0 unchanged since the last time. "
        "People whose last message is newly known: 2. Windows open now: "
    )


def test_a_second_run_reads_only_what_has_changed(setup: Setup) -> None:
    ada, bela = setup.graph.add_person(ADA), setup.graph.add_person(BELA)
    ada.writes("Hello")
    bela.writes("Hello")
    setup.backfill()
    before = len(setup.graph.requests)
    setup.clock.forward(minutes=1)
    ada.writes("Are you there?")
    result = setup.backfill()

    read = [r.path for r in setup.graph.requests[before:] if "/t_" in r.path]
    assert read == [f"/v26.0/t_{ADA}"]
    assert "Conversations: 1 read, 1 unchanged since the last time." in result.stdout
    assert learnt(setup.database)[ADA][2] == "2026-11-22T10:01:00.000000Z"
    assert "newly known: 0" in setup.backfill().stdout


def test_nothing_that_was_said_is_asked_for(setup: Setup) -> None:
    setup.graph.add_person(ADA).writes("My card number is 4111")
    setup.backfill()

    assert not any("4111" in str(request.answer) for request in setup.graph.requests)


def test_without_an_instagram_account_only_messenger_is_read(setup: Setup) -> None:
    setup.graph.add_person(INES, channel="instagram").writes("Hello")
    result = setup.backfill(INSTAGRAM_ID="")

    assert "Conversations: 0 read" in result.stdout
    assert {request.query["platform"] for request in setup.graph.requests} == {"messenger"}


def test_it_works_while_the_bot_runs_and_opens_windows_there(house: House) -> None:
    house.ada.writes("Is my table booked?", deliver_webhook=False)
    assert house.post_draft().status_code == 422
    env = settings_for(house.slack, house.graph, house.approvals.id, house.database)
    result = run("backfill", env=env)

    assert "newly known: 1" in result.stdout
    assert result.exit_code == 0
    assert house.post_draft().status_code == 201


def test_an_older_database_is_not_changed_under_a_bot_that_runs(setup: Setup) -> None:
    with Store(setup.database).sole_user():
        result = setup.backfill()

    assert result.exit_code == 2
    assert "Another Tagwise is already running" in result.stderr
    assert not setup.database.exists()


def test_a_token_that_meta_does_not_know_ends_it_with_1(setup: Setup) -> None:
    result = setup.backfill(PAGE_ACCESS_TOKEN="EAAwrong-secret")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "has to renew PAGE_ACCESS_TOKEN" in result.stderr
    assert "run it again to go on" in result.stderr


def test_wrong_settings_and_a_wrong_database_end_it_with_2(setup: Setup) -> None:
    assert "PAGE_ID is missing" in setup.backfill(PAGE_ID="").stderr
    setup.database.write_bytes(b"not a database at all" * 100)
    result = setup.backfill()

    assert result.exit_code == 2
    assert "cannot be used" in result.stderr


@pytest.mark.parametrize("patient", [True, False])
def test_ctrl_c_ends_it_with_130_and_keeps_what_was_read(setup: Setup, patient: bool) -> None:
    people = [setup.graph.add_person(str(25 * 10**15 + number)) for number in range(3)]
    for person in people:
        person.writes("Hello")
    # Stopped while it waits for Meta's rate limit to pass, or for an answer.
    stuck = faults.error(613) if patient else faults.hang()
    read_before = 2  # one list, one conversation

    def reached() -> bool:
        return len(setup.graph.requests) > read_before

    process = subprocess.Popen(
        (sys.executable, "-m", "bot", "backfill"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **setup.env, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with process:
        until(lambda: len(setup.graph.requests) == read_before, 20)
        setup.graph.fail_next(stuck)
        until(reached)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=10)

    assert process.returncode == 130
    assert "Stopped. What was read is kept" in stderr
    assert "Traceback" not in stderr
    assert "Conversations: 1 read" in stdout
    assert len(learnt(setup.database)) == 1
    setup.graph.clear_faults()
    assert "2 read, 1 unchanged" in setup.backfill().stdout


def test_the_help_says_that_windows_can_only_be_understated() -> None:
    assert "never longer" in run("backfill", "--help").stdout


def test_times_are_metas_own(setup: Setup) -> None:
    setup.graph.add_person(ADA).writes("Hello")
    setup.clock.forward(days=3)
    setup.backfill()

    at = datetime.fromisoformat(learnt(setup.database)[ADA][2])
    assert at.isoformat() == "2026-11-22T10:00:00+00:00"
