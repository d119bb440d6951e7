"""What happens to the Page at Meta: replies from its inbox, policy decisions, thread control."""

from bot.practice.graph.events import PAGE_INBOX_APP_ID, echo, event
from bot.practice.graph.memory import PersonMemory, ThreadMessage, new_mid
from bot.practice.graph.meta import Meta
from bot.practice.graph.types import JsonObject
from bot.practice.graph.webhooks import Webhooks

_REASON = (
    "The bot violated our Platform Policies (https://developers.facebook.com/devpolicy/"
    "#messengerplatform). Common violations include sending out excessive spammy messages or "
    "being non-functional."
)


class Page:
    """The Page as Meta and the colleagues in its inbox treat it."""

    def __init__(self, meta: Meta, webhooks: Webhooks) -> None:
        self._meta = meta
        self._webhooks = webhooks

    def replies_from_inbox(self, person_id: str, text: str) -> str:
        """A colleague answers in the Page inbox: the app sees an echo without metadata."""
        with self._meta.lock:
            person = self._meta.people[person_id]
            reply = ThreadMessage(
                mid=new_mid(),
                at=self._meta.now(),
                person_id=person.id,
                channel=person.channel,
                author="inbox",
                message={"text": text},
            )
            person.thread.append(reply)
        copy = echo(reply, self._meta.account_id(person), PAGE_INBOX_APP_ID)
        self._webhooks.announce(person, copy, soon=False)
        return reply.mid

    def is_warned(self) -> None:
        """Meta warns the Page about its use of messages."""
        self._policy({"action": "warning", "reason": _REASON})

    def is_blocked(self) -> None:
        """Meta stops the Page from sending."""
        self._meta.policy_blocked = True
        self._policy({"action": "block", "reason": _REASON})

    def is_unblocked(self) -> None:
        """Meta lets the Page send again."""
        self._meta.policy_blocked = False
        self._policy({"action": "unblock"})

    def loses_thread(self, person_id: str, to_app_id: str) -> None:
        """Another app takes the thread: from now on this app sees it in standby only."""
        person = self._meta.people[person_id]
        self._thread_control(
            person,
            take_thread_control={
                "previous_owner_app_id": self._meta.app_id,
                "new_owner_app_id": to_app_id,
                "metadata": "",
            },
        )
        person.thread_owner = to_app_id

    def regains_thread(self, person_id: str) -> None:
        """The other app passes the thread back."""
        person = self._meta.people[person_id]
        previous, person.thread_owner = person.thread_owner, None
        self._thread_control(
            person,
            pass_thread_control={
                "previous_owner_app_id": previous,
                "new_owner_app_id": self._meta.app_id,
                "metadata": "",
            },
        )

    def _policy(self, decision: JsonObject) -> None:
        told = event(None, self._meta.page_id, self._meta.now(), policy_enforcement=decision)
        self._webhooks.announce(None, told, soon=False)

    def _thread_control(self, person: PersonMemory, **change: JsonObject) -> None:
        told = event(person.id, self._meta.account_id(person), self._meta.now(), **change)
        self._webhooks.announce(person, told, soon=False)
