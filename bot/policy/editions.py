"""Meta's rules as tables, one for each edition; a change of Meta's is a change of a row here.

Sources: the Message Tags page for Graph v11.0 (edition 2021-06); the Messenger Platform changelog of
2026-03-27, the Send API reference and the policy page of 2026-09-28 (edition 2026-04).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from bot.policy.question import Channel, InteractionKind

CONFIRMED_EVENT_UPDATE: Final = "CONFIRMED_EVENT_UPDATE"
POST_PURCHASE_UPDATE: Final = "POST_PURCHASE_UPDATE"
ACCOUNT_UPDATE: Final = "ACCOUNT_UPDATE"
HUMAN_AGENT: Final = "HUMAN_AGENT"
CUSTOMER_FEEDBACK: Final = "CUSTOMER_FEEDBACK"

MESSENGER_ONLY: Final[tuple[Channel, ...]] = ("messenger",)
EVERYWHERE: Final[tuple[Channel, ...]] = ("messenger", "instagram")

STANDARD_WINDOW: Final = timedelta(hours=24)
ONE_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tag:
    """One message tag: what it is for, where it works, and for how long.

    `reach` is the time since the person's last message within which it may be used (None: no limit).
    """

    name: str
    purpose: str
    needs: str
    channels: tuple[Channel, ...]
    reach: timedelta | None = None
    retired_on: date | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """The rule book as Meta published it; `windows` says how long each interaction opens it for."""

    name: str
    title: str
    source: str
    read_on: date
    tags: Mapping[str, Tag]
    windows: Mapping[InteractionKind, timedelta]
    for_promotions: str
    has_utility_messages: bool = False

    @property
    def living_tags(self) -> tuple[Tag, ...]:
        """The tags that Meta still accepts in this edition."""
        return tuple(tag for tag in self.tags.values() if tag.retired_on is None)


def _by_name(*tags: Tag) -> Mapping[str, Tag]:
    return MappingProxyType({tag.name: tag for tag in tags})


_TAGS_2021 = _by_name(
    Tag(
        CONFIRMED_EVENT_UPDATE,
        "A reminder or a change for an event the person has signed up for.",
        "an event the person is registered for that is not over",
        MESSENGER_ONLY,
    ),
    Tag(
        POST_PURCHASE_UPDATE,
        "News of a purchase: receipt, shipment, a change to the order.",
        "the order it is about",
        MESSENGER_ONLY,
    ),
    Tag(
        ACCOUNT_UPDATE,
        "A one-time change to the person's application or account.",
        "nothing recurring, such as statements or bills",
        MESSENGER_ONLY,
    ),
    Tag(
        HUMAN_AGENT,
        "A person on the team answers what the customer asked.",
        "a person answering now, and the app's Human Agent permission",
        EVERYWHERE,
        reach=ONE_WEEK,
    ),
    Tag(
        CUSTOMER_FEEDBACK,
        "Asking for feedback after a purchase, an event or support.",
        "Meta's customer feedback template",
        MESSENGER_ONLY,
        reach=ONE_WEEK,
    ),
)

_RETIRED_ON = date(2026, 4, 27)
_UTILITY = "a utility message from a template that Meta has approved"
_TAGS_2026 = _by_name(
    *(
        replace(tag, retired_on=_RETIRED_ON, instead=_UTILITY) if tag.reach is None else tag
        for tag in _TAGS_2021.values()
    )
)

# A first message after an ad may open the window for up to 7 days (policy page, 2026-09-28), but
# who qualifies is not published: 24 hours is the length that is certain.
_WINDOWS = MappingProxyType(dict.fromkeys(InteractionKind, STANDARD_WINDOW))

_DEVELOPERS: Final = "https://developers.facebook.com"
_SPONSORED_MESSAGES: Final = f"{_DEVELOPERS}/docs/messenger-platform/discovery/sponsored-messages"
_ONE_TIME_NOTIFICATION: Final = (
    f"{_DEVELOPERS}/docs/messenger-platform/send-messages/one-time-notification"
)
_PLATFORM: Final = f"{_DEVELOPERS}/documentation/business-messaging/messenger-platform"
_MARKETING_MESSAGES: Final = f"{_PLATFORM}/marketing-messages-on-messenger/faq"
_POLICY: Final = f"{_PLATFORM}/policy"

EDITIONS: Final[Mapping[str, Edition]] = MappingProxyType(
    {
        "2021-06": Edition(
            "2021-06",
            "Message Tags page, Graph v11.0: five tags",
            "Message Tags",
            date(2026, 11, 22),
            _TAGS_2021,
            _WINDOWS,
            "Promotions outside the window: Meta offers Sponsored Messages, ads that Tagwise does not "
            f"run ({_SPONSORED_MESSAGES}), and One-Time Notifications to people who asked for one "
            f"({_ONE_TIME_NOTIFICATION}), both on Messenger only.",
        ),
        "2026-04": Edition(
            "2026-04",
            "Messenger Platform of April 2026: two tags, three retired",
            "Messenger Platform, April 2026",
            date(2026, 11, 22),
            _TAGS_2026,
            _WINDOWS,
            "Promotions outside the window: Sponsored Messages ended on 31 July 2024; Meta sells "
            "Marketing Messages instead, on Messenger only, not to people in the EU, the UK, Japan, "
            f"South Korea or Australia ({_MARKETING_MESSAGES}), and Tagwise does not send them. "
            "One-Time Notifications, to people who asked for one, are a beta that Meta's policy still "
            f"lists ({_POLICY}).",
            has_utility_messages=True,
        ),
    }
)

KNOWN_TAGS: Final = frozenset(name for edition in EDITIONS.values() for name in edition.tags)
