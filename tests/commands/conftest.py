"""Fixtures of the commands that look at the whole installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.installation import Setup, opened


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    monkeypatch.chdir(tmp_path)  # where there is no .env of a developer's
    with opened(tmp_path) as everything:
        yield everything
