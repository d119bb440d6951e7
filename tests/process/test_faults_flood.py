"""Webhooks come in a flood, several events in a body, each body up to three times and out of order."""

import json
import threading
import time
from random import Random

from bot.practice.graph.events import encode
from tests.house import until
from tests.process.faults import GONE, add_crowd, check_the_books, queue, seeded, settle
from tests.process.running import Site

PEOPLE = 50
ROUNDS = 4  # 200 messages in all
CONNECTIONS = 8
MOMENT = 60  # acts of people


def test_a_flood_of_webhooks_while_sending_loses_none_and_mistakes_none(site: Site) -> None:
    with seeded() as chance:
        bot = site.run()
        psids = add_crowd(site, PEOPLE)
        for number in range(ROUNDS - 1):
            queue(site, psids, f"MESSAGE-TEXT-MARK round {number}")
            _flood(site, _happens(site, psids, chance), chance)
        until(lambda: len(site.graph.accepted) == (ROUNDS - 1) * PEOPLE, 40)
        site.graph.settle(40)
        site.graph.echoes = False  # so that a receipt that comes early is all there is
        queue(site, psids, "MESSAGE-TEXT-MARK last round")
        until(lambda: len(site.graph.accepted) == ROUNDS * PEOPLE, 40)
        settle(site)
        check_the_books(site)
        until(lambda: set(site.states()) <= set(GONE))
        assert bot.end() == 0


def _happens(site: Site, psids: list[str], chance: Random) -> list[bytes]:
    """What Meta has to tell of a moment in which people write and read, and messages go out."""
    with site.graph.webhooks_held() as held:
        for psid in chance.choices(psids, k=MOMENT):
            person = site.graph.person(psid)
            if chance.random() < 0.7:
                person.writes("And one more thing")
            else:
                person.reads()
            time.sleep(0.01)
        return [held.pop() for _ in range(len(held))]


def _flood(site: Site, bodies: list[bytes], chance: Random) -> None:
    """Post these events over several connections at once, 1 to 5 in a body, each 1 to 3 times."""
    posts = [body for body in _packed(bodies, chance) for _ in range(chance.randint(1, 3))]
    chance.shuffle(posts)
    threads = [
        threading.Thread(target=_post_all, args=(site, posts[number::CONNECTIONS]))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _packed(bodies: list[bytes], chance: Random) -> list[bytes]:
    read = [json.loads(body) for body in bodies]
    packed = []
    for kind in ("page", "instagram"):
        entries = [entry for body in read if body["object"] == kind for entry in body["entry"]]
        chance.shuffle(entries)
        while entries:
            size = chance.randint(1, 5)
            packed.append(encode({"object": kind, "entry": entries[:size]}))
            del entries[:size]
    return packed


def _post_all(site: Site, bodies: list[bytes]) -> None:
    for body in bodies:
        site.graph.post_webhook(body)
