"""Every shape of webhook body that Meta's pages show, one file each, and what is recorded of it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.times import as_text
from tests.house import House, open_house
from tests.webhook_door import EPOCH, PAGE, forget, post_raw, recorded

BODIES = Path(__file__).with_name("webhooks")
MILO, NOOR, OTTO = "30115522770018844", "30220099887711265", "30337744001122996"
INA = "2200117755330099"  # an Instagram person

# What opens the window: the person, the kind, and Meta's own time of it in milliseconds.
OPENS: dict[str, list[tuple[str, str, int]]] = {
    "message_text": [(MILO, "message", 1795251637011)],
    "message_as_meta_writes_it": [(MILO, "message", 1795251674022)],
    "message_quick_reply": [(MILO, "message", 1795251711033)],
    "message_reply_to": [(MILO, "message", 1795251748044)],
    "message_image": [(MILO, "message", 1795251785055)],
    "message_several_images": [(MILO, "message", 1795251822066)],
    "message_voice": [(MILO, "message", 1795251859077)],
    "message_video": [(MILO, "message", 1795251896088)],
    "message_file": [(MILO, "message", 1795251933099)],
    "message_sticker": [(MILO, "message", 1795251970110)],
    "message_sticker_and_image": [(MILO, "message", 1795252007121)],
    "message_reel": [(MILO, "message", 1795252044132)],
    "message_post": [(MILO, "message", 1795252081143)],
    "message_link": [(MILO, "message", 1795252118154)],
    "message_unknown_share": [(MILO, "message", 1795252155165)],
    "message_appointment": [(MILO, "message", 1795252192176)],
    "message_product_shared": [(MILO, "message", 1795252229187)],
    "message_from_ad": [(OTTO, "ad_message", 1795252266198)],
    "message_from_product_page": [(MILO, "message", 1795252303209)],
    "message_with_command": [(MILO, "message", 1795252340220)],
    "message_lead_summary": [(OTTO, "message", 1795252377000)],
    "echo_with_metadata": [],
    "echo_of_the_inbox": [],
    "echo_of_a_button_template": [],
    "echo_with_a_number_as_attachment_id": [],
    "echo_of_something_unknown": [],
    "postback_button": [(MILO, "postback", 1795252599297)],
    "postback_without_mid": [(MILO, "postback", 1795252636308)],
    "postback_get_started_by_link": [(NOOR, "postback", 1795252673319)],
    "postback_get_started_by_ad": [(OTTO, "postback", 1795252710330)],
    "postback_as_a_change": [],
    "optin_one_time": [],
    "optin_notifications": [],
    "optin_notifications_stopped": [],
    "optin_notifications_by_link": [],
    "optin_send_to_messenger": [(NOOR, "optin", 1795252932396)],
    "optin_checkbox_without_sender": [],
    "referral_by_link": [(MILO, "referral", 1795253006418)],
    "referral_ad_clicked_only": [],
    "lead_complete": [(OTTO, "referral", 1795253080000)],
    "lead_incomplete": [(OTTO, "referral", 1795253117000)],
    "delivery_with_mids": [],
    "delivery_watermark_only": [],
    "read_watermark": [],
    "reaction_love": [(MILO, "reaction", 1795253265495)],
    "reaction_other": [(MILO, "reaction", 1795253302506)],
    "reaction_taken_back": [],
    "message_edited": [],
    "feedback_form": [],
    "response_feedback": [],
    "policy_warning": [],
    "policy_block": [],
    "policy_unblock": [],
    "handover_passed_to_us": [],
    "handover_from_idle": [],
    "handover_taken_from_us": [],
    "handover_requested": [],
    "handover_roles": [],
    "standby_message": [(MILO, "message", 1795253783649)],
    "standby_postback": [(MILO, "postback", 1795253820660)],
    "standby_read": [],
    "standby_echo": [],
    "account_linked": [],
    "account_unlinked": [],
    "cart": [(MILO, "message", 1795254005715)],
    "template_reviewed": [],
    "comment_on_a_post": [],
    "event_of_a_new_kind": [],
    "entry_without_events": [],
    "several_entries_of_two_pages": [
        (MILO, "message", 1795254190770),
        (NOOR, "message", 1795254227781),
    ],
    "several_events": [(MILO, "message", 1795254301803), (NOOR, "postback", 1795254338814)],
    "several_events_out_of_order": [
        (MILO, "message", 1795254412836),
        (MILO, "message", 1795254449847),
    ],
    "several_events_twice_the_same": [(MILO, "message", 1795254486858)],
    "events_and_standby_in_one_entry": [
        (MILO, "message", 1795254523869),
        (NOOR, "message", 1795254560880),
    ],
    "instagram_text": [(INA, "message", 1795254597891)],
    "instagram_quick_reply": [(INA, "message", 1795254634902)],
    "instagram_reply_to": [(INA, "message", 1795254671913)],
    "instagram_image": [(INA, "message", 1795254708924)],
    "instagram_voice": [(INA, "message", 1795254745935)],
    "instagram_share": [(INA, "message", 1795254782946)],
    "instagram_post": [(INA, "message", 1795254819957)],
    "instagram_reel": [(INA, "message", 1795254856968)],
    "instagram_story_mention": [(INA, "message", 1795254893979)],
    "instagram_story_reply": [(INA, "message", 1795254930990)],
    "instagram_seen_once_media": [(INA, "message", 1795254968001)],
    "instagram_link": [(INA, "message", 1795255005012)],
    "instagram_message_from_ad": [(INA, "ad_message", 1795255042023)],
    "instagram_message_from_product": [(INA, "message", 1795255079034)],
    "instagram_echo": [],
    "instagram_message_to_oneself": [],
    "instagram_message_unsent": [],
    "instagram_unsupported": [(INA, "message", 1795255227078)],
    "instagram_reaction": [(INA, "reaction", 1795255264089)],
    "instagram_reaction_taken_back": [],
    "instagram_seen": [],
    "instagram_postback": [(INA, "postback", 1795255375122)],
    "instagram_postback_by_link": [(INA, "postback", 1795255412133)],
    "instagram_referral_by_link": [(INA, "referral", 1795255449144)],
    "instagram_referral_ad_clicked_only": [],
    "instagram_message_edited": [],
    "instagram_standby_message": [(INA, "message", 1795255560177)],
    "instagram_handover": [],
    "instagram_comment": [],
}
ENFORCED = {
    "policy_warning": ["warning"],
    "policy_block": ["block"],
    "policy_unblock": ["unblock"],
}


# What opens no window, but is kept with the person.
KEPT = {"feedback_form": {MILO}, "optin_one_time": {MILO}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("shapes")) as opened:
        yield opened


@pytest.fixture
def house(shared: House) -> House:
    forget(shared)
    return shared


@pytest.mark.parametrize("name", OPENS)
def test_every_shape_of_body_is_taken_and_only_what_the_person_did_opens_the_window(
    house: House, name: str
) -> None:
    raw = (BODIES / f"{name}.json").read_bytes()
    expected = [
        (who, kind, as_text(EPOCH + timedelta(milliseconds=at))) for who, kind, at in OPENS[name]
    ]
    for _ in ("first", "the same once more"):
        answer = post_raw(house, raw)
        assert (answer.status_code, answer.text) == (200, "EVENT_RECEIVED")
        assert recorded(house) == expected
        people = [row["psid"] for row in house.rows("SELECT psid FROM contacts ORDER BY psid")]
        assert people == sorted({who for who, _, _ in expected} | KEPT.get(name, set()))
        actions = [row["action"] for row in house.rows("SELECT action FROM enforcements")]
        assert actions == ENFORCED.get(name, [])
        paused = [row["page_id"] for row in house.rows("SELECT page_id FROM pauses")]
        assert paused == [PAGE] * (name == "policy_block")


def test_the_table_names_every_file() -> None:
    assert sorted(OPENS) == sorted(path.stem for path in BODIES.glob("*.json"))


def test_people_of_instagram_and_of_another_page_are_kept_apart(house: House) -> None:
    for name in ("several_entries_of_two_pages", "instagram_text", "message_text"):
        assert post_raw(house, (BODIES / f"{name}.json").read_bytes()).status_code == 200
    people = house.rows("SELECT page_id, psid, channel FROM contacts ORDER BY channel, page_id")
    assert [tuple(person.values()) for person in people] == [
        ("17841402233445566", INA, "instagram"),
        (PAGE, MILO, "messenger"),
        ("110099887766554", NOOR, "messenger"),
    ]


def test_a_psid_means_nothing_on_another_page(house: House) -> None:
    body = json.loads((BODIES / "message_text.json").read_text())
    assert post_raw(house, json.dumps(body).encode()).status_code == 200
    body["entry"][0]["id"] = "110099887766554"
    assert post_raw(house, json.dumps(body).encode()).status_code == 200
    pages = house.rows("SELECT page_id FROM contacts WHERE psid = ? ORDER BY page_id", MILO)
    assert [row["page_id"] for row in pages] == [PAGE, "110099887766554"]
