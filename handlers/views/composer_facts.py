"""What the composer is drawn from, beside what was entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.breakers import Breakers
from bot.policy.question import Verdict
from bot.policy.utility_templates import UtilityTemplate
from storage.one_time import OneTimeToken
from storage.records import Contact


@dataclass(frozen=True, slots=True)
class ComposerFacts:
    """What the composer knows beside what was entered; `verdict` is the rule book's at `now`.

    `breakers` are those of the person's Page or account; `templates` are the Page's for utility messages;
    `waiting` is what the person asked to be told, None where One-Time Notifications are switched off.
    """

    edition: str
    now: datetime
    may_send: bool
    waits: bool = False
    contact: Contact | None = None
    verdict: Verdict | None = None
    breakers: Breakers | None = None
    agent_until: datetime | None = None
    problem: str | None = None
    templates: Sequence[UtilityTemplate] = ()
    listing_problem: str | None = None
    privacy_url: str | None = None
    waiting: Sequence[OneTimeToken] | None = None
