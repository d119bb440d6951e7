"""The Reply button, the message shortcut, and the form in which one answers a person."""

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from sqlite_utils import Database

from bot.breakers import Breakers, breakers_of
from bot.deciding import NotAllowed
from bot.desk import Standing, standing_of
from bot.desk_replies import answered_meanwhile, foreseen, reply
from bot.services import Services
from handlers.people import clicked_number, clicker, whisper
from handlers.views import ids
from handlers.views.desk_reply import About, read_reply, refusal_text, reply_form
from storage import desk, desk_lines, requests
from storage.desk import Thread
from storage.requests import Answered

Body = dict[str, Any]
NO_CONVERSATION = (
    "This is no conversation with a customer: use it on a message in one of their threads."
)


def register(app: App, services: Services) -> None:
    """Hear the button, the shortcut and the form."""
    replies = Desk(services)
    app.action(ids.REPLY)(replies.open)
    app.message_shortcut(ids.REPLY)(replies.open_from_message)
    app.view(ids.REPLY)(replies.submit)


class Desk:
    """Answering is explicit: what colleagues merely write in a thread never reaches this."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def open(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Show the form for the person whose thread the button stands in."""
        ack()
        with self._services.store.read() as db:
            view = self._form(db, self._newest(db, desk.get(db, clicked_number(body))))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def open_from_message(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """The same from the menu of any message of the thread."""
        ack()
        message, channel = body["message"], body["channel"]["id"]
        with self._services.store.read() as db:
            root_ts = str(message.get("thread_ts") or message["ts"])
            thread = desk.by_root(db, channel, root_ts)
            view = self._form(db, self._newest(db, thread)) if thread else None
        if view is None:
            whisper(respond, NO_CONVERSATION)
            return
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def submit(self, ack: Ack, body: Body) -> None:
        """Put the answer on record; show what keeps it from going out, or what others said meanwhile."""
        view, user = body["view"], clicker(body)
        about, written = About.of(view), read_reply(view)
        try:
            with self._services.store.write() as db:
                warning = self._record(db, about, written, user, f"reply:{view['id']}")
        except NotAllowed as why:
            ack(response_action="errors", errors={ids.MESSAGE: refusal_text(why.verdict)})
            return
        if warning:
            ack(response_action="update", view=warning)
            return
        ack()
        self._services.bell.ring()

    def _record(self, db: Database, about: About, written: str, user: str, key: str) -> Body | None:
        """The form with a warning where somebody else was faster; None when it is on record."""
        if requests.find(db, key):  # Slack repeats a submission that was answered too late
            return None
        standing = self._standing(db, self._newest(db, desk.get(db, about.thread)))
        meanwhile = answered_meanwhile(db, standing, about.seen, user)
        if meanwhile:
            seen = desk_lines.newest_line_id(db, standing.thread.id)
            stopped = self._breakers(db, standing)
            return reply_form(standing, seen, stopped, meanwhile=meanwhile, written=written)
        proposed = reply(db, self._services.settings, standing, written, author=user)
        answered = Answered("", 201, {"id": proposed.draft.id})
        requests.remember(db, key, answered, standing.now)
        return None

    def _form(self, db: Database, thread: Thread) -> Body:
        standing = self._standing(db, thread)
        verdict = foreseen(db, self._services.settings, standing)
        seen = desk_lines.newest_line_id(db, thread.id)
        refused = None if verdict.allowed else verdict
        return reply_form(standing, seen, self._breakers(db, standing), refused=refused)

    def _breakers(self, db: Database, standing: Standing) -> Breakers:
        return breakers_of(db, standing.contact.page_id, standing.now)

    def _newest(self, db: Database, thread: Thread | None) -> Thread:
        """A person is answered in their newest thread, whichever was pressed."""
        newest = desk.newest_thread(db, thread.contact_id) if thread else None
        if newest is None:
            raise LookupError("the button stands in a thread that is not on record")
        return newest

    def _standing(self, db: Database, thread: Thread) -> Standing:
        return standing_of(db, self._services.settings, thread, self._services.clock())
