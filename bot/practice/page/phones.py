"""The customers' phones: one thread each, and what a person may do in it."""

from collections.abc import Iterator

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.practice.graph import Person
from bot.practice.graph.memory import PersonMemory
from bot.practice.page.bubbles import bubbles, unread
from bot.practice.page.cast import CUSTOMERS
from bot.practice.page.forms import form_of
from bot.practice.page.timeline import timeline
from bot.practice.page.workspace import Workspace

LONGEST = 2000  # characters; Messenger's own
FROM_INBOX = "This is Dana, answering from the Page's own inbox: we look into it."
COMMENT = 400  # characters; Meta's form takes no more


def phones(workspace: Workspace) -> Blueprint:
    """Its fragment and its acts."""
    blueprint = Blueprint("phones", __name__)

    @blueprint.get("/fragment/phones")
    def fragment() -> str:
        chosen = request.args.get("who")
        scene, graph = workspace.scene, workspace.graph
        default = workspace.story.phone if workspace.story else CUSTOMERS[0].id
        who = next((c for c in CUSTOMERS if c.id == (chosen or default)), CUSTOMERS[0])
        memory = graph.people[who.id]
        granted = {given.request_mid for given in list(graph.one_time_grants.values())}
        return render_template(
            "phones/phones.html",
            customers=[(c, unread(graph.people[c.id])) for c in CUSTOMERS],
            who=who,
            memory=memory,
            page_name=graph.page_name,
            bubbles=bubbles(memory, granted),
            offered=list(_offered(memory)),
            timeline=timeline(memory, graph.ad_window, scene.record.to_come(who.id), graph.now()),
        )

    @blueprint.post("/phone/<psid>/inbox")
    def answers_elsewhere(psid: str) -> ResponseReturnValue:
        if psid not in workspace.graph.people:
            return {"error": "Nobody here can do that."}, 404
        workspace.graph.page.replies_from_inbox(psid, FROM_INBOX)
        workspace.changes.touch()
        return "", 204

    @blueprint.post("/phone/<psid>/<act>")
    def act(psid: str, act: str) -> ResponseReturnValue:
        if psid not in workspace.graph.people or act not in ACTS:
            return {"error": "Nobody here can do that."}, 404
        why_not = ACTS[act](workspace.graph.person(psid))
        workspace.changes.touch()
        return ({"error": why_not}, 400) if why_not else ("", 204)

    return blueprint


def _offered(person: PersonMemory) -> Iterator[tuple[str, str, str]]:
    """What this person may do beside writing: the act, its label, what it is."""
    if unread(person):
        yield "read", "Read it", "Look at the thread: the Page is told"
    if person.channel == "messenger" and not person.acts:
        yield "start", "Get Started", "The button of a new thread"
    yield "ad", "Through an ad", "Click the Page's ad and write"
    host = "m.me" if person.channel == "messenger" else "ig.me"
    if person.channel == "messenger" or person.thread:
        yield "link", f"By {host} link", "Come to the thread by a link of the Page's"
    yield "inbox", "Inbox answers", "A colleague answers from the Page's inbox"


def _writes(person: Person) -> str | None:
    text = request.form.get("text", "").strip()
    if not 0 < len(text) <= LONGEST:
        return "Write something first." if not text else f"At most {LONGEST} characters."
    person.writes(text)
    return None


def _gets_started(person: Person) -> None:
    person.gets_started()


def _comes_by_ad(person: Person) -> None:
    person.writes_from_ad("I saw your ad. Tell me more!", ad_id="120208402")


def _comes_by_link(person: Person) -> None:
    if person.thread:
        person.comes_by_link("newsletter")
    else:  # a new thread begins with its button, which carries the link's ref
        person.gets_started(ref="newsletter")


def _reads(person: Person) -> None:
    person.reads()


def _reacts(person: Person) -> str | None:
    mid = request.form.get("mid", "")
    if person.memory.find(mid) is None:
        return "There is no such message."
    if mid in person.memory.reactions:
        person.unreacts(mid)
    else:
        person.reacts(mid)
    return None


def _taps(person: Person) -> None:
    person.taps_quick_reply(request.form.get("title", ""), request.form.get("payload", ""))


def _presses(person: Person) -> None:
    person.presses_button(request.form.get("title", ""), request.form.get("payload", ""))


def _hands_in(person: Person) -> str | None:
    message = person.memory.find(request.form.get("mid", ""))
    payload = (message.attachment or {}).get("payload", {}) if message else {}
    form = form_of(payload, None)
    if message is None or form is None:
        return "There is no such form."
    if message.mid in person.memory.forms:
        return "This form was handed in already."
    if (score := request.form.get("score")) not in form.scores:
        return "Tap a score first."
    comment = request.form.get("comment", "").strip()
    if len(comment) > COMMENT:
        return f"At most {COMMENT} characters."
    person.answers_form(message.mid, str(score), comment if form.comment else "")
    return None


def _asks_to_be_told(person: Person) -> str | None:
    try:
        person.asks_to_be_told(request.form.get("mid", ""))
    except ValueError as why:
        sentence = str(why)
        return f"{sentence[0].upper()}{sentence[1:]}."
    return None


ACTS = {
    "write": _writes,
    "start": _gets_started,
    "ad": _comes_by_ad,
    "link": _comes_by_link,
    "read": _reads,
    "react": _reacts,
    "tap": _taps,
    "press": _presses,
    "form": _hands_in,
    "tell": _asks_to_be_told,
}
