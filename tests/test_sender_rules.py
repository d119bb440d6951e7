"""The rule book is asked again in the moment of sending, and Meta never has to refuse.

The stand-in for Meta keeps its own memory and its own rules, written apart from the rule book.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.asking import Facts
from bot.deciding import NotAllowed
from bot.drafting import Proposal, propose_draft
from bot.due import UNJUDGED
from bot.json_parts import EventJson, OrderJson, UtilityJson
from bot.planning import BadPlan
from bot.policy.editions import EDITIONS
from bot.policy.question import InteractionKind
from bot.practice.graph import UtilityTemplate
from bot.utility import TemplateWatch
from storage import contacts
from tests.outbox import BEN, Outbox, open_outbox
from tests.practice.graph_support import SURVEY

DAY, WEEK, MOMENT = timedelta(days=1), timedelta(days=7), timedelta(milliseconds=1)
TAGS = (
    None,
    "HUMAN_AGENT",
    "CUSTOMER_FEEDBACK",
    "CONFIRMED_EVENT_UPDATE",
    "POST_PURCHASE_UPDATE",
    "ACCOUNT_UPDATE",
)
SPANS = st.one_of(
    st.sampled_from([MOMENT, DAY - MOMENT, DAY, DAY + MOMENT, WEEK - MOMENT, WEEK, WEEK - DAY]),
    st.timedeltas(timedelta(0), timedelta(days=8)),
)
ACTS = ("writes", "presses", "opts in", "comes by link", "from ad", "clicks ad", "reads")
TEMPLATE = UtilityTemplate("order_shipped", "Your order {{1}} has shipped.")
UTILITY = UtilityJson(template="order_shipped", language="en", parameters={"1": "A-17"})
SOMEBODY = "24999999999999999"
_numbers = count(25_000_000_000_000_000)


@pytest.mark.parametrize(
    ("column", "broken"),
    [
        ("message", '{"text": "MARK'),
        ("message", "null"),
        ("facts", '{"event": {"name": "MARK'),
        ("facts", '{"event": "MARK"}'),
    ],
)
def test_what_cannot_be_judged_stays_and_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, column: str, broken: str
) -> None:
    with open_outbox(tmp_path) as outbox:
        torn, whole = outbox.queue("Hello"), outbox.queue("Good morning")
        with outbox.services.store.write() as db:
            draft_id = outbox.delivery(torn).draft_id
            db.execute(f"UPDATE drafts SET {column} = ? WHERE id = ?", [broken, draft_id])

        assert outbox.work() == 1
        assert [body["message"]["text"] for body in outbox.bodies()] == ["Good morning"]
        assert (outbox.state(torn), outbox.state(whole)) == ("refused", "sent")
        assert outbox.delivery(torn).note == UNJUDGED
    assert "a delivery cannot be judged" in caplog.text
    assert "MARK" not in caplog.text


def test_of_what_is_due_together_each_leaves_in_its_own_way(tmp_path: Path) -> None:
    with open_outbox(tmp_path, human_agent_approved=True) as outbox:
        outbox.clock.forward(days=2)
        late = outbox.queue("About your question", tag="HUMAN_AGENT")
        outbox.graph.add_person(SOMEBODY)
        outbox.person_writes(SOMEBODY)
        soon = outbox.queue("Hello", psid=SOMEBODY)

        assert outbox.work() == 2
        ways = {each.get("tag"): each["messaging_type"] for each in outbox.bodies()}
        assert ways == {"HUMAN_AGENT": "MESSAGE_TAG", None: "UPDATE"}
        found = {
            each.id: (each.messaging_type, each.tag) for each in map(outbox.delivery, (late, soon))
        }
        assert found == {late: ("MESSAGE_TAG", "HUMAN_AGENT"), soon: ("UPDATE", None)}


def test_a_window_that_closed_between_approval_and_sending_stops_the_message(
    tmp_path: Path,
) -> None:
    with open_outbox(tmp_path) as outbox:
        number = outbox.queue()
        outbox.clock.forward(hours=24)
        assert outbox.work() == 0
        assert outbox.bodies() == []
        assert outbox.state(number) == "refused"
        assert "closed" in (outbox.delivery(number).note or "")
        assert outbox.told_to("author") == ["refused"]


def test_a_tag_takes_over_when_the_window_closes_before_sending(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        outbox.queue(tag="HUMAN_AGENT")
        outbox.clock.forward(hours=24)
        assert outbox.work() == 1
        assert outbox.bodies()[0]["tag"] == "HUMAN_AGENT"


@pytest.fixture(scope="module", params=list(EDITIONS))
def outbox(tmp_path_factory: pytest.TempPathFactory, request: Any) -> Iterator[Outbox]:
    folder = tmp_path_factory.mktemp("rules")
    with open_outbox(folder, policy_edition=request.param) as opened:
        opened.graph.add_template(TEMPLATE)
        TemplateWatch(opened.services).tick()
        opened.graph.ad_window = EDITIONS[request.param].windows[InteractionKind.AD_MESSAGE]
        yield opened


def _act(outbox: Outbox, psid: str, act: str) -> None:
    person = outbox.graph.person(psid)
    match act:
        case "writes":
            person.writes("Hi")
        case "presses":
            person.presses_button("Yes", "YES")
        case "opts in":
            person.opts_in("ref")
        case "comes by link":
            person.comes_by_link("ref")
        case "from ad":
            person.writes_from_ad("Hi", "ad")
        case "clicks ad":
            person.clicks_ad("ad")
        case "reads":
            person.reads()
    outbox.hear()


def _propose(outbox: Outbox, psid: str, data: st.DataObject) -> None:
    now, person = outbox.clock(), outbox.graph.people[psid]
    starts_in, send_in = data.draw(SPANS), data.draw(st.none() | SPANS)
    event = {"registered": data.draw(st.booleans()), "starts_at": (now + starts_in).isoformat()}
    reminders = data.draw(st.lists(st.sampled_from(["-1h", "-24h", "+7d"]), max_size=2))
    survey, author = data.draw(st.booleans()), data.draw(st.sampled_from([None, BEN]))
    proposal = Proposal(
        message=SURVEY if survey else {"text": "Hello"},
        tag=data.draw(st.sampled_from(TAGS)),
        facts=Facts(
            event=EventJson.model_validate(event),
            order=data.draw(st.sampled_from([None, OrderJson(id="A-17")])),
            recurring=data.draw(st.booleans()),
            reminders=tuple(reminders),
            utility=data.draw(st.sampled_from([None, UTILITY])),
        ),
        send_at=now + send_in if send_in is not None else None,
        author=author,
        requested_by=None if author else "booking system",
        wants_approval=data.draw(st.booleans()),
    )
    services, account = outbox.services, outbox.graph.account_id(person)
    with suppress(NotAllowed, BadPlan), services.store.write() as db:
        contact = contacts.ensure(db, account, psid, person.channel, now)
        propose_draft(db, services.settings, proposal, [contact], now=now)


@given(data=st.data(), channel=st.sampled_from(["messenger", "instagram"]))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_meta_never_has_to_refuse_what_the_sender_sends(
    outbox: Outbox, data: st.DataObject, channel: Any
) -> None:
    psid = str(next(_numbers))
    outbox.graph.add_person(psid, channel=channel)
    before = len(outbox.graph.requests)
    for step in data.draw(st.lists(st.sampled_from("aatppwv"), min_size=3, max_size=14)):
        match step:
            case "a":
                _act(outbox, psid, data.draw(st.sampled_from(ACTS)))
            case "t":
                outbox.clock.now += data.draw(SPANS)
            case "p":
                _propose(outbox, psid, data)
            case "v":
                outbox.approve_waiting()
            case "w":
                outbox.work()
    outbox.approve_waiting()
    outbox.work()
    answers = [request.answer for request in outbox.graph.requests[before:]]
    assert [answer for answer in answers if "message_id" not in answer] == []
    with outbox.services.store.write() as db:
        db.execute("UPDATE deliveries SET state = 'cancelled' WHERE state = 'pending'")
        db.execute(
            "UPDATE drafts SET state = 'withdrawn', decided_by = 'UBEN' WHERE state = 'queued'"
        )
