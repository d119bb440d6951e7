"""`python -m tests.process.faults_clock FILE`: the live bot by a clock that is set by that file.

FILE holds the seconds by which the clock is wrong. The scheduler's library takes no clock: here its
`datetime` is replaced, and so it sees the same jumps as the rest of the bot.
"""

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from apscheduler.schedulers import base

from bot.live import run_until_stopped
from bot.logs import configure_logs
from bot.settings import Settings
from handlers import timer

_FILE = Path(sys.argv[-1])


class WrongTime(datetime):
    """What the machine would say if its clock were set so."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=float(_FILE.read_text()))


def main() -> None:
    """The bot until SIGTERM."""
    vars(base)["datetime"] = vars(timer)["datetime"] = WrongTime
    settings = Settings()
    configure_logs(settings)
    run_until_stopped(settings, lambda: WrongTime.now(UTC))


if __name__ == "__main__":
    main()
