"""/health says whether the parts work, /metrics how much has passed through them."""

import itertools
from datetime import timedelta
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from bot.inbound import BLOCKED
from bot.moments import moment_text
from tests.drafts_door import draft, post
from tests.house import PATIENCE_S, House
from tests.webhook_door import NOON, PAGE, body_of, event, post_raw
from tests.webhook_door import post as post_webhook


def health(house: House) -> requests.Response:
    return requests.get(f"{house.url}/health", timeout=PATIENCE_S)


def numbers(house: House) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels."""
    answer = requests.get(f"{house.url}/metrics", timeout=PATIENCE_S)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    samples = itertools.chain.from_iterable(
        family.samples for family in text_string_to_metric_families(answer.text)
    )
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_a_house_in_order_is_healthy(house: House) -> None:
    house.ada.writes("Hi")
    post(house, draft())
    answer = health(house)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": {"scheduler": "ok", "database": "ok"},
        "deliveries": {"pending": 1},
        "paused": [],
        "tagged_wait": [],
        "refused_tags": [],
    }


def test_in_socket_mode_the_connection_to_slack_counts(tmp_path: Path, house: House) -> None:
    house.stop()
    house.start(slack_app_token=house.slack.app_token)
    house.until(lambda: health(house).status_code == 200)
    assert health(house).json()["parts"]["Slack connection"] == "ok"


def test_a_database_that_is_gone_is_said_and_not_made_anew(house: House) -> None:
    assert health(house).status_code == 200
    away = house.database.with_suffix(".away")
    house.database.rename(away)
    answer = health(house)
    assert answer.status_code == 503
    assert "database" in answer.json()["error"]
    assert answer.json()["parts"]["database"] != "ok"
    assert post_raw(house, b'{"object":"page","entry":[]}').status_code == 200
    late = b'{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"postback":{"a":1}}]}]}'
    assert post_raw(house, late).status_code == 503
    assert post(house, draft()).status_code == 503
    assert not house.database.exists()
    away.rename(house.database)
    assert health(house).status_code == 200


def test_a_paused_page_is_no_fault_of_the_bot_but_is_said(house: House) -> None:
    block = event(None, policy_enforcement={"action": "block"})
    post_webhook(house, body_of(block))
    answer = health(house)
    assert answer.status_code == 200
    [paused] = answer.json()["paused"]
    assert paused == {
        "page": PAGE,
        "kind": "policy",
        "reason": BLOCKED,
        "since": moment_text(house.clock()),
        "until": None,
    }
    assert numbers(house)["tagwise_pages_paused",] == 1


def test_the_numbers_are_those_on_record(house: House) -> None:
    house.ada.writes("Hi")
    before = numbers(house)
    for minute in range(3):
        told = event(at=NOON + timedelta(minutes=minute), message={"mid": f"m_{minute}"})
        post_webhook(house, body_of(told, event(read={"watermark": 1})))
    post_raw(house, b"{}", X_Hub_Signature_256="sha256=0")
    house.graph.echoes = house.graph.deliveries = False
    house.compose(house.ben).submit()
    house.until(lambda: house.states() == ["sent"])
    post(house, draft())
    after = numbers(house)

    def grown(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown("tagwise_webhook_events_total", "interaction") == 3
    assert grown("tagwise_webhook_events_total", "receipt") == 3
    assert grown("tagwise_webhook_events_total", "echo") == 0
    assert grown("tagwise_send_seconds_count") == 1
    assert after["tagwise_deliveries", "sent"] == 1
    assert after["tagwise_deliveries", "pending"] == 1
    assert after["tagwise_pages_paused",] == 0
