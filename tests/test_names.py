"""Names are learnt in the background; whatever the User Profile API does, nothing waits for it."""

import time
from pathlib import Path

import pytest

from bot.practice.graph import Person, faults
from tests.drafts_door import draft, post
from tests.house import ADA, House, open_house

STRANGER = "40506070809"


@pytest.fixture
def stranger(house: House) -> Person:
    return house.graph.add_person(STRANGER, first_name="Zoë", last_name="Ødegård")


def name_of(house: House, psid: str) -> str | None:
    rows = house.rows("SELECT name FROM contacts WHERE psid = ?", psid)
    return rows[0]["name"] if rows else None


def asked(house: House, psid: str = STRANGER) -> int:
    """How often the User Profile API was asked for this person."""
    return sum(1 for request in house.graph.requests if request.path.endswith(f"/{psid}"))


def asked_and_noted(house: House) -> int:
    """Of how many people it is on record that they were asked for."""
    return len(house.rows("SELECT 1 FROM contacts WHERE name_asked_at IS NOT NULL"))


def test_a_new_person_is_a_contact_at_once_and_has_a_name_soon(house: House) -> None:
    house.ada.writes("Hi")
    assert house.rows("SELECT psid FROM contacts") == [{"psid": ADA}]
    house.until(lambda: name_of(house, ADA) == "Ada Moreau")
    house.ines.writes("Hi")
    house.until(lambda: name_of(house, house.ines.id))
    house.ada.writes("Hi again")
    assert asked(house, ADA) == 1


FAULTS = (
    faults.cut_before_accepting(),
    faults.cut_mid_body(),
    faults.garbled(),
    faults.empty(),
    faults.html_error(502),
    faults.error(100, 33, status=400),
    faults.error(190, 463, status=401),
    faults.error(4, status=400),
)


def test_a_name_that_is_not_told_is_asked_for_again_only_after_a_day(house: House) -> None:
    people = [house.graph.add_person(str(700 + number)) for number in range(len(FAULTS))]
    for fault, person in zip(FAULTS, people, strict=True):
        house.graph.fail_next(fault, endpoint="node")
        person.writes("Hi")
    house.until(lambda: asked_and_noted(house) == len(FAULTS))
    house.clock.forward(hours=23, minutes=59)
    last = house.graph.add_person(STRANGER)
    last.writes("Hi")
    house.until(lambda: name_of(house, STRANGER))
    assert [(asked(house, person.id), name_of(house, person.id)) for person in people] == [
        (1, None)
    ] * len(FAULTS)
    house.clock.forward(minutes=2)
    house.until(lambda: all(name_of(house, person.id) for person in people))
    assert [asked(house, person.id) for person in people] == [2] * len(FAULTS)


def test_an_app_without_the_permission_goes_by_ids(house: House) -> None:
    hidden = house.graph.add_person(STRANGER, profile="hidden")
    hidden.writes("Hi")
    house.until(lambda: asked_and_noted(house))
    modal = house.compose(house.ben, psid=STRANGER)
    modal.submit()
    house.until(lambda: house.states() == ["delivered"])
    assert STRANGER in house.text_of(house.slack.dm(house.ben).messages[0], house.ben)


def test_when_graph_is_down_people_are_contacts_all_the_same(
    house: House, stranger: Person
) -> None:
    house.graph.down()
    stranger.writes("Hi")
    house.until(lambda: asked_and_noted(house))
    assert name_of(house, STRANGER) is None


def test_a_profile_api_that_hangs_holds_up_neither_messages_nor_the_end(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.graph.fail_next(faults.hang(), times=50, endpoint="node")
        people = [house.graph.add_person(str(700 + number)) for number in range(12)]
        for person in people:
            person.writes("Hi")
        house.until(lambda: any(request.fault for request in house.graph.requests))
        house.compose(house.ben, psid="700").submit()
        house.until(lambda: house.states() == ["delivered"])
        began = time.monotonic()
        house.stop()
        assert time.monotonic() - began < 5  # one look-up's patience, not twelve


def test_a_name_that_arrives_stands_on_the_cards_that_wait(house: House, stranger: Person) -> None:
    house.graph.fail_next(faults.slow(0.5), endpoint="node")
    order = {"id": "A-17"}
    body = draft(recipient={"id": stranger.id}, tag="POST_PURCHASE_UPDATE", order=order)
    assert post(house, body).status_code == 201
    assert STRANGER in house.text_of(house.card())
    house.until(lambda: "Zoë Ødegård" in house.text_of(house.card()))


def test_people_of_other_pages_are_not_asked_for(house: House, stranger: Person) -> None:
    with house.store.write() as db:
        db.execute(
            "INSERT INTO contacts (page_id, psid, channel, created_at) VALUES (?, ?, ?, ?)",
            ["110099887766554", "5", "messenger", "2026-11-22T10:00:00.000000Z"],
        )
    stranger.writes("Hi")
    house.until(lambda: name_of(house, STRANGER))
    assert asked(house, "5") == 0
