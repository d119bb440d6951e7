"""The bar above everything: the clock, the edition of Meta's rules, Meta's side on a switch, reset."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.policy.editions import EDITIONS
from bot.practice.page.faults import TROUBLES
from bot.practice.page.workspace import Workspace

STEPS: Final = {"+1 h": 60, "+23 h 59 min": 1439, "+1 day": 1440, "+7 days": 10080}
FURTHEST_MIN: Final = 366 * 1440


def top_bar(workspace: Workspace) -> Blueprint:
    """Its fragment and its acts."""
    blueprint = Blueprint("top", __name__)

    @blueprint.get("/fragment/top")
    def fragment() -> str:
        return render_template(
            "shell/top.html",
            scene=workspace.scene,
            steps=STEPS,
            editions=EDITIONS,
            troubles=TROUBLES,
        )

    @blueprint.post("/clock/forward")
    def forward() -> ResponseReturnValue:
        minutes = request.form.get("minutes", type=int)
        if minutes is None or not 0 < minutes <= FURTHEST_MIN:
            return {"error": "The clock moves ahead by minutes, up to a year at a time."}, 400
        workspace.scene.move_clock(timedelta(minutes=minutes))
        return "", 204

    @blueprint.post("/reset")
    def reset() -> ResponseReturnValue:
        workspace.reset()
        return "", 204

    return blueprint
