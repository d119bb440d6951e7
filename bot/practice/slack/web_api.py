"""The Web API: who is asking, with which arguments and scopes, and then the method itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from . import chat_methods, conversation_methods, view_methods
from .backend import Backend
from .errors import ApiError
from .journal import MISTAKES, Call, Exchange
from .methods import METHODS, Method
from .troubles import RateLimited, Troubles
from .workspace import Json

Handler = Callable[[Backend, Json], Json]

HANDLERS: Final[Mapping[str, Handler]] = {
    "auth.test": conversation_methods.auth_test,
    "chat.postMessage": chat_methods.post_message,
    "chat.update": chat_methods.update,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.getPermalink": chat_methods.get_permalink,
    "conversations.info": conversation_methods.info,
    "conversations.members": conversation_methods.members,
    "conversations.open": conversation_methods.open_dm,
    "users.info": conversation_methods.user_info,
    "views.open": view_methods.open_view,
    "views.push": view_methods.push,
    "views.update": view_methods.update,
}
_BY_KIND: Final = {"public": "channels", "private": "groups", "im": "im"}
_DISGUISE: Final = ("username", "icon_emoji", "icon_url")


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def scopes_needed(backend: Backend, method: Method, args: Json) -> tuple[str, ...]:
    """The scopes this very call needs: those about conversations depend on their kind."""
    if method.name == "conversations.open":
        return ("im:write",)
    if method.name.startswith("conversations."):
        channel = backend.workspace.channels.get(str(args.get("channel")))
        any_held = next((s for s in method.scopes if s in backend.scopes), method.scopes[0])
        return (f"{_BY_KIND[channel.kind]}:read" if channel else any_held,)
    if any(args.get(name) for name in _DISGUISE):
        return (*method.scopes, "chat:write.customize")
    return method.scopes


class WebApi:
    """Answers calls the way `https://slack.com/api/` does."""

    def __init__(
        self,
        backend: Backend,
        troubles: Troubles,
        *,
        bot_token: str,
        app_token: str,
        socket_url: Callable[[], str],
    ) -> None:
        self._backend = backend
        self._troubles = troubles
        self._bot_token = bot_token
        self._app_token = app_token
        self._socket_url = socket_url

    def call(self, name: str, args: Json, token: str) -> Answer:
        """Serve one call and write it into the journal."""
        scopes: tuple[str, ...] = ()
        error, headers, status, start = None, self._scope_headers(name), 200, monotonic()
        body: Json
        with self._backend.workspace.changing():
            try:
                self._authenticate(name, token)
                method = self._method(name)
                scopes = self._granted(method, args)
                self._troubles.strike(name, args)
                self._check_arguments(method, args)
                body = {"ok": True, **self._serve(name, args)}
            except ApiError as problem:
                error = problem.error
                body = self._refusal(name, problem)
                if isinstance(problem, RateLimited):
                    status, headers = 429, {**headers, "Retry-After": str(problem.retry_after)}
            now = self._backend.workspace.clock()
            journal, took = self._backend.journal, monotonic() - start
            journal.calls.append(Call(name, args, error, now, scopes))
            journal.exchanges.append(Exchange(now, False, name, args, body, error, took))
        return Answer(body, status, headers)

    def _serve(self, name: str, args: Json) -> Json:
        if name == "apps.connections.open":
            return {"url": self._socket_url()}
        return HANDLERS[name](self._backend, args)

    def _authenticate(self, name: str, token: str) -> None:
        if not token:
            raise ApiError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise ApiError("invalid_auth")
        if (token == self._app_token) != (name == "apps.connections.open"):
            raise ApiError("not_allowed_token_type")

    @staticmethod
    def _method(name: str) -> Method:
        if name not in METHODS:
            raise ApiError("unknown_method", req_method=name)
        return METHODS[name]

    def _granted(self, method: Method, args: Json) -> tuple[str, ...]:
        granted = self._backend.scopes
        needed = scopes_needed(self._backend, method, args)
        self._backend.journal.scopes.update(needed)
        if missing := [scope for scope in needed if scope not in granted]:
            raise ApiError(
                "missing_scope", needed=",".join(missing), provided=",".join(sorted(granted))
            )
        return needed

    @staticmethod
    def _check_arguments(method: Method, args: Json) -> None:
        faults = [
            *(f"[ERROR] unknown argument: {name}" for name in method.unknown(args)),
            *(f"[ERROR] missing required field: {name}" for name in method.missing(args)),
        ]
        if faults:
            raise ApiError("invalid_arguments", faults)

    def _refusal(self, name: str, problem: ApiError) -> Json:
        if problem.error in MISTAKES and not problem.on_demand:
            self._backend.journal.refuse(name, problem.error, problem.messages)
        body: Json = {"ok": False, "error": problem.error, **problem.extra}
        if problem.messages:
            body["response_metadata"] = {"messages": problem.messages}
        return body

    def _scope_headers(self, name: str) -> dict[str, str]:
        accepted = METHODS[name].scopes if name in METHODS else ()
        return {
            "x-oauth-scopes": ",".join(sorted(self._backend.scopes)),
            "x-accepted-oauth-scopes": ",".join(accepted),
        }
