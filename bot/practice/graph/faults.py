"""Ways in which Meta, or the network before it, goes wrong. Each is asked for call by call.

`accepts` is the question that matters to a sender: was the message accepted although the answer
never came? The functions below make the faults; `GraphStandIn.fail_next` puts them in line.
"""

import threading
from dataclasses import dataclass, replace

from bot.practice.graph.calls import Call, json_reply
from bot.practice.graph.errors import GraphError
from bot.practice.graph.server import Ending, Outcome, Reply

_NO_REPLY = Reply(500, b"")


@dataclass(frozen=True)
class Fault:
    """One way to fail. `reply` is what is answered instead of the true answer."""

    name: str
    accepts: bool
    ending: Ending = Ending.ANSWER
    delay: float = 0.0
    reply: Reply | None = None

    def spoil(self, true_reply: Reply | None) -> Outcome:
        """What the client gets; `true_reply` is None where the call was not carried out."""
        return Outcome(self.reply or true_reply or _NO_REPLY, self.ending, self.delay)


def slow(seconds: float) -> Fault:
    """Accept at once, answer after so many seconds."""
    return Fault("slow", accepts=True, delay=seconds)


def hang() -> Fault:
    """Accept and never answer: the client runs into its read time-out."""
    return Fault("hang", accepts=True, ending=Ending.HANG)


def gives_up(seconds: float) -> Fault:
    """Accept, be silent for so many seconds, then cut the connection: a gateway's time-out."""
    return Fault("time-out after accepting", accepts=True, ending=Ending.CUT, delay=seconds)


def cut_mid_body() -> Fault:
    """Accept, send half of the answer's body, cut the connection."""
    return Fault("cut mid-body", accepts=True, ending=Ending.CUT_MID_BODY)


def cut_after_accepting() -> Fault:
    """Accept and cut the connection without a word."""
    return Fault("cut after accepting", accepts=True, ending=Ending.CUT)


def cut_before_accepting() -> Fault:
    """Cut the connection without looking at the request."""
    return Fault("cut before accepting", accepts=False, ending=Ending.CUT)


def garbled() -> Fault:
    """Accept and answer 200 with a body that is not JSON."""
    return Fault("garbled", accepts=True, reply=Reply(200, b'{"recipient_id":"24\x00\xff\xfe'))


def empty() -> Fault:
    """Accept and answer 200 with no body."""
    return Fault("empty", accepts=True, reply=Reply(200, b""))


def error(
    code: int,
    subcode: int | None = None,
    *,
    status: int = 400,
    message: str = "(#%d) Practised error",
    is_transient: bool | None = None,
) -> Fault:
    """Refuse with an error of Graph's shape."""
    text = message % code if "%d" in message else message
    refusal = GraphError(code, text, subcode=subcode, status=status, is_transient=is_transient)
    return Fault(f"error {code}", accepts=False, reply=json_reply(refusal.body(), status))


def html_error(status: int = 502, *, accepts: bool = False) -> Fault:
    """Answer a bare 500, 502 or 503 with a page of HTML, before or after accepting."""
    page = f"<!DOCTYPE html><html><body><h1>Error {status}</h1></body></html>".encode()
    reply = Reply(status, page, content_type="text/html; charset=utf-8")
    return Fault(f"HTML {status}", accepts, reply=reply)


@dataclass(frozen=True)
class _Pending:
    fault: Fault
    times: int
    recipient: str | None
    endpoint: str | None

    def concerns(self, call: Call) -> bool:
        return self.recipient in (None, call.recipient) and self.endpoint in (None, call.endpoint)


class FaultLine:
    """The faults that wait for their calls, first come first served."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault, times: int, recipient: str | None, endpoint: str | None) -> None:
        """Let the next `times` calls that match go wrong."""
        with self._lock:
            self._pending.append(_Pending(fault, times, recipient, endpoint))

    def take(self, call: Call) -> Fault | None:
        """The fault this call meets, used up once."""
        with self._lock:
            for index, pending in enumerate(self._pending):
                if pending.concerns(call):
                    left = replace(pending, times=pending.times - 1)
                    self._pending[index : index + 1] = [left] if left.times else []
                    return pending.fault
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        with self._lock:
            self._pending.clear()
