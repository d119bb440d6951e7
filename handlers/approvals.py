"""The buttons on a card: approve, reject, edit, withdraw, and settling what may have arrived."""

import json
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.asking import template_of_draft
from bot.deciding import (
    AlreadyDecided,
    NoSuchDraft,
    ReasonNeeded,
    Refused,
    approve_draft,
    get_draft,
    reject_draft,
    withdraw_draft,
)
from bot.services import Services
from bot.settling import mark_arrived, send_again
from handlers.people import (
    clicked_number,
    clicked_revision,
    clicker,
    require_member,
    whisper,
)
from handlers.views import ids
from handlers.views.reasons import approve_anyway, read_reason, reject_modal
from handlers.views.refusals import refusal, refusal_modal
from storage import drafts
from storage.records import Draft

Body = dict[str, Any]


def register(app: App, services: Services) -> None:
    """Hear every button of a card and the two modals that ask for a reason."""
    approvals = Approvals(services)
    app.action(ids.APPROVE)(approvals.approve)
    app.action(ids.REJECT)(approvals.ask_reject)
    app.action(ids.WITHDRAW)(approvals.withdraw)
    app.action(ids.SEND_AGAIN)(approvals.send_again)
    app.action(ids.MARK_ARRIVED)(approvals.mark_arrived)
    app.view(ids.APPROVE_ANYWAY)(approvals.approve_with_reason)
    app.view(ids.REJECT_REASON)(approvals.reject)


class Approvals:
    """One method a button or modal: acknowledge, one call, one answer."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def approve(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Approve, or ask for the reason that a flagged draft takes."""
        ack()
        draft_id, revision = clicked_number(body), clicked_revision(body)
        try:
            self._require_member(client, clicker(body))
            self._approve(draft_id, by=clicker(body), revision=revision)
        except ReasonNeeded as needed:
            with self._services.store.read() as db:
                draft = get_draft(db, draft_id)
                template = template_of_draft(db, draft)
            view = approve_anyway(draft, revision, needed.verdict, template)
            client.views_open(trigger_id=body["trigger_id"], view=view)
        except Refused as why:
            whisper(respond, refusal(why))

    def approve_with_reason(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The reason was given; the rule book is asked once more."""
        self._decide_in_modal(ack, body, client, self._approve)

    def ask_reject(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Open the modal that takes the reason of a rejection."""
        ack()
        try:
            self._require_member(client, clicker(body))
            draft = self._look(clicked_number(body))
            if draft.state != "queued":
                raise AlreadyDecided(draft)
        except Refused as why:
            whisper(respond, refusal(why))
            return
        view = reject_modal(draft.id, clicked_revision(body))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def reject(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Decide no, with the reason or without."""
        self._decide_in_modal(ack, body, client, self._reject)

    def withdraw(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Take a draft back: its author, or a member of the approvals channel."""
        ack()
        try:
            self.withdraw_by(clicked_number(body), clicker(body), client)
        except Refused as why:
            whisper(respond, refusal(why))

    def withdraw_by(self, draft_id: int, user: str, client: WebClient) -> Draft:
        """Withdraw if this person may; raises what withdraw_draft raises, and NotAMember."""
        services = self._services
        self._require_hand_in(client, self._look(draft_id), user)
        draft = withdraw_draft(services.store, draft_id, by=user, now=services.clock())
        services.bell.ring()
        return draft

    def send_again(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Send once more what may have arrived, by this person's word."""
        self._settle(send_again, ack, body, client, respond)

    def mark_arrived(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Take note that it did arrive."""
        self._settle(mark_arrived, ack, body, client, respond)

    def _approve(self, draft_id: int, **decision: Any) -> None:
        services = self._services
        now = services.clock()
        approve_draft(services.store, services.settings, draft_id, now=now, **decision)
        services.bell.ring()

    def _reject(self, draft_id: int, **decision: Any) -> None:
        services = self._services
        reject_draft(services.store, draft_id, now=services.clock(), **decision)
        services.bell.ring()

    def _decide_in_modal(
        self, ack: Ack, body: Body, client: WebClient, decide: Callable[..., None]
    ) -> None:
        about = json.loads(body["view"]["private_metadata"])
        try:
            self._require_member(client, clicker(body))
            decide(
                about["draft"],
                by=clicker(body),
                revision=about["revision"],
                reason=read_reason(body["view"]),
            )
        except ReasonNeeded:
            ack(response_action="errors", errors={ids.REASON: "A flagged draft takes a reason."})
        except Refused as why:
            ack(response_action="update", view=refusal_modal(why))
        else:
            ack()

    def _settle(
        self,
        settle: Callable[..., object],
        ack: Ack,
        body: Body,
        client: WebClient,
        respond: Respond,
    ) -> None:
        ack()
        services, user, delivery_id = self._services, clicker(body), clicked_number(body)
        try:
            self._require_hand_in(client, self._draft_of(delivery_id), user)
            settle(services.store, delivery_id, by=user, now=services.clock())
        except Refused as why:
            whisper(respond, refusal(why))
        services.bell.ring()

    def _require_hand_in(self, client: WebClient, draft: Draft, user: str) -> None:
        if user not in (draft.author, draft.editor):
            self._require_member(client, user)

    def _require_member(self, client: WebClient, user: str) -> None:
        require_member(client, self._services.settings.approvals_channel, user)

    def _look(self, draft_id: int) -> Draft:
        with self._services.store.read() as db:
            return get_draft(db, draft_id)

    def _draft_of(self, delivery_id: int) -> Draft:
        with self._services.store.read() as db:
            draft = drafts.of_delivery(db, delivery_id)
        if draft is None:
            raise NoSuchDraft(delivery_id)
        return draft
