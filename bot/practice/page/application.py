"""The Flask application: the page's shell, its regions, and what it hears of changes."""

import re
from typing import Final

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from bot.practice.page.guide import guide
from bot.practice.page.inspector import inspector
from bot.practice.page.moments import clock_time, day_and_time
from bot.practice.page.phones import phones
from bot.practice.page.slack_pane import slack_pane
from bot.practice.page.switches import switches
from bot.practice.page.top import top_bar
from bot.practice.page.workspace import Workspace

_NAMES: Final = ("127.0.0.1", "localhost")
_TYPED: Final = re.compile(
    r"/notify(?: status 1| withdraw 1)?|#(?:approvals|inbox)|[a-z]+_[a-z]+|[A-Z]{5,}(?:_[A-Z]+)+"
)


def page_application(workspace: Workspace) -> Flask:
    """All routes of the page."""
    flask = Flask(__name__)
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    flask.jinja_env.filters.update(
        clock_time=clock_time, day_and_time=day_and_time, marked=_commands_marked
    )
    for region in (top_bar, switches, guide, slack_pane, phones, inspector):
        flask.register_blueprint(region(workspace))

    @flask.before_request
    def only_from_this_page() -> ResponseReturnValue | None:
        """Another site's page must not look or act here behind the person's back."""
        here = request.host.partition(":")[0] in _NAMES
        origin = request.headers.get("Origin")
        acts_elsewhere = origin not in (None, request.host_url.rstrip("/"))
        if not here or (request.method == "POST" and acts_elsewhere):
            return {"error": "Acts must come from this page."}, 403
        return None

    @flask.get("/")
    def shell() -> str:
        return render_template("shell/page.html")

    @flask.get("/events")
    def events() -> Response:
        stream = Response(workspace.changes.stream(), mimetype="text/event-stream")
        stream.headers["Cache-Control"] = "no-cache"
        return stream

    return flask


def _commands_marked(sentence: str) -> Markup:
    """Words that one types as they stand (commands, tags, channels) set apart."""
    return Markup(_TYPED.sub(r"<code>\g<0></code>", str(escape(sentence))))  # noqa: S704 - escaped
