"""Times in JSON: ISO 8601 with a zone coming in, UTC with a Z going out."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

EXAMPLE: Final = "2026-11-22T12:00:00Z"
YEARS: Final = range(1970, 9000)  # so that a window's length can be added to any of them
_ISO_8601: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(?P<zone>[Zz]|[+-]\d{2}(:?\d{2})?)?",
    re.ASCII,
)


def read_moment(value: object) -> datetime:
    """The UTC time that an ISO 8601 text names; raises PydanticCustomError saying what is wrong."""
    found = _ISO_8601.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _fault(f"must be a time such as {EXAMPLE}")
    if found["zone"] is None:
        raise _fault("has no time zone (add Z for UTC, or an offset such as +01:00)")
    try:
        moment = datetime.fromisoformat(found[0].upper())
    except ValueError:
        raise _fault("is no date and time of the calendar") from None
    if moment.year not in YEARS:
        raise _fault(f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return moment.astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """An aware time as `2026-11-22T12:00:00Z`; fractions of a second only where there are some."""
    fraction = moment.microsecond
    digits = "seconds" if not fraction else "microseconds" if fraction % 1000 else "milliseconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=digits) + "Z"


def _fault(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("moment", "{sentence}", {"sentence": sentence})


Moment = Annotated[datetime, BeforeValidator(read_moment)]
