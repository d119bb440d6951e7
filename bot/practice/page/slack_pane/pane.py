"""The blueprint: a person's screen and their open modal as fragments of HTML, and all their acts."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from bot.practice.page.slack_pane.acts import register_acts
from bot.practice.page.slack_pane.desk import Desk
from bot.practice.page.slack_pane.reader import Reader, colour, initials
from bot.practice.page.slack_pane.screen import HasSlack, Screen
from bot.practice.slack.workspace import Json


def slack_pane(workspace: HasSlack) -> Blueprint:
    """`GET /fragment/slack` and `/fragment/slack-modal`, `GET /slack/options`, `POST /slack/…`."""
    pane = Blueprint("slack", __name__)
    desk = Desk(workspace)

    @pane.get("/fragment/slack")
    def screen() -> str:
        shown = desk.screen(**_asked("place", "thread"))
        desk.memory.read(shown.me, shown.channel)
        return render_template("slack/pane.html", screen=shown, at=_address, **_helpers(shown))

    @pane.get("/fragment/slack-modal")
    def modal() -> str:
        shown = desk.screen()
        stack = desk.slack.open_modals(shown.me)
        if not stack:
            return ""
        view = stack[-1].view()
        return render_template(
            "slack/modal.html",
            screen=shown,
            view=view,
            below=len(stack) - 1,
            errors=desk.memory.errors(view["id"]),
            trouble=desk.memory.trouble(view["id"]),
            **_helpers(shown),
        )

    register_acts(pane, desk)
    return pane


def _asked(*names: str) -> dict[str, str]:
    return {name: request.args.get(name, "") for name in names}


def _helpers(screen: Screen) -> dict[str, Any]:
    reader = screen.reader
    return {
        "reader": reader,
        "initials": initials,
        "colour": colour,
        "confirmation": lambda element: confirmation(reader, element),
    }


def _address(screen: Screen, **changes: str) -> str:
    """This screen's address with some of it changed."""
    asked = {"as": screen.me.id, "place": screen.channel.id} | changes
    return f"{url_for('slack.screen')}?{urlencode(asked)}"


def confirmation(reader: Reader, element: Json) -> Markup:
    """The attribute that makes the page ask before it acts; nothing where the app asks for none."""
    asked = element.get("confirm")
    if not asked:
        return Markup("")
    shown = {
        "title": asked["title"]["text"],
        "text": str(reader.text(asked["text"])),
        "confirm": asked["confirm"]["text"],
        "deny": asked["deny"]["text"],
        "style": asked.get("style", "primary"),
    }
    return Markup(' data-confirm="{}"').format(json.dumps(shown))
