"""Whatever happens in whatever order, only a person who pressed "send" lets HUMAN_AGENT go out."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.asking import FRESH, Facts
from bot.breakers import NotStopped, restrict, resume
from bot.deciding import NotAllowed
from bot.desk import standing_of
from bot.desk_replies import reply
from bot.drafting import Proposal, propose_draft
from bot.graph_errors import GraphError, Meaning
from bot.outcomes import recover_interrupted
from bot.planning import BadPlan
from bot.services import Services
from bot.settling import send_again
from storage import contacts, desk
from tests.outbox import BEN, CLEO, Outbox, open_outbox

DAY, WEEK, MOMENT = timedelta(days=1), timedelta(days=7), timedelta(milliseconds=1)
SPANS = st.one_of(
    st.sampled_from([MOMENT, FRESH, FRESH + MOMENT, DAY - MOMENT, DAY]),
    st.timedeltas(timedelta(0), timedelta(hours=8)),
)
PASSING = GraphError(Meaning.LATER, "Meta has a passing fault.")
_numbers = count(26_000_000_000_000_000)


@pytest.fixture(scope="module")
def outbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outbox]:
    folder = tmp_path_factory.mktemp("desk")
    with open_outbox(folder, inbox_channel="C2", policy_edition="2026-04") as opened:
        yield opened


@dataclass
class Story:
    """One person's story, and when somebody last pressed a button for each draft."""

    outbox: Outbox
    psid: str
    pressed: dict[int, datetime] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        return self.outbox.services

    @property
    def now(self) -> datetime:
        return self.outbox.clock()

    def do(self, step: str, data: st.DataObject) -> None:
        STEPS[step](self, data)
        self.outbox.hear()

    def writes(self, _: st.DataObject) -> None:
        self.outbox.graph.person(self.psid).writes("Hi")

    def presses(self, _: st.DataObject) -> None:
        self.outbox.graph.person(self.psid).presses_button("Yes", "YES")

    def inbox_answers(self, _: st.DataObject) -> None:
        self.outbox.graph.page.replies_from_inbox(self.psid, "Hello")

    def system_queues(self, _: st.DataObject) -> None:
        self._propose(author=None, tag="HUMAN_AGENT", requested_by="booking system")

    def ben_schedules(self, data: st.DataObject) -> None:
        self._propose(author=BEN, tag="HUMAN_AGENT", send_at=self.now + data.draw(SPANS))

    def time_goes_by(self, data: st.DataObject) -> None:
        self.outbox.clock.now += data.draw(SPANS)

    def meta_restricts(self, _: st.DataObject) -> None:
        with self.services.store.write() as db:
            restrict(db, self.services.settings.page_id, "Spam.", self.now)

    def cleo_resumes(self, _: st.DataObject) -> None:
        page_id = self.services.settings.page_id
        with suppress(NotStopped):
            resume(self.services.store, page_id, by=CLEO, reason="It is mended.", now=self.now)

    def meta_faults(self, _: st.DataObject) -> None:
        for outgoing in self.outbox.claim():
            self.outbox.write_down(outgoing, PASSING)

    def bot_stops(self, _: st.DataObject) -> None:
        self.outbox.claim()
        with self.services.store.write() as db:
            recover_interrupted(db, self.now)

    def sender_works(self, _: st.DataObject) -> None:
        self.outbox.work()

    def ben_presses_send(self, _: st.DataObject) -> None:
        services = self.services
        with suppress(NotAllowed), services.store.write() as db:
            contact = contacts.find(db, services.settings.page_id, self.psid)
            thread = desk.newest_thread(db, contact.id) if contact else None
            if thread:
                standing = standing_of(db, services.settings, thread, self.now)
                draft = reply(db, services.settings, standing, "Yes.", author=BEN).draft
                self.pressed[draft.id] = self.now

    def _propose(self, **changes: Any) -> None:
        services, now = self.services, self.now
        values: dict[str, Any] = {"message": {"text": "Yes."}, "facts": Facts()} | changes
        with suppress(NotAllowed, BadPlan), services.store.write() as db:
            page_id = services.settings.page_id
            contact = contacts.ensure(db, page_id, self.psid, "messenger", now)
            propose_draft(db, services.settings, Proposal(**values), [contact], now=now)

    def cleo_approves(self, _: st.DataObject) -> None:
        for number in self.outbox.approve_waiting():
            self.pressed[number] = self.now

    def ben_sends_again(self, _: st.DataObject) -> None:
        for row in self.outbox.rows("SELECT id, draft_id FROM deliveries WHERE state = 'unknown'"):
            send_again(self.services.store, row["id"], by=BEN, now=self.now)
            self.pressed[row["draft_id"]] = self.now

    def end(self) -> None:
        """Nothing of it waits when the next story begins."""
        with self.services.store.write() as db:
            db.execute("DELETE FROM pauses")
            db.execute(
                "UPDATE deliveries SET state = 'cancelled' WHERE state IN ('pending', 'unknown')"
            )
            db.execute(
                "UPDATE drafts SET state = 'withdrawn', decided_by = 'UBEN' WHERE state = 'queued'"
            )


