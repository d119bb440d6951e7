"""The practice clock: real time, shifted. It is the one thing that the bot is lent here."""

from datetime import UTC, datetime, timedelta


class PracticeClock:
    """Runs on as real time does, from wherever it was put. Call it for the moment, in UTC."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def __call__(self) -> datetime:
        """The moment it shows, aware and in UTC."""
        return datetime.now(UTC) + self._shift

    @property
    def shift(self) -> timedelta:
        """How far it is ahead of real time."""
        return self._shift

    def forward(self, by: timedelta) -> None:
        """Move it ahead; it never goes back while a bot is running by it."""
        if by < timedelta():
            raise ValueError("the practice clock only goes forward")
        self._shift += by

    def put(self, shift: timedelta) -> None:
        """Let it be this far ahead of real time (behind it where negative)."""
        self._shift = shift
