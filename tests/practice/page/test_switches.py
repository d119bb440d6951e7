"""Meta's side on switches: its rules, its troubles, its webhooks."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.practice.page.cast import ADA, BELA
from tests.practice.page.conftest import Visitor


def _state(visitor: Visitor) -> str:
    return str(visitor.scene.record.deliveries()[-1]["state"])


def _card(visitor: Visitor) -> str:
    """All that Ben and the approvals channel were shown."""
    slack, scene = visitor.workspace.slack, visitor.scene
    shown = [*scene.approvals.messages, *slack.shown_to(visitor.workspace.staff[0])]
    return "\n".join(slack.render(message) for message in shown)


def test_another_edition_restarts_the_bot_on_the_same_record(visitor: Visitor) -> None:
    visitor.compose("Ada").submit()
    visitor.until(visitor.on_phone)
    assert visitor.does("edition", edition="2026-04").status_code == 204
    assert len(visitor.scene.record.drafts()) == 1
    assert visitor.workspace.graph.edition == "2026-04"
    assert visitor.scene.live.services.settings.policy_edition == "2026-04"
    assert "<option selected>2026-04" in visitor.sees("top")
    modal = visitor.compose("Béla")
    tags = {option["value"] for option in modal.options("tag")}
    assert "HUMAN_AGENT" in tags
    assert "Retired on 27 April 2026" in str(modal.view())


def test_customers_are_heard_after_the_bot_was_restarted(visitor: Visitor) -> None:
    visitor.does("edition", edition="2026-04")
    assert visitor.does(f"phone/{BELA}/write", text="Hello?").status_code == 204
    assert visitor.workspace.graph.webhooks[-1].status == 200


@pytest.mark.parametrize(
    ("trouble", "state", "said"),
    [
        ("rate", "pending", "send more slowly"),
        ("token", "pending", "no longer accepts the Page access token"),
        ("policy", "pending", "has blocked this Page"),
    ],
)
def test_what_goes_wrong_at_meta_is_told_in_slack(
    visitor: Visitor, trouble: str, state: str, said: str
) -> None:
    assert visitor.does("meta/trouble", trouble=trouble).status_code == 204
    visitor.compose("Ada").submit()
    visitor.until(lambda: _state(visitor) == state and said in _card(visitor))
    assert visitor.on_phone() == []


def test_a_token_that_was_mended_lets_what_waited_go_out(visitor: Visitor) -> None:
    visitor.does("meta/trouble", trouble="token")
    visitor.compose("Ada").submit()
    visitor.until(lambda: "token" in _card(visitor))
    visitor.does("meta/trouble", trouble="none")
    visitor.does("clock/forward", minutes="60")
    visitor.until(visitor.on_phone)
    assert len(visitor.on_phone()) == 1
    visitor.until(lambda: _state(visitor) in ("sent", "delivered"))


def test_a_time_out_is_settled_by_the_echo_that_was_held_back(visitor: Visitor) -> None:
    visitor.does("meta/trouble", trouble="timeout")
    visitor.does("meta/webhooks", held="yes")
    visitor.compose("Ada").submit()
    visitor.until(lambda: _state(visitor) == "unknown")
    assert len(visitor.on_phone()) == 1
    assert "Release 2 webhooks" in visitor.sees("top")
    assert visitor.does("meta/webhooks", held="").status_code == 204
    visitor.until(lambda: _state(visitor) in ("sent", "delivered"))
    assert len(visitor.on_phone()) == 1
    assert "Hold webhooks" in visitor.sees("top")


def test_a_switch_knows_its_positions(visitor: Visitor, told: Callable[[Any], str]) -> None:
    assert "no such edition" in told(visitor.does("edition", edition="1999-01"))
    assert "go wrong like that" in told(visitor.does("meta/trouble", trouble="earthquake"))


def test_reset_begins_anew(visitor: Visitor) -> None:
    visitor.does("meta/trouble", trouble="rate")
    visitor.does("clock/forward", minutes="1440")
    visitor.does(f"phone/{ADA}/write", text="Only once")
    assert visitor.does("reset").status_code == 204
    assert "Only once" not in visitor.sees("phones", who=ADA)
    assert "Messaging window open for 23 h 39 min" in visitor.sees("phones", who=ADA)
    visitor.compose("Ada").submit()
    visitor.until(visitor.on_phone)
