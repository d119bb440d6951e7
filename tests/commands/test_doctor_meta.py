"""What `doctor` says of the Page, its token, its webhook and its Instagram account."""

from datetime import timedelta

import pytest

from bot.clock import system_clock
from bot.doctor.meta import INSTAGRAM_PERMISSIONS, PERMISSIONS, WEBHOOK_FIELDS
from bot.practice.graph import faults
from tests.commands.installation import Setup


def test_a_token_that_meta_does_not_know_fails_and_ends_the_questions(setup: Setup) -> None:
    report = setup.doctor(PAGE_ACCESS_TOKEN="EAAwrong-secret")

    level, sentence = report.of("Page token")
    assert (level, "has to renew PAGE_ACCESS_TOKEN" in sentence) == ("fail", True)
    assert report.names()[-1] == "Page token"


def test_a_token_of_another_page_fails_and_both_are_named(setup: Setup) -> None:
    setup.graph.page_name = "Corner Bakery"
    level, sentence = setup.doctor(PAGE_ID="1").of("Page token")

    assert level == "fail"
    assert f"Corner Bakery ({setup.graph.page_id}), but PAGE_ID is 1" in sentence


def test_an_app_that_requires_a_proof_is_told_to_stop_that(setup: Setup) -> None:
    setup.graph.requires_appsecret_proof = True

    assert "Require App Secret" in setup.doctor().of("Page token")[1]


@pytest.mark.parametrize("permission", [*PERMISSIONS, *INSTAGRAM_PERMISSIONS])
def test_a_permission_that_is_missing_is_named(setup: Setup, permission: str) -> None:
    setup.graph.scopes.discard(permission)

    level, sentence = setup.doctor().of("Page permissions")
    assert (level, f"lacks {permission} (" in sentence) == ("fail", True)
    needed_without_instagram = permission in PERMISSIONS
    report = setup.doctor(INSTAGRAM_ID="")
    assert report.of("Page permissions")[0] == ("fail" if needed_without_instagram else "ok")


def test_a_token_that_is_about_to_end_is_warned_of(setup: Setup) -> None:
    for days, level in ((13, "warn"), (30, "ok")):
        setup.graph.token_ends_at = system_clock() + timedelta(days=days)
        found, sentence = setup.doctor().of("Page token's end")
        assert (found, str(setup.graph.token_ends_at.date()) in sentence) == (level, True)


def test_the_secret_of_another_app_fails(setup: Setup) -> None:
    level, sentence = setup.doctor(APP_SECRET="secret-of-another-app").of("App secret")

    assert (level, f"({setup.graph.app_id})" in sentence) == ("fail", True)


@pytest.mark.parametrize("field", WEBHOOK_FIELDS)
def test_a_webhook_field_that_is_missing_is_named(setup: Setup, field: str) -> None:
    setup.graph.subscribed_fields = {*WEBHOOK_FIELDS} - {field}

    assert setup.doctor().of("Webhook fields") == (
        "fail",
        f"The Page is not subscribed to {field}: run tagwise doctor --subscribe",
    )


def test_subscribing_adds_what_is_missing_and_takes_nothing_away(setup: Setup) -> None:
    setup.graph.subscribed_fields = {"feed", *WEBHOOK_FIELDS} - {"messages", "standby"}
    level, sentence = setup.doctor("--subscribe").of("Webhook fields")

    assert (level, sentence) == ("ok", "Subscribed the Page to messages, standby.")
    assert setup.graph.subscribed_fields == {"feed", *WEBHOOK_FIELDS}
    assert setup.doctor().level("fail") == []


def test_a_page_without_any_subscription_can_be_subscribed(setup: Setup) -> None:
    setup.graph.subscribed_fields.clear()
    assert setup.doctor().of("Webhook fields")[0] == "fail"
    setup.doctor("--subscribe")

    assert setup.graph.subscribed_fields == {*WEBHOOK_FIELDS}


def test_subscribing_without_the_permission_says_so(setup: Setup) -> None:
    setup.graph.subscribed_fields.clear()
    setup.graph.scopes.discard("pages_manage_metadata")

    level, sentence = setup.doctor("--subscribe").of("Webhook fields")
    assert (level, "permission" in sentence) == ("fail", True)


def test_the_instagram_account_must_be_the_one_linked_to_the_page(setup: Setup) -> None:
    linked = setup.graph.instagram_id
    unused = setup.doctor(INSTAGRAM_ID="").of("Instagram")
    assert unused == (
        "ok",
        f"Not in use. The Page is linked to {linked}: set INSTAGRAM_ID to use it.",
    )
    assert setup.doctor(INSTAGRAM_ID="17").of("Instagram") == (
        "fail",
        f"The Page is linked to {linked}, not to INSTAGRAM_ID 17.",
    )
    setup.graph.instagram_id = None
    assert setup.doctor().of("Instagram")[0] == "fail"
    assert setup.doctor(INSTAGRAM_ID="").of("Instagram") == ("ok", "Not in use.")


def test_meta_out_of_reach_is_a_line_and_no_traceback(setup: Setup) -> None:
    setup.graph.down()
    report = setup.doctor()

    level, sentence = report.of("Page token")
    assert (level, "could not be reached" in sentence) == ("fail", True)
    assert report.of("Slack token")[0] == "ok"


@pytest.mark.parametrize("fault", [faults.garbled(), faults.empty(), faults.html_error(502)])
@pytest.mark.parametrize("endpoint", ["node", "debug_token", "subscribed_apps"])
def test_meta_in_trouble_is_a_line_and_no_traceback(
    setup: Setup, fault: faults.Fault, endpoint: str
) -> None:
    setup.graph.fail_next(fault, endpoint=endpoint)
    report = setup.doctor()

    expected = {
        "node": ("Page token", "fail"),
        "debug_token": ("Page permissions", "warn"),
        "subscribed_apps": ("Webhook fields", "fail"),
    }
    name, level = expected[endpoint]
    assert report.of(name)[0] == level
