"""What failed rests for longer and longer, and each thing for itself."""

from handlers.rests import Rests
from handlers.screens import MOST, Screens


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_failure_in_a_row_doubles_the_rest_up_to_a_minute() -> None:
    rests = Rests(Seconds())
    lengths = [rests.begin("card 1") for _ in range(9)]
    assert lengths == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_one_thing_rests_while_the_others_go_on() -> None:
    clock = Seconds()
    rests = Rests(clock)
    rests.begin("card 1")
    assert rests.has("card 1")
    assert not rests.has("card 2")
    clock.now = 1.0
    assert not rests.has("card 1")
    assert rests.count == 1
    rests.end("card 1")
    assert rests.count == 0
    assert rests.begin("card 1") == 1


def test_what_slack_asks_for_is_kept_to() -> None:
    clock = Seconds()
    rests = Rests(clock)
    assert rests.begin("Slack", at_least_s=30) == 30
    clock.now = 29.9
    assert rests.has("Slack")


def test_the_newest_action_of_each_composer_is_known() -> None:
    screens = Screens()
    assert screens.acted("V1", 2.0).newest == 2.0
    assert screens.acted("V1", 1.0).newest == 2.0
    assert screens.acted("V2", 1.0).newest == 1.0


def test_composers_left_long_ago_are_forgotten() -> None:
    screens = Screens()
    screens.acted("V1", 5.0)
    screens.acted("V0", 1.0)
    for number in range(2, MOST + 1):
        screens.acted(f"V{number}", 1.0)
        screens.acted("V1", 1.0)
    assert screens.acted("V1", 1.0).newest == 5.0
    screens.acted("another", 1.0)
    assert screens.acted("V0", 0.5).newest == 0.5
