"""People decide drafts: approve, reject, withdraw; each once, each on record, all of it or nothing."""

from datetime import datetime

from sqlite_utils import Database

from bot.chronicle import note_draft
from bot.judging import judge_draft
from bot.policy.question import Verdict
from bot.questions import verdict_as_json
from bot.settings import RuleSettings
from storage import deliveries, drafts
from storage.records import Draft
from storage.store import Store


class Refused(Exception):
    """What somebody asked for was not done; every kind has its sentence in the Slack views."""


class NotAllowed(Refused):
    """The rule book says no."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(" ".join(finding.why for finding in verdict.refusals))
        self.verdict = verdict


class NoSuchDraft(Refused):
    """There is no draft with that number."""


class AlreadyDecided(Refused):
    """Somebody was first; `draft` says who and how."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.id} is {draft.state} by {draft.decided_by}")
        self.draft = draft


class EditedMeanwhile(Refused):
    """The draft is no longer what the person was looking at."""


class OwnDraft(Refused):
    """Four eyes: whoever wrote or edited a draft does not approve it."""


class ReasonNeeded(Exception):
    """The rule book flags the draft: approving it takes a reason."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("a flagged draft takes a reason")
        self.verdict = verdict


class TooLate(Refused):
    """Everything of the draft has gone out already."""


def approve_draft(
    store: Store,
    settings: RuleSettings,
    draft_id: int,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
    revision: int | None = None,
) -> Draft:
    """Decide yes, asking the rule book again at this moment.

    `revision` is the one that the person was looking at; None where that is not known.
    Raises NoSuchDraft, AlreadyDecided, EditedMeanwhile, OwnDraft, NotAllowed, ReasonNeeded.
    """
    with store.write() as db:
        before = get_draft(db, draft_id)
        draft = decide(db, before, "approved", by=by, now=now, reason=reason, revision=revision)
        if by in (draft.author, draft.editor):
            raise OwnDraft
        verdict = judge_draft(db, settings, draft, now)
        if not verdict.allowed:
            raise NotAllowed(verdict)
        if verdict.needs_review and not reason:
            raise ReasonNeeded(verdict)
        judged = verdict_as_json(verdict)
        note_draft(db, draft, "approved", who=by, now=now, note=reason, verdict=judged)
    return draft


def reject_draft(
    store: Store,
    draft_id: int,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
    revision: int | None = None,
) -> Draft:
    """Decide no. Raises NoSuchDraft, AlreadyDecided, EditedMeanwhile."""
    with store.write() as db:
        before = get_draft(db, draft_id)
        draft = decide(db, before, "rejected", by=by, now=now, reason=reason, revision=revision)
        deliveries.cancel_pending(db, draft.id, now)
        note_draft(db, draft, "rejected", who=by, now=now, note=reason)
    return draft


def withdraw_draft(store: Store, draft_id: int, *, by: str, now: datetime) -> Draft:
    """Take a draft back before it has gone out; what was approved and waits is cancelled.

    Raises NoSuchDraft, AlreadyDecided, TooLate.
    """
    with store.write() as db:
        before = get_draft(db, draft_id)
        draft = drafts.decide(
            db,
            draft_id,
            was=("queued", "approved"),
            to="withdrawn",
            by=by,
            reason=None,
            revision=None,
            now=now,
        )
        if draft is None:
            raise AlreadyDecided(before)
        if not deliveries.cancel_pending(db, draft.id, now):
            raise TooLate
        note_draft(db, draft, "withdrawn", who=by, now=now)
    return draft


def decide(
    db: Database,
    before: Draft,
    to: str,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
    revision: int | None = None,
) -> Draft:
    """Move a waiting draft to its decision. Raises AlreadyDecided, EditedMeanwhile."""
    draft = drafts.decide(
        db, before.id, was=("queued",), to=to, by=by, reason=reason, revision=revision, now=now
    )
    if draft is None:
        raise why_undecided(db, before.id, revision)
    return draft


def why_undecided(db: Database, draft_id: int, revision: int | None) -> Exception:
    """Why a waiting draft could not be changed: it is gone, decided, or was edited."""
    draft = get_draft(db, draft_id)
    if draft.state == "queued" and revision not in (None, draft.revision):
        return EditedMeanwhile()
    return AlreadyDecided(draft)


def get_draft(db: Database, draft_id: int) -> Draft:
    """The draft with that number; raises NoSuchDraft."""
    draft = drafts.get(db, draft_id)
    if draft is None:
        raise NoSuchDraft(draft_id)
    return draft
