"""Meta's own rules at the moment of sending, judged by Meta's own memory.

They are written here a second time, apart from the product's rule book, so that a rule book
that lets too much through meets the refusal it would meet in life.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
"""

from datetime import datetime, timedelta

from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.memory import PersonMemory
from bot.practice.graph.meta import Meta
from bot.practice.graph.types import JsonObject

RETIRED_TAGS = frozenset({"CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"})
TAGS = RETIRED_TAGS | {"HUMAN_AGENT", "CUSTOMER_FEEDBACK"}
_SEVEN_DAYS = timedelta(days=7)


def check_reachable(meta: Meta, person: PersonMemory) -> None:
    """Refuse what no messaging type could deliver: a restricted Page, a person who is away."""
    if meta.policy_blocked:
        raise GraphError(
            10, "(#10) The Page is temporarily restricted from sending messages", subcode=1893063
        )
    if person.blocked_page:
        raise GraphError(
            551, "(#551) This person isn't receiving messages from you right now", subcode=1545041
        )
    if person.thread_owner is None:
        return
    if person.channel == "instagram":
        raise bad_parameter("The app is not the thread owner", 2534037)
    raise GraphError(2018300, "(#2018300) Another app is controlling this thread now")


def check_window(meta: Meta, person: PersonMemory) -> None:
    """Refuse anything but a tag or a utility template once the messaging window has closed."""
    closes_at = person.window_closes_at(meta.ad_window)
    if closes_at is None or meta.now() >= closes_at:
        raise _outside_of_window(person)


def check_tag(meta: Meta, person: PersonMemory, tag: str, message: JsonObject) -> None:
    """Refuse a tag that this edition, channel, person or app may not use, or not for this."""
    if tag not in TAGS:
        raise bad_parameter(f"Param tag must be one of {{{', '.join(sorted(TAGS))}}}")
    if meta.edition == "2026-04" and tag in RETIRED_TAGS:
        raise GraphError(100, "Invalid parameter", subcode=1893061)
    if person.channel == "instagram" and tag != "HUMAN_AGENT":
        raise bad_parameter(f"Tag {tag} is not supported on Instagram")
    if tag == "HUMAN_AGENT" and not meta.human_agent_approved:
        raise GraphError(10, "(#10) The app does not have permission to use the Human Agent tag")
    if (tag == "CUSTOMER_FEEDBACK") != is_feedback_template(message):
        raise bad_parameter("CUSTOMER_FEEDBACK and the customer feedback template go together")
    if tag not in RETIRED_TAGS and not _within_seven_days(meta.now(), person.last_wrote_at()):
        raise _outside_of_window(person)


def check_request(meta: Meta, person: PersonMemory, messaging_type: str) -> None:
    """Refuse to ask for a one-time notification under a tag, or without Meta's permission to ask."""
    if messaging_type not in ("RESPONSE", "UPDATE"):
        raise bad_parameter("A one-time notification request goes out inside the window only")
    if not meta.one_time_notifications:
        raise GraphError(10, "(#10) The Page does not have permission for One-Time Notifications")
    check_window(meta, person)


def check_utility(meta: Meta, person: PersonMemory) -> None:
    """Refuse a utility message where the channel or the app cannot send one."""
    if person.channel == "instagram":
        raise bad_parameter("Param messaging_type UTILITY is not supported on Instagram")
    if "pages_utility_messaging" not in meta.scopes:
        raise GraphError(10, "(#10) The app does not have permission to send utility messages")


def is_feedback_template(message: JsonObject) -> bool:
    """Whether the message is a customer feedback template."""
    attachment = message.get("attachment", {})
    is_feedback: bool = (
        attachment.get("type") == "template"
        and attachment["payload"]["template_type"] == "customer_feedback"
    )
    return is_feedback


def _within_seven_days(now: datetime, wrote_at: datetime | None) -> bool:
    return wrote_at is not None and now - wrote_at < _SEVEN_DAYS


def _outside_of_window(person: PersonMemory) -> GraphError:
    return GraphError(
        10,
        "(#10) This message is sent outside of allowed window.",
        subcode=2534022 if person.channel == "instagram" else 2018278,
    )
