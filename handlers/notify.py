"""`/notify`: open the composer, or answer help, queue, status, withdraw and window."""

import html
from typing import Any, Final

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from sqlite_utils import Database

from bot import commanding
from bot.asking import reach_of
from bot.breakers import stops_of
from bot.commanding import Ask, Compose, Unclear, read_command
from bot.deciding import Refused, get_draft
from bot.services import Services
from handlers.approvals import Approvals
from handlers.cards import card_facts
from handlers.composing import Composing
from handlers.views import ids
from handlers.views.answers import (
    Listed,
    did_you_mean,
    help_text,
    nobody_found,
    queue_blocks,
    status_blocks,
    window_blocks,
)
from handlers.views.blocks import Block, escape, section, verbatim
from handlers.views.breakers import stop_blocks
from handlers.views.composer import MESSAGE_CHARACTERS
from handlers.views.entered import Entered
from handlers.views.refusals import refusal
from storage import contacts, deliveries, drafts, history
from storage.records import Draft

LISTED: Final = 10
FOUND: Final = 5


def register(app: App, services: Services) -> None:
    """Hear the slash command."""
    app.command(ids.COMMAND)(Notify(services).hear)


class Notify:
    """One method a word."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._composing = Composing(services)
        self._approvals = Approvals(services)

    def hear(self, ack: Ack, command: dict[str, Any], client: WebClient, respond: Respond) -> None:
        """Acknowledge, then do what was asked, or open the composer."""
        ack()
        # Slack writes &, < and > of a command as entities.
        text = html.unescape(command.get("text") or "")
        match read_command(text):
            case Compose(text=message):
                self._compose(client, command["trigger_id"], message, respond)
            case Unclear(meant=meant, text=typed):
                asked_back = f"Did you mean {ids.COMMAND} {escape(meant)}?"
                _answer(respond, asked_back, did_you_mean(meant, typed))
            case Ask() as asked:
                self._answer_word(asked, command["user_id"], text, client, respond)

    def _compose(self, client: WebClient, trigger_id: str, text: str, respond: Respond) -> None:
        if len(text) > MESSAGE_CHARACTERS:
            why = f"The message has {len(text):,} characters; Messenger takes 2,000. Here it is:"
            _answer(respond, why, [section(why), *verbatim(text, most=4)])
            return
        self._composing.open(client, trigger_id, Entered(message=text))

    def _answer_word(
        self, asked: Ask, user: str, text: str, client: WebClient, respond: Respond
    ) -> None:
        try:
            match asked.word:
                case commanding.QUEUE:
                    _answer(respond, "The queue", self._queue())
                case commanding.STATUS:
                    _answer(respond, f"Draft {asked.draft_id}", self._status(asked.draft_id or 0))
                case commanding.WITHDRAW:
                    draft = self._approvals.withdraw_by(asked.draft_id or 0, user, client)
                    what = "what has not gone out will not be sent"
                    _answer(respond, f"Draft {draft.id} is withdrawn: {what}.")
                case commanding.WINDOW:
                    _answer(respond, "The messaging window", self._window(asked.about, text))
                case _:
                    _answer(respond, help_text(self._services.settings.approvals_channel))
        except Refused as why:
            _answer(respond, refusal(why))

    def _queue(self) -> list[Block]:
        services = self._services
        with services.store.read() as db:
            waiting = [_listed(db, draft) for draft in drafts.waiting(db, LISTED + 1)]
            scheduled = [
                _listed(db, draft)
                for draft in drafts.scheduled(db, services.settings.accounts, LISTED + 1)
            ]
            stops = stops_of(db, services.clock())
        listed = queue_blocks(waiting, scheduled, services.settings.approvals_channel, LISTED)
        return [*stop_blocks(stops, services.settings), *listed]

    def _status(self, draft_id: int) -> list[Block]:
        services = self._services
        with services.store.read() as db:
            draft = get_draft(db, draft_id)
            facts = card_facts(db, services.settings, draft, services.clock())
            entries = history.of_draft(db, draft_id)
        return status_blocks(facts, entries)

    def _window(self, name: str, text: str) -> list[Block]:
        services, now = self._services, self._services.clock()
        with services.store.read() as db:
            found = contacts.search(db, services.settings.accounts, name, FOUND + 1)
            reaches = [reach_of(db, services.settings, contact, now) for contact in found]
        if not found:
            return nobody_found(name, text)
        return window_blocks(list(zip(found, reaches, strict=True)), FOUND, now)


def _listed(db: Database, draft: Draft) -> Listed:
    people = list(contacts.of_draft(db, draft.id).values())
    return Listed(draft, people, deliveries.of_draft(db, draft.id))


def _answer(respond: Respond, text: str, blocks: list[Block] | None = None) -> None:
    respond(text=text, blocks=blocks, response_type="ephemeral", replace_original=False)
