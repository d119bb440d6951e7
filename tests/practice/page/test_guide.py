"""The guided tour: a click begins a story, and its steps are ticked off as they are played."""

import pytest

from bot.practice.page.cast import ADA, BELA
from bot.practice.page.stories import STORIES
from tests.practice.page.conftest import Visitor


def _ticked(visitor: Visitor) -> int:
    return visitor.sees("story").count("> Done.")


def test_the_first_story_waits_when_the_page_opens(visitor: Visitor) -> None:
    strip = visitor.sees("story")
    assert 'aria-pressed="true"><b>1</b>' in strip
    assert "Type <code>/notify</code> and press Enter." in strip
    assert _ticked(visitor) == 0


def test_the_first_story_is_ticked_off_step_by_step(visitor: Visitor) -> None:
    modal = visitor.compose("Ada")
    assert _ticked(visitor) == 1
    modal.submit()
    visitor.until(lambda: "Well played!" in visitor.sees("story"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.key))
def test_a_story_begins_with_one_click(visitor: Visitor, story: object) -> None:
    visitor.does(f"phone/{ADA}/write", text="From before")
    answer = visitor.does(f"story/{story.key}")  # type: ignore[attr-defined] # a Story
    assert answer.status_code == 200
    src = answer.json()["go"]["phones"]
    assert story.phone in src  # type: ignore[attr-defined] # a Story
    assert "From before" not in visitor.sees("phones", who=ADA)
    assert _ticked(visitor) == 0


def test_the_time_out_story_brings_its_own_trouble(visitor: Visitor) -> None:
    visitor.does("story/timeout")
    bar = visitor.sees("top")
    assert '<option value="timeout" selected>' in bar
    assert "Release 0 webhooks" in bar
    visitor.does("story/inside")
    assert "Hold webhooks" in visitor.sees("top")


def test_the_event_story_plays_by_the_rules_that_have_its_tag(visitor: Visitor) -> None:
    visitor.does("edition", edition="2026-04")
    visitor.does("story/event")
    assert visitor.scene.edition == "2021-06"
    visitor.does("story/inside")
    assert visitor.scene.edition == "2026-04"


def test_free_play_has_no_steps(visitor: Visitor) -> None:
    assert visitor.does("story/free").status_code == 200
    assert 'class="steps"' not in visitor.sees("story")
    assert visitor.does("story/nonsense").status_code == 404


def test_nobody_approves_their_own_in_the_four_eyes_story(visitor: Visitor) -> None:
    visitor.does("story/eyes")
    modal = visitor.compose("Ada")
    modal.choose("route", "approve")
    modal.submit()
    slack, approvals = visitor.workspace.slack, visitor.scene.approvals
    card = visitor.until(lambda: approvals.messages)[-1]
    assert _ticked(visitor) == 1
    slack.click("U0BEN", card, "approve_draft")
    visitor.until(lambda: _ticked(visitor) == 2)
    slack.click("U0CLEO", card, "approve_draft")
    visitor.until(lambda: "Well played!" in visitor.sees("story"))
    assert visitor.on_phone(BELA) == []
