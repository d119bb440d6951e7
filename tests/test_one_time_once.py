"""Whatever happens in whatever order, nobody is told twice what they asked to be told once."""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking import Facts
from bot.deciding import NotAllowed, Refused
from bot.graph_errors import GraphError, Meaning
from bot.one_time import record_one_time
from bot.one_time_events import OneTimeOptIn
from bot.outcomes import recover_interrupted
from bot.policy.editions import HUMAN_AGENT
from bot.send_api import Outcome, Outgoing, Sent
from bot.settling import mark_arrived, send_again
from storage import contacts, interactions, pauses
from storage.interactions import Act
from tests.outbox import ADA, BEN, Outbox, open_outbox

ANSWERS = ("taken", *Meaning)
STEPS = st.one_of(
    st.tuples(st.just("opts in"), st.sampled_from(("1", "2"))),
    st.tuples(st.just("is told"), st.integers(1, 3)),
    st.tuples(st.just("is told by tag"), st.integers(1, 3)),
    st.tuples(st.just("leaves"), st.sampled_from(ANSWERS)),
    st.tuples(st.just("is sent again"), st.integers(1, 8)),
    st.tuples(st.just("arrived"), st.integers(1, 8)),
    st.tuples(st.just("writes"), st.none()),
    st.tuples(st.just("time passes"), st.sampled_from((1, 25, 200, 24 * 400))),
    st.tuples(st.just("the bot stops"), st.none()),
    st.tuples(st.just("sending resumes"), st.none()),
)


class Life:
    """One outbox, and every token that left it."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.left: Counter[str] = Counter()

    def do(self, step: str, with_: object) -> None:
        outbox, store = self.outbox, self.outbox.services.store
        now = outbox.clock()
        match step:
            case "opts in":
                page = outbox.services.settings.page_id
                optin = OneTimeOptIn(page, ADA, f"token-{with_}", "boots", now)
                with store.write() as db:
                    record_one_time(db, optin, now)
            case "is told" | "is told by tag":
                tag = HUMAN_AGENT if step.endswith("tag") else None
                with suppress(NotAllowed):
                    outbox.queue(tag=tag, facts=Facts(one_time=int(str(with_))))
            case "leaves":
                self._leave(with_)
            case "is sent again" | "arrived":
                settle = send_again if step == "is sent again" else mark_arrived
                with suppress(Refused):
                    settle(store, int(str(with_)), by=BEN, now=now)
            case "writes":
                with store.write() as db:
                    ada = contacts.find(db, outbox.services.settings.page_id, ADA)
                    assert ada is not None
                    interactions.record(
                        db, [Act(ada.page_id, ada.psid, ada.channel, "message", now, now)]
                    )
            case "time passes":
                outbox.clock.forward(hours=int(str(with_)))
            case "the bot stops":
                self._claim()
                with store.write() as db:
                    recover_interrupted(db, now)
            case _:
                with store.write() as db:
                    pauses.end(db, outbox.services.settings.accounts, ["token", "policy", "rate"])

    def _claim(self) -> list[Outgoing]:
        claimed = self.outbox.claim()
        self.left.update(out.one_time_token for out in claimed if out.one_time_token)
        return claimed

    def _leave(self, answer: object) -> None:
        for outgoing in self._claim():
            said: Outcome = Sent(f"m_{outgoing.delivery_id}")
            if isinstance(answer, Meaning):
                said = GraphError(answer, "Meta says so.")
            self.outbox.write_down(outgoing, said)


@given(st.lists(STEPS, min_size=3, max_size=25))
@settings(max_examples=60, deadline=None)
def test_no_sequence_spends_a_permission_twice(steps: list[tuple[str, object]]) -> None:
    with (
        TemporaryDirectory() as folder,
        open_outbox(Path(folder), one_time_notification=True, human_agent_approved=True) as outbox,
    ):
        life = Life(outbox)
        outbox.clock.forward(hours=25)
        life.do("opts in", "1")
        life.do("is told", 1)
        for step, with_ in steps:
            life.do(step, with_)
        assert max(life.left.values(), default=0) <= 1, life.left
