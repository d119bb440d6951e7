"""Meta's side on a switch: what may go wrong there, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.practice.graph import GraphStandIn, faults

_ALWAYS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Trouble:
    """One position of the switch. `needs_restart`: the bot tries again only once it was restarted."""

    label: str
    begins: Callable[[GraphStandIn], None]
    ends: Callable[[GraphStandIn], None] = GraphStandIn.clear_faults
    needs_restart: bool = False


def _sends_meet(fault: faults.Fault) -> Callable[[GraphStandIn], None]:
    return lambda graph: graph.fail_next(fault, times=_ALWAYS, endpoint="messages")


TROUBLES: Final[Mapping[str, Trouble]] = {
    "none": Trouble("All well", GraphStandIn.clear_faults),
    "slow": Trouble("Slow: 5 s", _sends_meet(faults.slow(5))),
    "timeout": Trouble("Time-out", _sends_meet(faults.gives_up(2))),
    "rate": Trouble(
        "Rate limit",
        _sends_meet(
            faults.error(613, message="(#613) Calls to this api have exceeded the rate limit.")
        ),
    ),
    "token": Trouble(
        "Token expired",
        _sends_meet(
            faults.error(190, 463, message="Error validating access token: Session has expired.")
        ),
        needs_restart=True,
    ),
    "policy": Trouble(
        "Policy block",
        lambda graph: graph.page.is_blocked(),
        lambda graph: graph.page.is_unblocked(),
    ),
}
