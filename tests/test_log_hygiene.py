"""The watch over the log lines of all tests does see what it is there to see."""

import logging

import pytest
import structlog

from tests import log_hygiene
from tests.log_hygiene import Leak, Lines, watched


def _fail_with(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("somebody").exception("failed")


@pytest.mark.parametrize("leaked", [*log_hygiene.SECRETS, *log_hygiene.TEXTS])
def test_a_secret_or_a_message_in_any_line_is_seen(leaked: str, log: Lines) -> None:
    ours, theirs = structlog.get_logger(), logging.getLogger("somebody")
    ways = (
        lambda: ours.debug("said", text=leaked),
        lambda: ours.info(f"said {leaked}"),
        lambda: ours.warning("said", inside={"a": [leaked]}),
        lambda: theirs.debug("said %s", leaked),
        lambda: theirs.info("said", extra={"text": leaked}),
        lambda: _fail_with(leaked),
    )
    for say in ways:
        with pytest.raises(Leak), watched():
            say()
    log.written.clear()


def test_what_is_no_secret_may_be_logged() -> None:
    with watched() as lines:
        structlog.get_logger().debug("sent", delivery=1)
    assert len(lines.written) == 1


def test_libraries_that_log_whole_requests_are_not_heard_below_a_warning() -> None:
    with watched() as lines:
        logging.getLogger("slack_sdk.web").debug("Sending a request: EAAtoken")
        logging.getLogger("urllib3.connectionpool").info("EAAtoken")
        logging.getLogger("slack_bolt.App").warning("EAAtoken")
        logging.getLogger("urllib3").warning("Something is odd")
    assert len(lines.written) == 1
