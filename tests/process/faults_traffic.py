"""An ordinary day at the bot's doors: drafts are posted and approved while customers write."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from random import Random

import requests

from bot.practice.slack import Message, SlackError
from tests.house import DRAFTS_TOKEN, until
from tests.process.running import Bot, Site

ANSWER_S = 6.0
AGAIN_S = 0.05
CLICK_AGAIN_S = 1.5
PATIENCE_S = 40.0


def url_of(bot: Bot) -> str:
    """Where it listens."""
    return f"http://127.0.0.1:{bot.port}"


def post_draft(
    site: Site, url: str, psid: str, text: str, key: str, **fields: str
) -> requests.Response:
    """Another system queues a message to this person."""
    return requests.post(
        f"{url}/drafts",
        json={
            "recipient": {"id": psid},
            "channel": site.graph.people[psid].channel,
            "text": text,
            **fields,
        },
        headers={"Authorization": f"Bearer {DRAFTS_TOKEN}", "Idempotency-Key": key},
        timeout=ANSWER_S,
    )


class Approver:
    """Cleo, who approves every card that asks for it, and clicks again where that did nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._clicked: dict[str, float] = {}

    def look(self) -> None:
        """Click on what she sees now."""
        for card in list(self._site.approvals.messages):
            now = time.monotonic()
            if _waits(card) and self._clicked.get(card.ts, 0.0) < now - CLICK_AGAIN_S:
                self._clicked[card.ts] = now
                # Where Slack shows a warning sign beside the button, she tries again later.
                with suppress(SlackError):
                    self._site.slack.click(self._site.cleo, card, "approve_draft")


def approve_all(site: Site) -> None:
    """Let her approve whatever waits."""
    approver = Approver(site)

    def decided() -> bool:
        approver.look()
        return not site.rows("SELECT id FROM drafts WHERE state = 'queued'")

    until(decided, PATIENCE_S)


class Traffic:
    """Whoever gets no answer asks again, as people and systems do."""

    def __init__(self, site: Site, chance: Random, psids: Sequence[str], drafts: int) -> None:
        self.accepted: dict[str, int] = {}  # draft numbers by Idempotency-Key
        self.faults: list[str] = []
        self._site = site
        self._url = ""
        self._psids = psids
        self._drafts = drafts
        self._over = threading.Event()
        doers = (self._queue_drafts, self._approve, self._write)
        self._threads = [
            threading.Thread(target=doer, args=(Random(chance.random()),), name=doer.__name__)
            for doer in doers
        ]

    def turn_to(self, bot: Bot) -> None:
        """From now on it goes to this bot, which has just been started."""
        self._url = url_of(bot)
        self._site.graph.redeliver()

    def wait_until_approved(self) -> None:
        """Wait until every draft was accepted and approved."""
        until(lambda: self.faults or self._all_approved(), PATIENCE_S)

    def _all_approved(self) -> bool:
        [(approved,)] = self._site.rows("SELECT count(*) FROM drafts WHERE state = 'approved'")
        return len(self.accepted) == self._drafts == int(approved)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """It flows during the block; fails if the bot gave an answer that it must not give."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(2 * ANSWER_S)
        assert not self.faults, self.faults

    def _queue_drafts(self, chance: Random) -> None:
        """Another system queues its drafts, each under its own key, some of them twice."""
        for number in range(self._drafts):
            psid = chance.choice(self._psids)
            for _ in range(chance.choice((1, 1, 1, 2))):
                self._queue(f"order-{number}", psid, f"MESSAGE-TEXT-MARK number {number}")

    def _queue(self, key: str, psid: str, text: str) -> None:
        while not self._over.is_set():
            try:
                answer = post_draft(self._site, self._url, psid, text, key)
            except requests.RequestException:
                self._over.wait(AGAIN_S)
                continue
            if answer.status_code == 503:
                continue
            number = answer.json().get("id")
            if answer.status_code != 201 or self.accepted.setdefault(key, number) != number:
                self.faults.append(f"{key} was answered {answer.status_code}: {answer.text}")
            return

    def _approve(self, _chance: Random) -> None:
        approver = Approver(self._site)
        while not self._over.wait(AGAIN_S):
            approver.look()

    def _write(self, chance: Random) -> None:
        """Customers write, and read what they got."""
        while not self._over.wait(chance.uniform(0.02, 0.15)):
            person = self._site.graph.person(chance.choice(self._psids))
            if chance.random() < 0.7:
                person.writes("And one more thing")
            else:
                person.reads()


def _waits(card: Message) -> bool:
    return any(
        element.get("action_id") == "approve_draft"
        for block in card.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    )
