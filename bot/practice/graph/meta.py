"""Meta's side of a Page: its identity, the switches a test may turn, and all that Meta knows."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.memory import STANDARD_WINDOW, PersonMemory, ThreadMessage
from bot.practice.graph.types import Clock, Edition, JsonObject, utc_now, whole_milliseconds
from bot.practice.graph.utility import UtilityTemplate

MESSENGER_FIELDS = frozenset(
    {
        "messages",
        "message_echoes",
        "messaging_postbacks",
        "messaging_optins",
        "messaging_referrals",
        "message_deliveries",
        "message_reads",
        "message_reactions",
        "message_edits",
        "messaging_feedback",
        "response_feedback",
        "messaging_policy_enforcement",
        "messaging_handovers",
        "standby",
        "messaging_account_linking",
        "send_cart",
        "feed",
    }
)
SCOPES = frozenset(
    {
        "pages_messaging",
        "pages_manage_metadata",
        "pages_show_list",
        "pages_read_engagement",
        "pages_utility_messaging",
        "instagram_basic",
        "instagram_manage_messages",
    }
)


@dataclass
class OneTimeGrant:
    """A person's permission for one message, given by the button of the request `request_mid`."""

    person_id: str
    request_mid: str
    at: datetime
    used_at: datetime | None = None


@dataclass(kw_only=True, eq=False)
class Meta:
    """Everything Meta holds about one app, one Page and its people. All of it may be changed live.

    `rate_limit` is in messages a second (None: no limit). `ad_window` is the length of the window
    that a first message after an ad opens. `app_usage` and `business_use_case_usage` are sent as
    `X-App-Usage` and `X-Business-Use-Case-Usage` with every answer. `webhook_timeout` is in
    seconds, `webhook_copies` is how often each webhook is posted. `token_ends_at` None: never.
    `template_review` is the status that a new utility template gets.
    """

    clock: Clock = utc_now
    edition: Edition = "2021-06"
    page_id: str = "109823456712345"
    page_name: str = "Harbour Kitchen"
    instagram_id: str | None = "17841402233445566"
    app_id: str = "1517702381446120"
    access_token: str = "EAAtoken"
    app_secret: str = "test_app_secret"

    human_agent_approved: bool = True
    one_time_notifications: bool = True
    template_review: str = "APPROVED"
    requires_appsecret_proof: bool = False
    policy_blocked: bool = False
    echoes: bool = True
    deliveries: bool = True
    ad_window: timedelta = STANDARD_WINDOW
    rate_limit: int | None = None
    app_usage: JsonObject | None = None
    business_use_case_usage: JsonObject | None = None
    webhook_timeout: float = 5.0
    webhook_copies: int = 1
    token_ends_at: datetime | None = None
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    subscribed_fields: set[str] = field(default_factory=lambda: set(MESSENGER_FIELDS))

    people: dict[str, PersonMemory] = field(default_factory=dict, init=False)
    accepted: list[ThreadMessage] = field(default_factory=list, init=False)
    templates: dict[tuple[str, str], UtilityTemplate] = field(default_factory=dict, init=False)
    one_time_grants: dict[str, OneTimeGrant] = field(default_factory=dict, init=False)
    attachment_ids: set[str] = field(default_factory=set, init=False)
    order_numbers: set[str] = field(default_factory=set, init=False)
    lock: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)

    def now(self) -> datetime:
        """The clock's time in UTC, cut to the milliseconds that webhooks can say."""
        return whole_milliseconds(self.clock())

    def add_template(self, template: UtilityTemplate) -> None:
        """Let Meta hold a utility template, in whatever state its review left it."""
        with self.lock:
            self.templates[template.name, template.language] = template

    def recipient(self, person_id: str) -> PersonMemory:
        """The person a message is for; code 100 where there is no such person (any more)."""
        person = self.people.get(person_id)
        if person is None or (person.gone and person.channel == "messenger"):
            raise bad_parameter("No matching user found", 2018001)
        if person.gone:
            raise bad_parameter("No matching Instagram user", 2534014)
        return person

    def account_id(self, person: PersonMemory) -> str:
        """The id that speaks to this person: the Page's, or that of its Instagram account."""
        if person.channel == "instagram" and self.instagram_id is not None:
            return self.instagram_id
        return self.page_id
