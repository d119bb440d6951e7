"""The composer at work: it judges while one writes, and puts the draft on record when submitted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlite_utils import Database

from bot.asking import reach_of
from bot.deciding import AlreadyDecided, NotAllowed, Refused, get_draft
from bot.drafting import propose_draft, rewrite_draft
from bot.planning import BadPlan
from bot.services import Services
from handlers.composer_facts import composer_facts, utility_faults
from handlers.people import clicked_number, clicker, require_member, slack_error, whisper
from handlers.screens import Screens
from handlers.views import ids
from handlers.views.composer import composer, contact_option, outline, without_tag
from handlers.views.entered import Entered
from handlers.views.entered_state import FORM_FIELDS, PARAMETER, read_composer
from handlers.views.field_errors import errors_beside_fields, shown_errors
from handlers.views.field_faults import FieldFaults
from handlers.views.refusals import refusal, refusal_modal
from storage import contacts, deliveries, requests
from storage.requests import Answered

Body = dict[str, Any]
OPTIONS: Final = 50
CLOSED: Final = "not_found"
SLOWER: Final = "ratelimited"
JUDGED_FIELDS: Final = (
    ids.RECIPIENT,
    ids.MESSAGE,
    ids.TAG,
    ids.SEND_AT,
    ids.EVENT_STARTS_AT,
    ids.EVENT_ENDS_AT,
    ids.EVENT_REGISTERED,
    ids.UTILITY,
    re.compile(rf"^{PARAMETER}"),
    ids.REMINDERS,
    ids.ROUTE,
    *FORM_FIELDS,
)


def register(app: App, services: Services) -> None:
    """Hear the composer's fields, its menu of people, its submission, and the Edit button."""
    composing = Composing(services)
    app.options(ids.RECIPIENT)(composing.offer_people)
    for name in JUDGED_FIELDS:
        app.action(name)(composing.judge_entered)
    app.action(ids.USE_TAG)(composing.use_tag)
    app.action(ids.EDIT)(composing.edit)
    app.action(ids.COMPOSE)(composing.compose)
    app.view(ids.COMPOSER)(composing.submit)


class Composing:
    """Opens, updates and reads the composer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._screens = Screens()

    def open(self, client: WebClient, trigger_id: str, entered: Entered) -> None:
        """Show the composer with these fields; the trigger id lives for 3 s."""
        client.views_open(trigger_id=trigger_id, view=self._draw(entered))

    def compose(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the composer with the text that the button carries."""
        ack()
        text = str(body["actions"][0]["value"])
        self.open(client, body["trigger_id"], Entered(message=text))

    def offer_people(self, ack: Ack, payload: Body) -> None:
        """The people whose name or id holds what was typed, last active first."""
        services = self._services
        now = services.clock()
        with services.store.read() as db:
            found = contacts.search(db, services.settings.accounts, payload["value"], OPTIONS)
            reaches = [reach_of(db, services.settings, contact, now) for contact in found]
        offered = zip(found, reaches, strict=True)
        ack(options=[contact_option(contact, reach.window.open) for contact, reach in offered])

    def judge_entered(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Show what the rule book says of what has been entered so far."""
        ack()
        self._show(client, body, read_composer(body["view"]))

    def use_tag(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Choose the tag that the text reads like."""
        ack()
        entered = replace(read_composer(body["view"]), tag=str(body["actions"][0]["value"]))
        self._show(client, body, entered, anew=without_tag)

    def _show(
        self,
        client: WebClient,
        body: Body,
        entered: Entered,
        anew: Callable[[Body], Body] | None = None,
    ) -> None:
        """Make the composer show this; `anew` draws it first without a field that is to change."""
        view_id, at = body["view"]["id"], float(body["actions"][0]["action_ts"])
        screen = self._screens.acted(view_id, at)
        with screen.turn:
            if at < screen.newest:
                return  # something was entered since, and its own judgement follows
            drawn = self._draw(entered)
            if screen.shows == outline(drawn):
                return
            try:
                if anew:
                    client.views_update(view_id=view_id, view=anew(drawn))
                client.views_update(view_id=view_id, view=drawn)
            except SlackApiError as error:
                if slack_error(error) == SLOWER:
                    return  # what is typed next shows it, or nothing new was to be said
                if slack_error(error) != CLOSED:
                    raise
            screen.shows = outline(drawn)

    def edit(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Open the composer with a draft that waits: its author, or a member of the channel."""
        ack()
        services, user = self._services, clicker(body)
        try:
            with services.store.read() as db:
                draft = get_draft(db, clicked_number(body))
                first = deliveries.of_draft(db, draft.id)[0]
            if draft.state != "queued":
                raise AlreadyDecided(draft)
            if user not in (draft.author, draft.editor):
                require_member(client, services.settings.approvals_channel, user)
        except Refused as why:
            whisper(respond, refusal(why))
            return
        self.open(client, body["trigger_id"], Entered.of_draft(draft, first.contact_id))

    def submit(self, ack: Ack, body: Body) -> None:
        """Put the draft on record, or show each refusal beside the field that causes it."""
        view = body["view"]
        entered = read_composer(view)
        try:
            errors = entered.problems or self._record(entered, clicker(body), view["id"])
        except Refused as why:
            ack(response_action="push", view=refusal_modal(why))
            return
        if errors:
            ack(response_action="errors", errors=shown_errors(errors, view))
            return
        ack()
        self._services.bell.ring()

    def _record(self, entered: Entered, user: str, view_id: str) -> dict[str, str]:
        services = self._services
        try:
            with services.store.write() as db:
                # Slack repeats a submission that was answered too late: one composer, one draft.
                key = f"composer:{view_id}"
                if requests.find(db, key) is None:
                    draft_id = self._put(db, entered, user, services.clock())
                    known = Answered("", 201, {"id": draft_id})
                    requests.remember(db, key, known, services.clock())
        except NotAllowed as why:
            faults = utility_faults(self._services, entered)
            return errors_beside_fields(why.verdict, entered, faults)
        except BadPlan as problem:
            return {problem.field: str(problem)}
        except FieldFaults as faults:
            return faults.errors
        return {}

    def _put(self, db: Database, entered: Entered, user: str, now: datetime) -> int:
        settings = self._services.settings
        proposal = entered.proposal(user, settings.privacy_url)
        contact = contacts.get(db, entered.contact_id or 0)
        if contact is None:
            raise LookupError("the menu offered somebody who is not on record")
        if entered.draft_id is None:
            return propose_draft(db, settings, proposal, [contact], now=now).draft.id
        rewritten = rewrite_draft(
            db,
            settings,
            entered.draft_id,
            proposal,
            contact,
            editor=user,
            revision=entered.revision or 0,
            now=now,
        )
        return rewritten.draft.id

    def _draw(self, entered: Entered) -> Body:
        return composer(entered, composer_facts(self._services, entered))
