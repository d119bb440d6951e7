"""What people do in Slack again and again in these stories, each in one call."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.practice.slack import Message, Modal
from tests.house import ADA, House


def ask(house: House, user: Any, text: str) -> Message:
    """Type `/notify <text>` in the approvals channel; what only this person sees of the answer."""
    return whispered(
        house,
        user,
        lambda: house.slack.run_command(user, "/notify", text, channel=house.approvals),
    )


def whispered(house: House, user: Any, act: Callable[[], object]) -> Message:
    """What the bot says to this person alone in the approvals channel once they have done this."""

    def heard() -> list[Message]:
        return [m for m in house.approvals.ephemerals if m.ephemeral_to == user.id]

    before = len(heard())
    act()
    return house.until(lambda: heard()[before:])[0]


def told(house: House, user: Any, act: Callable[[], object]) -> str:
    """The same, as they read it."""
    return house.text_of(whispered(house, user, act), user)


def write(house: House, user: Any, text: str = "Your table is booked.", psid: str = ADA) -> Modal:
    """Open the composer from the messages with the bot, with this text, and choose this person."""
    house.slack.run_command(user, "/notify", text)
    modal = house.slack.modal(user, "composer")
    modal.choose("recipient", str(house.contact_id(psid)))
    reads(house, modal, "The messaging window")
    return modal


def ada_is_known(house: House) -> None:
    """Ada writes, and the bot learns her name."""
    house.ada.writes("Is my table booked?")
    house.until(lambda: house.rows("SELECT 1 FROM contacts WHERE name = 'Ada Moreau'"))


def waiting_card(house: House, by: Any = None, text: str = "Your table is booked.") -> Message:
    """Ada writes, `by` (Ben) answers and asks for approval: the card that then waits."""
    house.ada.writes("Is my table booked?")
    modal = write(house, by or house.ben, text)
    modal.choose("route", "approve")
    assert modal.submit() == {}
    return house.card()


def reads(house: House, modal: Modal, *texts: str) -> bool:
    """Wait until all of this stands in the modal, which the bot updates after its acknowledgement."""
    return house.until(lambda: all(text in house.text_of(modal) for text in texts))


def choose_tag(house: House, modal: Modal, tag: str) -> None:
    """Choose a tag and wait until the composer shows what it is for, and its fields."""
    modal.choose("tag", tag)
    reads(house, modal, f"\n`{tag}`: ")


def event_modal(house: House, user: Any, *, in_hours: float = 30) -> Modal:
    """A composer with an event update that the rule book allows outside the window."""
    modal = write(house, user, "Your class starts soon.")
    choose_tag(house, modal, "CONFIRMED_EVENT_UPDATE")
    modal.pick("event_starts_at", hours_from_now(house, in_hours))
    modal.choose("event_registered", "registered")
    return modal


def hours_from_now(house: House, hours: float) -> datetime:
    """A moment by the bot's clock, which stands until it is moved."""
    return house.clock() + timedelta(hours=hours)


def shows(screen: Message | Modal, moment: datetime) -> bool:
    """Whether this moment stands there, for each reader in their own zone."""
    return f"<!date^{int(moment.timestamp())}^" in json.dumps(screen.blocks)


def resume(house: House, user: Any, alarm: Message, reason: str = "It is mended.") -> None:
    """Press the button that lets the Page send again, and say why."""
    house.slack.click(user, alarm, "resume_page")
    modal = house.slack.modal(user, "resume_page")
    modal.fill("reason", reason)
    assert modal.submit() == {}


def buttons(message: Message) -> list[str]:
    """The action ids of a message's buttons, in order."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def thread(house: House, card: Message) -> str:
    """All replies under a card, one after the other."""
    return "\n".join(house.text_of(reply) for reply in list(card.replies))


def messages_to(house: House, user: Any) -> str:
    """Everything in a person's messages with the bot."""
    return "\n".join(house.text_of(message) for message in list(house.slack.dm(user).messages))
