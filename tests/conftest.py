"""Fixtures that every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, open_house
from tests.log_hygiene import Lines, watched


@pytest.fixture(autouse=True)
def log() -> Iterator[Lines]:
    """What is logged during the test, at every level; the test fails if it holds a secret."""
    with watched() as lines:
        yield lines


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened
