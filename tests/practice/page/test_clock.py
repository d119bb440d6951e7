"""The movable clock: the bot and Meta live by it, and what is due happens at once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.practice.page.cast import ADA
from bot.practice.page.clock import PracticeClock
from bot.practice.page.moments import length
from tests.practice.page.conftest import Visitor


def test_the_clock_runs_on_from_where_it_was_put() -> None:
    clock = PracticeClock()
    clock.forward(timedelta(days=1))
    ahead = clock() - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < ahead <= timedelta(days=1)
    with pytest.raises(ValueError, match="only goes forward"):
        clock.forward(timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=35), "35 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=4, minutes=50), "3 days 4 h"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert length(span) == said


def test_moving_the_clock_closes_the_window_for_the_bot_and_for_meta(visitor: Visitor) -> None:
    assert "Messaging window open" in visitor.sees("phones", who=ADA)
    assert visitor.does("clock/forward", minutes="1440").status_code == 204
    assert "Messaging window closed" in visitor.sees("phones", who=ADA)
    modal = visitor.compose("Ada")
    visitor.until(lambda: "closed" in visitor.workspace.slack.render(modal))


def test_a_reminder_goes_out_the_moment_the_clock_passes_it(visitor: Visitor) -> None:
    modal = visitor.compose("Ada", "Your workshop starts soon.")
    modal.choose("tag", "CONFIRMED_EVENT_UPDATE")
    starts = visitor.scene.clock() + timedelta(hours=48)
    visitor.workspace.slack.wait_for(
        lambda: any(block["block_id"] == "event_starts_at" for block in modal.blocks)
    )
    modal.pick("event_starts_at", starts)
    modal.choose("event_registered", "registered")
    modal.choose("reminders", "-3h")
    assert modal.submit() == {}
    visitor.until(lambda: len(visitor.on_phone()) == 1)
    phone = visitor.sees("phones", who=ADA)
    assert "Move the clock to Draft 1" in phone
    minutes = phone.split('name="minutes" value="')[1].split('"')[0]
    visitor.does("clock/forward", minutes=minutes)
    visitor.until(lambda: len(visitor.on_phone()) == 2)
    first, second = visitor.on_phone()
    assert (first.messaging_type, first.tag) == ("UPDATE", None)
    assert (second.messaging_type, second.tag) == ("MESSAGE_TAG", "CONFIRMED_EVENT_UPDATE")
    assert not visitor.workspace.slack.refused


@pytest.mark.parametrize("minutes", ["", "0", "-5", "soon", "999999999"])
def test_the_clock_only_moves_ahead_and_not_too_far(visitor: Visitor, minutes: str) -> None:
    answer = visitor.does("clock/forward", minutes=minutes)
    assert answer.status_code == 400
    assert "ahead by minutes" in answer.json()["error"]
