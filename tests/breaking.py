"""What the tests of the circuit breakers do again and again to an outbox."""

from datetime import timedelta

from bot.breakers import Breakers, breakers_of, resume, trip
from bot.graph_errors import GraphError, Meaning
from tests.outbox import CLEO, Outbox

MINUTE = timedelta(minutes=1)
RESTRICTED = GraphError(Meaning.STOP_POLICY, "Meta restricts the Page.")
BAD_TOKEN = GraphError(Meaning.STOP_TOKEN, "Meta does not take the token.")
BUSY = GraphError(Meaning.STOP_RATE, "Meta asks to send more slowly.")


def page(outbox: Outbox) -> str:
    """Our own id of the Page."""
    return outbox.services.settings.page_id


def instagram(outbox: Outbox) -> str:
    """The id of its Instagram account."""
    return outbox.services.settings.instagram_id or ""


def breakers(outbox: Outbox, page_id: str | None = None) -> Breakers:
    """What holds for the Page, or for another account."""
    with outbox.services.store.read() as db:
        return breakers_of(db, page_id or page(outbox), outbox.clock())


def rest(outbox: Outbox) -> timedelta | None:
    """How long the Page rests from now."""
    pause = breakers(outbox).pause
    return pause.until - outbox.clock() if pause and pause.until else None


def stop(outbox: Outbox, error: GraphError, page_id: str | None = None) -> None:
    """Meta answers so, for the Page or another account."""
    with outbox.services.store.write() as db:
        trip(
            db,
            error,
            page_id=page_id or page(outbox),
            accounts=outbox.services.settings.accounts,
            tag=None,
            now=outbox.clock(),
        )


def let_go(outbox: Outbox, page_id: str | None = None) -> None:
    """Cleo lets the Page, or another account, send again."""
    now = outbox.clock()
    resume(outbox.services.store, page_id or page(outbox), by=CLEO, reason="Mended.", now=now)


def events(outbox: Outbox) -> list[str]:
    """What the channel is told of the Page, in order."""
    return [alarm["what"] for alarm in outbox.alarms()]
