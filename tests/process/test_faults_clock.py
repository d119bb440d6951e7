"""The system's clock jumps by an hour, forth or back, and later the other way."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.moments import moment_text
from bot.practice.graph import faults
from tests.house import until
from tests.process.faults import check_the_books, settle
from tests.process.faults_traffic import approve_all, post_draft, url_of
from tests.process.running import ROOT, Bot, Site, environment

HOUR_S = 3600
PEOPLE = 3
PROMPT_S = 10.0


class _Clock:
    """The bot's clock, by the file that it reads."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.jump(0)

    def jump(self, seconds: int) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.file)


def _run(site: Site, clock: _Clock) -> Bot:
    bot = Bot(
        subprocess.Popen(
            [sys.executable, "-m", "tests.process.faults_clock", str(clock.file)],
            env=environment(site.settings()) | {"PYTHONPATH": str(ROOT)},
            cwd=site.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    site.bots.append(bot)
    site.graph.connect(f"{url_of(bot)}/messenger/webhook")
    site.slack.connect_http(f"{url_of(bot)}/slack/events")
    return bot


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S], ids=["forth", "back"])
def test_a_clock_that_jumps_by_an_hour_loses_and_repeats_nothing(site: Site, jump_s: int) -> None:
    clock = _Clock(site.folder)
    bot = _run(site, clock)
    psids = [_wrote_hours_ago(site, number) for number in range(PEOPLE)]
    in_half_an_hour = moment_text(datetime.now(UTC) + timedelta(minutes=30))
    _send(site, psids[:1], "scheduled", send_at=in_half_an_hour)
    site.graph.fail_next(faults.error(2), endpoint="messages")
    _send(site, psids[:1], "put off")
    until(lambda: site.rows("SELECT 1 FROM deliveries WHERE state = 'pending' AND attempts = 1"))
    site.graph.fail_next(faults.slow(3), times=PEOPLE, endpoint="messages")
    _send(site, psids, "in flight")
    until(lambda: len(site.sends()) == 1 + PEOPLE)
    clock.jump(jump_s)
    until(lambda: site.states()[1:] == ["delivered"] * (1 + PEOPLE), PROMPT_S)
    assert len(_arrived(site, "put off")) == 1
    _send(site, psids, "after the jump")
    until(lambda: len(_arrived(site, "after the jump")) == PEOPLE, PROMPT_S)
    assert len(_arrived(site, "scheduled")) == (1 if jump_s > 0 else 0)
    clock.jump(0)
    _send(site, psids, "right again")
    until(lambda: len(_arrived(site, "right again")) == PEOPLE, PROMPT_S)
    clock.jump(HOUR_S)
    until(lambda: len(_arrived(site, "scheduled")) == 1, PROMPT_S)
    assert site.health(bot).status_code == 200
    settle(site)
    check_the_books(site)
    assert set(site.states()) == {"delivered"}
    assert bot.end() == 0


def _wrote_hours_ago(site: Site, number: int) -> str:
    """Somebody whose window is open by any of the clocks."""
    person = site.graph.add_person(f"{24918830014478000 + number}")
    person.writes("Hi", deliver_webhook=False)
    stamp = int((datetime.now(UTC) - timedelta(hours=3)).timestamp() * 1000)
    page = {"id": site.graph.page_id}
    event = {"sender": {"id": person.id}, "recipient": page, "timestamp": stamp}
    messaging = [event | {"message": {"mid": f"m_{number}", "text": "Hi"}}]
    body = {"object": "page", "entry": [{**page, "time": stamp, "messaging": messaging}]}
    site.graph.post_webhook(body)
    return person.id


def _send(site: Site, psids: list[str], about: str, **fields: str) -> None:
    """A system queues a message to each, and Cleo approves them; meanwhile they write."""
    for psid in psids:
        text = f"MESSAGE-TEXT-MARK {about}"
        answer = post_draft(site, url_of(site.bots[-1]), psid, text, f"{about} {psid}", **fields)
        assert answer.status_code == 201, answer.text
        site.graph.person(psid).writes("And one more thing")
    approve_all(site)


def _arrived(site: Site, about: str) -> list[Any]:
    return [sent for sent in list(site.graph.accepted) if str(sent.text).endswith(about)]
