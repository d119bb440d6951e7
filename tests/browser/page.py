"""What a person sees and does on the practice page, in their words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from bot.practice.page.workspace import Workspace
from bot.practice.page.zone import local_zone
from tests.house import until

T = TypeVar("T")
# The page follows the server: an element may be replaced between a look and a click.
_MOVED = (
    NoSuchElementException,
    StaleElementReferenceException,
    ElementNotInteractableException,
    ElementClickInterceptedException,
)


@dataclass
class Page:
    """One window; every act waits until it can be done."""

    chromium: Chrome
    workspace: Workspace

    def first(self, css: str) -> WebElement:
        return self.until(lambda: self.chromium.find_element(By.CSS_SELECTOR, css))

    def reads(self, css: str, text: str) -> None:
        """Wait until this stands there."""
        self.until(lambda: text in self.chromium.find_element(By.CSS_SELECTOR, css).text)

    def until(self, happens: Callable[[], T]) -> T:
        def look() -> T | None:
            try:
                return happens()
            except _MOVED:
                return None

        return until(look)  # type: ignore[return-value] # only what is true ends it

    def click(self, css: str) -> None:
        def try_it() -> bool:
            self.chromium.find_element(By.CSS_SELECTOR, css).click()
            return True

        self.until(try_it)

    def begin(self, key: str) -> None:
        """Start a story with one click."""
        self.click(f'form[action="/story/{key}"] button')
        self.first(f'form[action="/story/{key}"] button[aria-pressed="true"]')
        self.ticked(0)

    def ticked(self, count: int) -> None:
        """Wait until so many steps of the story are ticked off."""
        self.until(
            lambda: len(self.chromium.find_elements(By.CSS_SELECTOR, "#story li.done")) == count
        )

    def is_well_played(self) -> None:
        """Wait until every step is done."""
        self.reads("#story", "Well played!")

    # --- Slack ------------------------------------------------------------------------------

    def act_as(self, user_id: str) -> None:
        self.click(f'.sk-person[data-key="{user_id}"]')
        self.first(f'.sk[data-as="{user_id}"]')

    def go_to(self, name: str) -> None:
        scene = self.workspace.scene
        channel = next(c for c in (scene.approvals, scene.inbox) if c.name == name)
        self.click(f'.sk-place[data-key="{channel.id}"]')
        self.first(f'.sk[data-place="{channel.id}"]')

    def types_command(self, text: str) -> None:
        """Type into the composer of the channel and press Enter."""
        box = self.first("#slack form[data-write] textarea")
        box.click()
        box.send_keys(text, Keys.ENTER)

    def writes_to(self, name: str, text: str = "") -> None:
        """Open the composer by /notify, find this customer by typing, write this."""
        self.until(self._names_are_known)  # it takes the bot a second
        self.types_command("/notify")
        box = self.first("dialog[open] [data-action=recipient] input")
        box.send_keys(name[:3])
        self.until(
            lambda: (
                name
                in self.chromium.find_element(
                    By.CSS_SELECTOR, "dialog[open] [data-action=recipient] [role=option]"
                ).text
            )
        )
        box.send_keys(Keys.ENTER)
        self.reads("dialog[open]", "The messaging window")
        self.first("dialog[open] [data-action=message] textarea").send_keys(text)

    def _names_are_known(self) -> bool:
        with self.workspace.scene.live.services.store.read() as db:
            return not list(db.query("SELECT 1 FROM contacts WHERE name IS NULL"))

    def picks(self, action: str, typed: str) -> None:
        """Choose from a menu of the composer by typing."""
        box = self.first(f"dialog[open] [data-action={action}] input[role=combobox]")
        box.click()
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.BACKSPACE, typed)
        self.reads(f"dialog[open] [data-action={action}] [role=option]:not([hidden])", typed)
        box.send_keys(Keys.ENTER)

    def is_about_an_event(self, *, in_days: int) -> None:
        """The tag for events, its start at 18:00, and that the person has signed up."""
        self.picks("tag", "CONFIRMED_EVENT_UPDATE")
        day = self.workspace.scene.clock().astimezone(ZoneInfo(local_zone()))
        self.first("dialog[open] [data-action=event_starts_at] [data-day]")
        self._enters("event_starts_at", "data-day", f"{day + timedelta(days=in_days):%Y-%m-%d}")
        self._enters("event_starts_at", "data-hour", "18:00")
        self.click("dialog[open] [data-action=event_registered] input")

    def _enters(self, action: str, part: str, value: str) -> None:
        """Fill a date or time; how it is typed depends on the browser's language."""
        css = f"dialog[open] [data-action={action}] [{part}]"
        self.chromium.execute_script(
            "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event('change', {bubbles: true}));",
            css,
            value,
        )
        self.until(
            lambda: self.chromium.find_element(By.CSS_SELECTOR, css).get_attribute("value") == value
        )

    def fills(self, **fields: str) -> None:
        """Type into fields of the modal, as they come."""
        for action, text in fields.items():
            self.types(action, text)

    def types(self, action: str, text: str) -> None:
        """Type into one field of the modal."""
        css = f'dialog[open] [data-action="{action}"] :is(input, textarea)'
        self.first(css).send_keys(text)
        self.until(
            lambda: self.chromium.find_element(By.CSS_SELECTOR, css).get_attribute("value") == text
        )

    def submits(self, label: str) -> None:
        """Press the button of the modal once it reads like this; the modal goes away."""
        self.reads("dialog[open] footer [type=submit]", label)
        self.click("dialog[open] footer [type=submit]")
        self.until(lambda: not self.chromium.find_elements(By.CSS_SELECTOR, "dialog[open]"))

    def presses(self, action: str) -> None:
        """Press a button of the newest card that has it."""

        def try_it() -> bool:
            self.chromium.find_elements(By.CSS_SELECTOR, f'#slack [data-press="{action}"]')[
                -1
            ].click()
            return True

        self.until(lambda: self.first(f'#slack [data-press="{action}"]'))
        self.until(try_it)

    def uses_shortcut(self, under: str, callback_id: str) -> None:
        """Choose an entry in the menu of the newest message that says this."""
        for css in (".sk-more summary", f'[data-shortcut="{callback_id}"]'):
            self.until(lambda css=css: self._in_menu(under, css))  # type: ignore[misc] # of this turn

    def _in_menu(self, under: str, css: str) -> bool:
        messages = self.chromium.find_elements(By.CSS_SELECTOR, "#slack .sk-message")
        message = next((m for m in reversed(messages) if under in m.text), None)
        if message is None:
            return False
        ActionChains(self.chromium).move_to_element(message).perform()
        message.find_element(By.CSS_SELECTOR, css).click()
        return True

    def replies_to(self, name: str, text: str) -> None:
        """Press Reply under this person's name in the inbox, write this, send it."""
        self.reads("#slack .sk-list", name)
        self.presses("reply")
        self.reads("dialog[open]", name)
        self.types("message", text)
        self.submits("Send")

    # --- phones ------------------------------------------------------------------------------

    def says_on_phone(self, text: str) -> None:
        """Write on the phone that is looked at."""
        self.first("#phones .line input").send_keys(text, Keys.ENTER)
        self.phone_shows(text)

    def hands_in(self, score: str, comment: str) -> None:
        """Open the form on the phone, tap a score, say why, and submit it."""
        self.click("#phones .survey summary")
        self.click(f'#phones .survey input[value="{score}"]')
        self.first("#phones .survey input[name=comment]").send_keys(comment)
        self.click("#phones .survey .button")

    # --- the rest ---------------------------------------------------------------------------

    def phone_shows(self, *texts: str) -> None:
        for text in texts:
            self.reads("#phones .thread", text)

    def sent(self) -> list[tuple[str | None, str | None, str | None]]:
        """What Meta took, in order: text, messaging type and tag."""
        accepted = self.workspace.graph.accepted
        return [(message.text, message.messaging_type, message.tag) for message in accepted]

    def now(self) -> datetime:
        return self.workspace.scene.clock()
