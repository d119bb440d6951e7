"""The Graph stand-in: Meta's servers and the people behind them, in one object on loopback."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bot.practice.graph.api import Api, RecordedRequest
from bot.practice.graph.events import echo, encode, event
from bot.practice.graph.faults import Fault, FaultLine
from bot.practice.graph.memory import PersonMemory, Profile, ThreadMessage
from bot.practice.graph.meta import Meta
from bot.practice.graph.page import Page
from bot.practice.graph.people import Person
from bot.practice.graph.server import LoopbackServer
from bot.practice.graph.types import Channel, JsonObject, epoch_ms
from bot.practice.graph.webhooks import WebhookPost, Webhooks


@dataclass(kw_only=True, eq=False)
class GraphStandIn(Meta):
    """Meta on loopback; the fields of `Meta` are its settings, to be given or changed at any time.

        with GraphStandIn(edition="2026-04") as graph:
            graph.connect("http://127.0.0.1:8080/messenger/webhook")
            ada = graph.add_person("24918830014477562")
            ada.writes("Hi")                       # the app has answered this webhook
            ...                                    # the app sends to graph.url
            graph.settle()                         # echoes and receipts have been posted
            assert graph.sent_to(ada.id)[0].text == "Hello Ada"

    `port` 0 takes a free one.
    """

    port: int = 0

    def __post_init__(self) -> None:
        self._faults = FaultLine()
        self._webhooks = Webhooks(self)
        self._api = Api(self, self._faults, self._after_accepting)
        self._server = LoopbackServer(self._api.answer, self.port)
        self.port = self._server.port
        self.page = Page(self, self._webhooks)
        self._persons: dict[str, Person] = {}

    @property
    def url(self) -> str:
        """The address to use instead of `https://graph.facebook.com`."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Serve from now on."""
        self._server.up()
        return self

    def stop(self) -> None:
        """Close every socket and thread; the stand-in cannot be started again."""
        self._server.close()
        self._webhooks.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def down(self) -> None:
        """Refuse connections until `up()`, which listens at the same address again."""
        self._server.down()

    def up(self) -> None:
        """Listen again after `down()`."""
        self._server.up()

    def fail_next(
        self,
        fault: Fault,
        *,
        times: int = 1,
        recipient: str | None = None,
        endpoint: str | None = None,
    ) -> None:
        """Let the next `times` calls go wrong, where given only sends to this person or calls of
        this endpoint (`messages`, `conversations`, `node`, ...). Faults wait in the order given.
        """
        self._faults.add(fault, times, recipient, endpoint)

    def clear_faults(self) -> None:
        """Forget the faults that no call has met yet."""
        self._faults.clear()

    def add_person(
        self,
        person_id: str,
        *,
        channel: Channel = "messenger",
        first_name: str = "Ada",
        last_name: str = "Moreau",
        profile: Profile = "visible",
    ) -> Person:
        """A person whom the Page knows and who has done nothing yet: their window is closed."""
        memory = PersonMemory(
            id=person_id,
            channel=channel,
            first_name=first_name,
            last_name=last_name,
            profile=profile,
        )
        person = Person(self, self._webhooks, memory)
        with self.lock:
            self.people[person_id] = memory
            self._persons[person_id] = person
        return person

    def person(self, person_id: str) -> Person:
        """A person added before."""
        return self._persons[person_id]

    def connect(self, webhook_url: str | None) -> None:
        """Post webhooks to this address from now on (None: nowhere)."""
        self._webhooks.url = webhook_url

    def post_webhook(self, body: JsonObject | bytes) -> None:
        """Post any body, signed as Meta signs; an object is written as Meta writes JSON."""
        self._webhooks.post(body if isinstance(body, bytes) else encode(body))

    def webhooks_held(self) -> AbstractContextManager[list[bytes]]:
        """Hold webhooks back in a list to reorder, repeat or drop; they leave with the block."""
        return self._webhooks.held()

    def redeliver(self) -> None:
        """Post again, in order, every webhook that got no 200 so far."""
        self._webhooks.redeliver()

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until every echo and receipt has been posted; TimeoutError after `timeout` s."""
        self._webhooks.settle(timeout)

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every HTTP request so far, oldest first."""
        return list(self._api.requests)

    @property
    def webhooks(self) -> list[WebhookPost]:
        """Every attempt to post a webhook, oldest first."""
        return list(self._webhooks.log)

    @property
    def undelivered(self) -> list[bytes]:
        """The webhook bodies that wait for a 200."""
        return list(self._webhooks.undelivered)

    def sent_to(self, person_id: str) -> list[ThreadMessage]:
        """The messages to this person that the Send API accepted, oldest first."""
        with self.lock:
            return [sent for sent in self.accepted if sent.person_id == person_id]

    def _after_accepting(self, person: PersonMemory, sent: ThreadMessage) -> None:
        if self.echoes:
            copy = echo(sent, self.account_id(person), int(self.app_id))
            self._webhooks.announce(person, copy, soon=True)
        if self.deliveries and person.channel == "messenger":
            receipt = {"mids": [sent.mid], "watermark": epoch_ms(sent.at)}
            told = event(person.id, self.page_id, None, delivery=receipt)
            self._webhooks.announce(person, told, soon=True)
