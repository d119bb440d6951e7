"""What Prometheus is told: counters of what passes through, and gauges read from the record."""

from collections.abc import Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from storage import deliveries, pauses
from storage.store import Store

SENDING = Histogram("tagwise_send_seconds", "Seconds from a request to the Send API to its answer.")
WEBHOOK_EVENTS = Counter(
    "tagwise_webhook_events_total", "Events received from Meta and recorded.", ["kind"]
)


class RecordCollector(Collector):
    """Reads the outbox's state from the database each time it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge for the deliveries of each state, one for the Pages that are paused."""
        with self._store.read() as db:
            counts = deliveries.counts(db)
            paused = len({pause.page_id for pause in pauses.all_of_them(db)})
        outbox = GaugeMetricFamily(
            "tagwise_deliveries", "Deliveries on record, by state.", labels=["state"]
        )
        for state, count in counts.items():
            outbox.add_metric([state], count)
        yield outbox
        yield GaugeMetricFamily("tagwise_pages_paused", "Pages that may not send.", value=paused)
