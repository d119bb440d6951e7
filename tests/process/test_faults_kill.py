"""The process is killed at random moments during sends, webhooks and approvals."""

import time

from bot.practice.graph import faults
from tests.process.faults import add_crowd, check_the_books, seeded, settle
from tests.process.faults_traffic import Traffic
from tests.process.running import Site

KILLS = 6
DRAFTS = 40


def test_a_process_killed_again_and_again_keeps_its_promises(site: Site) -> None:
    with seeded() as chance:
        bot = site.run()
        traffic = Traffic(site, chance, add_crowd(site, 10), DRAFTS)
        for _ in range(3 * DRAFTS):
            site.graph.fail_next(faults.slow(chance.uniform(0, 0.6)), endpoint="messages")
        with traffic.flowing():
            for _ in range(KILLS):
                traffic.turn_to(bot)
                time.sleep(chance.uniform(0.1, 1.2))
                bot.kill()
                if chance.random() < 0.5:  # and once more while it starts
                    starting = site.start()
                    time.sleep(chance.uniform(0, 1.5))
                    starting.kill()
                bot = site.run()
            traffic.turn_to(bot)
            traffic.wait_until_approved()
        settle(site)
        check_the_books(site, traffic.accepted.values())
        assert bot.end() == 0
        check_the_books(site, traffic.accepted.values())
