"""Whatever people and other systems put in: every payload stays within Slack's limits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.asking import Reach
from bot.breakers import Breakers
from bot.deciding import AlreadyDecided, NoSuchDraft, NotAllowed, OwnDraft, Refused
from bot.policy.question import Severity, Window
from bot.settings import Settings
from handlers.views import ids
from handlers.views.answers import (
    Listed,
    did_you_mean,
    nobody_found,
    queue_blocks,
    status_blocks,
    window_blocks,
)
from handlers.views.card import CardFacts, Line, card
from handlers.views.composer import composer, contact_option
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered
from handlers.views.field_errors import errors_beside_fields, shown_errors
from handlers.views.notices import notice_message
from handlers.views.reasons import approve_anyway, reject_modal
from handlers.views.refusals import refusal_modal
from storage.pauses import Pause
from storage.records import Contact, Delivery, Draft
from tests.block_kit import check_blocks, check_message, check_suggestions, check_view
from tests.records import (
    NOW,
    a_contact,
    a_delivery,
    a_draft,
    a_finding,
    a_verdict,
    an_entry,
)

EDITION = "2021-06"
WORST = "<&>" * 667  # each of these becomes four or five characters where Slack reads mrkdwn
LONG_NAME = "&" * 300
OFFSETS = [f"-{number}h" for number in range(1, 16)]
EVENT = {
    "name": WORST,
    "registered": True,
    "starts_at": "2026-12-01T18:00:00Z",
    "ends_at": "2026-12-01T19:00:00Z",
}
FINDINGS = tuple(a_finding(rule=f"rule-{n}", why=WORST[:200], evidence=WORST) for n in range(6))
STOPPED = Breakers(Pause("1", "policy", WORST, NOW, NOW), WORST, {})


def crowd(size: int) -> list[Contact]:
    return [a_contact(number, LONG_NAME) for number in range(1, size + 1)]


def facts(
    draft: Draft, people: Sequence[Contact], deliveries: Sequence[Delivery], verdict: Any = None
) -> CardFacts:
    by_id = {person.id: person for person in people}
    lines = [Line(delivery, by_id[delivery.contact_id]) for delivery in deliveries]
    return CardFacts(draft, lines, verdict, EDITION, NOW)


def test_a_card_of_two_thousand_angle_brackets_to_a_hundred_people() -> None:
    people = crowd(100)
    deliveries = [
        a_delivery(person.id, contact_id=person.id, scheduled=True, note=WORST) for person in people
    ]
    draft = a_draft(
        message={"text": WORST[:2000]},
        tag="CONFIRMED_EVENT_UPDATE",
        author=None,
        requested_by=WORST[:100],
        facts={"event": EVENT, "order": {"id": WORST}, "recurring": True},
    )
    verdict = a_verdict(*FINDINGS, alternatives=(WORST, WORST))
    shown = card(facts(draft, people, deliveries, verdict))
    check_message(shown)
    assert {"type": "plain_text", "text": WORST[:2000], "emoji": False} in [
        block.get("text") for block in shown["blocks"]
    ]
    assert "97 more" in str(shown)
    assert "Approve anyway…" in str(shown)


def test_a_card_of_fifteen_reminders_that_may_all_have_arrived() -> None:
    deliveries = [a_delivery(n, "unknown", scheduled=True, note=WORST) for n in range(1, 16)]
    draft = a_draft(state="approved", decided_by="UCLEO", decided_at=NOW, reason=WORST[:500])
    shown = card(facts(draft, crowd(1), deliveries))
    check_message(shown)
    assert shown["blocks"][0]["text"]["text"] == "Draft 12: 15 of 15 may have arrived"


def test_a_card_that_is_the_worst_in_everything() -> None:
    people = crowd(5)
    deliveries = [
        a_delivery(n, "unknown" if n % 2 else "pending", contact_id=n % 5 + 1, note=WORST)
        for n in range(1, 31)
    ]
    draft = a_draft(
        message={"text": "&" * 3000},
        tag="CONFIRMED_EVENT_UPDATE",
        author=None,
        requested_by=WORST,
        editor="UDAN",
        state="approved",
        decided_by="UCLEO",
        decided_at=NOW,
        reason="&" * 500,
        facts={"event": EVENT, "order": {"id": WORST}},
    )
    verdict = a_verdict(*FINDINGS, alternatives=(WORST, WORST))
    check_message(card(facts(draft, people, deliveries, verdict)))


def test_a_template_longer_than_a_card_says_what_is_left_out() -> None:
    message = {"attachment": {"type": "template", "payload": {"text": "<" * 20_000}}}
    shown = card(facts(a_draft(message=message), crowd(1), [a_delivery()], a_verdict()))
    check_message(shown)
    assert "Here 17,011 more characters do not fit." in str(shown)


@pytest.mark.parametrize("state", ["queued", "approved", "rejected", "withdrawn"])
@pytest.mark.parametrize(
    "delivery",
    [
        *("pending", "sending", "sent", "delivered", "read"),
        *("refused", "failed", "unknown", "missed", "cancelled"),
    ],
)
def test_a_card_in_every_state(state: str, delivery: str) -> None:
    draft = a_draft(state=state, decided_by="UCLEO", decided_at=NOW, editor="UDAN")
    check_message(card(facts(draft, crowd(1), [a_delivery(1, delivery)])))
    check_blocks(status_blocks(facts(draft, crowd(1), [a_delivery(1, delivery)]), []))


def entered(**changes: Any) -> Entered:
    values: dict[str, Any] = {
        "contact_id": 1,
        "message": WORST[:2000],
        "tag": "CONFIRMED_EVENT_UPDATE",
        "send_at": NOW,
        "event_name": '"' * 100,
        "event_starts_at": NOW,
        "event_ends_at": NOW,
        "event_registered": True,
        "order_id": '"' * 100,
        "reminders": tuple(OFFSETS),
    }
    return Entered(**values | changes)


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
@pytest.mark.parametrize(
    "tag",
    [None, "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE", "HUMAN_AGENT"],
)
@pytest.mark.parametrize("draft_id", [None, 10**9])
def test_a_composer_filled_to_the_brim(edition: str, tag: str | None, draft_id: int | None) -> None:
    verdict = a_verdict(*FINDINGS, window_open=False, alternatives=(WORST, WORST))
    shown = ComposerFacts(
        edition,
        NOW,
        may_send=True,
        waits=True,
        contact=a_contact(1, LONG_NAME),
        verdict=verdict,
        breakers=STOPPED,
        agent_until=NOW,
        problem=WORST,
    )
    check_view(composer(entered(tag=tag, draft_id=draft_id, revision=3), shown))


def test_a_composer_with_nothing_in_it() -> None:
    check_view(composer(Entered(), ComposerFacts(EDITION, NOW, may_send=False)))


def test_a_composer_for_a_draft_whose_facts_no_field_of_ours_would_take() -> None:
    draft = a_draft(
        message={"text": "x" * 4000},
        tag="POST_PURCHASE_UPDATE",
        facts={"event": EVENT, "order": {"id": "A" * 5000}, "reminders": OFFSETS},
    )
    shown = Entered.of_draft(draft, 1)
    check_view(composer(shown, ComposerFacts(EDITION, NOW, may_send=True)))


def test_errors_beside_fields_are_no_longer_than_slack_takes() -> None:
    refusals = [
        a_finding(Severity.REFUSE, rule=rule, why=WORST) for rule in ("a", "b", "event-missing")
    ]
    view = composer(Entered(), ComposerFacts(EDITION, NOW, may_send=True))
    errors = shown_errors(errors_beside_fields(a_verdict(*refusals), entered()), view)
    assert set(errors) == {ids.TAG}
    assert len(errors[ids.TAG]) <= 2000


def test_the_menu_of_people() -> None:
    people = [*crowd(50), a_contact(99, None, psid="1" * 64, channel="instagram")]
    check_suggestions([contact_option(person, person.id % 2 == 0) for person in people])


def test_the_modals_that_take_a_reason() -> None:
    check_view(approve_anyway(a_draft(id=10**9), 3, a_verdict(*FINDINGS)))
    check_view(reject_modal(10**9, None))


@pytest.mark.parametrize(
    "why",
    [
        NotAllowed(a_verdict(a_finding(Severity.REFUSE, why=WORST), alternatives=(WORST,) * 5)),
        AlreadyDecided(a_draft(state="rejected", decided_by="UCLEO", decided_at=NOW)),
        NoSuchDraft(10**17),
        OwnDraft(),
    ],
)
def test_the_modal_that_says_why_nothing_was_done(why: Refused) -> None:
    check_view(refusal_modal(why))


def test_the_answers_to_the_words() -> None:
    draft = a_draft(message={"text": WORST}, author=None, requested_by=WORST)
    people = crowd(100)
    deliveries = [a_delivery(n, contact_id=n, scheduled=True) for n in range(1, 101)]
    listed = Listed(draft, people, deliveries)
    check_blocks(queue_blocks([listed] * 11, [listed] * 11, "C1", 10))
    check_blocks(did_you_mean(WORST[:100], WORST[:120]))
    check_blocks(nobody_found(LONG_NAME, WORST[:120]))
    reach = Reach(Window(False, NOW - timedelta(hours=1)), NOW)
    check_blocks(window_blocks([(person, reach) for person in people[:6]], 5, NOW))
    entries = [an_entry("failed", delivery_id=n, note=WORST) for n in range(1, 101)]
    check_blocks(status_blocks(facts(draft, people, deliveries), entries))


@pytest.mark.parametrize("place", ["thread", "author", "channel"])
def test_the_news_of_a_hundred_deliveries_at_once(place: str) -> None:
    told = [(an_entry("unknown", delivery_id=n, note=WORST), crowd(1)) for n in range(1, 101)]
    draft = a_draft(message={"text": WORST}, card_ts="1.1")
    message = notice_message(draft, place, told, settings())
    assert message is not None
    check_message(message)


def test_an_alarm() -> None:
    entry = an_entry("page_paused", draft_id=None, note=WORST)
    message = notice_message(None, "channel", [(entry, [])], settings())
    assert message is not None
    check_message(message)


def settings() -> Settings:
    return Settings(
        _env_file=None,
        slack_bot_token="xoxb-1",
        slack_signing_secret="s",
        approvals_channel="C1",
        page_id="1",
        page_access_token="t",
        app_secret="s",
        verify_token="v",
    )
