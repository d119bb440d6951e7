"""When which message arrived at Graph, and what can be said of all of them."""

from collections import Counter, deque
from dataclasses import dataclass
from statistics import linear_regression
from typing import Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message: `at` is the machine's time in seconds, `name` its metadata, else its recipient."""

    at: float
    name: str
    messaging_type: str


@dataclass(frozen=True, slots=True)
class Summary:
    """All arrivals since the last reset; times in seconds since the epoch, 0 where there are none."""

    count: int
    duplicates: int
    refused: int
    tagged: int
    busiest_second: int
    first: float
    last: float
    a_second: float

    @classmethod
    def of(cls, arrivals: list[Arrival], refused: int) -> "Summary":
        times = sorted(arrival.at for arrival in arrivals)
        names = Counter(arrival.name for arrival in arrivals)
        return cls(
            count=len(arrivals),
            duplicates=sum(times_seen - 1 for times_seen in names.values()),
            refused=refused,
            tagged=sum(arrival.messaging_type == "MESSAGE_TAG" for arrival in arrivals),
            busiest_second=busiest_second(times),
            first=times[0] if times else 0.0,
            last=times[-1] if times else 0.0,
            a_second=steady_rate(times),
        )

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Summary":
        return cls(**found)


def busiest_second(times: list[float]) -> int:
    """The most arrivals in any one second, wherever it begins; `times` are in order."""
    most, within = 0, deque[float]()
    for at in times:
        within.append(at)
        while at - within[0] >= 1.0:
            within.popleft()
        most = max(most, len(within))
    return most


def steady_rate(times: list[float]) -> float:
    """Arrivals a second: the slope of the straight line through them, which bursts do not flatter."""
    if len(times) < 2 or times[-1] == times[0]:
        return 0.0
    since_first = [at - times[0] for at in times]
    return linear_regression(since_first, range(len(times))).slope
