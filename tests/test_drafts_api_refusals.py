"""What the drafts API does not take, and how it says so: which field, and what is wrong with it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.drafts_door import draft, drafts_on_record, post, post_raw, show
from tests.house import ADA, DRAFTS_TOKEN, PATIENCE_S, House, open_house

STARTS = {"name": "Yoga", "registered": True, "starts_at": "2026-12-01T18:00:00+01:00"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("refusals")) as opened:
        opened.ada.writes("Hi")
        yield opened
        assert drafts_on_record(opened) == 0, "something was queued that should not"


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        ({"recipient": ...}, "recipient", "missing"),
        ({"recipient": ADA}, "recipient", "object"),
        ({"recipient": {}}, "recipient.id", "missing"),
        ({"recipient": {"id": 24918830014477562}}, "recipient.id", "text"),
        ({"recipient": {"id": ""}}, "recipient.id", "PSID"),
        ({"recipient": {"id": "Ada Moreau"}}, "recipient.id", "PSID"),
        ({"recipient": {"id": "1" * 65}}, "recipient.id", "PSID"),
        ({"recipient": {"id": "1", "name": "A"}}, "recipient.name", "not known"),
        ({"channel": "whatsapp"}, "channel", "'messenger' or 'instagram'"),
        ({"channel": None}, "channel", "'messenger' or 'instagram'"),
        ({"text": ...}, "message", "missing"),
        ({"text": None}, "message", "missing"),
        ({"text": 5}, "text", "text"),
        ({"message": {"text": "x"}}, "message", "beside text"),
        ({"text": ..., "message": "x"}, "message", "object"),
        ({"text": ..., "message": {"text": "x", "metadata": "mine"}}, "message", "metadata"),
        ({"tag": 7}, "tag", "text"),
        ({"recurring": "yes"}, "recurring", "true or false"),
        ({"recurring": 1}, "recurring", "true or false"),
        ({"event": "Yoga"}, "event", "object"),
        ({"event": STARTS | {"registered": "true"}}, "event.registered", "true or false"),
        ({"event": STARTS | {"starts_at": "2026-12-01T18:00:00"}}, "event.starts_at", "zone"),
        ({"event": STARTS | {"starts_at": "tomorrow"}}, "event.starts_at", "a time"),
        ({"event": STARTS | {"starts_at": "2026-02-30T18:00:00Z"}}, "event.starts_at", "calendar"),
        ({"event": STARTS | {"starts_at": 1796140800}}, "event.starts_at", "a time"),
        ({"event": STARTS | {"ends_at": "2026-12-01T16:59:59Z"}}, "event.ends_at", "before"),
        ({"event": STARTS | {"place": "Room 2"}}, "event.place", "not known"),
        ({"order": {"id": 17}}, "order.id", "text"),
        ({"order": {"placed_at": "2026-11-30"}}, "order.placed_at", "a time"),
        ({"send_at": "2026-11-30T18:00:00"}, "send_at", "zone"),
        ({"send_at": "2026-11-22T09:00:00Z"}, "send_at", "passed"),
        ({"send_at": 0}, "send_at", "a time"),
        ({"reminders": ["-1h"]}, "reminders", "starts"),
        ({"reminders": ["-1h"], "event": {"registered": True}}, "reminders", "starts"),
        ({"reminders": "-1h", "event": STARTS}, "reminders", "list"),
        ({"reminders": [-60], "event": STARTS}, "reminders[0]", "text"),
        ({"reminders": ["1h"], "event": STARTS}, "reminders", "no offset"),
        ({"reminders": ["-1w"], "event": STARTS}, "reminders", "no offset"),
        ({"reminders": ["-1.5h"], "event": STARTS}, "reminders", "no offset"),
        ({"reminders": ["-١h"], "event": STARTS}, "reminders", "no offset"),
        ({"reminders": ["-1h"] * 21, "event": STARTS}, "reminders", "at most 20"),
        ({"requested_by": ""}, "requested_by", "at least 1"),
        ({"requested_by": None}, "requested_by", "text"),
        ({"requested_by": "x" * 101}, "requested_by", "at most 100"),
        ({"sendAt": None}, "sendAt", "not known"),
        ({"author": "UBEN"}, "author", "not known"),
    ],
)
def test_a_malformed_draft_is_told_which_field_and_why(
    house: House, changes: dict[str, Any], path: str, says: str
) -> None:
    for query in ("", "?dry_run=true"):
        answer = post(house, draft(**changes), query=query)
        assert answer.status_code == 400
        refusal = answer.json()
        assert set(refusal) == {"error", "fields"}
        assert says in refusal["fields"][path]
        assert refusal["error"].endswith(".")


def test_every_fault_is_named_at_once(house: House) -> None:
    refusal = post(house, {"text": 5, "recurring": 0, "what": 1}).json()
    assert set(refusal["fields"]) == {"recipient", "text", "recurring", "what"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"{",
        b"text=Hello",
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"text": ' + b"9" * 5_000 + b"}",
        b'{"text": "half \\ud83d"}',
        b'{"text": "a", "text": "b"}',
        b'{"recipient": {"id": "1", "id": "2"}, "text": "a"}',
        b'{"text": "\xff"}',
        '{"text": "Hello"}'.encode("utf-16"),
        b'{"message": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b"[]",
        b"null",
        b'"a draft"',
        b"5",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_no_json_object_is_a_bad_request(house: House, raw: bytes) -> None:
    answer = post_raw(house, raw, key="never used up")
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_a_message_nested_beyond_reason_is_refused_at_the_door(house: House) -> None:
    for levels in (33, 200, 900):
        nested: Any = "x"
        for _ in range(levels):
            nested = {"payload": nested}
        body = draft(text=..., message={"attachment": nested})
        answer = post_raw(house, json.dumps(body).encode())
        assert answer.status_code == 400, levels


def test_a_body_beyond_a_quarter_of_a_megabyte_is_not_read(house: House) -> None:
    for size in (300 * 1024, 5 * 1024 * 1024):
        answer = post(house, draft(text="x" * size))
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "bearer",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Bearer {DRAFTS_TOKEN.upper()}",
        f"Bearer {DRAFTS_TOKEN}x",
        f"Basic {DRAFTS_TOKEN}",
        DRAFTS_TOKEN,
        "Bearer tökén",
    ],
)
def test_without_the_token_nothing_is_told(house: House, bearer: str | None) -> None:
    given = bearer.encode() if bearer is not None else None  # requests would refuse some as texts
    headers = {"Authorization": given} if given is not None else {}
    for method, address in (("POST", "/drafts"), ("GET", "/drafts/1"), ("GET", "/drafts/999")):
        answer = requests.request(
            method, f"{house.url}{address}", json=draft(), headers=headers, timeout=PATIENCE_S
        )
        assert answer.status_code == 401
        assert set(answer.json()) == {"error"}
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_word_bearer_may_be_written_small(house: House) -> None:
    for scheme in ("bearer", "BEARER", "Bearer "):
        bearer = f"{scheme} {DRAFTS_TOKEN}"
        assert post(house, draft(), bearer=bearer, query="?dry_run=true").status_code == 200


def test_dry_run_is_true_or_false(house: House) -> None:
    for value in ("1", "yes", "", "TRUE"):
        assert post(house, draft(), query=f"?dry_run={value}").status_code == 400


def test_drafts_that_do_not_exist_are_not_found(house: House) -> None:
    for number in (0, 1, 999, 2**63, 10**30, "-1", "one", "1.0", "%00"):
        answer = show(house, number)
        assert answer.status_code == 404
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"recipient": {"id": "777"}}, "window-closed"),
        ({"recipient": {"id": "777"}, "tag": "HUMAN_AGENT"}, "human-agent-automated"),
        ({"recipient": {"id": "777"}, "tag": "CONFIRMED_EVENT_UPDATE"}, "event-missing"),
        ({"recipient": {"id": "777"}, "tag": "POST_PURCHASE_UPDATE"}, "order-missing"),
        ({"recipient": {"id": "777"}, "channel": "instagram"}, "window-closed"),
        ({"tag": "HOLIDAY_GREETING"}, "unknown-tag"),
        ({"text": ""}, "message-invalid"),
        ({"text": "x" * 2_001}, "message-too-long"),
        ({"text": ..., "message": {}}, "message-invalid"),
    ],
)
def test_what_the_rule_book_refuses_is_answered_with_its_verdict(
    house: House, changes: dict[str, Any], rule: str
) -> None:
    for query in ("", "?dry_run=true"):
        answer = post(house, draft(**changes), query=query)
        assert answer.status_code == 422
        refusal = answer.json()
        assert set(refusal) == {"error", "verdict"}
        assert refusal["verdict"]["allowed"] is False
        assert rule in [finding["rule"] for finding in refusal["verdict"]["findings"]]
        assert refusal["error"].endswith(".")
    assert house.rows("SELECT 1 FROM contacts WHERE psid = '777'") == []