STEPS = {
    "the person writes": Story.writes,
    "the person presses a button": Story.presses,
    "somebody answers in the inbox": Story.inbox_answers,
    "Ben presses send": Story.ben_presses_send,
    "a system queues": Story.system_queues,
    "Ben schedules": Story.ben_schedules,
    "Cleo approves": Story.cleo_approves,
    "time goes by": Story.time_goes_by,
    "Meta restricts the Page": Story.meta_restricts,
    "Cleo lets it send": Story.cleo_resumes,
    "Meta has a fault": Story.meta_faults,
    "the bot stops while sending": Story.bot_stops,
    "Ben sends again": Story.ben_sends_again,
    "the sender works": Story.sender_works,
}
OFTEN = ("Ben presses send", "time goes by", "the sender works")
SEQUENCES = st.lists(st.sampled_from([*STEPS, *OFTEN, *OFTEN]), min_size=6, max_size=20)


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_sequence_of_events_lets_a_system_a_timer_or_a_stale_window_send_it(
    outbox: Outbox, data: st.DataObject
) -> None:
    story = Story(outbox, str(next(_numbers)))
    outbox.graph.add_person(story.psid)
    story.do("the person writes", data)
    outbox.clock.forward(hours=data.draw(st.sampled_from([0, 23.5, 24, 30, 100, 167])))
    try:
        for step in data.draw(SEQUENCES):
            before = len(outbox.graph.requests)
            story.do(step, data)
            for request in outbox.graph.requests[before:]:
                _is_right(story, request.body, request.answer)
    finally:
        story.end()


def _is_right(story: Story, body: Any, answer: Any) -> None:
    assert "message_id" in answer, "Meta had to refuse it"
    number = int(body["message"]["metadata"].removeprefix("tagwise:"))
    [row] = story.outbox.rows(
        "SELECT draft_id, author, scheduled, facts, deliveries.tag FROM deliveries"
        " JOIN drafts ON drafts.id = draft_id WHERE deliveries.id = ?",
        number,
    )
    if body.get("tag") != "HUMAN_AGENT":
        assert body["messaging_type"] == (
            "RESPONSE" if '"reply":true' in row["facts"] else "UPDATE"
        )
        return
    event("HUMAN_AGENT went out")
    assert (row["author"], row["scheduled"], row["tag"]) == (BEN, 0, "HUMAN_AGENT")
    assert story.now - story.pressed[row["draft_id"]] <= FRESH
    [wrote] = story.outbox.rows(
        "SELECT max(at) AS at FROM interactions JOIN contacts ON contacts.id = contact_id"
        " WHERE psid = ? AND kind = 'message'",
        story.psid,
    )
    assert story.now - datetime.fromisoformat(wrote["at"]) < WEEK
