"""Every call of the Graph API: recorded, authorised, carried out, and spoiled where asked to."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.practice.graph.calls import Call, TokenPlace, json_reply, read_body, read_call
from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.faults import FaultLine
from bot.practice.graph.meta import Meta
from bot.practice.graph.parameters import as_list, as_object, required
from bot.practice.graph.routes import authorize, route
from bot.practice.graph.send_api import OnAccepted
from bot.practice.graph.server import Ending, HttpRequest, Outcome, Reply
from bot.practice.graph.types import JsonObject

_MOST_IN_A_BATCH = 50


@dataclass
class RecordedRequest:
    """One HTTP request as it came in, and how it was answered.

    `body` is parsed (form fields as strings), `raw` is not. `status` and `answer` stay None where
    no answer left; `fault` names what was made to go wrong.
    """

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    body: JsonObject
    token_place: TokenPlace | None = None
    status: int | None = None
    answer: Any = None
    fault: str | None = None


class Api:
    """Answers HTTP requests with what Graph would say."""

    def __init__(self, meta: Meta, faults: FaultLine, on_accepted: OnAccepted) -> None:
        self.requests: list[RecordedRequest] = []
        self._meta = meta
        self._faults = faults
        self._on_accepted = on_accepted

    def answer(self, request: HttpRequest) -> Outcome:
        """Carry the request out; it is recorded whole before its answer leaves."""
        record = self._recorded(request)
        try:
            call = read_call(request)
        except GraphError as refusal:
            outcome = Outcome(json_reply(refusal.body(), refusal.status))
        else:
            record.token_place = call.token_place
            outcome = self._operate(call, record)
        outcome = replace(outcome, reply=self._with_usage(outcome.reply))
        if outcome.ending in (Ending.ANSWER, Ending.CUT_MID_BODY):
            record.status = outcome.reply.status
            record.answer = _readable(outcome.reply.body)
        return outcome

    def _recorded(self, request: HttpRequest) -> RecordedRequest:
        target = urlsplit(request.target)
        try:
            body = read_body(request)
        except GraphError:
            body = {}
        record = RecordedRequest(
            at=self._meta.now(),
            method=request.method,
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers=dict(request.headers),
            raw=request.body,
            body=body,
        )
        self.requests.append(record)
        return record

    def _operate(self, call: Call, record: RecordedRequest) -> Outcome:
        fault = self._faults.take(call)
        if fault is None:
            return Outcome(self._carry_out(call, record))
        record.fault = fault.name
        return fault.spoil(self._carry_out(call, record) if fault.accepts else None)

    def _carry_out(self, call: Call, record: RecordedRequest) -> Reply:
        try:
            authorize(self._meta, call)
            if call.endpoint == "batch":
                return json_reply(self._batch(call, record))
            with self._meta.lock:
                return json_reply(route(self._meta, call, self._on_accepted))
        except GraphError as refusal:
            return json_reply(refusal.body(), refusal.status)

    def _batch(self, call: Call, record: RecordedRequest) -> list[JsonObject | None]:
        operations = as_list(required(call.params, "batch", "batch"), "batch", 1, _MOST_IN_A_BATCH)
        return [self._batched(operation, call, record) for operation in operations]

    def _batched(self, operation: Any, call: Call, record: RecordedRequest) -> JsonObject | None:
        try:
            inner = _inner_call(operation, call)
        except GraphError as refusal:
            return _batch_entry(json_reply(refusal.body(), refusal.status))
        outcome = self._operate(inner, record)
        return _batch_entry(outcome.reply) if outcome.ending is Ending.ANSWER else None

    def _with_usage(self, reply: Reply) -> Reply:
        usage = {
            "X-App-Usage": self._meta.app_usage,
            "X-Business-Use-Case-Usage": self._meta.business_use_case_usage,
        }
        headers = {name: json.dumps(value) for name, value in usage.items() if value is not None}
        return replace(reply, headers={**reply.headers, **headers})


def _inner_call(operation: Any, outer: Call) -> Call:
    known = as_object(operation, "batch[]", ("method", "relative_url", "body", "name"))
    relative = str(required(known, "relative_url", "relative_url")).lstrip("/")
    target = relative if relative.startswith(f"{outer.version}/") else f"{outer.version}/{relative}"
    request = HttpRequest(
        str(known.get("method", "GET")),
        f"/{target}",
        {"Content-Type": "application/x-www-form-urlencoded", "Host": outer.host},
        str(known.get("body", "")).encode(),
    )
    inner = read_call(request)
    if not inner.parts:
        raise bad_parameter("A batch cannot hold a batch")
    return inner if inner.token else replace(inner, token=outer.token, proof=outer.proof)


def _batch_entry(reply: Reply) -> JsonObject:
    headers = [{"name": "Content-Type", "value": reply.content_type}]
    return {"code": reply.status, "headers": headers, "body": reply.body.decode(errors="replace")}


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
