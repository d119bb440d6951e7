"""The page itself: its shell, its live updates, and whom it listens to."""

import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from bot.practice.page.cast import ADA
from tests.practice.page.conftest import Visitor


def test_the_shell_needs_nothing_from_elsewhere(visitor: Visitor) -> None:
    page = requests.get(visitor.url, timeout=5).text
    assert "http" not in page.replace(visitor.url, "")
    for asset in ("page.js", "base.css", "shell.css", "phones.css", "inspector.css"):
        assert f"/static/{asset}" in page
        assert requests.get(f"{visitor.url}static/{asset}", timeout=5).status_code == 200


def test_every_region_of_the_shell_is_served(visitor: Visitor) -> None:
    for region in ("top", "story", "slack", "phones", "inspector"):
        assert visitor.sees(region)


def test_an_open_page_is_told_of_a_change(visitor: Visitor) -> None:
    def rests() -> bool:  # when practice begins, the bot has conversations to bring to Slack
        before = visitor.scene.fingerprint()
        time.sleep(1.2)
        return visitor.scene.fingerprint() == before

    visitor.until(rests)
    with requests.get(f"{visitor.url}events", stream=True, timeout=5) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith(b"data:"))
        next(lines)
        later = threading.Timer(0.2, visitor.does, (f"phone/{ADA}/write",), {"text": "Hi"})
        later.start()
        assert next(lines)
        later.join()


def test_another_sites_page_may_not_act_here(visitor: Visitor, told: Callable[[Any], str]) -> None:
    answer = requests.post(
        f"{visitor.url}reset", headers={"Origin": "https://evil.example"}, timeout=5
    )
    assert answer.status_code == 403
    assert "from this page" in told(answer)


def test_another_name_for_this_machine_is_not_answered(visitor: Visitor) -> None:
    answer = requests.get(visitor.url, headers={"Host": "evil.example"}, timeout=5)
    assert answer.status_code == 403
