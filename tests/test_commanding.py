"""What follows `/notify` is a word, a slip of one, or a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commanding import Ask, Command, Compose, Unclear, read_command


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("help", Ask("help")),
        ("  HELP  ", Ask("help")),
        ("queue", Ask("queue")),
        ("status 12", Ask("status", "12", 12)),
        ("Status #12", Ask("status", "#12", 12)),
        ("withdraw   7", Ask("withdraw", "7", 7)),
        ("window Ada Moreau", Ask("window", "Ada Moreau")),
        ("window 24918830014477562", Ask("window", "24918830014477562")),
    ],
)
def test_a_word_in_its_own_form_asks(text: str, meant: Command) -> None:
    assert read_command(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hepl", "help"),
        ("queu", "queue"),
        ("statu 12", "status 12"),
        ("withdrow 3", "withdraw 3"),
        ("widow Ada", "window Ada"),
        ("status", "status <draft>"),
        ("status twelve", "status <draft>"),
        ("withdraw", "withdraw <draft>"),
        ("window", "window <name>"),
    ],
)
def test_a_slip_is_asked_back(text: str, meant: str) -> None:
    assert read_command(text) == Unclear(meant, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Your table is booked.",
        "Hello",
        "Hi",
        "Help is on its way",
        "Queue up at gate 4, please",
        "Status of your order: shipped",
        "Withdraw your bid until Friday",
        "Windows are being cleaned in all rooms",
        "window " + "seat " * 30,
        "statement ready",
    ],
)
def test_a_message_that_merely_begins_like_a_word_is_a_message(text: str) -> None:
    assert read_command(text) == Compose(text.strip())


@given(st.text())
def test_whatever_is_typed_has_a_meaning_and_loses_no_letter(text: str) -> None:
    command = read_command(text)
    if not isinstance(command, Ask):
        assert command.text == text.strip()
