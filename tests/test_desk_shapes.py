"""Every shape of webhook body that Meta's pages show, and what colleagues read of it at the desk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.views.desk_lines import line_blocks
from storage.desk_lines import Line
from tests.block_kit import check_blocks
from tests.house import House
from tests.records import a_contact
from tests.stories.desk_steps import open_desk
from tests.webhook_door import PAGE, post_raw

BODIES = Path(__file__).with_name("webhooks")
OTHERS = ":outbox_tray: *The Page* wrote by other means than Tagwise"
INBOX = ":outbox_tray: *The Page* wrote from Meta's inbox"
# Of the files that are not named here nothing shows: receipts, handovers, policy, comments and the like.
SHOWS: dict[str, list[str]] = {
    "cart": ["*M* sent a cart, 1 in it / white"],
    "echo_of_a_button_template": [f"{OTHERS} / Message with buttons or cards"],
    "echo_of_something_unknown": [f"{OTHERS} / <https://media.example/x|Link: Old>"],
    "echo_of_the_inbox": [f"{INBOX} / See you then!"],
    "echo_with_a_number_as_attachment_id": [
        f"{OTHERS} / <https://media.example/m|Message with buttons or cards>"
    ],
    "echo_with_metadata": [f"{OTHERS} / Your slot is booked."],
    "events_and_standby_in_one_entry": [
        "*M* / To us",
        "*M* · another app holds this conversation / To the desk",
    ],
    "instagram_echo": [f"{OTHERS} / Igen, nyitva."],
    "instagram_image": ["*M* / <https://media.example/i.jpg|Picture>"],
    "instagram_link": ["*M* / Link: A page"],
    "instagram_message_edited": ["*M* changed a message, which now reads / Szia!"],
    "instagram_message_from_ad": ["*M* · came from the ad “First visit” / Szia"],
    "instagram_message_from_product": ["*M* / Van ilyen?"],
    "instagram_message_unsent": ["*M* took back a message that stands above; do not use it"],
    "instagram_post": ["*M* / <https://media.example/i2|Post>"],
    "instagram_postback": ["*M* pressed *“Hours”*"],
    "instagram_postback_by_link": ["*M* pressed *“Hours”* · link “poster”"],
    "instagram_quick_reply": ["*M* · tapped this answer / Igen"],
    "instagram_reaction": ["*M* reacted 😮"],
    "instagram_reaction_taken_back": ["*M* took back a reaction"],
    "instagram_reel": ["*M* / <https://media.example/i3|Reel>"],
    "instagram_referral_ad_clicked_only": [
        "*M* clicked an ad · came from the ad “First visit” · link “spring”"
    ],
    "instagram_referral_by_link": ["*M* came by a link · link “poster”"],
    "instagram_reply_to": ["*M* · answers an earlier message / Ez az"],
    "instagram_seen_once_media": [
        "*M* / Picture or video to be seen once, which Meta shows to no app"
    ],
    "instagram_share": ["*M* / <https://media.example/i1|Post>"],
    "instagram_standby_message": ["*M* · another app holds this conversation / Hahó?"],
    "instagram_story_mention": ["*M* / <https://media.example/i4|Story that mentions you>"],
    "instagram_story_reply": ["*M* · answers your <https://media.example/s|story> / Wow"],
    "instagram_text": ["*M* / Szia! Nyitva vagytok?"],
    "instagram_unsupported": [
        "*M* / _Something that Meta does not show to apps: look into the Page's inbox._"
    ],
    "instagram_voice": ["*M* / <https://media.example/i.mp4|Voice message>"],
    "lead_complete": ["*M* clicked an ad · came from the ad number 6110022"],
    "lead_incomplete": ["*M* clicked an ad · came from the ad number 6110022"],
    "message_appointment": ["*M* / Appointment they ask for"],
    "message_as_meta_writes_it": ["*M* / Grüße aus Köln 👋 https://sauna.example/plan"],
    "message_edited": ["*M* changed a message, which now reads / Is the sauna open on Monday?"],
    "message_file": ["*M* / My membership form / <https://media.example/form.pdf|File>"],
    "message_from_ad": ["*M* · came from the ad “First visit” / How much is a day?"],
    "message_from_product_page": ["*M* / In white too?"],
    "message_image": ["*M* / <https://media.example/a.jpg|Picture>"],
    "message_lead_summary": ["*M* / Lead summary:\nHow many people?: 4"],
    "message_link": [
        "*M* / Is this yours? https://sauna.example / <https://media.example/l|Link: Sauna>"
    ],
    "message_post": ["*M* / <https://media.example/post|Post: New steam bath>"],
    "message_product_shared": ["*M* / Message with buttons or cards"],
    "message_quick_reply": ["*M* · tapped this answer / Sunday"],
    "message_reel": ["*M* / <https://media.example/reel|Reel: Opening day>"],
    "message_reply_to": ["*M* · answers an earlier message / This slot"],
    "message_several_images": [
        "*M* / <https://media.example/b.jpg|Picture>\n<https://media.example/c.jpg|Picture>"
    ],
    "message_sticker": ["*M* / <https://media.example/ok.png|Sticker>"],
    "message_sticker_and_image": ["*M* / <https://media.example/ok.png|Sticker>"],
    "message_text": ["*M* / Is the sauna open on Sunday?"],
    "message_unknown_share": ["*M* / Link"],
    "message_video": ["*M* / <https://media.example/clip.mp4|Video>"],
    "message_voice": ["*M* / <https://media.example/voice.mp4|Voice message>"],
    "message_with_command": ["*M* / find a slot"],
    "optin_one_time": ["*M* asked to be told, once: “TOWEL\u200b_BACK”"],
    "optin_send_to_messenger": ["*M* came from your website's Messenger plugin · link “shop-8”"],
    "postback_button": ["*M* pressed *“Change slot”*"],
    "postback_get_started_by_ad": [
        "*M* pressed *“Get Started”* · came from the ad number 6110022 · link “spring”"
    ],
    "postback_get_started_by_link": ["*M* pressed *“Get Started”* · link “poster”"],
    "postback_without_mid": ["*M* pressed *“Change slot”*"],
    "reaction_love": ["*M* reacted ❤️"],
    "reaction_other": ["*M* reacted 🧖"],
    "reaction_taken_back": ["*M* took back a reaction"],
    "referral_ad_clicked_only": [
        "*M* clicked an ad · came from the ad “First visit” · link “spring”"
    ],
    "referral_by_link": ["*M* came by a link · link “poster”"],
    "several_entries_of_two_pages": ["*M* / To the first Page"],
    "several_events": ["*M* / First", "*M* pressed *“Help”*"],
    "several_events_out_of_order": ["*M* / Later", "*M* / Earlier"],
    "several_events_twice_the_same": ["*M* / Twice"],
    "standby_echo": [f"{OTHERS} · another app holds this conversation / We ring you at ten."],
    "standby_message": ["*M* · another app holds this conversation / Hello?"],
    "standby_postback": ["*M* pressed *“Change slot”* · another app holds this conversation"],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_desk(tmp_path_factory.mktemp("shapes"), page_id=PAGE) as desk:
        desk.house.slack.down = True  # so that everything is still on record
        yield desk.house


def lines(house: House) -> list[Line]:
    return [Line.of(row) for row in house.rows("SELECT * FROM desk_lines ORDER BY id")]


def read(line: Line) -> str:
    """The line's texts, without its time."""
    blocks = line_blocks(line, a_contact(name="M"))
    check_blocks(blocks)
    return " / ".join(re.sub(r", <!date[^>]*>", "", text) for text in _texts(blocks))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, dict) and value.get("type") != "button":
        if isinstance(value.get("text"), str):
            yield value["text"]
        for entry in value.values():
            yield from _texts(entry)


@pytest.mark.parametrize("name", sorted(file.stem for file in BODIES.glob("*.json")))
def test_every_body_shows_what_was_said_once(house: House, name: str) -> None:
    with house.store.write() as db:
        for table in ("desk_lines", "desk_threads", "interactions"):
            db.execute(f"DELETE FROM {table}")
    raw = (BODIES / f"{name}.json").read_bytes()
    for _ in range(2):
        assert post_raw(house, raw).status_code == 200
    assert [read(line) for line in lines(house)] == SHOWS.get(name, [])


def test_the_table_names_no_body_that_is_not_there() -> None:
    assert set(SHOWS) <= {file.stem for file in BODIES.glob("*.json")}
