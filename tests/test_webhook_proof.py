"""The webhook's door: Meta's verification, the signature over the bytes, what is no event body."""

import json
from collections.abc import Iterator

import pytest
import requests

from handlers.webhook import sign
from tests.house import PATIENCE_S, VERIFY_TOKEN, House, open_house
from tests.webhook_door import body_of, event, forget, post_raw, recorded, signature

# Meta's example: the letters ä, ö, å as it writes them, and the signature it prints for them.
ESCAPED = (
    b'{"object":"page","entry":[{"id":"PAGE","time":1,"messaging":'
    b'[{"message":{"text":"\\u00e4\\u00f6\\u00e5"}}]}]}'
)
ITS_SIGNATURE = "sha256=5a183692786a6a10f006b34f12ac9b536f7256906f4f112acbc69288897a008e"
ITS_SHA1 = "sha1=1f53b2f6108a3a2778246714eea4dae2e163d9f4"
OF_THE_LETTERS = "sha256=0927f142d6518b391197fe8005ccebc94ca2063f18038686936e0eee2fea1379"
SECRET = "test_app_secret"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("proof")) as opened:
        yield opened


@pytest.fixture
def house(shared: House) -> House:
    forget(shared)
    return shared


def verify(house: House, **query: str) -> requests.Response:
    named = {f"hub.{name}": value for name, value in query.items()}
    return requests.get(f"{house.url}/messenger/webhook", params=named, timeout=PATIENCE_S)


def test_meta_gets_its_challenge_back_as_plain_text(house: House) -> None:
    challenge = "<b>1158201444</b>"
    answer = verify(house, mode="subscribe", verify_token=VERIFY_TOKEN, challenge=challenge)
    assert (answer.status_code, answer.text) == (200, challenge)
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "wrong"},
        {"mode": "subscribe", "verify_token": ""},
        {"mode": "subscribe"},
        {"mode": "subscribe", "verify_token": "tökén…\udcff".encode("utf-8", "replace").decode()},
        {"mode": "subscribe", "verify_token": VERIFY_TOKEN.upper()},
        {"mode": "unsubscribe", "verify_token": VERIFY_TOKEN},
        {"verify_token": VERIFY_TOKEN},
        {},
    ],
)
def test_nobody_else_gets_the_challenge(house: House, query: dict[str, str]) -> None:
    answer = verify(house, challenge="1158201444", **query)
    assert answer.status_code == 403
    assert "1158201444" not in answer.text
    assert answer.json()["error"].endswith(".")


def test_a_token_that_is_no_utf_8_is_only_wrong(house: House) -> None:
    address = f"{house.url}/messenger/webhook?hub.mode=subscribe&hub.verify_token=%ff%fe"
    assert requests.get(address, timeout=PATIENCE_S).status_code == 403


def test_the_signature_is_the_one_that_meta_prints(house: House) -> None:
    assert house.graph.app_secret == SECRET
    assert sign(ESCAPED, SECRET) == ITS_SIGNATURE
    assert post_raw(house, ESCAPED, X_Hub_Signature_256=ITS_SIGNATURE).status_code == 200


def test_a_body_is_signed_as_it_was_sent_with_every_space_and_escape(house: House) -> None:
    spelt_by_nobody = (
        json.dumps(body_of(event(message={"mid": "m_1", "text": "Größe / ä"})), indent=3)
        .replace("/", "\\/")
        .encode()
    )
    assert post_raw(house, spelt_by_nobody).status_code == 200
    assert len(recorded(house)) == 1


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        OF_THE_LETTERS,
        ITS_SHA1,
        ITS_SIGNATURE.removeprefix("sha256="),
        ITS_SIGNATURE.upper().replace("SHA256", "sha256"),
        ITS_SIGNATURE[:-1],
        ITS_SIGNATURE + "0",
        "sha256=" + "é" * 64,
        "sha256=" + "\xff\xfe",
        signature(ESCAPED, "another secret"),
        signature(ESCAPED + b" ", SECRET),
    ],
)
def test_what_meta_has_not_signed_is_refused(house: House, header: str | None) -> None:
    raw_header = header.encode("latin-1").decode("latin-1") if header else header
    answer = post_raw(house, ESCAPED, X_Hub_Signature_256=raw_header)
    assert answer.status_code == 403
    assert set(answer.json()) == {"error"}


def test_the_older_header_alone_proves_nothing(house: House) -> None:
    raw = json.dumps(body_of(event(message={"mid": "m_1", "text": "x"}))).encode()
    sha1 = signature(raw, SECRET, "sha1")
    answer = post_raw(house, raw, X_Hub_Signature_256=None, X_Hub_Signature=sha1)
    assert answer.status_code == 403
    assert recorded(house) == []


def test_an_unsigned_message_opens_no_window(house: House) -> None:
    raw = json.dumps(body_of(event(message={"mid": "m_1", "text": "x"}))).encode()
    assert post_raw(house, raw, X_Hub_Signature_256=None).status_code == 403
    assert recorded(house) == []
    assert house.rows("SELECT 1 FROM contacts") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"text"',
        b"12",
        b"null",
        b"{",
        b'{"object":"page",}',
        b"\xff\xfe\x00",
        b'{"object":"\xe4"}',
        b"[" * 100_000,
        b'{"entry":' * 100_000,
        b'{"n":' + b"9" * 5_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_a_signed_body_that_is_no_json_object_is_a_bad_request(house: House, raw: bytes) -> None:
    answer = post_raw(house, raw)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


def test_a_body_of_a_thousand_updates_is_taken_and_a_huge_one_is_not_read(house: House) -> None:
    events = [
        event(str(10_000 + number), message={"mid": f"m_{number}", "text": "x" * 2_000})
        for number in range(1_000)
    ]
    assert post_raw(house, json.dumps(body_of(*events)).encode()).status_code == 200
    assert len(recorded(house)) == 1_000
    huge = b'{"object":"page","padding":"' + b"x" * (5 * 1024 * 1024) + b'"}'
    answer = post_raw(house, huge)
    assert answer.status_code == 413


def test_other_methods_are_told_so(house: House) -> None:
    answer = requests.put(f"{house.url}/messenger/webhook", timeout=PATIENCE_S)
    assert answer.status_code == 405
