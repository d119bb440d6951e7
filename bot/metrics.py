"""What Prometheus is told: counters of what passes through, and gauges read from the record."""

from collections.abc import Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.clock import Clock
from storage import deliveries, pauses, tags
from storage.store import Store

SENDING = Histogram("tagwise_send_seconds", "Seconds from a request to the Send API to its answer.")
WEBHOOK_EVENTS = Counter(
    "tagwise_webhook_events_total", "Events received from Meta and recorded.", ["kind"]
)


class RecordCollector(Collector):
    """Reads the outbox's state from the database each time it is asked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The deliveries of each state, and each kind of breaker that is open."""
        with self._store.read() as db:
            counts = deliveries.counts(db)
            paused = len(pauses.holding(db, self._clock()))
            refused = len(tags.refused(db))
            held = len(tags.holds(db))
        outbox = GaugeMetricFamily(
            "tagwise_deliveries", "Deliveries on record, by state.", labels=["state"]
        )
        for state, count in counts.items():
            outbox.add_metric([state], count)
        yield outbox
        yield GaugeMetricFamily("tagwise_pages_paused", "Pages that may not send.", value=paused)
        yield GaugeMetricFamily(
            "tagwise_pages_tags_waiting",
            "Pages whose tagged messages wait for a person.",
            value=held,
        )
        yield GaugeMetricFamily("tagwise_tags_refused", "Tags that Meta refuses.", value=refused)
