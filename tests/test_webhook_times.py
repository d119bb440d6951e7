"""When did it happen? Meta's own time, in any order; nothing from the future; no guess."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.asking import reach_of
from storage import contacts
from tests.house import ADA, BELA, House, open_house
from tests.webhook_door import (
    NOON,
    PAGE,
    body_of,
    event,
    forget,
    milliseconds,
    post,
    post_raw,
    recorded,
)

HELLO: dict[str, Any] = {"mid": "m_hello", "text": "Hello"}
NOON_TEXT = "2026-11-21T12:00:00.000000Z"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("times")) as opened:
        yield opened


@pytest.fixture
def house(shared: House) -> House:
    forget(shared)
    return shared


def closes_at(house: House, psid: str = ADA) -> Any:
    services = house.running.services
    with services.store.read() as db:
        contact = contacts.find(db, PAGE, psid)
        assert contact is not None
        return reach_of(db, services.settings, contact, services.clock()).window.closes_at


@pytest.mark.parametrize(
    "stamp",
    [
        milliseconds(NOON),
        str(milliseconds(NOON)),
        float(milliseconds(NOON)),
        milliseconds(NOON) // 1000,
        str(milliseconds(NOON) // 1000),
    ],
)
def test_a_time_is_read_in_milliseconds_or_seconds_as_a_number_or_a_text(
    house: House, stamp: Any
) -> None:
    post(house, body_of(event(at=stamp, message=HELLO)))
    assert recorded(house) == [(ADA, "message", NOON_TEXT)]


def test_the_milliseconds_are_kept(house: House) -> None:
    moment = NOON + timedelta(milliseconds=7)
    post(house, body_of(event(at=moment, message=HELLO)))
    assert recorded(house) == [(ADA, "message", "2026-11-21T12:00:00.007000Z")]
    assert closes_at(house) == moment + timedelta(hours=24)


def test_in_whatever_order_messages_arrive_the_newest_opens_the_window(house: House) -> None:
    later, earlier = NOON + timedelta(hours=3), NOON
    for at in (later, earlier):
        post(house, body_of(event(at=at, message={"mid": f"m_{at:%H}", "text": "x"})))
    assert closes_at(house) == later + timedelta(hours=24)


def test_an_event_without_a_time_has_the_time_of_its_entry(house: House) -> None:
    stamp = milliseconds(NOON)
    post(house, body_of(event(at=None, message=HELLO), time=stamp))
    post(house, body_of(event(BELA, at="soon", message=HELLO), time=stamp // 1000))
    assert recorded(house) == [(ADA, "message", NOON_TEXT), (BELA, "message", NOON_TEXT)]


@pytest.mark.parametrize("stamp", [None, "soon", "", 0, -5, -(10**15), 10**30, [], {}])
def test_without_any_time_a_person_is_known_but_no_window_is_guessed(
    house: House, stamp: Any
) -> None:
    post(house, body_of(event(at=stamp, message=HELLO), time=stamp))
    assert recorded(house) == []
    assert closes_at(house) is None


def test_nothing_has_happened_after_it_reached_us(house: House) -> None:
    arrival = house.clock()
    for days in (1, 400):
        forget(house)
        post(house, body_of(event(at=arrival + timedelta(days=days), message=HELLO)))
        assert closes_at(house) == arrival + timedelta(hours=24)


def test_a_time_to_come_that_is_told_again_later_does_not_hold_the_window_open(
    house: House,
) -> None:
    arrival = house.clock()
    future = body_of(event(at=arrival + timedelta(days=30), message=HELLO))
    post(house, future)
    house.clock.forward(hours=20)
    post(house, future)
    house.clock.forward(hours=-20)
    assert closes_at(house) == arrival + timedelta(hours=24)
    assert len(recorded(house)) == 1


def test_a_message_and_a_reaction_at_the_same_moment_are_two_acts(house: House) -> None:
    reaction = {"action": "react", "reaction": "love", "mid": "m_1"}
    post(house, body_of(event(message=HELLO), event(reaction=reaction)))
    assert {kind for _, kind, _ in recorded(house)} == {"message", "reaction"}


def test_a_deleted_message_does_not_take_the_window_away(house: House) -> None:
    post(house, body_of(event(message=HELLO)))
    post(house, body_of(event(at=NOON + timedelta(hours=1), message=HELLO | {"is_deleted": True})))
    assert recorded(house) == [(ADA, "message", NOON_TEXT)]


@pytest.mark.parametrize(
    "what",
    [
        {"message": {}},
        {"message": None},
        {"message": "Hello"},
        {"message": [HELLO]},
        {"postback": None},
        {"postback": True},
        {"order": []},
        {"reaction": {"reaction": "love"}},
        {"optin": {"topic": "news"}},
        {"optin": {"ref": "x", "type": "one_time_notif_req"}},
        {"referral": {"source": "ADS", "type": "OPEN_THREAD"}},
        {"referral": {"source": "SHORTLINK"}},
        {"message": HELLO | {"is_echo": True}},
        {"message": HELLO | {"is_self": True}},
        {"read": {"watermark": 1}, "message": HELLO},
    ],
)
def test_what_only_looks_like_an_act_opens_nothing(house: House, what: dict[str, Any]) -> None:
    post(house, body_of(event(**what)))
    assert recorded(house) == []


@pytest.mark.parametrize(
    "who", [None, "", 17, True, ["x"], {"id": {"id": "x"}}, "half \ud800", "nul\0", PAGE]
)
def test_an_event_without_a_sender_is_nobodys(house: House, who: Any) -> None:
    body = event(message=HELLO) | {"sender": {"id": who}}
    post(house, body_of(body, body | {"sender": who}, {"timestamp": 1, "message": HELLO}))
    assert house.rows("SELECT psid FROM contacts") == []


ENVELOPE = ["object", "entry", "messaging", "standby", "changes", "field", "value", "id", "time"]
PARTS = ["sender", "recipient", "timestamp", "mid", "is_echo", "metadata", "action", "ref", "type"]
ACTS = ["message", "postback", "order", "reaction", "optin", "referral"]
RECEIPTS = ["read", "delivery", "watermark", "mids", "policy_enforcement", "reason", "source"]
KEYS = st.one_of(*(st.sampled_from(names) for names in (ENVELOPE, PARTS, ACTS, RECEIPTS)))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=5),
    st.sampled_from(["page", "instagram", PAGE, ADA, "tagwise:1", "react", "block", "messaging_x"]),
    st.integers(milliseconds(NOON), milliseconds(NOON) + 10**10),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.dictionaries(KEYS, ANYTHING, max_size=5)
BODIES = st.one_of(
    st.dictionaries(KEYS, ANYTHING, max_size=5),
    EVENTS.map(lambda found: body_of({"sender": {"id": ADA}, "recipient": {"id": PAGE}} | found)),
)


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES)
def test_no_json_breaks_the_webhook_or_opens_a_window_that_nobody_opened(
    house: House, body: dict[str, Any]
) -> None:
    forget(house)
    raw = json.dumps(body).encode()
    for _ in range(2):
        assert post_raw(house, raw).status_code == 200
    now = house.clock()
    windows = recorded(house)
    assert len(set(windows)) == len(windows)
    if windows:
        assert any(f'"{act}"' in raw.decode() for act in ACTS)
        assert all(at <= f"{now:%Y-%m-%dT%H:%M:%S.%fZ}" for _, _, at in windows)
