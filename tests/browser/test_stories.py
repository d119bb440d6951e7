"""The guided tour, played by hand as its steps say."""

from tests.browser.page import Page
from tests.house import ADA


def test_inside_the_window(page: Page) -> None:
    page.ticked(0)
    page.writes_to("Ada Moreau", "Yes, your place is booked!")
    page.submits("Send")
    page.phone_shows("Yes, your place is booked!", "UPDATE · no tag")
    page.is_well_played()
    assert page.sent() == [("Yes, your place is booked!", "UPDATE", None)]


def test_after_the_window_with_an_event_tag(page: Page) -> None:
    page.begin("event")
    page.writes_to("Béla Kiss", "The pasta evening starts at 18:00.")
    page.reads("dialog[open]", "is closed")
    page.is_about_an_event(in_days=1)
    page.reads("dialog[open]", "Allowed")
    page.submits("Send")
    page.phone_shows("The pasta evening starts at 18:00.", "CONFIRMED_EVENT_UPDATE")
    page.is_well_played()
    assert page.sent() == [
        ("The pasta evening starts at 18:00.", "MESSAGE_TAG", "CONFIRMED_EVENT_UPDATE")
    ]


def test_a_promotion_is_caught(page: Page) -> None:
    page.begin("promotion")
    page.writes_to("Béla Kiss", "Your pasta evening is tomorrow. Bring a friend: 20% off!")
    page.is_about_an_event(in_days=1)
    page.reads("dialog[open]", "20% off")
    page.submits("Ask for approval")
    page.ticked(2)
    page.act_as("U0CLEO")
    page.go_to("approvals")
    page.presses("reject_draft")
    page.submits("Reject")
    page.is_well_played()
    assert page.sent() == []


def test_four_eyes(page: Page) -> None:
    page.begin("eyes")
    page.writes_to("Ada Moreau", "Your place is booked.")
    page.click("dialog[open] [data-action=route] input[value=approve]")
    page.submits("Ask for approval")
    page.go_to("approvals")
    page.presses("approve_draft")
    page.reads("#slack", "Only visible to you")
    page.ticked(2)
    page.act_as("U0CLEO")
    page.go_to("approvals")
    page.presses("approve_draft")
    page.phone_shows("Your place is booked.")
    page.is_well_played()
    assert page.sent() == [("Your place is booked.", "UPDATE", None)]


def test_a_reminder_after_the_window(page: Page) -> None:
    page.begin("reminder")
    page.writes_to("Ada Moreau", "The workshop starts at 18:00.")
    page.is_about_an_event(in_days=2)
    page.picks("reminders", "3 hours before")
    page.reads("dialog[open] [data-action=reminders] .sk-chosen", "3 hours before")
    page.submits("Send")
    page.phone_shows("UPDATE · no tag")
    page.ticked(2)
    page.click("#phones .next button")
    page.phone_shows("MESSAGE_TAG · CONFIRMED_EVENT_UPDATE")
    page.is_well_played()
    text = "The workshop starts at 18:00."
    assert page.sent() == [
        (text, "UPDATE", None),
        (text, "MESSAGE_TAG", "CONFIRMED_EVENT_UPDATE"),
    ]


def test_a_time_out_is_settled_by_the_echo(page: Page) -> None:
    page.begin("timeout")
    page.writes_to("Ada Moreau", "Your place is booked.")
    page.submits("Send")
    page.phone_shows("Your place is booked.")
    page.ticked(2)
    page.click('#top form[action="/meta/webhooks"] button')
    page.is_well_played()
    assert page.sent() == [("Your place is booked.", "UPDATE", None)]


def test_the_desk_in_slack(page: Page) -> None:
    page.begin("desk")
    page.says_on_phone("May I bring my daughter?")
    page.ticked(1)
    page.go_to("inbox")
    page.replies_to("Ada Moreau", "Of course!")
    page.phone_shows("Of course!", "RESPONSE · no tag")
    page.ticked(2)
    page.click('#top button[value="1440"]')
    page.ticked(3)
    page.replies_to("Ada Moreau", "And an apron.")
    page.phone_shows("And an apron.", "MESSAGE_TAG · HUMAN_AGENT")
    page.is_well_played()
    assert page.sent() == [
        ("Of course!", "RESPONSE", None),
        ("And an apron.", "MESSAGE_TAG", "HUMAN_AGENT"),
    ]


def test_the_menu_of_a_message_at_the_desk(page: Page) -> None:
    page.begin("desk")
    page.says_on_phone("May I bring my daughter?")
    page.ticked(1)
    page.go_to("inbox")
    page.uses_shortcut("May I bring my daughter?", "reply")
    page.types("message", "Of course!")
    page.submits("Send")
    page.phone_shows("Of course!", "RESPONSE · no tag")
    assert page.sent() == [("Of course!", "RESPONSE", None)]


def test_a_feedback_form_is_answered_on_the_phone(page: Page) -> None:
    page.begin("feedback")
    page.writes_to("Ada Moreau")
    page.picks("tag", "CUSTOMER_FEEDBACK")
    page.fills(
        feedback_title="Your booking",
        feedback_subtitle="It takes less than a minute.",
        feedback_question="How satisfied were you with it?",
        feedback_follow_up="What could we do better?",
    )
    page.submits("Send")
    page.phone_shows("Your booking", "UPDATE · no tag")
    page.ticked(1)
    page.hands_in("4", "A little slow.")
    page.phone_shows("Ada answered 4 of 5.")
    page.is_well_played()
    page.click('.sk-place[data-key^="D"]')
    page.reads("#slack .sk-list", "Ada Moreau answered: 4 of 5 (CSAT)")
    page.reads("#slack .sk-list", "A little slow.")
    assert page.sent() == [(None, "UPDATE", None)]
    assert list(page.workspace.graph.people[ADA].forms.values()) == ["4"]


def test_a_utility_message_after_the_window(page: Page) -> None:
    page.begin("utility")
    page.writes_to("Béla Kiss")
    page.reads("dialog[open]", "is closed")
    page.picks("utility", "class_reminder")
    page.types("utility:class_reminder:what", "The pasta evening")
    page.types("utility:class_reminder:when", "tomorrow at 18:00")
    page.reads("dialog[open]", "The pasta evening starts tomorrow at 18:00.")
    page.submits("Send")
    page.phone_shows("The pasta evening starts tomorrow at 18:00.", "UTILITY · no tag")
    page.is_well_played()
    text = "Reminder\nThe pasta evening starts tomorrow at 18:00. Please come ten minutes early."
    assert page.sent() == [(text, "UTILITY", None)]
