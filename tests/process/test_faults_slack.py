"""Slack is down, or asks for fewer calls; what goes to customers goes on, and every card is right after."""

from collections import Counter
from typing import Any

import pytest

from tests.house import until
from tests.process.faults import add_crowd, check_the_books, queue, settle
from tests.process.running import Bot, Site

PEOPLE = 6


def _down(site: Site) -> None:
    site.slack.down = True


def _fewer_calls(site: Site) -> None:
    for method in ("chat.postMessage", "chat.update"):
        site.slack.rate_limit_next(method, retry_after=1, times=1000)


def _texts(site: Site) -> list[str]:
    """Every card, whichever conversation it lies in."""
    channels = (site.approvals, site.slack.dm(site.ben))
    shown = [site.slack.render(card, site.ben) for c in channels for card in c.messages]
    return [text for text in shown if "MESSAGE-TEXT-MARK" in text]


def _failures(bot: Bot) -> int:
    return sum(entry["event"] == "Slack is not up to date" for entry in bot.events())


@pytest.mark.parametrize("trouble", [_down, _fewer_calls], ids=["down", "429"])
def test_when_slack_is_back_there_is_one_card_a_draft_and_it_is_right(
    site: Site, trouble: Any
) -> None:
    bot = site.run()
    psids = add_crowd(site, PEOPLE)
    before = [queue(site, [psid], f"MESSAGE-TEXT-MARK before {psid}") for psid in psids]
    until(lambda: len(_texts(site)) == len(before))
    trouble(site)
    for psid in psids:
        queue(site, [psid], f"MESSAGE-TEXT-MARK meanwhile {psid}")
    until(lambda: len(site.graph.accepted) == 2 * PEOPLE)
    settle(site)
    tried = _failures(bot)
    until(lambda: _failures(bot) > tried, 20)  # to show what was last, too
    site.slack.end_troubles()
    until(lambda: not site.rows("SELECT id FROM drafts WHERE drawn < version"), 20)
    until(lambda: not site.rows("SELECT id FROM notices WHERE posted_at IS NULL"), 20)
    about = Counter(text.split("MESSAGE-TEXT-MARK ")[1].split("\n")[0] for text in _texts(site))
    assert about == {f"{when} {psid}": 1 for when in ("before", "meanwhile") for psid in psids}
    assert all("delivered" in text or "sent" in text for text in _texts(site))
    check_the_books(site)
    assert bot.end() == 0
