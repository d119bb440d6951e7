"""`tagwise audit`: who wrote, approved and sent what under which rule; no word of it unless asked for."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.audit import audit_lines
from bot.deciding import approve_draft
from bot.desk import standing_of
from bot.desk_replies import reply
from bot.settling import send_again
from storage import contacts, desk, drafts
from tests.commands.running import run
from tests.outbox import ADA, BEN, CLEO, Outbox, open_outbox

MARK = "50% off, MESSAGE-TEXT-MARK"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, inbox_channel="C2") as opened:
        yield opened


def audit(outbox: Outbox, *arguments: str) -> list[dict[str, Any]]:
    path = outbox.services.settings.database_path
    result = run("audit", *arguments, env={"DATABASE_PATH": str(path)})
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def answer(outbox: Outbox, text: str) -> int:
    """Ben answers Ada at the desk; the draft's number."""
    services = outbox.services
    with services.store.write() as db:
        contact = contacts.find(db, outbox.graph.page_id, ADA)
        thread = desk.newest_thread(db, contact.id) if contact else None
        assert thread
        standing = standing_of(db, services.settings, thread, outbox.clock())
        return reply(db, services.settings, standing, text, author=BEN).draft.id


def test_an_answer_inside_the_window(outbox: Outbox) -> None:
    answer(outbox, MARK)
    outbox.work()
    [mid] = [row["mid"] for row in outbox.rows("SELECT mid FROM deliveries")]
    assert audit(outbox) == [
        {
            "at": "2026-11-22T10:01:00Z",
            "draft": 1,
            "delivery": 1,
            "page": outbox.graph.page_id,
            "channel": "messenger",
            "written_by": {"kind": "person", "id": BEN},
            "edited_by": None,
            "approved_by": None,
            "sent_by": BEN,
            "scheduled": False,
            "reply": True,
            "rule": {
                "messaging_type": "RESPONSE",
                "tag": None,
                "findings": [
                    {"rule": "promotional", "severity": "advice", "source": "Message Tags"}
                ],
            },
            "outcome": "sent",
            "mid": mid,
        }
    ]


def test_a_flagged_answer_as_a_human_agent_names_who_approved_it_and_why(outbox: Outbox) -> None:
    outbox.clock.forward(hours=30)
    number = answer(outbox, MARK)
    services, now = outbox.services, outbox.clock()
    approve_draft(services.store, services.settings, number, by=CLEO, now=now, reason="She asked.")
    outbox.work()
    [line] = audit(outbox)
    assert line["approved_by"] == {"id": CLEO, "at": "2026-11-23T16:01:00Z", "reason": "She asked."}
    assert (line["written_by"]["id"], line["sent_by"]) == (BEN, CLEO)
    rule = line["rule"]
    assert (rule["messaging_type"], rule["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert rule["findings"][0]["severity"] == "review"


def test_what_a_system_queued_and_the_rule_book_stopped(outbox: Outbox) -> None:
    outbox.queue("Hello", author=None, requested_by="booking system")
    outbox.clock.forward(hours=24)
    outbox.work()
    [line] = audit(outbox)
    assert line["written_by"] == {"kind": "system", "id": "booking system"}
    assert line["approved_by"]["id"] == CLEO
    assert (line["sent_by"], line["outcome"], line["mid"]) == (None, "refused", None)
    assert [found["rule"] for found in line["rule"]["findings"]] == ["window-closed"]


def test_who_had_a_doubtful_message_sent_again_is_its_sender(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.claim()
    with outbox.services.store.write() as db:
        db.execute("UPDATE deliveries SET state = 'unknown'")
    send_again(outbox.services.store, number, by=CLEO, now=outbox.clock())
    outbox.work()
    [line] = audit(outbox)
    assert (line["written_by"]["id"], line["sent_by"], line["outcome"]) == (BEN, CLEO, "sent")


def test_no_word_of_a_message_is_in_it_unless_asked_for(outbox: Outbox) -> None:
    outbox.queue(MARK, tag="ACCOUNT_UPDATE")
    outbox.work()
    assert not any(word in json.dumps(audit(outbox)) for word in ("MARK", "50%", "off"))
    [line] = audit(outbox, "--with-text")
    assert line["message"] == {"text": MARK}
    assert "50% off" in [found["evidence"] for found in line["rule"]["findings"]]


def test_a_period_holds_its_first_moment_and_not_its_last(outbox: Outbox) -> None:
    for text in ("First", "Second", "Third"):
        outbox.queue(text)
        outbox.work()
        outbox.clock.forward(minutes=30)
    times = [line["at"] for line in audit(outbox)]
    assert times == ["2026-11-22T10:01:00Z", "2026-11-22T10:31:00Z", "2026-11-22T11:01:00Z"]
    found = audit(outbox, "--since", "2026-11-22T11:31:00+01:00", "--until", times[2])
    assert [line["at"] for line in found] == [times[1]]
    assert len(audit(outbox, "--since", "2026-11-22", "--until", "2026-11-23")) == 3
    assert audit(outbox, "--since", "2026-11-23") == []


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-31", "2026-11-22T10:00:00"])
def test_a_moment_that_is_none_is_wrong_use(outbox: Outbox, moment: str) -> None:
    path = outbox.services.settings.database_path
    result = run("audit", "--since", moment, env={"DATABASE_PATH": str(path)})
    assert (result.exit_code, result.stdout) == (2, "")
    assert moment in result.stderr


def test_without_a_record_it_says_so_and_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.db"
    result = run("audit", env={"DATABASE_PATH": str(path)})
    assert (result.exit_code, path.exists()) == (2, False)
    assert "There is no record" in result.stderr


def test_a_long_record_is_read_in_parts(outbox: Outbox) -> None:
    number = outbox.queue("x" * 1000)
    with outbox.services.store.write() as db:
        row = next(db.query("SELECT * FROM deliveries WHERE id = ?", [number]))
        later = [outbox.clock() + timedelta(seconds=n) for n in range(5000)]
        for at in later:
            db.table("deliveries").insert(row | {"id": None, "due_at": at.isoformat()})
        written = drafts.get(db, row["draft_id"])
    assert written is not None
    tracemalloc.start()
    count = sum(1 for _ in audit_lines(outbox.services.store))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5001
    assert peak < 2_500_000
