"""Drafts from other systems: queued for people to decide, and shown with what became of them."""

from pathlib import Path
from typing import Any

from tests.drafts_door import TEXT, draft, post, show
from tests.house import ADA, INES, House, open_house

EVENT = {
    "name": "Yoga",
    "registered": True,
    "starts_at": "2026-11-23T18:00:00+01:00",
    "ends_at": "2026-11-23T19:00:00+01:00",
}
ORDER = {"id": "A-17", "placed_at": "2026-11-20T09:00:00Z"}


def approve(house: House, number: int = -1) -> None:
    house.slack.click(house.cleo, house.card(number), "approve_draft")


def test_a_whole_draft_is_queued_and_shown_field_by_field(house: House) -> None:
    house.ada.writes("Hi")
    whole = {
        "recipient": {"id": ADA},
        "channel": "messenger",
        "text": TEXT,
        "tag": "CONFIRMED_EVENT_UPDATE",
        "event": EVENT,
        "order": ORDER,
        "recurring": False,
        "send_at": "2026-11-22T18:00:00+01:00",
        "reminders": ["-2h", "-30m"],
        "requested_by": "booking system",
    }
    queued = post(house, whole)
    assert queued.status_code == 201
    assert set(queued.json()) == {"id", "state", "verdict"}
    assert queued.json()["state"] == "queued"
    assert queued.json()["verdict"]["allowed"] is True
    answer = show(house, queued.json()["id"])
    assert answer.status_code == 200
    shown = answer.json()
    deliveries, history = shown.pop("deliveries"), shown.pop("history")
    assert shown == {
        "id": 1,
        "state": "queued",
        "text": TEXT,
        "message": {"text": TEXT},
        "tag": "CONFIRMED_EVENT_UPDATE",
        "event": {
            "name": "Yoga",
            "registered": True,
            "starts_at": "2026-11-23T17:00:00Z",
            "ends_at": "2026-11-23T18:00:00Z",
        },
        "order": ORDER,
        "recurring": False,
        "reminders": ["-2h", "-30m"],
        "send_at": "2026-11-22T17:00:00Z",
        "requested_by": "booking system",
        "author": None,
        "edited_by": None,
        "created_at": "2026-11-22T10:00:00Z",
        "decided_by": None,
        "decided_at": None,
        "reason": None,
    }
    dues = ["2026-11-22T17:00:00Z", "2026-11-23T15:00:00Z", "2026-11-23T16:30:00Z"]
    assert [delivery["due_at"] for delivery in deliveries] == dues
    assert deliveries[0] == {
        "id": 1,
        "recipient": {"id": ADA},
        "channel": "messenger",
        "state": "pending",
        "due_at": dues[0],
        "try_at": dues[0],
        "attempts": 0,
        "messaging_type": None,
        "tag": None,
        "message_id": None,
        "sent_at": None,
        "note": None,
    }
    assert [(entry["who"], entry["what"]) for entry in history] == [("booking system", "queued")]
    assert history[0]["verdict"] == queued.json()["verdict"]


def test_a_draft_that_people_approve_goes_out_and_its_history_says_so(house: House) -> None:
    house.ada.writes("Hi")
    number = post(house, draft()).json()["id"]
    approve(house)
    house.until(lambda: house.states() == ["delivered"])
    shown = show(house, number).json()
    assert (shown["state"], shown["decided_by"]) == ("approved", house.cleo.id)
    sent = shown["deliveries"][0]
    assert sent["state"] == "delivered"
    assert sent["message_id"] == house.graph.sent_to(ADA)[0].mid
    assert (sent["messaging_type"], sent["tag"], sent["attempts"]) == ("UPDATE", None, 1)
    whats = [entry["what"] for entry in shown["history"]]
    assert whats == ["queued", "approved", "sent", "delivered"]


def test_nothing_of_a_system_leaves_without_a_person(tmp_path: Path) -> None:
    with open_house(tmp_path, approval="never") as house:
        house.ada.writes("Hi")
        assert post(house, draft()).json()["state"] == "queued"
        house.card()
        assert house.states() == ["pending"]
        assert house.sends() == []


def test_the_smallest_draft_takes_everything_else_for_granted(house: House) -> None:
    house.ada.writes("Hi")
    assert post(house, draft()).status_code == 201
    shown = show(house, 1).json()
    assert (shown["requested_by"], shown["recurring"]) == ("another system", False)
    assert (shown["tag"], shown["send_at"]) == (None, None)
    nulls = draft(tag=None, send_at=None, event=None, order=None, message=None, reminders=[])
    assert post(house, nulls).status_code == 201


def test_a_message_object_may_stand_for_the_text(house: House) -> None:
    house.ada.writes("Hi")
    message = {"text": "Will you come?", "quick_replies": [_reply("Yes"), _reply("No")]}
    number = post(house, draft(text=..., message=message)).json()["id"]
    assert show(house, number).json()["message"] == message
    approve(house)
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["message"] == message | {"metadata": f"tagwise:{number}"}


def _reply(title: str) -> dict[str, str]:
    return {"content_type": "text", "title": title, "payload": title.upper()}


