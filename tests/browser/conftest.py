"""A practice workspace, and Chromium looking at it."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from bot.practice.page.application import page_application
from bot.practice.page.server import PageServer
from bot.practice.page.workspace import Workspace
from tests.browser.page import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DRIVERS = ("chromedriver", "chromium.chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
)


def _found(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _log_of(window: Chrome) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = window.get_log("browser")  # type: ignore[no-untyped-call] # selenium's
    return entries


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    browser, driver = _found(BROWSERS), _found(DRIVERS)
    if browser is None or driver is None:
        missing = "There is no Chromium with its driver here; with them the stories are played."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = browser
    profile: Path = tmp_path_factory.mktemp("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    logging.getLogger("selenium").setLevel(logging.WARNING)  # it logs every look
    window = Chrome(options=options, service=Service(driver))
    try:
        yield window
    finally:
        window.quit()


@pytest.fixture
def page(chromium: Chrome) -> Iterator[Page]:
    """The page as it opens; nothing on it may have failed when the test ends."""
    workspace = Workspace()
    application = page_application(workspace)
    workspace.begin()
    server = PageServer(application)
    try:
        chromium.get(server.url)
        chromium.execute_script("sessionStorage.clear()")
        chromium.get(server.url)
        yield Page(chromium, workspace)
        assert [entry for entry in _log_of(chromium) if entry["level"] == "SEVERE"] == []
        assert not workspace.slack.refused
    finally:
        chromium.get("about:blank")
        workspace.changes.close()
        server.close()
        workspace.close()
