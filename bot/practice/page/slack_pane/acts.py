"""What a person does on their screen: each act is one call of the stand-in, which tells the bot."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.practice.page.slack_pane.desk import Desk
from bot.practice.page.slack_pane.entering import enter_in_message, enter_in_modal, field_name
from bot.practice.page.slack_pane.forms import choice_of
from bot.practice.slack import NotOnScreen, SlackDispatchFailed, SlackError, SlackTimeout
from bot.practice.slack.markup import escaped

DONE: Final = ("", 204)
MUTE: Final = "Sending messages to this app has been turned off."
TROUBLE: Final = "We had some trouble connecting. Try again?"


def register_acts(pane: Blueprint, desk: Desk) -> None:
    """`POST /slack/…`, each with `as`, the person who acts; and the options of a menu."""
    acts = Acts(desk)
    for path, act in {
        "say": acts.say,
        "click": acts.click,
        "choose": acts.choose,
        "shortcut": acts.use_shortcut,
        "dismiss": acts.dismiss,
        "view/enter": acts.enter,
        "view/click": acts.click_in_view,
        "view/submit": acts.submit,
        "view/close": acts.close,
    }.items():
        pane.post(f"/slack/{path}", endpoint=path.replace("/", "_"))(_answered(act))
    pane.get("/slack/options", endpoint="options")(_answered(acts.options))


class Acts:
    """One method an act; the request's form says on what."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def say(self) -> ResponseReturnValue:
        """Send what was typed: a slash command where it begins with one, else a message."""
        text, thread = request.form["text"].strip(), request.form.get("thread", "")
        slack, me, channel = self._desk.slack, self._desk.me(), self._desk.channel()
        if text.startswith("/"):
            self._command(text, in_thread=bool(thread))
        elif text and channel.kind == "im":
            slack.slackbot_says(me, channel, MUTE)
        elif text:
            root = self._desk.message(thread) if thread else None
            slack.say(me, channel, text, thread=root)
        return DONE

    def _command(self, typed: str, *, in_thread: bool) -> None:
        slack, me, channel = self._desk.slack, self._desk.me(), self._desk.channel()
        name, _, text = typed.partition(" ")
        shown = f"`{escaped(name)}`"
        if name not in {command.name for command in slack.commands}:
            slack.slackbot_says(me, channel, f"{shown} is not a valid command.")
        elif in_thread:
            slack.slackbot_says(me, channel, f"{shown} is not supported in threads. Sorry!")
        else:
            try:
                slack.run_command(me, name, text.strip(), channel=channel)
            except (SlackTimeout, SlackDispatchFailed) as problem:
                word = _word(problem)
                slack.slackbot_says(me, channel, f"{shown} failed with the error “{word}”.")

    def click(self) -> ResponseReturnValue:
        """Press a button of a message, or choose from its overflow menu."""
        form = request.form
        self._desk.slack.click(
            self._desk.me(),
            self._desk.message(form["ts"]),
            form["action"],
            form.get("option"),
            block_id=form["block"],
        )
        return DONE

    def choose(self) -> ResponseReturnValue:
        """Choose or pick in a field of a message."""
        message, reader = self._desk.message(request.form["ts"]), self._desk.reader()
        enter_in_message(self._desk.slack, message, reader, request.form)
        return DONE

    def use_shortcut(self) -> ResponseReturnValue:
        """Choose one of the app's entries in a message's menu."""
        message, callback_id = self._desk.message(request.form["ts"]), request.form["shortcut"]
        self._desk.slack.use_message_shortcut(self._desk.me(), message, callback_id)
        return DONE

    def dismiss(self) -> ResponseReturnValue:
        """Take away what only this person sees."""
        self._desk.slack.dismiss(self._desk.me(), self._desk.message(request.form["ts"]))
        return DONE

    def enter(self) -> ResponseReturnValue:
        """Fill in a field of a modal."""
        modal, form = self._desk.modal(), request.form
        self._desk.memory.mended(modal.id, form["block"])
        enter_in_modal(modal, self._desk.reader(), form)
        return DONE

    def click_in_view(self) -> ResponseReturnValue:
        """Press a button in a modal."""
        self._desk.modal().click(request.form["action"], request.form.get("option"))
        return DONE

    def submit(self) -> ResponseReturnValue:
        """Hand a modal in; what was refused stands beside its fields afterwards."""
        modal = self._desk.modal()
        self._desk.memory.refused(modal.id, {})
        try:
            errors = modal.submit()
        except (SlackTimeout, SlackDispatchFailed):
            self._desk.memory.refused(modal.id, {}, TROUBLE)
        else:
            self._desk.memory.refused(modal.id, errors)
        return DONE

    def close(self) -> ResponseReturnValue:
        """Close a modal, or all of them."""
        self._desk.modal().close(everything=request.form.get("everything") == "yes")
        return DONE

    def options(self) -> ResponseReturnValue:
        """What the app offers for what was typed into a menu, as options of a list box."""
        asked = request.args
        modal, reader = self._desk.modal(), self._desk.reader()
        try:
            found = modal.suggest(field_name(modal, asked["block"], asked["action"]), asked["q"])
        except (SlackTimeout, SlackDispatchFailed):
            return render_template("slack/options.html", failed=True, choices=[])
        choices = [choice_of(reader, option) for option in found]
        return render_template("slack/options.html", failed=False, choices=choices)


def _word(problem: SlackError) -> str:
    return "operation_timeout" if isinstance(problem, SlackTimeout) else "dispatch_failed"


def _answered(act: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """The act, with a sentence for the person where it fails."""

    @wraps(act)
    def answered() -> ResponseReturnValue:
        try:
            return act()
        except NotOnScreen as problem:
            return {"error": str(problem)}, 409
        except SlackError as problem:
            return {"error": f"{TROUBLE} ({_word(problem)})"}, 502

    return answered
