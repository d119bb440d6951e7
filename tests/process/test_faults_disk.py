"""The disk is full: what cannot be kept is not confirmed, and nothing is lost once there is room."""

import resource
from pathlib import Path

import pytest
import requests

from bot.practice.graph import faults
from tests.house import PATIENCE_S, until
from tests.process.faults import add_crowd, check_the_books, queue, settle, write_at_once
from tests.process.faults_traffic import post_draft, url_of
from tests.process.running import Bot, Site

PEOPLE = 8  # fewer than go in a batch
HALF_A_TRANSACTION = 3 * 4096


def _let_files_grow_to(bot: Bot, size: int) -> None:
    """The bot's files can be written up to this size; a limit that its user may lift again."""
    _, most = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, most))


def _size_of_log(site: Site) -> int:
    return Path(f"{site.database}-wal").stat().st_size


@pytest.mark.parametrize("killed", [False, True], ids=["there is room again", "killed meanwhile"])
def test_a_full_disk_loses_nothing(site: Site, killed: bool) -> None:
    bot = site.run()
    psids = add_crowd(site, PEOPLE)
    _let_files_grow_to(bot, _size_of_log(site) + HALF_A_TRANSACTION)
    until(lambda: 503 in _answers(site, psids))
    _let_files_grow_to(bot, resource.RLIM_INFINITY)
    site.graph.echoes = site.graph.deliveries = False  # they would say what the bot could not keep
    site.graph.fail_next(faults.slow(4), times=PEOPLE, endpoint="messages")
    for psid in psids:
        queue(site, [psid], f"MESSAGE-TEXT-MARK to {psid}")
    until(lambda: len(site.sends()) == PEOPLE)
    _let_files_grow_to(bot, 0)
    assert _answers(site, psids) == {503}
    assert bot.says("outcomes not written yet")
    assert _health(bot) == (503, "database")
    assert _draft(site, bot, psids[0]) == 503
    if killed:
        bot.kill()
        bot = site.run()
    else:
        _let_files_grow_to(bot, resource.RLIM_INFINITY)
    settle(site)
    assert _draft(site, bot, psids[0]) == 201
    check_the_books(site)
    assert set(site.states()) == {"unknown" if killed else "sent", "pending"}
    assert bot.end() == 0


def _answers(site: Site, psids: list[str]) -> set[int | None]:
    """How the bot answers while everybody writes."""
    told = len(site.graph.webhooks)
    write_at_once(site, psids, 5)
    return {post.status for post in site.graph.webhooks[told:]}


def _health(bot: Bot) -> tuple[int, str]:
    """How the bot says it is, and which part does not work."""
    answer = requests.get(f"{url_of(bot)}/health", timeout=PATIENCE_S)
    parts = answer.json()["parts"]
    return answer.status_code, " ".join(name for name in parts if parts[name] != "ok")


def _draft(site: Site, bot: Bot, psid: str) -> int:
    return post_draft(site, url_of(bot), psid, "MESSAGE-TEXT-MARK later", "later").status_code
