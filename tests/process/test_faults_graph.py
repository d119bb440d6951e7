"""Graph answers slowly, garbled, with HTTP 500, half, not at all; over single messages and batches."""

from collections import Counter

from bot.practice.graph import faults
from tests.house import until
from tests.process.faults import ENDED, add_crowd, check_the_books, hurry, queue, seeded, settle
from tests.process.running import Site

AUDIENCE, AUDIENCES = 40, 3  # go in batches
SINGLES, FEW = 32, 8
FAULTS = (
    faults.slow(0),
    faults.slow(1.5),
    faults.gives_up(1.0),
    faults.garbled(),
    faults.empty(),
    faults.html_error(500, accepts=True),
    faults.html_error(500, accepts=False),
    faults.html_error(502, accepts=True),
    faults.html_error(503, accepts=False),
    faults.error(2, status=500, is_transient=True),
    faults.cut_mid_body(),
    faults.cut_after_accepting(),
    faults.cut_before_accepting(),
)


def test_whatever_graph_does_nothing_is_sent_twice_and_nothing_is_lost(site: Site) -> None:
    with seeded() as chance:
        bot = site.run()
        psids = add_crowd(site, AUDIENCE)
        for fault in chance.choices(FAULTS, k=SINGLES + 2 * AUDIENCE):
            site.graph.fail_next(fault, endpoint="messages")
        for fault in chance.choices(FAULTS, k=3):
            site.graph.fail_next(fault, endpoint="batch")
        for number in range(SINGLES):
            queue(site, [chance.choice(psids)], f"MESSAGE-TEXT-MARK single {number}")
            if number % FEW == 0:
                until(lambda: not _untried(site))  # so that they go each for itself
        for number in range(AUDIENCES):
            queue(site, psids, f"MESSAGE-TEXT-MARK to all {number}")
        until(lambda: len(site.graph.accepted) > AUDIENCE)
        site.graph.down()
        queue(site, psids, "MESSAGE-TEXT-MARK to nobody yet")
        until(lambda: _refused(site))
        site.graph.up()
        settle(site)
        check_the_books(site)
        _try_again(site)
        check_the_books(site)
        ways = Counter(sent.path for sent in site.graph.requests if sent.fault)
        assert min(ways["/v26.0/me/messages"], ways["/v26.0/"]) >= 3
        assert bot.end() == 0


def _untried(site: Site) -> bool:
    return bool(site.rows("SELECT id FROM deliveries WHERE state = 'pending' AND attempts = 0"))


def _refused(site: Site) -> bool:
    return bool(site.rows("SELECT id FROM deliveries WHERE note = 'Meta could not be reached.'"))


def _try_again(site: Site) -> None:
    """What Meta did not take goes out once more, as often as it takes."""
    while not set(site.states()) <= set(ENDED):
        hurry(site)
        settle(site)
