"""Posts to the drafts API as another system does."""

import json
from typing import Any

import requests

from tests.house import ADA, DRAFTS_TOKEN, PATIENCE_S, House

BEARER = f"Bearer {DRAFTS_TOKEN}"
TEXT = "Your class starts tomorrow at 18:00."


def draft(**changes: Any) -> dict[str, Any]:
    """A draft to Ada; a change to `...` takes the key away."""
    body = {"recipient": {"id": ADA}, "text": TEXT} | changes
    return {key: value for key, value in body.items() if value is not ...}


def post_raw(
    house: House,
    raw: bytes,
    *,
    key: str | None = None,
    bearer: str | None = BEARER,
    query: str = "",
) -> requests.Response:
    headers = {"Authorization": bearer, "Idempotency-Key": key}
    given = {name: value for name, value in headers.items() if value is not None}
    return requests.post(f"{house.url}/drafts{query}", data=raw, headers=given, timeout=PATIENCE_S)


def post(house: House, body: Any, **more: Any) -> requests.Response:
    return post_raw(house, json.dumps(body).encode(), **more)


def show(house: House, number: Any, bearer: str | None = BEARER) -> requests.Response:
    headers = {"Authorization": bearer} if bearer else {}
    return requests.get(f"{house.url}/drafts/{number}", headers=headers, timeout=PATIENCE_S)


def drafts_on_record(house: House) -> int:
    return len(house.rows("SELECT 1 FROM drafts"))
