"""`GET /health` and `GET /metrics`: whether the parts work, and numbers for Prometheus."""

import sqlite3
from collections.abc import Callable, Mapping

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot import metrics
from bot.breakers import Stops, stops_of
from bot.moments import moment_text
from bot.services import Services
from handlers.drafts_api import answer
from storage import deliveries
from storage.health import note_check

Check = Callable[[], bool]


def health(services: Services, checks: Mapping[str, Check]) -> Blueprint:
    """The two routes; each check is a part of the bot that says whether it works."""
    routes = Blueprint("health", __name__)
    registry = CollectorRegistry()
    registry.register(metrics.RecordCollector(services.store, services.clock))
    registry.register(metrics.SENDING)
    registry.register(metrics.WEBHOOK_EVENTS)

    @routes.get("/health")
    def report() -> Response:
        parts = {
            name: "ok" if works() else f"The {name} does not work."
            for name, works in checks.items()
        }
        try:
            record = outbox(services)
            parts["database"] = "ok"
        except sqlite3.Error as error:
            record = {}
            parts["database"] = f"The database cannot be written ({error})."
        faults = [state for state in parts.values() if state != "ok"]
        if faults:
            return answer(503, {"status": "failing", "parts": parts, "error": " ".join(faults)})
        return answer(200, {"status": "ok", "parts": parts, **record})

    @routes.get("/metrics")
    def numbers() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


def outbox(services: Services) -> dict[str, object]:
    """How many deliveries are in each state, and what stops which Page.

    Raises sqlite3.Error when the database cannot be read, or not be written.
    """
    with services.store.write() as db:
        note_check(db, services.clock())  # alone: nobody should wait for the counting
    with services.store.read() as db:
        stops = stops_of(db, services.clock())
        return {"deliveries": deliveries.counts(db), **_stops_as_json(stops)}


def _stops_as_json(stops: Stops) -> dict[str, object]:
    return {
        "paused": [
            {
                "page": pause.page_id,
                "kind": pause.kind,
                "reason": pause.reason,
                "since": moment_text(pause.at),
                "until": moment_text(pause.until) if pause.until else None,
            }
            for pause in stops.pauses
        ],
        "tagged_wait": [
            {"page": hold.page_id, "reason": hold.reason, "since": moment_text(hold.at)}
            for hold in stops.holds
        ],
        "refused_tags": [
            {
                "page": refused.page_id,
                "tag": refused.tag,
                "reason": refused.reason,
                "since": moment_text(refused.at),
            }
            for refused in stops.refused
        ],
    }
