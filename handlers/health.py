"""`GET /health` and `GET /metrics`: whether the parts work, and numbers for Prometheus."""

import sqlite3
from collections.abc import Callable, Mapping

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot import metrics
from bot.services import Services
from handlers.drafts_api import answer
from storage import deliveries, pauses

Check = Callable[[], bool]


def health(services: Services, checks: Mapping[str, Check]) -> Blueprint:
    """The two routes; each check is a part of the bot that says whether it works."""
    routes = Blueprint("health", __name__)
    registry = CollectorRegistry()
    registry.register(metrics.RecordCollector(services.store))
    registry.register(metrics.SENDING)
    registry.register(metrics.WEBHOOK_EVENTS)

    @routes.get("/health")
    def report() -> Response:
        parts = {"database": database_fault(services)}
        for name, works in checks.items():
            parts[name] = None if works() else f"The {name} does not work."
        faults = [fault for fault in parts.values() if fault]
        body = {
            "status": "failing" if faults else "ok",
            "parts": {name: fault or "ok" for name, fault in parts.items()},
            **({"error": " ".join(faults)} if faults else outbox(services)),
        }
        return answer(503 if faults else 200, body)

    @routes.get("/metrics")
    def numbers() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


def database_fault(services: Services) -> str | None:
    """What is wrong with the database; None when it can be written."""
    try:
        with services.store.write():
            return None
    except sqlite3.Error as error:
        return f"The database cannot be written ({error})."


def outbox(services: Services) -> dict[str, object]:
    """How many deliveries are in each state, and which Pages are paused."""
    with services.store.read() as db:
        paused = pauses.all_of_them(db)
        return {
            "deliveries": deliveries.counts(db),
            "paused": [{"page": pause.page_id, "reason": pause.reason} for pause in paused],
        }
