"""Slack's side by keyboard: where the focus is, what Enter, Tab and Escape do, what is never lost."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import Page

BOX = "#slack .sk-main form[data-write] textarea"
LONG = "Dear Béla, the pasta evening begins at six. Please bring an apron & a good appetite! " * 3


def focused(page: Page) -> WebElement:
    return page.chromium.switch_to.active_element


def has_focus(page: Page, css: str) -> bool:
    return bool(
        page.chromium.execute_script("return document.activeElement.matches(arguments[0])", css)
    )


def is_open(page: Page) -> bool:
    return bool(page.chromium.find_elements(By.CSS_SELECTOR, "dialog[open]"))


def test_escape_closes_the_list_then_the_modal_and_one_writes_on(page: Page) -> None:
    page.types_command("/notify")
    page.first("dialog[open] form[data-view]")
    page.until(lambda: has_focus(page, "[data-action=recipient] input"))
    focused(page).send_keys("B")
    page.first("dialog[open] [role=option]")
    focused(page).send_keys(Keys.ESCAPE)
    assert is_open(page)
    focused(page).send_keys(Keys.ESCAPE)
    page.until(lambda: not is_open(page))
    assert page.workspace.slack.open_modals("U0BEN") == []
    page.until(lambda: has_focus(page, BOX))
    focused(page).send_keys("back again")
    assert page.first(BOX).get_attribute("value") == "back again"


def test_nothing_typed_is_lost_while_the_modal_changes(page: Page) -> None:
    page.writes_to("Béla Kiss", LONG)
    text = page.first("dialog[open] [data-action=message] textarea")
    modal = page.workspace.slack.modal("U0BEN", "composer")
    page.until(lambda: modal.value("message") == LONG)
    assert text.get_attribute("value") == LONG
    page.click("dialog[open] [data-press=use_tag]")
    # The field goes and comes again with the other tag: it is looked for each time.
    tag = "dialog[open] [data-action=tag] input"
    page.until(lambda: page.first(tag).get_attribute("value") == "CONFIRMED_EVENT_UPDATE")
    assert text.get_attribute("value") == LONG
    assert modal.value("tag") == "CONFIRMED_EVENT_UPDATE"


def test_the_focus_goes_to_the_first_field_that_is_wrong(page: Page) -> None:
    page.writes_to("Béla Kiss", "See you")
    page.picks("tag", "CONFIRMED_EVENT_UPDATE")
    page.first("dialog[open] [data-action=event_starts_at]")
    page.click("dialog[open] footer [type=submit]")
    page.until(lambda: has_focus(page, "[data-action=event_starts_at] input[aria-invalid=true]"))
    described = focused(page).get_attribute("aria-describedby") or ""
    assert "say when it starts" in page.first(f"[id='{described.split()[0]}']").text


def test_commands_are_found_by_arrows_and_tab(page: Page) -> None:
    box = page.first(BOX)
    box.send_keys("/")
    page.first("#slack .sk-commands:not([hidden])")
    box.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    assert box.get_attribute("value") == "/notify queue"
    box.send_keys(Keys.ENTER)
    page.reads("#slack", "Waiting for approval in")
    page.first(BOX).send_keys("/notify sta", Keys.TAB)
    assert page.first(BOX).get_attribute("value") == "/notify status "
    assert has_focus(page, BOX)
    page.first(BOX).send_keys(Keys.TAB)
    assert not has_focus(page, BOX)


def test_shift_enter_makes_a_line_and_a_half_typed_message_waits(page: Page) -> None:
    box = page.first(BOX)
    box.send_keys("one", Keys.SHIFT, Keys.ENTER, Keys.SHIFT, "two")  # SHIFT goes down, then up
    page.go_to("approvals")
    page.until(lambda: has_focus(page, BOX))
    general = page.workspace.scene.general
    page.click(f'.sk-place[data-key="{general.id}"]')
    page.first(f'.sk[data-place="{general.id}"]')
    page.until(lambda: page.first(BOX).get_attribute("value") == "one\ntwo")
    page.first(BOX).send_keys(Keys.ENTER)
    page.reads("#slack .sk-list", "one\ntwo")
    assert page.first(BOX).get_attribute("value") == ""


def test_the_question_before_an_act_can_be_denied(page: Page) -> None:
    page.writes_to("Ada Moreau", "Your place is booked.")
    page.click("dialog[open] [data-action=route] input[value=approve]")
    page.submits("Ask for approval")
    page.go_to("approvals")
    page.presses("withdraw_draft")
    page.reads("dialog[open]", "Withdraw this draft?")
    focused(page).send_keys(Keys.ESCAPE)
    page.until(lambda: not is_open(page))
    assert "waits for approval" in page.first("#slack .sk-header").text
    page.presses("withdraw_draft")
    page.first("dialog[open]")
    focused(page).send_keys(Keys.ENTER)
    page.reads("#slack .sk-header", "withdrawn")
    assert page.sent() == []
