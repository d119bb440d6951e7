"""Every request between Slack, the bot and Meta, newest first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.practice.graph.api import RecordedRequest
from bot.practice.graph.webhooks import WebhookPost
from bot.practice.page.workspace import Workspace
from bot.practice.slack import Exchange

if TYPE_CHECKING:
    from bot.practice.page.scene import Scene

SHOWN: Final = 80
WAYS: Final = {
    "slack-bot": "Slack → bot",
    "bot-slack": "bot → Slack",
    "meta-bot": "Meta → bot",
    "bot-meta": "bot → Meta",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer; `key` finds it again."""

    key: str
    at: datetime
    way: str
    what: str
    status: str
    is_bad: bool
    sent: Any
    answer: Any

    def mentions(self, words: str) -> bool:
        """Whether all of these words stand somewhere in it."""
        text = f"{self.what} {self.status} {_pretty(self.sent)} {_pretty(self.answer)}".lower()
        return all(word in text for word in words.lower().split())


def entries(scene: "Scene") -> list[Entry]:
    """All of them, newest first."""
    made = [*_slack(scene.slack.exchanges), *_meta(scene.graph.requests)]
    made += _webhooks(scene.graph.webhooks)
    return sorted(made, key=lambda entry: entry.at, reverse=True)


def inspector(workspace: Workspace) -> Blueprint:
    """Its fragment, and the bodies of one entry."""
    blueprint = Blueprint("inspector", __name__)

    @blueprint.get("/fragment/inspector")
    def fragment() -> str:
        found = entries(workspace.scene)
        way, words = request.args.get("way", ""), request.args.get("words", "")
        bad = "bad" in request.args
        shown = [
            entry
            for entry in found
            if way in ("", entry.way) and (entry.is_bad or not bad) and entry.mentions(words)
        ]
        return render_template(
            "shell/inspector.html",
            is_open="open" in request.args,
            newest=found[0] if found else None,
            count=len(found),
            bad_count=sum(entry.is_bad for entry in found),
            matching=len(shown),
            shown=shown[:SHOWN],
            refused=workspace.slack.refused,
            ways=WAYS,
            way=way,
            words=words,
            bad=bad,
        )

    @blueprint.get("/inspector/<key>")
    def bodies(key: str) -> ResponseReturnValue:
        entry = next((one for one in entries(workspace.scene) if one.key == key), None)
        if entry is None:
            return {"error": "That was in an earlier scene."}, 404
        return render_template(
            "shell/entry.html", sent=_pretty(entry.sent), answer=_pretty(entry.answer)
        )

    return blueprint


def _slack(exchanges: list[Exchange]) -> Iterator[Entry]:
    for number, one in enumerate(exchanges):
        yield Entry(
            key=f"slack-{number}",
            at=one.at,
            way="slack-bot" if one.to_bot else "bot-slack",
            what=one.what,
            status=one.error or "ok",
            is_bad=one.error is not None,
            sent=one.request,
            answer=one.answer,
        )


def _meta(requests: list[RecordedRequest]) -> Iterator[Entry]:
    for number, one in enumerate(requests):
        query = f"?{urlencode(one.query)}" if one.query else ""
        status = str(one.status or "no answer")
        yield Entry(
            key=f"meta-{number}",
            at=one.at,
            way="bot-meta",
            what=f"{one.method} {one.path}{query}",
            status=f"{status}, {one.fault}" if one.fault else status,
            is_bad=one.status != 200,
            sent=one.body or None,
            answer=one.answer,
        )


def _webhooks(posts: list[WebhookPost]) -> Iterator[Entry]:
    for number, one in enumerate(posts):
        body = json.loads(one.body)
        yield Entry(
            key=f"hook-{number}",
            at=one.at,
            way="meta-bot",
            what=f"webhook: {_event(body)}",
            status=str(one.status or "no answer"),
            is_bad=one.status != 200,
            sent=body,
            answer=None,
        )


def _event(body: dict[str, Any]) -> str:
    events = body["entry"][0].get("messaging") or body["entry"][0].get("standby") or [{}]
    if events[0].get("message", {}).get("is_echo"):
        return "echo"
    known = ("sender", "recipient", "timestamp")
    return ", ".join(key for key in events[0] if key not in known)


def _pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
