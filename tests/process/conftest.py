"""A site for the process tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.running import Site, open_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        yield opened
