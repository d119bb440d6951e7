"""The rate: never more in any second, nearly all of it used, and nothing promised for ever."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rate import RateLimit
from tests.clock import Monotonic


def limited(per_second: int, clock: Monotonic) -> RateLimit:
    """The rate of somebody whose sleep moves the clock."""
    return RateLimit(per_second, clock, clock.sleep)


def loads(messages: int, most: int) -> list[int]:
    """So many messages in requests of at most so many."""
    return [min(most, messages - sent) for sent in range(0, messages, most)]


@given(
    per_second=st.integers(1, 400),
    steps=st.lists(
        st.tuples(st.floats(0, 0.7), st.integers(0, 64), st.floats(0, 0.3)), max_size=80
    ),
)
def test_no_second_sees_more_than_the_rate(
    per_second: int, steps: list[tuple[float, int, float]]
) -> None:
    clock = Monotonic()
    rate = limited(per_second, clock)
    left: list[float] = []
    for pause, wanted, delay in steps:
        clock.now += pause
        promised = rate.promise(wanted)
        assert 0 <= promised <= wanted
        clock.now += delay  # between the promise and the send
        for load in loads(promised, rate.together):
            rate.leave(load)
            left += [clock.now] * load
    for number, moment in enumerate(left[per_second:]):
        assert moment - left[number] > 1


def _sent_in_a_minute(hiccup_s: float) -> list[float]:
    clock = Monotonic()
    rate = limited(300, clock)
    left: list[float] = []
    while clock.now < 60:
        for load in loads(rate.promise(100), rate.together):
            rate.leave(load)
            left += [clock.now] * load
        clock.now += hiccup_s if len(left) % 150 == 0 else 0
    return left


def test_nearly_all_of_the_rate_is_used_and_spread_over_the_second() -> None:
    left = _sent_in_a_minute(0)
    assert 0.99 * 300 * 60 <= len(left) <= 300 * 60 + 300
    tenths = Counter(int(moment * 10) for moment in left)
    assert max(tenths.values()) <= 45


def test_a_hiccup_costs_little_more_than_itself() -> None:
    assert len(_sent_in_a_minute(0.01)) >= 0.97 * 300 * 60


def test_near_the_end_of_the_allowance_less_of_the_rate_is_used() -> None:
    rate = limited(300, Monotonic())
    rate.slow_to(0.01)
    assert rate.promise(20) == 1
    assert rate.promise(20) == 0
    rate.leave()
    assert rate.promise(20) == 1


def test_what_was_promised_before_the_rate_fell_still_leaves() -> None:
    clock = Monotonic()
    rate = limited(300, clock)
    assert rate.promise(45) == 45
    rate.slow_to(0.01)
    rate.leave(45)
    rate.leave(1)
    assert clock.now > 1


def test_what_does_not_leave_is_given_back() -> None:
    rate = limited(10, Monotonic())
    assert [rate.promise(1) for _ in "12"] == [1, 0]
    with pytest.raises(RuntimeError, match="not today"), rate.places(1):
        raise RuntimeError("not today")
    assert rate.promise(1) == 1
    with rate.places(1) as leave:
        leave()
        assert rate.promise(1) == 1


def test_crumbs_are_not_handed_out() -> None:
    rate = limited(300, Monotonic())
    assert rate.promise(100) == 45
    rate.leave(3)
    assert rate.promise(100) == 0
    assert rate.promise(3) == 3
    rate.leave(15)
    assert rate.promise(100) == 15


def test_whoever_wants_many_at_once_waits_until_all_have_left() -> None:
    rate = limited(300, Monotonic())
    assert rate.promise(100) == 45
    rate.leave(30)
    assert rate.promise(100, many=True) == 0
    rate.leave(15)
    assert rate.promise(100, many=True) == 45


def test_as_many_leave_together_as_fill_a_second_to_the_brim() -> None:
    assert 300 % limited(300, Monotonic()).together == 0
    assert limited(1, Monotonic()).together == 1


def test_a_rate_of_zero_is_no_limit() -> None:
    clock = Monotonic()
    rate = limited(0, clock)
    for _ in range(3):
        assert rate.promise(10_000) == 10_000
        assert rate.together >= 50
        rate.give_back(5_000)
        rate.leave(5_000)
    assert clock.now == 0
