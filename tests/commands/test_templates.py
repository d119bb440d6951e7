"""`tagwise templates`: what the Page has at Meta, listed, created and deleted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.practice.graph import UtilityTemplate
from storage import utility
from storage.store import Store
from tests.commands.installation import Setup

MADE: dict[str, Any] = {
    "name": "order_shipped",
    "language": "en",
    "components": [
        {
            "type": "BODY",
            "text": "Your order {{1}} has shipped.",
            "example": {"body_text": [["A-17"]]},
        }
    ],
}


def known(setup: Setup) -> list[tuple[str, str, str]]:
    """The templates that the bot knows from its database."""
    store = Store(setup.database)
    with store.read() as db:
        rows = utility.templates(db, setup.graph.page_id)
    store.close()
    return [(row.name, row.language, row.status) for row in rows]


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    def write(**changes: Any) -> str:
        path = tmp_path / "template.json"
        path.write_text(json.dumps(MADE | changes), encoding="utf-8")
        return str(path)

    return write


def test_the_list_shows_name_language_status_and_text_and_the_bot_knows_it(setup: Setup) -> None:
    setup.graph.add_template(UtilityTemplate("due", "At [bold]{{1}}[/bold].", "de"))
    setup.graph.add_template(UtilityTemplate("sale", "Buy {{1}}!", status="REJECTED"))
    result = setup.run("templates", "list", COLUMNS="120")
    assert result.exit_code == 0
    for cell in ("due", "de", "APPROVED", "At [bold]{{1}}[/bold].", "TAG_SHOULD_BE_MARKETING"):
        assert cell in result.stdout
    assert known(setup) == [("due", "de", "APPROVED"), ("sale", "en", "REJECTED")]


def test_a_template_that_tagwise_cannot_fill_is_listed_with_the_reason(setup: Setup) -> None:
    parts = [{"type": "BODY", "text": "Hi!"}, {"type": "HEADER", "format": "IMAGE"}]
    setup.graph.add_template(UtilityTemplate("ad", "Hi!", components=parts))
    assert "Tagwise cannot send it: its headline is a picture" in " ".join(
        setup.run("templates", "list", COLUMNS="200").stdout.split()
    )
    (shown,) = json.loads(setup.run("templates", "list", "--json").stdout)
    assert (shown["name"], shown["sendable"], shown["components"]) == ("ad", False, parts)
    assert known(setup) == []


def test_an_empty_list_says_how_to_make_one(setup: Setup) -> None:
    result = setup.run("templates", "list")
    assert (result.exit_code, "templates create FILE" in result.stdout) == (0, True)


def test_a_template_is_created_as_the_file_says(setup: Setup, written: Any) -> None:
    result = setup.run("templates", "create", written())
    assert result.exit_code == 0
    assert result.stdout.startswith("order_shipped in en: APPROVED (id ")
    made = next(r for r in setup.graph.requests if r.method == "POST")
    assert made.path.endswith(f"/{setup.graph.page_id}/message_templates")
    assert made.body == {"category": "UTILITY", **MADE}
    assert known(setup) == [("order_shipped", "en", "APPROVED")]


def test_one_that_meta_rejects_ends_with_1(setup: Setup, written: Any) -> None:
    setup.graph.template_review = "REJECTED"
    result = setup.run("templates", "create", written())
    assert (result.exit_code, "REJECTED" in result.stdout) == (1, True)


def test_what_meta_says_against_it_is_told(setup: Setup, written: Any) -> None:
    assert setup.run("templates", "create", written()).exit_code == 0
    again = setup.run("templates", "create", written())
    assert again.exit_code == 1
    assert "Meta says:" in again.stderr
    assert "order_shipped exists already in en" in again.stderr


def test_what_breaks_metas_rules_is_told_before_meta_is_asked(setup: Setup, written: Any) -> None:
    body = {"type": "BODY", "text": "Order {{2}} has shipped."}
    result = setup.run("templates", "create", written(components=[body], category="MARKETING"))
    assert result.exit_code == 2
    assert "Its category has to be UTILITY." in result.stderr
    assert "numbered from 1 on" in result.stderr
    assert "an example of what fills {{2}}" in result.stderr
    assert setup.graph.requests == []


def test_a_text_that_sells_is_warned_of(setup: Setup, written: Any) -> None:
    body = {
        "type": "BODY",
        "text": "Enjoy {{1}} off all boots this weekend.",
        "example": {"body_text": [["half"]]},
    }
    result = setup.run("templates", "create", written(components=[body]))
    assert "Meta may reject it as marketing" in result.stderr


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_template(setup: Setup, tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")
    assert setup.run("templates", "create", str(path)).exit_code == 2
    assert setup.run("templates", "create", str(tmp_path / "none.json")).exit_code == 2


def test_deleting_takes_every_language_or_the_one_named(setup: Setup) -> None:
    for language in ("de", "en", "fr"):
        setup.graph.add_template(UtilityTemplate("due", "At {{1}}.", language))
    one = setup.run("templates", "delete", "due", "--language", "de")
    assert (one.exit_code, one.stdout) == (0, "Deleted due in de.\n")
    assert known(setup) == [("due", "en", "APPROVED"), ("due", "fr", "APPROVED")]
    rest = setup.run("templates", "delete", "due")
    assert (rest.exit_code, rest.stdout) == (0, "Deleted due in en, fr.\n")
    gone = setup.run("templates", "delete", "due")
    assert (gone.exit_code, "no template called due" in gone.stderr) == (1, True)
    assert known(setup) == []


def test_a_missing_permission_is_told(setup: Setup) -> None:
    setup.graph.scopes.discard("pages_utility_messaging")
    result = setup.run("templates", "list")
    assert result.exit_code == 1
    assert "lacks a permission" in result.stderr


def test_an_edition_without_utility_messages_says_which_has_them(setup: Setup) -> None:
    result = setup.run("templates", "list", POLICY_EDITION="2021-06")
    assert result.exit_code == 2
    assert "POLICY_EDITION=2026-04" in result.stderr
    assert setup.graph.requests == []


def test_slack_need_not_be_set_up(setup: Setup) -> None:
    without = {name: "" for name in setup.env if name.startswith("SLACK")}
    assert setup.run("templates", "list", **without, APPROVALS_CHANNEL="").exit_code == 0


def test_the_doctor_says_how_many_can_be_sent_and_why_none_is_shown(setup: Setup) -> None:
    name = "Utility messages"
    assert setup.doctor().of(name)[1].startswith("The Page has no template;")
    setup.graph.add_template(UtilityTemplate("due", "At {{1}}."))
    setup.graph.add_template(UtilityTemplate("new", "At {{1}}.", status="PENDING"))
    assert setup.doctor().of(name) == ("ok", "1 of 2 templates can be sent.")
    setup.graph.scopes.discard("pages_utility_messaging")
    level, sentence = setup.doctor().of(name)
    assert (level, "needs pages_utility_messaging" in sentence) == ("warn", True)
    assert name not in setup.doctor(POLICY_EDITION="2021-06").names()
