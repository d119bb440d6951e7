"""The buttons that let a Page send again, or a tag be used again; each asks for a reason."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.breakers import NotStopped, TagNotRefused, breakers_of, reset_tag, resume
from bot.deciding import Refused
from bot.services import Services
from handlers.people import clicker, require_member, whisper
from handlers.views import ids
from handlers.views.reasons import read_reason, reset_tag_modal, resume_modal
from handlers.views.refusals import refusal, refusal_modal

Body = dict[str, Any]


def register(app: App, services: Services) -> None:
    """Hear the two buttons and the modals they open."""
    breakers = BreakerButtons(services)
    app.action(ids.RESUME)(breakers.ask_resume)
    app.action(ids.RESET_TAG)(breakers.ask_reset)
    app.view(ids.RESUME)(breakers.resume)
    app.view(ids.RESET_TAG)(breakers.reset)


class BreakerButtons:
    """A button opens a modal that shows what it is about; the modal takes the reason and acts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask_resume(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Show what stops the Page or account, and ask why it may go on."""
        self._ask(self._resume_modal, ack, body, client, respond)

    def ask_reset(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Show what Meta said of the tag, and ask why it may be used again."""
        self._ask(self._reset_modal, ack, body, client, respond)

    def resume(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Let the Page send again."""
        about = json.loads(body["view"]["private_metadata"])
        seen_at = datetime.fromisoformat(about["seen_at"])
        self._end(resume, [about["page"]], ack, body, client, seen_at=seen_at)

    def reset(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Let the tag be used again."""
        about = json.loads(body["view"]["private_metadata"])
        self._end(reset_tag, [about["page"], about["tag"]], ack, body, client)

    def _resume_modal(self, page_id: str) -> Body:
        now = self._services.clock()
        with self._services.store.read() as db:
            breakers = breakers_of(db, page_id, now)
        if not (breakers.pause or breakers.tagged_wait):
            raise NotStopped
        return resume_modal(page_id, breakers, now)

    def _reset_modal(self, page_and_tag: str) -> Body:
        page_id, _, tag = page_and_tag.partition(":")
        with self._services.store.read() as db:
            said = breakers_of(db, page_id, self._services.clock()).refused_tags.get(tag)
        if said is None:
            raise TagNotRefused
        return reset_tag_modal(page_id, tag, said)

    def _ask(
        self,
        modal: Callable[[str], Body],
        ack: Ack,
        body: Body,
        client: WebClient,
        respond: Respond,
    ) -> None:
        ack()
        try:
            self._require_member(client, clicker(body))
            view = modal(str(body["actions"][0]["value"]))
        except Refused as why:
            whisper(respond, refusal(why))
            return
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def _end(
        self,
        end: Callable[..., None],
        what: list[str],
        ack: Ack,
        body: Body,
        client: WebClient,
        **seen: datetime,
    ) -> None:
        services, user = self._services, clicker(body)
        reason = read_reason(body["view"])
        if reason is None:
            ack(response_action="errors", errors={ids.REASON: "Say why, for those who ask later."})
            return
        try:
            self._require_member(client, user)
            end(services.store, *what, by=user, reason=reason, now=services.clock(), **seen)
        except Refused as why:
            ack(response_action="update", view=refusal_modal(why))
            return
        ack()
        services.bell.ring()

    def _require_member(self, client: WebClient, user: str) -> None:
        require_member(client, self._services.settings.approvals_channel, user)
