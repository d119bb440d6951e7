"""Posting webhooks to the app: signed, in order, kept where the app did not say 200."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import requests

from bot.practice.graph.events import encode, envelope, signature, subscription_field
from bot.practice.graph.memory import PersonMemory
from bot.practice.graph.meta import Meta
from bot.practice.graph.types import JsonObject


@dataclass(frozen=True)
class WebhookPost:
    """One attempt to post a body: the app's HTTP status, None where no answer came."""

    at: datetime
    body: bytes
    status: int | None


class Webhooks:
    """Meta's postman. Acts of people are posted at once, echoes and receipts in the background.

    `log` holds every attempt, `undelivered` the bodies that still wait for a 200.
    """

    def __init__(self, meta: Meta) -> None:
        self.url: str | None = None
        self.log: list[WebhookPost] = []
        self.undelivered: list[bytes] = []
        self._meta = meta
        self._held: list[bytes] | None = None
        self._session = requests.Session()
        self._session.trust_env = False
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._closing = False
        self._waiting = 0
        self._idle = threading.Condition()
        self._worker = threading.Thread(target=self._work, name="graph-webhooks", daemon=True)
        self._worker.start()

    def announce(self, person: PersonMemory | None, event: JsonObject, *, soon: bool) -> None:
        """Post an event of this person (None: of the Page itself) if the Page subscribed to it.

        `soon` hands it to the background; otherwise the call returns after the app's answer.
        """
        channel = "messenger" if person is None else person.channel
        standby = person is not None and person.thread_owner is not None
        field = "standby" if standby else subscription_field(event)
        if channel == "messenger" and field not in self._meta.subscribed_fields:
            return
        account_id = self._meta.page_id if person is None else self._meta.account_id(person)
        body = encode(envelope(channel, account_id, event, self._meta.now(), standby=standby))
        self.post(body, soon=soon)

    def post(self, body: bytes, *, soon: bool = False) -> None:
        """Post a body of any content, signed; nothing happens before a URL is connected."""
        if self.url is None:
            return
        with self._idle:
            if self._held is not None:
                self._held.extend([body] * self._meta.webhook_copies)
                return
        for _ in range(self._meta.webhook_copies):
            if soon:
                self._enqueue(body)
            else:
                self._attempt(body)

    @contextmanager
    def held(self) -> Iterator[list[bytes]]:
        """Hold bodies back in a list to shuffle, repeat or drop; what is in it leaves at the end."""
        held: list[bytes] = []
        with self._idle:
            self._held = held
        try:
            yield held
        finally:
            with self._idle:
                self._held = None
        for body in held:
            self._attempt(body)

    def redeliver(self) -> None:
        """Post once more, in order, what the app has not taken yet."""
        with self._idle:
            bodies, self.undelivered = self.undelivered, []
        for body in bodies:
            self._attempt(body)

    def settle(self, timeout: float) -> None:
        """Wait until nothing is left to post in the background; TimeoutError after `timeout` s."""
        deadline = time.monotonic() + timeout
        with self._idle:
            if not self._idle.wait_for(lambda: self._waiting == 0, deadline - time.monotonic()):
                raise TimeoutError(f"{self._waiting} webhooks still wait after {timeout} s")

    def close(self) -> None:
        """Drop what is still queued; let go of thread and connections."""
        self._closing = True
        self._queue.put(None)
        self._worker.join()
        self._session.close()

    def _enqueue(self, body: bytes) -> None:
        with self._idle:
            self._waiting += 1
        self._queue.put(body)

    def _work(self) -> None:
        while (body := self._queue.get()) is not None:
            if not self._closing:
                self._attempt(body)
            with self._idle:
                self._waiting -= 1
                self._idle.notify_all()

    def _attempt(self, body: bytes) -> None:
        status = self._status_of_post(body)
        with self._idle:
            self.log.append(WebhookPost(self._meta.now(), body, status))
            if status != 200:
                self.undelivered.append(body)

    def _status_of_post(self, body: bytes) -> int | None:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(self._meta.app_secret, body),
        }
        try:
            return self._session.post(
                self.url or "",
                data=body,
                headers=headers,
                timeout=self._meta.webhook_timeout,
                allow_redirects=False,
            ).status_code
        except requests.RequestException:
            return None
