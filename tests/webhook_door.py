"""Posts to the webhook as Meta does: any body, signed over its bytes."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.house import ADA, PATIENCE_S, House

PAGE, INSTAGRAM = "109823456712345", "17841402233445566"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ABOUT_PEOPLE = ("interactions", "feedback_answers", "one_time_tokens")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a day at which the house's clock has passed noon


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def signature(raw: bytes, secret: str, algorithm: str = "sha256") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), raw, algorithm).hexdigest()}"


def post_raw(house: House, raw: bytes, **headers: str | None) -> requests.Response:
    """Post these bytes with a right signature, unless `X_Hub_Signature_256` says another."""
    given = {"X_Hub_Signature_256": signature(raw, house.graph.app_secret)} | headers
    named = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
    return requests.post(
        f"{house.url}/messenger/webhook", data=raw, headers=named, timeout=PATIENCE_S
    )


def post(house: House, body: Any) -> None:
    """Post a body that has to be taken."""
    answer = post_raw(house, json.dumps(body).encode())
    assert answer.status_code == 200, answer.text


def event(who: str | None = ADA, at: Any = NOON, to: str = PAGE, **what: Any) -> dict[str, Any]:
    """One event; `at` is a moment, or anything else to stand as the timestamp (None: no timestamp)."""
    stamp = milliseconds(at) if isinstance(at, datetime) else at
    return {
        **({"sender": {"id": who}} if who else {}),
        "recipient": {"id": to},
        **({} if stamp is None else {"timestamp": stamp}),
        **what,
    }


def body_of(*events: dict[str, Any], account: str = PAGE, **entry: Any) -> dict[str, Any]:
    """One body with these events of the Page, or of the Instagram account."""
    kind = "instagram" if account == INSTAGRAM else "page"
    return {"object": kind, "entry": [{"id": account, "messaging": list(events), **entry}]}


def recorded(house: House) -> list[tuple[str, str, str]]:
    """Every interaction on record: who, what, when."""
    rows = house.rows(
        "SELECT psid, kind, at FROM interactions JOIN contacts ON id = contact_id ORDER BY at, psid"
    )
    return [(row["psid"], row["kind"], row["at"]) for row in rows]


def forget(house: House) -> None:
    """Empty what webhooks fill, so that a module's tests may share one running house."""
    with house.store.write() as db:
        for table in (*ABOUT_PEOPLE, "enforcements", "pauses", "contacts"):
            db.execute(f"DELETE FROM {table}")
