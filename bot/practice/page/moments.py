"""How the page says when: in this machine's zone, and in words from now."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.practice.page.zone import local_zone

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def clock_time(moment: datetime) -> str:
    """Such as `14:05`."""
    return f"{_here(moment):%H:%M}"


def day_and_time(moment: datetime) -> str:
    """Such as `Sun 22 Nov, 14:05`."""
    here = _here(moment)
    return f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"


def length(span: timedelta) -> str:
    """Such as `35 min`, `23 h 59 min`, `3 days 4 h`: the two largest units that matter."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        words = [f"{days} day{'s' if days > 1 else ''}", f"{hours} h" if hours else ""]
    else:
        words = [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]
    return " ".join(word for word in words if word)


def _here(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(local_zone()))
