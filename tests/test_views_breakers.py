"""What is said of a Page that may not send: in its alarms, on cards, in the queue, in the modals."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.breakers import Breakers, Stops
from bot.policy.editions import KNOWN_TAGS
from bot.settings import Settings
from handlers.views.answers import Listed, queue_blocks
from handlers.views.blocks import when
from handlers.views.breakers import form_blocks, page_buttons, page_line, stop_blocks, wait_words
from handlers.views.card import CardFacts, Line, card
from handlers.views.notices import notice_message
from handlers.views.reasons import reset_tag_modal, resume_modal
from storage.history import SYSTEM
from storage.pauses import Pause
from storage.records import Delivery, Entry
from storage.tags import RefusedTag, TagHold
from tests.block_kit import check_blocks, check_message, check_view
from tests.records import NOW, a_contact, a_delivery, a_draft, a_verdict, an_entry

PAGE, INSTAGRAM = "1", "2"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORST = "<&>" * 667
PAUSE = Pause(PAGE, "policy", "Meta <restricts> it.", NOW, None)
REST = Pause(PAGE, "rate", "Meta is busy.", NOW, NOW + HOUR)
SINCE = when(NOW, "{date_short_pretty} {time}")
UNTIL = when(NOW + HOUR, "{date_short_pretty} {time}")
APPROVED = a_draft(state="approved", decided_by="UCLEO", decided_at=NOW)
SETTINGS = Settings(
    _env_file=None,
    slack_bot_token="xoxb-1",
    slack_signing_secret="s",
    approvals_channel="C1",
    page_id=PAGE,
    instagram_id=INSTAGRAM,
    page_access_token="t",
    app_secret="s",
    verify_token="v",
)


def stopped(pause: Pause | None = None, tagged_wait: str | None = None) -> Breakers:
    return Breakers(pause, tagged_wait, {})


def about_page(what: str, **changes: Any) -> Entry:
    values = {"draft_id": None, "who": SYSTEM, "page_id": PAGE} | changes
    return an_entry(what, **values)


def pressed(*entries: Entry) -> list[tuple[str, str]]:
    rows = page_buttons(entries, SETTINGS)
    return [(button["action_id"], button["value"]) for row in rows for button in row["elements"]]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            about_page("page_paused", note="Meta <restricts> it."),
            ":rotating_light: *Sending is paused for Messenger.* Meta &lt;restricts&gt; it. "
            "What waits is kept.",
        ),
        (
            about_page("page_paused", page_id=None, note="No token."),
            ":rotating_light: *Sending is paused.* No token. What waits is kept.",
        ),
        (
            about_page("page_rests", page_id=INSTAGRAM, note="Busy.", until=NOW + HOUR),
            f":hourglass: *Sending rests for Instagram until {UNTIL}.* Busy. "
            "What waits goes out by itself then.",
        ),
        (
            about_page("page_resumed", who="UCLEO", note="It is <mended>."),
            ":white_check_mark: *Sending goes on for Messenger.* By <@UCLEO>. "
            "Reason: It is &lt;mended&gt;.",
        ),
        (
            about_page("tag_reset", who="UCLEO", note="Fine.", tag="ACCOUNT_UPDATE"),
            ":white_check_mark: *The tag* `ACCOUNT_UPDATE` *may be used again for Messenger.* "
            "By <@UCLEO>. Reason: Fine.",
        ),
    ],
)
def test_the_channel_is_told_what_happened_to_which_account(entry: Entry, said: str) -> None:
    assert page_line(entry, SETTINGS) == said


def test_where_there_is_one_account_it_is_not_named() -> None:
    alone = SETTINGS.model_copy(update={"instagram_id": None})
    assert "for Messenger" not in page_line(about_page("page_warned", note="Beware."), alone)


def test_a_button_stands_below_whatever_still_holds() -> None:
    paused, warned = about_page("page_paused"), about_page("page_warned")
    refused = about_page("tag_refused", tag="ACCOUNT_UPDATE")
    resume, reset = ("resume_page", PAGE), ("reset_tag", f"{PAGE}:ACCOUNT_UPDATE")
    assert pressed(paused) == [resume]
    assert pressed(replace(paused, page_id=None)) == [resume]
    assert pressed(paused, replace(paused, page_id=INSTAGRAM)) == [
        resume,
        ("resume_page", INSTAGRAM),
    ]
    assert pressed(paused, about_page("page_resumed")) == []
    assert pressed(about_page("page_resumed"), paused) == [resume]
    assert pressed(paused, about_page("page_resumed", page_id=INSTAGRAM)) == [resume]
    assert pressed(warned, paused, about_page("page_resumed")) == [resume]  # the warning's own
    assert pressed(warned, paused, about_page("page_resumed", who="UCLEO")) == []
    assert pressed(warned, about_page("tags_released", who="UCLEO")) == []
    assert pressed(refused) == [reset]
    assert pressed(refused, about_page("page_resumed", who="UCLEO")) == [reset]
    assert pressed(refused, about_page("tag_reset", tag="HUMAN_AGENT")) == [reset]
    assert pressed(refused, about_page("tag_reset", tag="ACCOUNT_UPDATE")) == []


def test_a_rest_has_a_button_once_it_lasts_ten_minutes() -> None:
    rests = about_page("page_rests", until=NOW + 10 * MINUTE)
    assert pressed(rests) == [("resume_page", PAGE)]
    assert pressed(replace(rests, until=NOW + 9 * MINUTE)) == []


@pytest.mark.parametrize(
    ("breakers", "delivery", "said"),
    [
        (stopped(), {}, None),
        (
            stopped(PAUSE),
            {},
            f"waits: sending is paused since {SINCE}: Meta &lt;restricts&gt; it.",
        ),
        (stopped(PAUSE), {"state": "sent"}, None),
        (
            stopped(PAUSE),
            {"scheduled": True, "due_at": NOW + HOUR, "try_at": NOW + HOUR},
            f"goes out {when(NOW + HOUR)}, but sending is paused since {SINCE}: "
            "Meta &lt;restricts&gt; it.",
        ),
        (
            stopped(REST),
            {},
            f"waits: sending is paused since {SINCE} until {UNTIL}: Meta is busy.",
        ),
        (stopped(REST), {"try_at": NOW + HOUR}, None),
        (stopped(tagged_wait="Meta warns."), {}, "waits: Meta warns."),
    ],
)
def test_why_an_approved_message_waits(
    breakers: Breakers, delivery: dict[str, Any], said: str | None
) -> None:
    values = {"number": 1} | delivery
    verdict = a_verdict(window_open=False)
    assert wait_words(APPROVED, a_delivery(**values), breakers, verdict, NOW) == said


def test_what_is_not_approved_or_needs_no_tag_does_not_wait_for_it() -> None:
    waits, open_window = stopped(tagged_wait="Meta warns."), a_verdict()
    assert wait_words(APPROVED, a_delivery(), waits, open_window, NOW) is None
    assert wait_words(a_draft(), a_delivery(), stopped(PAUSE), open_window, NOW) is None


def test_a_card_says_once_for_each_account_why_its_messages_wait() -> None:
    people = [a_contact(1, "Ada"), a_contact(2, "Béla"), a_contact(3, "Ines", page_id=INSTAGRAM)]
    deliveries: list[Delivery] = [
        a_delivery(person.id, contact_id=person.id, note="An older note.") for person in people
    ]
    lines = [Line(delivery, person) for delivery, person in zip(deliveries, people, strict=True)]
    breakers = {PAGE: stopped(PAUSE), INSTAGRAM: stopped(REST)}
    shown = str(card(CardFacts(APPROVED, lines, a_verdict(), "2021-06", NOW, breakers)))
    assert f"Ada: waits: sending is paused since {SINCE}: Meta &lt;restricts&gt; it." in shown
    assert f"Béla: waits: sending is paused since {SINCE}\\n" in shown
    assert f"Ines: waits: sending is paused since {SINCE} until {UNTIL}: Meta is busy." in shown
    assert "An older note." not in shown


def test_the_queue_of_a_house_where_everything_is_stopped_fits_into_one_message() -> None:
    accounts = (PAGE, INSTAGRAM)
    stops = Stops(
        [replace(PAUSE, page_id=page_id, reason=WORST) for page_id in accounts],
        [TagHold(page_id, WORST, NOW) for page_id in accounts],
        [RefusedTag(page_id, tag, WORST, NOW) for page_id in accounts for tag in KNOWN_TAGS],
    )
    draft = a_draft(message={"text": WORST}, author=None, requested_by=WORST)
    people = [a_contact(number, "&" * 300) for number in range(1, 101)]
    listed = Listed(draft, people, [a_delivery(n, contact_id=n) for n in range(1, 101)])
    blocks = [
        *stop_blocks(stops, SETTINGS),
        *queue_blocks([listed] * 11, [listed] * 11, "C1", 10),
    ]
    check_blocks(blocks)
    check_message({"text": "The queue", "blocks": blocks})
    assert str(blocks).count("'reset_tag'") == 2 * len(KNOWN_TAGS)


def test_the_modals_and_the_alarms_of_the_longest_reasons_fit() -> None:
    worst = stopped(replace(PAUSE, reason=WORST), WORST)
    check_view(resume_modal(PAGE, worst, NOW))
    check_view(reset_tag_modal(PAGE, "CONFIRMED_EVENT_UPDATE", WORST))
    entries = [
        about_page("page_paused", note=WORST),
        about_page("page_warned", id=2, note=WORST),
        *(about_page("tag_refused", id=n, tag=tag) for n, tag in enumerate(KNOWN_TAGS, start=3)),
    ]
    message = notice_message(None, "channel", [(entry, []) for entry in entries], SETTINGS)
    assert message is not None
    check_message(message)


def test_a_form_says_what_its_message_would_wait_for() -> None:
    def said(breakers: Breakers, *, tagged: bool) -> list[str]:
        blocks = form_blocks(breakers, tagged=tagged)
        return [line for block in blocks for line in block["text"]["text"].split("\n")]

    warned = stopped(PAUSE, "Meta <warns>.")
    why = (
        f"*Sending is paused* since {SINCE}: Meta &lt;restricts&gt; it.",
        "*Messages under a tag wait:* Meta &lt;warns&gt;.",
    )
    paused, waits = (f":hourglass: What you send waits for now. {line}" for line in why)
    assert said(warned, tagged=False) == [paused]
    assert said(warned, tagged=True) == [paused, waits]
    assert said(stopped(), tagged=True) == []
    assert said(stopped(None, "Meta warns."), tagged=False) == []
