"""Meta's Graph API over HTTP: send messages, ask for a name, read conversations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase
from requests.utils import check_header_validity

from bot import metrics
from bot.connections import Connections, never_left
from bot.graph_errors import GraphError, Meaning, read_graph_error
from bot.json_text import parsed
from bot.send_api import Outcome, Outgoing, batch_field, read_answer, read_batch, request_body
from bot.usage import UsageMeter

CONNECT_TIMEOUT_S: Final = 5
NAME_TIMEOUTS_S: Final = (3.0, 3.0)
READ_TIMEOUT_S: Final = 20  # Meta fetches linked pictures for up to 10 s before it answers
Timeouts = tuple[float, float]  # to connect, and until something is answered
Leaving = Callable[[], None]
CONNECTIONS: Final = 32  # for each Page or account at the same time


def at_once() -> None:
    """Nothing is waited for."""


class GraphFault(Exception):
    """Graph did not answer a question; the text says why, `meaning` whether to ask again later.

    `said` are Meta's own words for whoever asked, in whatever language, where there are any.
    """

    def __init__(self, sentence: str, meaning: Meaning = Meaning.LATER, said: str = "") -> None:
        super().__init__(sentence)
        self.meaning = meaning
        self.said = said


class Messenger:
    """A client of the Graph API for one Page. Any number of threads may use it."""

    def __init__(
        self,
        base_url: str,
        version: str,
        access_token: str,
        *,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self.usage = UsageMeter()
        self._timeouts = (connect_timeout_s, read_timeout_s)
        self._base = f"{base_url}/{version}"
        self._session = requests.Session()
        self._session.auth = _Bearer(access_token)
        self._connections = Connections(kept=2 * CONNECTIONS + 1)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, self._connections)
        # What is the same for each message is found out once: proxies and certificates of the
        # environment, and what a request has around its body.
        around = self._session.merge_environment_settings(self._base, {}, None, None, None)
        self._around: Mapping[str, Any] = {**around}
        self._empty: dict[str, requests.PreparedRequest] = {}

    def send(self, outgoing: Outgoing, leaving: Leaving = at_once) -> Outcome:
        """Send one message; never raises for anything that Meta or the network does.

        `leaving` is called when all is ready, and may wait for the moment at which it is to leave.
        """
        answer = self._deliver("me/messages", leaving, json_body=request_body(outgoing))
        return answer if isinstance(answer, GraphError) else read_answer(*answer, outgoing)

    def send_batch(self, messages: Sequence[Outgoing], leaving: Leaving = at_once) -> list[Outcome]:
        """Send up to BATCH_SIZE messages in one request, in the same way; never raises either."""
        # A form of several parts, as Meta's guide sends it: it needs no second percent-encoding.
        answer = self._deliver("", leaving, files={"batch": (None, batch_field(messages))})
        if isinstance(answer, GraphError):
            return [answer] * len(messages)
        return read_batch(*answer, messages)

    def _deliver(
        self,
        path: str,
        leaving: Leaving,
        *,
        files: Mapping[str, Any] | None = None,
        json_body: Mapping[str, Any] | None = None,
    ) -> tuple[int, Any] | GraphError:
        """Post messages: the status and the JSON of the answer, or what it means that there is none."""
        try:
            request = self._post(path)
            request.prepare_body(None, files, json_body)
            leaving()
            with metrics.SENDING.time():
                # Past the session, which would look for redirects, cookies and hooks.
                response = self._connections.send(request, timeout=self._timeouts, **self._around)
                told = response.content
        except requests.RequestException as error:
            if never_left(error):
                return GraphError(Meaning.LATER, "Meta could not be reached.")
            return GraphError(Meaning.UNKNOWN, "The connection to Meta broke before it answered.")
        self.usage.note(response.headers)
        return response.status_code, parsed(told)

    def _post(self, path: str) -> requests.PreparedRequest:
        """A request without a body yet."""
        if path not in self._empty:
            asked = requests.Request("POST", f"{self._base}/{path}")
            self._empty[path] = self._session.prepare_request(asked)
        return self._empty[path].copy()

    def get(
        self, path: str, timeouts_s: Timeouts | None = None, **parameters: str | int
    ) -> Mapping[str, Any]:
        """Ask Graph for an object; raises GraphFault when it does not answer with one."""
        return self._ask("GET", f"{self._base}/{path}", parameters, timeouts_s)

    def post(self, path: str, **parameters: str | int) -> Mapping[str, Any]:
        """Change something at Graph other than a message; raises GraphFault."""
        return self._ask("POST", f"{self._base}/{path}", parameters)

    def create(self, path: str, made: Mapping[str, Any]) -> Mapping[str, Any]:
        """Hand Graph a whole object to make; raises GraphFault."""
        return self._ask("POST", f"{self._base}/{path}", {}, body=made)

    def delete(self, path: str, **parameters: str | int) -> Mapping[str, Any]:
        """Let Graph delete what these parameters name; raises GraphFault."""
        return self._ask("DELETE", f"{self._base}/{path}", parameters)

    def page_of(
        self,
        path: str,
        after: str | None,
        timeouts_s: Timeouts | None = None,
        **parameters: str | int,
    ) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        """The entries of a list after this cursor, and the next cursor if more follow.

        Raises GraphFault.
        """
        cursor = {"after": after} if after else {}
        answer = self.get(path, timeouts_s, **parameters, **cursor)
        paging = answer.get("paging", {})
        further = paging.get("cursors", {}).get("after") if "next" in paging else None
        return answer.get("data", ()), further

    def name_of(self, psid: str, channel: str) -> str | None:
        """The person's name, where the app may know it; raises GraphFault, and soon."""
        fields = "name,username" if channel == "instagram" else "first_name,last_name"
        url = f"{self._base}/{quote(psid, safe='')}"
        profile = self._ask("GET", url, {"fields": fields}, NAME_TIMEOUTS_S)
        parts = [profile[field] for field in fields.split(",") if profile.get(field)]
        words = [part for part in parts if isinstance(part, str) and part.isprintable()]
        return " ".join(words[:1] if channel == "instagram" else words) or None

    def close(self) -> None:
        """Let go of idle connections."""
        self._session.close()

    def _ask(
        self,
        method: str,
        url: str,
        parameters: Mapping[str, str | int],
        timeouts_s: Timeouts | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        host = urlsplit(url).netloc
        try:
            response = self._session.request(
                method,
                url,
                params=parameters,
                json=body,
                timeout=timeouts_s or self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            kind = type(error).__name__  # its text holds the address asked for
            raise GraphFault(f"{host} could not be reached ({kind}).") from None
        answer = parsed(response.content)
        if response.ok and isinstance(answer, Mapping) and "error" not in answer:
            return answer
        told = answer if isinstance(answer, Mapping) else {}
        if known := read_graph_error(response.status_code, told, None):
            raise GraphFault(known.sentence, known.meaning, _said(told["error"]))
        raise GraphFault(f"{host} answered HTTP {response.status_code}, not as Graph does.")


def _said(error: Mapping[str, Any]) -> str:
    said = error.get("error_user_msg") or error.get("message")
    return said if isinstance(said, str) else ""


class _Bearer(AuthBase):
    """The token in a header, because addresses end up in logs; a .netrc does not replace it."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        check_header_validity(("Authorization", self._header))
        request.headers["Authorization"] = self._header
        return request
