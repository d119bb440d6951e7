"""Authors put drafts on record, and rewrite them while they wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.asking import Content, Facts
from bot.chronicle import note_draft
from bot.deciding import NotAllowed, decide, get_draft, why_undecided
from bot.judging import judge, strictest
from bot.planning import Due, plan
from bot.policy.question import Verdict
from bot.questions import verdict_as_json
from bot.settings import Settings
from storage import deliveries, drafts
from storage.records import Contact, Draft


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants sent: `author` is a Slack user id, None for another system."""

    message: Mapping[str, Any]
    tag: str | None
    facts: Facts
    send_at: datetime | None = None
    author: str | None = None
    requested_by: str | None = None
    wants_approval: bool = False

    @property
    def content(self) -> Content:
        """What the rule book is asked about."""
        return Content(self.message, self.tag, self.facts, "person" if self.author else "system")

    @property
    def facts_json(self) -> Mapping[str, Any]:
        """The facts as they are kept."""
        return self.facts.model_dump(mode="json", exclude_none=True)

    def dues(self, now: datetime) -> list[Due]:
        """When its messages are due; raises BadPlan."""
        return plan(self.facts, self.send_at, now)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A draft on record, and what the rule book said of it."""

    draft: Draft
    verdict: Verdict


def propose_draft(
    db: Database,
    settings: Settings,
    proposal: Proposal,
    people: Sequence[Contact],
    *,
    now: datetime,
) -> Proposed:
    """Put a draft on record, approved at once where APPROVAL lets it be.

    Raises NotAllowed when the rule book refuses it for anybody, and BadPlan.
    """
    dues = proposal.dues(now)
    verdict = strictest(judge(db, settings, proposal.content, p, dues, now) for p in people)
    if not verdict.allowed:
        raise NotAllowed(verdict)
    waits = needs_second_person(settings, proposal, len(people), verdict)
    own_messages = None if waits else proposal.author
    draft = drafts.add(
        db,
        author=proposal.author,
        requested_by=proposal.requested_by,
        message=proposal.message,
        tag=proposal.tag,
        facts=proposal.facts_json,
        send_at=proposal.send_at,
        needs_second_person=waits,
        card_channel=own_messages or settings.approvals_channel,
        now=now,
    )
    _add_deliveries(db, draft, people, dues, now)
    who = proposal.author or proposal.requested_by or "another system"
    note_draft(db, draft, "queued", who=who, now=now, verdict=verdict_as_json(verdict))
    if not waits:
        draft = decide(db, draft, "approved", by=who, now=now)
        note_draft(db, draft, "approved", who=who, now=now)
    return Proposed(draft, verdict)


def needs_second_person(
    settings: Settings, proposal: Proposal, recipients: int, verdict: Verdict
) -> bool:
    """Whether this proposal waits for somebody else, by the APPROVAL setting."""
    if proposal.author is None or settings.approval == "always" or proposal.wants_approval:
        return True
    if settings.approval == "never":
        return False
    return verdict.flagged or recipients > 1


def rewrite_draft(
    db: Database,
    settings: Settings,
    draft_id: int,
    proposal: Proposal,
    contact: Contact,
    *,
    editor: str,
    revision: int,
    now: datetime,
) -> Proposed:
    """Replace a waiting draft's content; its editor counts as an author from now on.

    Raises NotAllowed, BadPlan, NoSuchDraft, AlreadyDecided, EditedMeanwhile.
    """
    reply = get_draft(db, draft_id).facts.get("reply")  # an edited answer stays one
    proposal = replace(proposal, facts=proposal.facts.model_copy(update={"reply": reply}))
    dues = proposal.dues(now)
    verdict = judge(db, settings, proposal.content, contact, dues, now)
    if not verdict.allowed:
        raise NotAllowed(verdict)
    draft = drafts.rewrite(
        db,
        draft_id,
        editor=editor,
        message=proposal.message,
        tag=proposal.tag,
        facts=proposal.facts_json,
        send_at=proposal.send_at,
        revision=revision,
    )
    if draft is None:
        raise why_undecided(db, draft_id, revision)
    deliveries.drop_pending(db, draft_id)
    _add_deliveries(db, draft, [contact], dues, now)
    note_draft(db, draft, "edited", who=editor, now=now, verdict=verdict_as_json(verdict))
    return Proposed(draft, verdict)


def _add_deliveries(
    db: Database, draft: Draft, people: Sequence[Contact], dues: Sequence[Due], now: datetime
) -> None:
    for person in people:
        for due in dues:
            deliveries.add(db, draft.id, person.id, due_at=due.at, scheduled=due.scheduled, now=now)
