"""What the database says keeps a Page from sending; nothing to say where all is well."""

from collections.abc import Iterator
from datetime import datetime

from bot.breakers import Stops, stops_of
from bot.doctor.finding import Finding, warn
from storage.store import Store, StoreError

TITLE = "Sending"
HOW = "`/notify queue` in Slack has the button that ends it."


def sending_findings(store: Store, now: datetime) -> Iterator[Finding]:
    """A warning for each breaker that is open, with who can close it."""
    try:
        if store.schema() != "current":
            return
    except StoreError:
        return  # said where the database is looked at
    with store.read() as db:
        stops = stops_of(db, now)
    yield from _in_words(stops)


def _in_words(stops: Stops) -> Iterator[Finding]:
    for pause in stops.pauses:
        since = f"Account {pause.page_id} is paused since {_time(pause.at)}"
        until = f" until {_time(pause.until)}" if pause.until else ""
        yield warn(TITLE, f"{since}{until}. {pause.reason} {HOW}")
    for hold in stops.holds:
        since = f"Tagged messages of account {hold.page_id} wait since {_time(hold.at)}"
        yield warn(TITLE, f"{since}. {hold.reason} {HOW}")
    for refused in stops.refused:
        since = f"{refused.tag} is refused to account {refused.page_id} since {_time(refused.at)}"
        yield warn(TITLE, f"{since}. {refused.reason} {HOW}")


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
