"""The time zone of this machine, by its IANA name."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_zone() -> str:
    """Where the person at this machine is, as far as it says; else UTC."""
    name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key if name else "Etc/UTC"
    except (ZoneInfoNotFoundError, ValueError):
        return "Etc/UTC"
