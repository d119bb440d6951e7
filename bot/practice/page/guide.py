"""The guided tour on the page: choosing a story, and its steps, ticked off as they are done."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.practice.page.cast import CUSTOMERS, STAFF
from bot.practice.page.stories import BY_KEY, STORIES
from bot.practice.page.workspace import Workspace


def guide(workspace: Workspace) -> Blueprint:
    """Its fragment and its acts."""
    blueprint = Blueprint("guide", __name__)

    @blueprint.get("/fragment/story")
    def fragment() -> str:
        story, scene = workspace.story, workspace.scene
        done = [step.done(scene) for step in story.steps] if story else []
        return render_template(
            "shell/story.html",
            stories=STORIES,
            story=story,
            steps=list(zip(story.steps, done, strict=True)) if story else [],
            current=done.index(False) if False in done else None,
        )

    @blueprint.post("/story/<key>")
    def begin(key: str) -> ResponseReturnValue:
        story = BY_KEY.get(key)
        if story is None and key != "free":
            return {"error": "There is no such story."}, 404
        workspace.play(story)
        who = story.phone if story else CUSTOMERS[0].id
        return {
            "go": {
                "slack": f"/fragment/slack?as={STAFF[0].id}",
                "phones": url_for("phones.fragment", who=who),
            }
        }

    return blueprint
