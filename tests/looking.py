"""Deliveries in doubt, and the look-up for them moved by hand."""

from dataclasses import dataclass, field

from bot.looking_up import LookUp
from bot.practice.graph import faults
from storage.records import Delivery
from tests.outbox import ADA, Outbox


@dataclass
class Search:
    """An outbox, and the look-up whose ticks come by hand."""

    outbox: Outbox
    monotonic: float = 0.0
    look_up: LookUp = field(init=False)

    def __post_init__(self) -> None:
        self.look_up = LookUp(self.outbox.services, lambda: self.monotonic)

    def doubt(
        self, text: str = "Hello", psid: str = ADA, *, arrives: bool, **changes: object
    ) -> int:
        """A message to this person of which nobody knows whether it arrived."""
        fault = faults.cut_after_accepting() if arrives else faults.cut_before_accepting()
        self.outbox.graph.fail_next(fault, endpoint="messages")
        number = self.outbox.queue(text, psid, **changes)
        self.outbox.work()
        assert self.outbox.state(number) == "unknown"
        return number

    def look(self, **later: float) -> int:
        """Tick once that much later; how often Meta was asked."""
        self.outbox.clock.forward(**(later or {"minutes": 1}))
        before = len(self.asked())
        self.look_up.tick()
        return len(self.asked()) - before

    def asked(self) -> list[str]:
        """Whom Meta was asked about, each time."""
        requests = self.outbox.graph.requests
        return [r.query["user_id"] for r in requests if r.path.endswith("/conversations")]

    def said(self, number: int) -> list[str]:
        rows = self.outbox.rows(
            "SELECT note FROM history WHERE delivery_id = ? AND what = 'looked_up' ORDER BY id",
            number,
        )
        return [row["note"] for row in rows]

    def states(self, *numbers: int) -> list[str]:
        return [self.outbox.state(number) for number in numbers]

    def delivery(self, number: int) -> Delivery:
        return self.outbox.delivery(number)
