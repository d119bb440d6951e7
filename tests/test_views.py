"""What the views say, and that nobody's text comes alive in them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.question import Severity, Window
from handlers.views import ids
from handlers.views.blocks import escape, fitting, quoted, verbatim, when
from handlers.views.card import CardFacts, Line, card
from handlers.views.composer import composer
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered
from handlers.views.entered_state import read_composer
from handlers.views.reasons import approve_anyway, read_reason
from handlers.views.words import (
    delivery_line,
    entry_line,
    finding_line,
    verdict_line,
    ways_out,
    window_line,
)
from tests.records import (
    NOW,
    a_contact,
    a_delivery,
    a_draft,
    a_finding,
    a_verdict,
    an_entry,
)

HOUR = timedelta(hours=1)
LIVE = re.compile(r"<(?!!date\^\d+\^[^<>]*\|[^<>]*>)|&(?!amp;|lt;|gt;)")


@given(st.text())
def test_escaped_text_holds_nothing_that_slack_would_read(text: str) -> None:
    assert not LIVE.search(escape(text))
    assert not LIVE.search(quoted(text))


@given(st.lists(st.sampled_from(["word ", "&amp;", "&lt;", when(NOW), "<@U1>", "\n"])), st.data())
def test_what_is_cut_to_fit_tears_no_entity_and_no_date(
    parts: list[str], data: st.DataObject
) -> None:
    markup = "".join(parts)
    limit = data.draw(st.integers(min_value=3, max_value=len(markup) + 3))
    shown = fitting(markup, limit)
    assert len(shown) <= limit
    assert not re.search(r"[<&](?![^<>&]*[>;])", shown)
    assert shown == markup or shown.endswith("…")


@pytest.mark.parametrize("mark", ["*bold*", "_italic_", "~gone~", "`code`", ":tada:"])
def test_a_quoted_line_formats_nothing(mark: str) -> None:
    line = quoted(f"a {mark} b\nc")
    assert mark not in line
    assert line.replace("\u200b", "") == f"a {mark} b c"


def test_a_text_shown_to_the_letter_says_what_it_leaves_out() -> None:
    blocks = list(verbatim("x" * 6500, most=2))
    assert [len(block["text"]["text"]) for block in blocks[:2]] == [3000, 3000]
    assert "Here 500 more characters do not fit." in str(blocks[2])
    assert len(list(verbatim("x" * 6000, most=2))) == 2


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (Window(True, NOW + HOUR), f"is open, closes {when(NOW + HOUR)}."),
        (Window(False, NOW), f"has been closed since {when(NOW)}."),
        (Window(False, NOW + HOUR), f"closes {when(NOW + HOUR)}, before this goes out."),
        (Window(False, None), "is closed; nothing known has opened it."),
    ],
)
def test_the_window_in_a_sentence(window: Window, said: str) -> None:
    assert window_line(window, NOW).endswith(f"The messaging window {said}")


def test_why_it_may_go_out_and_until_when() -> None:
    assert "no tag is needed" in verdict_line(a_verdict())
    tagged = a_verdict(window_open=False, tag="HUMAN_AGENT", valid_until=NOW)
    assert verdict_line(tagged) == f"*Allowed* until {when(NOW)}, under `HUMAN_AGENT`."
    endless = a_verdict(window_open=False, tag="ACCOUNT_UPDATE", valid_until=None)
    assert verdict_line(endless) == "*Allowed* without a time limit, under `ACCOUNT_UPDATE`."
    assert verdict_line(a_verdict(a_finding(Severity.REFUSE))) == "*Not allowed.*"


def test_a_finding_shows_its_evidence_and_its_rule() -> None:
    message = {"text": f"Your order has shipped. 50% <off> *now*! {'More of it. ' * 9}"}
    rule, passage = finding_line(a_finding(evidence="50% <off> *now*"), message).split("\n")
    assert rule == (
        ":warning: The text promotes, which no tag allows. _(Message Tags, rule promotional)_"
    )
    assert passage.startswith(">Your order has shipped. *50% &lt;off&gt; \u200b*now\u200b**!")
    assert passage.endswith("…")


@pytest.mark.parametrize(
    ("changes", "draft", "said"),
    [
        ({}, {}, ":hourglass: goes out at once, if approved"),
        ({"scheduled": True}, {}, f":hourglass: goes out {when(NOW)}, if approved"),
        ({}, {"state": "approved"}, ":hourglass: goes out at once"),
        (
            {"attempts": 1, "note": "Meta asks to send more slowly."},
            {"state": "approved"},
            f":hourglass: waiting, tried again {when(NOW)}. Meta asks to send more slowly.",
        ),
        (
            {"state": "delivered"},
            {"state": "approved"},
            f":white_check_mark: delivered, {when(NOW)}",
        ),
        (
            {"state": "cancelled", "scheduled": True},
            {"state": "withdrawn"},
            f":heavy_minus_sign: cancelled, it was for {when(NOW)}",
        ),
        (
            {"state": "unknown"},
            {"state": "approved"},
            f":grey_question: in doubt: it may have arrived, {when(NOW)}",
        ),
    ],
)
def test_a_delivery_in_a_line(changes: dict[str, Any], draft: dict[str, Any], said: str) -> None:
    line = delivery_line(a_draft(**draft), a_delivery(**changes), a_contact(), several=False)
    assert line == said
    named = delivery_line(a_draft(**draft), a_delivery(**changes), a_contact(), several=True)
    assert "Ada Moreau: " in named


def test_the_history_names_a_system_as_it_named_itself() -> None:
    draft = a_draft(author=None, requested_by="booking <system>")
    said = entry_line(draft, an_entry("queued", who="booking <system>"), [a_contact()])
    assert said == "Written by booking &lt;system&gt;."


def test_a_direct_message_is_not_called_approved() -> None:
    said = entry_line(a_draft(), an_entry("approved", who="UBEN"), [a_contact()])
    assert said == "Needed no second person."


def headline(states: list[str], state: str = "approved") -> str:
    lines = [Line(a_delivery(n, s), a_contact()) for n, s in enumerate(states)]
    shown = card(CardFacts(a_draft(state=state), lines, None, "2021-06", NOW))
    return str(shown["blocks"][0]["text"]["text"])


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["pending"], "approved"),
        (["sending"], "being sent"),
        (["sent"], "sent"),
        (["delivered"], "delivered"),
        (["read"], "read"),
        (["read", "delivered"], "delivered"),
        (["delivered", "pending", "pending"], "1 of 3 sent"),
        (["delivered", "unknown", "pending"], "1 of 3 may have arrived"),
        (["failed"], "not accepted by Meta"),
        (["refused"], "not sent"),
        (["missed", "sent"], "1 of 2 missed its time"),
    ],
)
def test_the_headline_says_the_state_that_matters(states: list[str], said: str) -> None:
    assert headline(states) == f"Draft 12: {said}"


def test_a_flagged_draft_is_approved_only_with_a_reason() -> None:
    flagged = a_verdict(a_finding(), window_open=False)
    line = Line(a_delivery(), a_contact())
    shown = card(CardFacts(a_draft(), [line], flagged, "2021-06", NOW))
    assert "Approve anyway…" in str(shown)
    assert "*50% off*" in str(shown)
    modal = approve_anyway(a_draft(), 3, flagged)
    assert modal["callback_id"] == "approve_anyway"
    assert modal["blocks"][0]["text"]["text"] == "Your table is booked."
    assert "*50% off*" in str(modal["blocks"])
    field = modal["blocks"][-1]
    assert (field["block_id"], field["element"]["action_id"], field["optional"]) == (
        "reason",
        "reason",
        False,
    )


@pytest.mark.parametrize(
    ("typed", "read"), [(" It fits. ", "It fits."), ("  ", None), (None, None)]
)
def test_a_blank_reason_is_none(typed: str | None, read: str | None) -> None:
    view = {"state": {"values": {"reason": {"reason": {"value": typed}}}}}
    assert read_reason(view) == read


def test_a_flagged_message_changes_the_composers_button() -> None:
    verdict = a_verdict(a_finding(), window_open=False)
    facts = ComposerFacts(
        "2021-06", NOW, may_send=True, waits=True, contact=a_contact(), verdict=verdict
    )
    shown = composer(Entered(contact_id=1), facts)
    assert shown["submit"]["text"] == "Ask for approval"
    assert "*50% off*" in str(shown["blocks"])


def test_fields_that_are_not_shown_survive_in_the_modal() -> None:
    entered = Entered(
        contact_id=1,
        tag="ACCOUNT_UPDATE",
        event_name="Yoga & „Tee“",
        event_starts_at=NOW,
        event_registered=True,
        order_id="A-17",
        reminders=("-1h",),
        draft_id=12,
        revision=3,
        route=ids.APPROVE_ROUTE,
    )
    view = composer(entered, ComposerFacts("2021-06", NOW, may_send=True))
    shown = {
        "recipient": {"recipient": {"selected_option": {"value": "1"}}},
        "message": {"message": {"value": None}},
        "tag": {"tag": {"selected_option": {"value": "ACCOUNT_UPDATE"}}},
        "send_at": {"send_at": {"selected_date_time": None}},
        "route": {"route": {"selected_option": {"value": "approve"}}},
    }
    assert read_composer(view | {"state": {"values": shown}}) == entered


@pytest.mark.parametrize(
    ("way", "shown"),
    [
        ("Wait <here>.", "Wait &lt;here&gt;."),
        (
            "Read on (https://developers.facebook.com/docs/a-b/c), then wait.",
            "Read on (<https://developers.facebook.com/docs/a-b/c|developers.facebook.com>), then wait.",
        ),
        (
            "Say when the event starts (for programs: event.starts_at).",
            "Say when the event starts.",
        ),
        ("At https://meta.com/x.", "At <https://meta.com/x|meta.com>."),
    ],
)
def test_a_sentence_of_ours_is_told_to_people_and_its_addresses_can_be_clicked(
    way: str, shown: str
) -> None:
    verdict = a_verdict(a_finding(Severity.REFUSE), alternatives=(way,))
    assert ways_out(verdict) == ["*What you can do instead*", f"• {shown}"]
