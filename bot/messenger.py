"""Meta's Graph API: send one message and read the answer, ask for a name, read conversations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from bot.graph_errors import GraphError, Meaning, read_graph_error

CONNECT_TIMEOUT_S: Final = 5
READ_TIMEOUT_S: Final = 20  # Meta fetches linked pictures for up to 10 s before it answers
CONNECTIONS: Final = 32
METADATA_PREFIX: Final = "tagwise:"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it leaves."""

    delivery_id: int
    psid: str
    message: Mapping[str, Any]
    messaging_type: str
    tag: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """Meta took the message and gave it this id."""

    mid: str


Outcome = Sent | GraphError


class GraphFault(Exception):
    """Graph did not answer a question; the text says why. The HTTP status is 0 without an answer."""

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status


class Messenger:
    """A client of the Graph API for one Page. Any number of threads may use it."""

    def __init__(self, base_url: str, version: str, access_token: str) -> None:
        self._base = f"{base_url}/{version}"
        self._session = requests.Session()
        # In a header, because addresses end up in logs.
        self._session.headers["Authorization"] = f"Bearer {access_token}"
        self._session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))

    def send(self, outgoing: Outgoing) -> Outcome:
        """Send one message; never raises for anything that Meta or the network does."""
        try:
            response = self._session.post(
                f"{self._base}/me/messages",
                json=request_body(outgoing),
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            if _never_left(error):
                return GraphError(Meaning.LATER, "Meta could not be reached.")
            return GraphError(Meaning.UNKNOWN, "The connection to Meta broke before it answered.")
        return read_answer(response.status_code, _json_of(response), outgoing.tag)

    def get(self, path: str, **parameters: str | int) -> Mapping[str, Any]:
        """Ask Graph for an object; raises GraphFault when it does not answer with one."""
        return self._ask("GET", f"{self._base}/{path}", parameters)

    def post(self, path: str, **parameters: str | int) -> Mapping[str, Any]:
        """Change something at Graph other than a message; raises GraphFault."""
        return self._ask("POST", f"{self._base}/{path}", parameters)

    def pages_of(self, path: str, **parameters: str | int) -> Iterator[Mapping[str, Any]]:
        """The entries of a list, page after page; raises GraphFault."""
        while True:
            answer = self.get(path, **parameters)
            yield from answer.get("data", ())
            after = answer.get("paging", {}).get("cursors", {}).get("after")
            if not after or "next" not in answer["paging"]:
                return
            parameters["after"] = after

    def name_of(self, psid: str, channel: str) -> str | None:
        """The person's name, where the app may know it; raises GraphFault."""
        fields = "name,username" if channel == "instagram" else "first_name,last_name"
        profile = self.get(psid, fields=fields)
        if channel == "instagram":
            return profile.get("name") or profile.get("username")
        names = (profile.get("first_name"), profile.get("last_name"))
        return " ".join(name for name in names if name) or None

    def close(self) -> None:
        """Let go of idle connections."""
        self._session.close()

    def _ask(self, method: str, url: str, parameters: Mapping[str, str | int]) -> Mapping[str, Any]:
        host = urlsplit(url).netloc
        try:
            response = self._session.request(
                method, url, params=parameters, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
            )
        except requests.RequestException as error:
            kind = type(error).__name__  # its text holds the address asked for
            raise GraphFault(f"{host} could not be reached ({kind}).") from None
        answer = _json_of(response)
        if response.ok and isinstance(answer, Mapping) and "error" not in answer:
            return answer
        known = read_graph_error(response.status_code, answer or {}, None)
        sentence = known.sentence if known else f"{host} answered HTTP {response.status_code}."
        raise GraphFault(sentence, response.status_code)


def request_body(outgoing: Outgoing) -> dict[str, Any]:
    """The body of `POST /me/messages`, as the Send API reference shows it."""
    body: dict[str, Any] = {
        "recipient": {"id": outgoing.psid},
        "message": {**outgoing.message, "metadata": f"{METADATA_PREFIX}{outgoing.delivery_id}"},
        "messaging_type": outgoing.messaging_type,
    }
    if outgoing.tag:
        body["tag"] = outgoing.tag
    return body


def read_answer(status: int, answer: Mapping[str, Any] | None, tag: str | None) -> Outcome:
    """What an answer of the Send API says about the message."""
    if status == HTTPStatus.OK and answer and isinstance(answer.get("message_id"), str):
        return Sent(answer["message_id"])
    if known := read_graph_error(status, answer or {}, tag):
        return known
    if status == HTTPStatus.OK:
        return GraphError(Meaning.UNKNOWN, "Meta's answer could not be read.")
    # Without a Graph error the answer is not the Send API's own. A gateway that gives up may have
    # passed the message on; one that says "unavailable", or refuses the request, has not.
    gave_up = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if gave_up and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return GraphError(Meaning.UNKNOWN, f"Something before Meta answered HTTP {status}.")
    return GraphError(Meaning.LATER, f"Something before Meta answered HTTP {status}.")


def _never_left(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _json_of(response: requests.Response) -> Mapping[str, Any] | None:
    try:
        answer = response.json()
    except ValueError:
        return None
    return answer if isinstance(answer, Mapping) else None
