"""One call of the Graph API, read from HTTP: version, path, parameters, token.

https://developers.facebook.com/docs/graph-api/overview
"""

import json
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.formparser import parse_form_data

from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.server import HttpRequest, Reply
from bot.practice.graph.types import JsonObject

TokenPlace = Literal["header", "parameter"]

_VERSION = re.compile(r"v[0-9]{1,2}\.0")
_JSON_PARAMETERS = ("recipient", "message", "reply_to", "batch")


@dataclass(frozen=True)
class Call:
    """What is asked for. `parts` is the path without the version; `params` without the secrets."""

    method: str
    version: str
    parts: tuple[str, ...]
    params: JsonObject
    token: str | None
    token_place: TokenPlace | None
    proof: str | None = None
    host: str = ""

    @property
    def endpoint(self) -> str:
        """The edge, such as `messages`; for a bare node `node`, for the root `batch`."""
        if not self.parts:
            return "batch"
        return self.parts[-1] if len(self.parts) > 1 or self.parts == ("debug_token",) else "node"

    @property
    def recipient(self) -> str | None:
        """The person a send is for, as far as it says."""
        recipient = self.params.get("recipient")
        return recipient.get("id") if isinstance(recipient, dict) else None


def json_reply(value: Any, status: int = 200) -> Reply:
    """A reply with this JSON value."""
    return Reply(status, json.dumps(value).encode())


def read_call(request: HttpRequest) -> Call:
    """The call in a request; GraphError where the version, path or body cannot be read."""
    target = urlsplit(request.target)
    version, *parts = [unquote(part) for part in target.path.split("/") if part] or [""]
    if not _VERSION.fullmatch(version):
        raise GraphError(2500, f"Unknown path components: {target.path}")
    params: JsonObject = dict(parse_qsl(target.query, keep_blank_values=True))
    params |= read_body(request)
    header = header_of(request, "authorization")
    token = params.pop("access_token", None)
    place: TokenPlace | None = None if token is None else "parameter"
    if header.lower().startswith("bearer "):
        token, place = header[7:].strip(), "header"
    proof = params.pop("appsecret_proof", None)
    parsed = {key: _parsed(key, value) for key, value in params.items()}
    host = header_of(request, "host")
    return Call(request.method, version, tuple(parts), parsed, token, place, proof, host)


def read_body(request: HttpRequest) -> JsonObject:
    """The parameters in a body: a JSON object, or form fields as strings."""
    if not request.body:
        return {}
    if header_of(request, "content-type").startswith("application/json"):
        try:
            value = json.loads(request.body)
        except ValueError:
            raise bad_parameter("The request body is not valid JSON") from None
        if not isinstance(value, dict):
            raise bad_parameter("The request body must be a JSON object")
        return value
    if header_of(request, "content-type").startswith("multipart/form-data"):
        return _read_parts(request)
    try:
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise bad_parameter("The request body is not valid UTF-8") from None


def _read_parts(request: HttpRequest) -> JsonObject:
    environ = {
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": header_of(request, "content-type"),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
    }
    try:
        _, form, _ = parse_form_data(environ, silent=False)
    except ValueError:
        raise bad_parameter("The parts of the form cannot be read") from None
    return dict(form)


def header_of(request: HttpRequest, name: str) -> str:
    """The value of a header, whatever its letters' case; empty where it is missing."""
    return next((value for key, value in request.headers.items() if key.lower() == name), "")


def _parsed(key: str, value: Any) -> Any:
    if key not in _JSON_PARAMETERS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_parameter(f"Param {key} must be valid JSON") from None
