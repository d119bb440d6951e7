"""Who is there when practice begins: staff, customers, the Page's templates, what was said before."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from bot.practice.graph import UtilityTemplate

Channel = Literal["messenger", "instagram"]


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody in Slack; `approves`: they are in the channel where drafts wait."""

    id: str
    name: str
    approves: bool = True


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a phone; `about` is what the house knows of them."""

    id: str
    first_name: str
    last_name: str
    channel: Channel
    about: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said so long before practice begins; `where` is a customer or channel."""

    ago: timedelta
    where: str
    text: str
    by: str = ""


ADA: Final = "24918830014477562"
BELA: Final = "25107743390218846"
DEV: Final = "25280416603391175"
INES: Final = "1178830045612903"
JONAS: Final = "1046627719385501"

STAFF: Final = (
    Staff("U0BEN", "Ben"),
    Staff("U0CLEO", "Cleo"),
    Staff("U0DANA", "Dana", approves=False),
)

CUSTOMERS: Final = (
    Customer(
        ADA, "Ada", "Moreau", "messenger", "Sourdough workshop in two days. Order A-17, paid."
    ),
    Customer(BELA, "Béla", "Kiss", "messenger", "Pasta evening tomorrow at 18:00, two places."),
    Customer(DEV, "Dev", "Patel", "messenger", "New: never wrote to the Page."),
    Customer(INES, "Ines", "Duarte", "instagram", "Asks about the vegan menu."),
    Customer(JONAS, "Jonas", "Weber", "instagram", "Wants to come with a group of ten."),
)

SAID: Final = (
    Said(timedelta(days=8), JONAS, "Hey, do you take groups of ten?"),
    Said(timedelta(days=3), BELA, "Two places for the pasta evening, please!"),
    Said(timedelta(hours=5), "general", "Morning! Both classes this week are full.", "U0CLEO"),
    Said(timedelta(hours=2), INES, "Hi, is there a vegan menu this weekend?"),
    Said(timedelta(minutes=20), ADA, "Hello! Is my place in the sourdough workshop booked?"),
    Said(timedelta(minutes=12), "general", "Ada asks about the workshop. Who answers?", "U0DANA"),
)

TEMPLATES: Final = (
    UtilityTemplate(
        "class_reminder",
        "{{what}} starts {{when}}. Please come ten minutes early.",
        header="Reminder",
    ),
    UtilityTemplate("order_ready", "Your order {{1}} is ready, you can fetch it {{2}}."),
    UtilityTemplate("table_change", "Hello {{name}}, your table has changed: {{change}}."),
    UtilityTemplate("gift_card", "Your gift card {{1}} is valid now.", status="PENDING"),
)
