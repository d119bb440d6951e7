"""Slack or Meta fails, or repeats itself: at the desk nothing is lost, and nothing is told twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.practice.graph import faults
from tests.house import ADA
from tests.stories.desk_steps import Desk, open_desk
from tests.stories.slack_steps import buttons, messages_to
from tests.webhook_door import body_of, event, post


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def test_a_doubtful_answer_is_settled_in_the_thread(desk: Desk) -> None:
    house = desk.house
    house.graph.echoes = house.graph.deliveries = False
    house.ada.writes("Is my table booked?")
    house.graph.fail_next(faults.cut_before_accepting(), endpoint="messages")
    desk.answers(house.dan, "Your table is booked.")
    house.until(lambda: "may have reached" in messages_to(house, house.dan))
    desk.shows("may have arrived")
    answer = desk.root().replies[-1]
    house.until(lambda: buttons(answer) == ["mark_arrived", "send_again"])
    house.slack.click(house.dan, answer, "send_again")
    house.until(lambda: house.states() == ["sent"])
    house.until(lambda: buttons(answer) == [])
    assert [message.text for message in house.graph.sent_to(ADA)] == ["Your table is booked."]
    assert len(house.sends()) == 2


def test_while_slack_is_down_nothing_is_lost_and_afterwards_it_comes_once(desk: Desk) -> None:
    house = desk.house
    house.slack.down = True
    for number in range(5):
        house.ada.writes(f"Message {number}")
    house.graph.redeliver()
    house.slack.down = False
    said = desk.shows(*(f"Message {number}" for number in range(5)))
    assert all(said.count(f"Message {number}") == 1 for number in range(5))
    assert len(desk.root().replies) == 1
    assert len(desk.threads) == 1


def test_a_webhook_that_comes_twice_shows_once(desk: Desk) -> None:
    house = desk.house
    house.graph.webhook_copies = 2
    mid = house.ada.writes("Once")
    house.ada.reacts(mid)
    house.ada.presses_button("Menu", "MENU")
    said = desk.shows("Once", "reacted", "Menu")
    assert [said.count(word) for word in ("Once", "reacted", "Menu")] == [1, 1, 1]


def test_a_deleted_first_message_comes_back_for_what_is_still_to_be_told(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("First")
    desk.shows("First")
    desk.inbox.messages.remove(desk.root())
    house.ada.writes("Second")
    desk.shows("Second")
    assert len(desk.threads) == 1


def test_a_long_text_and_many_pictures_fit(desk: Desk) -> None:
    house = desk.house
    pictures = [
        {"type": "image", "payload": {"url": f"https://a.example/{'x' * 400}/{n}"}}
        for n in range(30)
    ]
    long = {"mid": "m_long", "text": "&" * 20_000, "attachments": pictures}
    post(house, body_of(event(at=house.clock(), message=long)))
    shown = desk.shows("11,000 more characters do not fit", "more: look into the Page's inbox")
    assert 9_000 <= shown.count("&") < 20_000
    assert not house.slack.refused


def test_an_old_webhook_that_comes_again_opens_no_new_thread(desk: Desk) -> None:
    house = desk.house
    old = body_of(event(at=house.clock(), message={"mid": "m_old", "text": "Old news"}))
    post(house, old)
    desk.shows("Old news")
    house.clock.forward(days=8)
    house.ada.writes("New")
    house.until(lambda: len(desk.threads) == 2)
    post(house, old)
    house.ada.writes("Newer")
    assert "Old news" not in desk.shows("Newer", root=desk.threads[1])
    house.clock.forward(days=8)
    undated = body_of(event(at=None, message={"mid": "m_undated", "text": "Undated"}))
    post(house, undated)
    house.until(lambda: len(desk.threads) == 3)
    house.clock.forward(days=8)
    post(house, undated)
    assert len(house.rows("SELECT id FROM desk_threads")) == 3


def test_a_thread_that_slack_no_longer_has_begins_anew(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("First")
    desk.shows("First")
    house.slack.fail_next("chat.postMessage", "thread_not_found")
    house.ada.writes("Second")
    house.until(lambda: len(desk.threads) == 2)
    assert "First" not in desk.shows("Second", root=desk.threads[1])


@pytest.mark.parametrize(
    ("table", "column"), [("desk_threads", "drawn"), ("desk_lines", "posted_at")]
)
def test_what_slack_took_is_not_posted_again_when_the_database_cannot_note_it(
    desk: Desk, table: str, column: str
) -> None:
    house = desk.house
    with house.store.write() as db:
        db.execute(
            f"CREATE TRIGGER full BEFORE UPDATE OF {column} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    house.ada.writes("Once")
    root = desk.root()
    if table == "desk_lines":
        desk.shows("Once")
        house.ada.writes("Twice")
        desk.shows("Twice")
    else:
        house.until(lambda: root.edits)
    with house.store.write() as db:
        db.execute("DROP TRIGGER full")
    house.until(lambda: house.rows("SELECT 1 FROM desk_lines WHERE posted_at IS NOT NULL"))
    assert desk.said(root).count("Once") == 1
    assert desk.threads == [root]


def test_an_answer_says_that_the_page_is_stopped_before_it_is_sent_and_while_it_waits(
    desk: Desk,
) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.root()
    house.graph.page.is_blocked()
    house.until(lambda: house.rows("SELECT * FROM pauses"))
    form = desk.form(house.ben)
    assert "*Sending is paused* since" in house.text_of(form)
    assert "What you send waits for now" in house.text_of(form)
    form.fill("message", "It is.")
    assert form.submit() == {}
    said = desk.shows("waits: sending is paused since", "blocked this Page")
    assert "goes out at once" not in said
    house.clock.forward(seconds=20)
    house.graph.page.is_unblocked()
    assert "paused" not in desk.shows("delivered, ")
    assert "paused" not in house.text_of(desk.form(house.ben))


def test_an_answer_that_is_tried_later_says_so_when_the_page_is_stopped(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    house.graph.fail_next(faults.error(2), endpoint="messages")
    desk.answers(house.ben, "It is.")
    desk.shows("waiting, tried again")
    house.graph.page.is_blocked()
    desk.shows("waits: sending is paused since")
    house.clock.forward(seconds=20)
    house.graph.page.is_unblocked()
    assert "paused" not in desk.shows("delivered, ")


def test_an_answer_as_a_human_agent_waits_where_messages_under_a_tag_do(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.root()
    house.graph.page.is_warned()
    house.until(lambda: house.rows("SELECT * FROM tag_holds"))
    assert "waits for now" not in house.text_of(desk.form(house.ben))  # inside the window it leaves
    house.clock.forward(hours=25)
    desk.root_says("Answer as a human agent until")
    form = desk.form(house.ben)
    assert "What you send waits for now. *Messages under a tag wait:*" in house.text_of(form)
    form.fill("message", "It is.")
    assert form.submit() == {}
    desk.shows("waits: Meta warns")