def test_a_dry_run_judges_and_keeps_nothing(house: House) -> None:
    house.ada.writes("Hi")
    people = house.rows("SELECT count(*) AS n FROM contacts")
    answer = post(house, draft(), query="?dry_run=true", key="k")
    assert answer.status_code == 200
    assert set(answer.json()) == {"verdict"}
    purchase = draft(recipient={"id": "777"}, tag="POST_PURCHASE_UPDATE", order=ORDER)
    assert post(house, purchase, query="?dry_run=true").json()["verdict"]["tag"] is not None
    assert house.rows("SELECT count(*) AS n FROM contacts") == people
    for table in ("drafts", "deliveries", "history", "draft_requests"):
        assert house.rows(f"SELECT * FROM {table}") == []
    assert post(house, draft(), query="?dry_run=false").status_code == 201


def test_a_dry_run_says_what_queueing_says(house: House) -> None:
    house.ada.writes("Hi")
    cases: list[Any] = [
        draft(),
        draft(send_at="2026-11-25T00:00:00Z"),
        draft(send_at="2026-11-25T00:00:00Z", tag="CONFIRMED_EVENT_UPDATE", event=EVENT),
        draft(tag="POST_PURCHASE_UPDATE", order=ORDER, send_at="2026-11-25T00:00:00Z"),
    ]
    for body in cases:
        tried, queued = post(house, body, query="?dry_run=true"), post(house, body)
        assert tried.json()["verdict"] == queued.json()["verdict"]


def test_somebody_who_never_wrote_can_be_told_what_a_tag_allows(house: House) -> None:
    stranger = house.graph.add_person("40506070809", first_name="Zoë", last_name="Ødegård")
    shipped = {"text": "Your order A-17 has shipped.", "order": ORDER}
    body = draft(recipient={"id": stranger.id}, tag="POST_PURCHASE_UPDATE", **shipped)
    assert post(house, body).status_code == 201
    house.until(lambda: "Zoë Ødegård" in house.text_of(house.card()))  # learnt meanwhile
    approve(house)
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["tag"] == "POST_PURCHASE_UPDATE"


def test_instagram_has_its_own_people(house: House) -> None:
    house.ines.writes("Hi")
    assert post(house, draft(recipient={"id": INES})).status_code == 422
    queued = post(house, draft(recipient={"id": INES}, channel="instagram"))
    assert queued.status_code == 201
    approve(house)
    house.until(lambda: house.states()[-1] == "sent")
    assert house.sends()[0]["recipient"] == {"id": INES}


def test_without_an_instagram_account_there_is_no_such_channel(tmp_path: Path) -> None:
    with open_house(tmp_path, instagram_id=None) as house:
        answer = post(house, draft(channel="instagram"))
        assert answer.status_code == 400
        assert "INSTAGRAM_ID" in answer.json()["fields"]["channel"]


def test_without_a_token_in_the_settings_there_is_nothing(tmp_path: Path) -> None:
    with open_house(tmp_path, drafts_api_token=None) as house:
        for answer in (post(house, draft()), post(house, draft(), bearer=None), show(house, 1)):
            assert answer.status_code == 404
            assert set(answer.json()) == {"error"}


def queue_for_event(house: House, starts_at: str, *reminders: str) -> list[dict[str, Any]]:
    event = EVENT | {"starts_at": starts_at, "ends_at": None}
    body = draft(tag="CONFIRMED_EVENT_UPDATE", event=event, reminders=reminders)
    queued = post(house, body)
    assert queued.status_code == 201, queued.text
    deliveries: list[dict[str, Any]] = show(house, queued.json()["id"]).json()["deliveries"]
    return deliveries


def test_reminders_count_from_the_start_across_time_zones_and_repeat_no_moment(
    house: House,
) -> None:
    house.ada.writes("Hi")
    planned = queue_for_event(house, "2026-11-30T09:00:00+09:00", "-1d", "-24h", "-90m", "+0m")
    assert [delivery["due_at"] for delivery in planned] == [
        "2026-11-22T10:00:00Z",
        "2026-11-29T00:00:00Z",
        "2026-11-29T22:30:00Z",
        "2026-11-30T00:00:00Z",
    ]


def test_a_reminder_for_the_hour_that_has_just_passed_does_not_say_it_twice(house: House) -> None:
    house.ada.writes("Hi")
    planned = queue_for_event(house, "2026-11-22T11:30:00Z", "-2h", "-1h")
    dues = ["2026-11-22T10:00:00Z", "2026-11-22T10:30:00Z"]
    assert [delivery["due_at"] for delivery in planned] == dues


def test_a_reminder_of_yesterday_is_missed_and_the_others_are_not(house: House) -> None:
    house.ada.writes("Hi")
    queue_for_event(house, "2026-11-22T12:00:00Z", "-24h", "-1h")
    approve(house)
    house.until(lambda: house.states() == ["missed", "delivered", "pending"])
    house.clock.forward(hours=1)
    house.until(lambda: house.states() == ["missed", "delivered", "delivered"])
    assert show(house, 1).json()["deliveries"][0]["due_at"] == "2026-11-21T12:00:00Z"
    assert len(house.sends()) == 2
