"""The switches in the bar: the edition of Meta's rules, what goes wrong at Meta, webhooks on hold."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from bot.policy.editions import EDITIONS
from bot.practice.page.faults import TROUBLES
from bot.practice.page.workspace import Workspace


def switches(workspace: Workspace) -> Blueprint:
    """Their acts; the bar shows how they stand."""
    blueprint = Blueprint("switches", __name__)

    @blueprint.post("/edition")
    def edition() -> ResponseReturnValue:
        if (name := request.form.get("edition")) not in EDITIONS:
            return {"error": "There is no such edition of Meta's rules."}, 400
        workspace.play_by(str(name))
        return "", 204

    @blueprint.post("/meta/trouble")
    def trouble() -> ResponseReturnValue:
        if (name := request.form.get("trouble")) not in TROUBLES:
            return {"error": "Meta does not know how to go wrong like that."}, 400
        workspace.scene.switch(str(name))
        workspace.changes.touch()
        return "", 204

    @blueprint.post("/meta/webhooks")
    def webhooks() -> ResponseReturnValue:
        if request.form.get("held"):
            workspace.scene.hold_webhooks()
        else:
            workspace.scene.let_webhooks_through()
        return "", 204

    return blueprint
