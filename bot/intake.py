"""Drafts from other systems: judged, queued once for each key, and shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from bot.deciding import get_draft
from bot.draft_json import DraftJson, draft_as_json
from bot.drafting import propose_draft
from bot.faults import faults_as_json
from bot.json_text import NotJsonError, read_json
from bot.judging import judge
from bot.planning import BadPlan
from bot.policy.question import Verdict
from bot.questions import verdict_as_json
from bot.services import Services
from bot.settings import Settings
from storage import contacts, deliveries, history, requests
from storage.records import Contact
from storage.requests import Answered


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a JSON object."""

    status: int
    body: Mapping[str, Any]


class KeyUsedForOtherBody(Exception):
    """The Idempotency-Key was used before, with another body."""


class BadDraft(Exception):
    """The body is no draft; `answer` says what is wrong with it."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer["error"])
        self.answer = answer


def queue_draft(services: Services, raw: bytes, key: str | None) -> Answer:
    """Queue a draft; the same key and body get the first answer again, however many ask at once.

    Raises BadDraft, KeyUsedForOtherBody.
    """
    body = _read_body(raw)
    body_hash = _hash_of(body)
    if key:
        with services.store.read() as db:
            if known := _known_answer(db, key, body_hash):
                return known
    asked = _read_draft(body, services.settings)
    with services.store.write() as db:
        # Once more, now that it is our turn to write: somebody else may have been first.
        if key and (known := _known_answer(db, key, body_hash)):
            return known
        now = services.clock()
        answer = _queue(db, services.settings, asked, now)
        if key:
            requests.remember(db, key, Answered(body_hash, answer.status, answer.body), now)
    services.bell.ring()
    return answer


def try_draft(services: Services, raw: bytes) -> Answer:
    """What queueing this draft would answer; nothing is kept. Raises BadDraft."""
    asked = _read_draft(_read_body(raw), services.settings)
    with services.store.read() as db:
        verdict = _judge(db, services.settings, asked, services.clock())
    if not verdict.allowed:
        return _refused(verdict)
    return Answer(200, {"verdict": verdict_as_json(verdict)})


def show_draft(services: Services, draft_id: int) -> Mapping[str, Any]:
    """The draft with its deliveries and history; raises NoSuchDraft."""
    with services.store.read() as db:
        return draft_as_json(
            get_draft(db, draft_id),
            contacts.of_draft(db, draft_id),
            deliveries.of_draft(db, draft_id),
            history.of_draft(db, draft_id),
        )


def _read_body(raw: bytes) -> Any:
    try:
        return read_json(raw)
    except NotJsonError as error:
        raise BadDraft({"error": str(error)}) from None


def _read_draft(body: Any, settings: Settings) -> DraftJson:
    try:
        asked = DraftJson.model_validate(body)
    except ValidationError as error:
        raise BadDraft(faults_as_json(error, "A draft")) from None
    if asked.channel == "instagram" and not settings.instagram_id:
        wrong = "no Instagram account is set up (INSTAGRAM_ID)"
        raise BadDraft({"error": f"Channel: {wrong}.", "fields": {"channel": wrong}})
    return asked


def _hash_of(body: Any) -> str:
    """The same for the same JSON, however its keys are ordered and its lines broken."""
    try:
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    except RecursionError:
        raise BadDraft({"error": "This JSON is nested too deeply."}) from None


def _judge(db: Database, settings: Settings, asked: DraftJson, now: datetime) -> Verdict:
    account = _account(settings, asked.channel)
    stranger = Contact(0, account, asked.recipient.id, asked.channel, None, None)
    contact = contacts.find(db, account, asked.recipient.id) or stranger
    try:
        dues = asked.proposal.dues(now)
    except BadPlan as error:
        raise BadDraft({"error": str(error), "fields": {error.field: str(error)}}) from None
    return judge(db, settings, asked.proposal.content, contact, dues, now)


def _queue(db: Database, settings: Settings, asked: DraftJson, now: datetime) -> Answer:
    verdict = _judge(db, settings, asked, now)
    if not verdict.allowed:
        return _refused(verdict)  # before the contact is kept: nobody is to be reached
    account = _account(settings, asked.channel)
    contact = contacts.ensure(db, account, asked.recipient.id, asked.channel, now)
    draft = propose_draft(db, settings, asked.proposal, [contact], now=now).draft
    judged = verdict_as_json(verdict)
    return Answer(201, {"id": draft.id, "state": draft.state, "verdict": judged})


def _known_answer(db: Database, key: str, body_hash: str) -> Answer | None:
    known = requests.find(db, key)
    if known is None:
        return None
    if known.body_hash != body_hash:
        raise KeyUsedForOtherBody
    return Answer(known.status, known.answer)


def _refused(verdict: Verdict) -> Answer:
    why = " ".join(finding.why for finding in verdict.refusals)
    return Answer(422, {"error": why, "verdict": verdict_as_json(verdict)})


def _account(settings: Settings, channel: str) -> str:
    if channel == "instagram" and settings.instagram_id:
        return settings.instagram_id
    return settings.page_id
