"""The outbox with a real database and the stand-in for Meta, moved by hand: no threads, no Slack."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.asking import Facts
from bot.deciding import NotAllowed, approve_draft
from bot.delivering import claim_due, write_down
from bot.desk_events import read_said
from bot.drafting import Proposal, propose_draft
from bot.inbound import Heard, Inbox
from bot.messenger import Messenger
from bot.practice.graph import GraphStandIn
from bot.send_api import Outcome, Outgoing
from bot.services import Services
from bot.settings import Settings
from bot.webhook_events import read_events
from storage import contacts, deliveries, drafts
from storage.records import Delivery
from storage.store import Store
from tests.clock import HandClock

ADA, INES = "24918830014477562", "1178830045612903"
BEN, CLEO = "UBEN", "UCLEO"


@dataclass(repr=False)
class Outbox:
    """What people would do is done here by calls; what Meta tells is handed over by hand."""

    services: Services
    graph: GraphStandIn
    clock: HandClock
    told: list[bytes] = field(default_factory=list)

    def person_writes(self, psid: str = ADA) -> None:
        """The person writes to the Page, and the webhook is recorded."""
        self.graph.person(psid).writes("Hi")
        self.hear()

    def hear(self) -> None:
        """Record every webhook that Meta has to tell so far: acts, echoes, receipts."""
        self.graph.settle()
        while self.told:
            self.record(self.told.pop(0))

    def record(self, body: bytes) -> None:
        told = json.loads(body)
        heard = Heard(list(read_events(told)), list(read_said(told)), self.clock())
        assert Inbox(self.services).record([heard]) == [None]

    def queue(self, text: str = "Hello", psid: str = ADA, **changes: Any) -> int:
        """A draft to this person, approved; the number of its first delivery."""
        values: dict[str, Any] = {"message": {"text": text}, "tag": None, "facts": Facts()}
        proposal = Proposal(**(values | {"author": BEN} | changes))
        services, now = self.services, self.clock()
        with services.store.write() as db:
            account = self.graph.account_id(self.graph.people[psid])
            contact = contacts.ensure(db, account, psid, self.graph.people[psid].channel, now)
            draft = propose_draft(db, services.settings, proposal, [contact], now=now).draft
        if draft.state == "queued":
            approve_draft(services.store, services.settings, draft.id, by=CLEO, now=now)
        with services.store.read() as db:
            return deliveries.of_draft(db, draft.id)[0].id

    def approve_waiting(self) -> list[int]:
        """Cleo approves what waits, so far as the rules allow it; the numbers of those drafts."""
        services, approved = self.services, list[int]()
        with services.store.read() as db:
            waiting = drafts.waiting(db, 100)
        for draft in waiting:
            with suppress(NotAllowed):
                approve_draft(
                    services.store,
                    services.settings,
                    draft.id,
                    by=CLEO,
                    now=self.clock(),
                    reason="fits",
                )
                approved.append(draft.id)
        return approved

    def work(self) -> int:
        """Take what is due, send it, write down what came of it; how many were sent to Meta."""
        claimed = self.claim()
        for outgoing in claimed:
            self.write_down(outgoing, self.services.messenger.send(outgoing))
        return len(claimed)

    def claim(self, limit: int = 1000) -> list[Outgoing]:
        """Take what is due of the Page and of the Instagram account."""
        accounts = self.services.settings.accounts
        return [work for page in accounts for work in claim_due(self.services, page, limit) or []]

    def write_down(self, outgoing: Outgoing, outcome: Outcome) -> None:
        """Put on record what Meta answered."""
        write_down(self.services, [(outgoing, outcome)])

    def delivery(self, number: int) -> Delivery:
        with self.services.store.read() as db:
            found = deliveries.get(db, number)
        assert found is not None
        return found

    def state(self, number: int) -> str:
        return self.delivery(number).state

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with self.services.store.read() as db:
            return list(db.query(query, list(values)))

    def alarms(self) -> list[dict[str, Any]]:
        """What the approvals channel is told about the Page."""
        return self.rows("SELECT what, note FROM history WHERE draft_id IS NULL ORDER BY id")

    def told_to(self, place: str) -> list[str]:
        """The steps that somebody is told of at this place."""
        found = self.rows(
            "SELECT what FROM notices JOIN history ON history.id = history_id WHERE place = ?"
            " ORDER BY notices.id",
            place,
        )
        return [row["what"] for row in found]

    def bodies(self) -> list[Mapping[str, Any]]:
        """The body of every request to the Send API."""
        return [request.body for request in self.graph.requests]


def settings_of(graph: GraphStandIn, folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "slack_bot_token": "xoxb-practice",
        "slack_signing_secret": "practice",
        "approvals_channel": "C1",
        "page_id": graph.page_id,
        "instagram_id": graph.instagram_id,
        "page_access_token": graph.access_token,
        "app_secret": graph.app_secret,
        "verify_token": "verify-token-of-the-tests",
        "graph_api_url": graph.url,
        "database_path": folder / "tagwise.db",
        "human_agent_approved": True,
    }
    return Settings(_env_file=None, **(values | changes))


@contextmanager
def open_outbox(folder: Path, *, read_timeout_s: float = 0.5, **changes: Any) -> Iterator[Outbox]:
    """An outbox with two people who have written just now."""
    clock = HandClock()
    with GraphStandIn(clock=clock, edition=changes.get("policy_edition", "2021-06")) as graph:
        graph.human_agent_approved = True
        graph.add_person(ADA)
        graph.add_person(INES, channel="instagram")
        settings = settings_of(graph, folder, **changes)
        messenger = Messenger(
            settings.graph_api_url,
            settings.graph_api_version,
            graph.access_token,
            read_timeout_s=read_timeout_s,
        )
        services = Services(settings, Store(settings.database_path), messenger, clock)
        services.store.migrate(clock())
        # Not a real address: what is told lies in `told` until a test hears it.
        graph.connect("http://127.0.0.1:1")
        with graph.webhooks_held() as told:
            outbox = Outbox(services, graph, clock, told)
            for psid in (ADA, INES):
                outbox.person_writes(psid)
            clock.forward(minutes=1)
            yield outbox
            told.clear()
        messenger.close()
        services.store.close()
