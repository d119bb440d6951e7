"""Graph API versions and when they end; a new version of Meta's is a new row here.

Source: https://developers.facebook.com/docs/graph-api/changelog, read on 2026-11-22.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

NEWEST: Final = "v26.0"

# The last day of each, oldest first; None where Meta has not named one. All before these have ended.
ENDS: Final[Mapping[str, date | None]] = MappingProxyType(
    {
        "v20.0": date(2026, 9, 24),
        "v21.0": date(2027, 1, 21),
        "v22.0": date(2027, 5, 20),
        "v23.0": date(2027, 10, 8),
        "v24.0": date(2028, 2, 18),
        "v25.0": date(2028, 7, 29),
        NEWEST: None,
    }
)


def is_older_than_known(version: str) -> bool:
    """Whether the version came before every one in the table."""
    return _number(version) < min(map(_number, ENDS))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))
