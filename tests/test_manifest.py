"""manifest.yml: valid for Slack, and asking for exactly the scopes that the code uses."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft7Validator
from slack_sdk import WebClient

from bot.practice.page.scene import COMMAND, REPLY
from bot.practice.slack import METHODS
from bot.scopes import BOT_SCOPES
from tests.house import ADA, House, open_house

ROOT: Final = Path(__file__).parents[1]
CODE: Final = ("bot", "handlers", "storage")
PRACTICE: Final = ROOT / "bot" / "practice"
# The approvals channel, about which the code asks, is one or the other.
OF_A_CHANNEL: Final = {"channels:read", "groups:read"}


def manifest() -> Any:
    return yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def slacks_validator() -> Draft7Validator:
    file = Path(__file__).parent / "slack_manifest" / "manifest.schema.1.0.0.json"
    return Draft7Validator(json.loads(file.read_text(encoding="utf-8")))


def asked_for() -> list[str]:
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes


def test_slack_takes_it() -> None:
    validator = slacks_validator()
    assert [fault.message for fault in validator.iter_errors(manifest())] == []
    misspelt = manifest() | {"setings": {}}
    assert [fault.validator for fault in validator.iter_errors(misspelt)] == [
        "additionalProperties"
    ]


def test_slack_takes_it_with_the_lines_for_http_mode_uncommented() -> None:
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    for name in ("url", "request_url", "message_menu_options_url"):
        assert text.count(f"# {name}: https://") == 1
        text = text.replace(f"# {name}: https://", f"{name}: https://")
    changed = yaml.safe_load(text)
    assert list(slacks_validator().iter_errors(changed)) == []
    assert changed["features"]["slash_commands"][0]["url"].endswith("/slack/events")
    assert set(changed["settings"]["interactivity"]) == {
        "is_enabled",
        "request_url",
        "message_menu_options_url",
    }


def test_it_asks_for_the_scopes_that_the_doctor_looks_for() -> None:
    assert asked_for() == list(BOT_SCOPES)


def test_authors_can_be_written_to() -> None:
    # Slack refuses such messages with `messages_tab_disabled` where the tab is off.
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True


def test_the_practice_workspace_has_what_the_manifest_gives_the_app() -> None:
    [command] = manifest()["features"]["slash_commands"]
    [shortcut] = manifest()["features"]["shortcuts"]
    told = tuple(command[part] for part in ("command", "description", "usage_hint"))
    assert told == COMMAND
    assert (shortcut["name"], shortcut["callback_id"]) == REPLY
    assert shortcut["type"] == "message"


def story(house: House) -> set[str]:
    """From the command to the author's direct message; returns the scopes that it took."""
    house.ada.writes("Is my table booked?")
    modal = house.compose(house.ben)
    modal.choose("route", "approve")
    assert modal.submit() == {}
    house.slack.click(house.cleo, house.card(), "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: "elivered" in house.text_of(house.card()))
    modal = house.compose(house.ben, psid=ADA)
    assert modal.submit() == {}
    house.until(lambda: house.slack.dm(house.ben).messages)
    assert house.slack.refused == []
    return house.slack.scopes_used()


def test_stories_get_by_with_these_scopes_and_need_every_one(tmp_path: Path) -> None:
    used = set()
    for private in (False, True):
        folder = tmp_path / str(private)
        folder.mkdir()
        with open_house(folder, private=private) as house:
            used |= story(house)
    assert used == set(asked_for())


def methods_named() -> set[str]:
    """The Web API methods that the product's code names, as slack_sdk spells them."""
    methods = {
        name for name, _ in inspect.getmembers(WebClient, inspect.isfunction) if name[0] != "_"
    }
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(file.read_text()) for file in files if PRACTICE not in file.parents]
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} & methods


def test_the_code_calls_nothing_that_needs_another_scope() -> None:
    by_python_name = {name.replace(".", "_"): method for name, method in METHODS.items()}
    needed = {"commands"}  # it hears a slash command
    for name in methods_named():
        assert name in by_python_name, f"which scopes does {name} need? methods.json does not say"
        scopes = set(by_python_name[name].scopes)
        needed |= scopes & OF_A_CHANNEL or scopes
    assert needed == set(asked_for())
