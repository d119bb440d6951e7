"""Ben asks Ada how it was: the form is filled in, sent, answered, and the answer told to him."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.practice.slack import Modal
from tests.house import ADA, INES, House, open_house
from tests.log_hygiene import Lines
from tests.stories.slack_steps import ada_is_known, choose_tag, messages_to, reads, write

PRIVACY = "https://harbour.example/privacy"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, privacy_url=PRIVACY) as opened:
        yield opened


def form(house: House) -> Modal:
    """The composer with the form, after Ada's window has closed."""
    ada_is_known(house)
    house.clock.forward(days=2)
    modal = write(house, house.ben, "Hello")
    choose_tag(house, modal, "CUSTOMER_FEEDBACK")
    return modal


def fill(modal: Modal) -> None:
    modal.fill("feedback_title", "Your evening with us")
    modal.fill("feedback_subtitle", "It takes less than a minute.")
    modal.fill("feedback_question", "How satisfied were you?")
    modal.fill("feedback_follow_up", "What could we do better?")


def test_a_form_is_filled_in_seen_sent_and_answered(house: House, log: Lines) -> None:
    modal = form(house)
    fill(modal)
    assert reads(house, modal, "What the customer will see", "How satisfied were you?")
    assert reads(house, modal, "under `CUSTOMER_FEEDBACK`")
    assert modal.submit() == {}
    house.until(lambda: house.graph.sent_to(ADA))

    [body] = house.sends()
    asked = body["message"]["attachment"]["payload"]["feedback_screens"][0]["questions"][0]
    assert asked.pop("id").startswith("csat_")
    assert body == {
        "recipient": {"id": ADA},
        "message": {
            "attachment": {
                "type": "template",
                "payload": {
                    "template_type": "customer_feedback",
                    "title": "Your evening with us",
                    "subtitle": "It takes less than a minute.",
                    "button_title": "Give feedback",
                    "feedback_screens": [
                        {
                            "questions": [
                                {
                                    "type": "csat",
                                    "title": "How satisfied were you?",
                                    "score_label": "dis_sat",
                                    "score_option": "five_stars",
                                    "follow_up": {
                                        "type": "free_form",
                                        "placeholder": "What could we do better?",
                                    },
                                }
                            ]
                        }
                    ],
                    "business_privacy": {"url": PRIVACY},
                    "expires_in_days": 1,
                },
            },
            "metadata": "tagwise:1",
        },
        "messaging_type": "MESSAGE_TAG",
        "tag": "CUSTOMER_FEEDBACK",
    }
    house.ada.answers_form(
        house.graph.sent_to(ADA)[0].mid, "4", "Warm *welcome*, slow <kitchen>. MESSAGE-TEXT-MARK"
    )
    house.until(lambda: "answered" in messages_to(house, house.ben))
    told = messages_to(house, house.ben).splitlines()[-1]
    assert told.startswith("Ada Moreau answered: 4 of 5 (CSAT): “Warm")
    assert "slow <kitchen>" in told or "slow &lt;kitchen&gt;" in told
    assert "kitchen" not in "".join(log.written)
    assert not house.slack.refused


def test_what_meta_would_not_take_stands_beside_its_field(house: House) -> None:
    modal = form(house)
    fill(modal)
    modal.fill("feedback_subtitle", "More at www.harbour.example")

    assert modal.submit() == {"feedback_subtitle": "This must not hold a web address."}
    assert house.sends() == []


def test_other_kinds_have_their_own_scale(house: House) -> None:
    modal = form(house)
    fill(modal)
    modal.choose("feedback_kind", "nps")
    modal.choose("feedback_labels", "none")
    modal.choose("feedback_days", "7")
    assert modal.submit() == {}
    [sent] = house.until(lambda: house.graph.sent_to(ADA))

    assert sent.attachment is not None
    payload = sent.attachment["payload"]
    [question] = payload["feedback_screens"][0]["questions"]
    assert (question["type"], question["score_option"], question["score_label"]) == (
        "nps",
        "zero_to_ten",
        "none",
    )
    assert payload["expires_in_days"] == 7


def test_after_7_days_and_on_instagram_nobody_is_asked(house: House) -> None:
    house.ines.writes("Hi")
    modal = form(house)
    fill(modal)
    house.clock.forward(days=5)
    assert "up to 7 days after the customer's message" in modal.submit()["tag"]
    modal.choose("recipient", str(house.contact_id(INES)))
    assert "Instagram does not accept the tag CUSTOMER_FEEDBACK" in modal.submit()["tag"]
    assert house.sends() == []


def test_without_a_privacy_policy_the_composer_says_what_the_admin_must_set(
    tmp_path: Path,
) -> None:
    with open_house(tmp_path) as house:
        modal = form(house)
        assert reads(house, modal, "an admin has to set PRIVACY_URL")
        fill(modal)
        [sentence] = modal.submit().values()
        assert "PRIVACY_URL" in sentence
