"""People on their phones: what they do becomes Meta's memory and a webhook to the app."""

from datetime import datetime

from bot.practice.graph.events import event
from bot.practice.graph.memory import Act, ActKind, PersonMemory, ThreadMessage, new_mid
from bot.practice.graph.meta import Meta
from bot.practice.graph.one_time import grant
from bot.practice.graph.types import JsonObject, epoch_ms
from bot.practice.graph.webhooks import Webhooks

_EMOJI = {
    "messenger": {
        "smile": "\U0001f606",
        "angry": "\U0001f620",
        "sad": "\U0001f622",
        "wow": "\U0001f62e",
        "love": "❤️",
        "like": "\U0001f44d",
        "dislike": "\U0001f44e",
    },
    "instagram": {
        "angry": "\U0001f620",
        "sad": "\U0001f622",
        "wow": "\U0001f62e",
        "love": "❤️",
        "like": "\U0001f44d",
        "laugh": "\U0001f606",
    },
}


class Person:
    """One person, acting. `deliver_webhook=False` lets Meta know what the app never hears of.

    Each act returns when the app has answered the webhook; acts that make a message return its mid.
    """

    def __init__(self, meta: Meta, webhooks: Webhooks, memory: PersonMemory) -> None:
        self.memory = memory
        self._meta = meta
        self._webhooks = webhooks

    @property
    def id(self) -> str:
        """The PSID or IGSID."""
        return self.memory.id

    @property
    def thread(self) -> list[ThreadMessage]:
        """The conversation as this person sees it, oldest first."""
        with self._meta.lock:
            return list(self.memory.thread)

    def writes(
        self,
        text: str,
        *,
        reply_to: str | None = None,
        quick_reply: str | None = None,
        deliver_webhook: bool = True,
    ) -> str:
        """Send a text; `reply_to` is the mid it answers, `quick_reply` the payload of a tap."""
        content: JsonObject = {"text": text}
        if quick_reply is not None:
            content["quick_reply"] = {"payload": quick_reply}
        if reply_to is not None:
            content["reply_to"] = self._reference(reply_to)
        return self._sends("message", content, deliver_webhook)

    def taps_quick_reply(self, title: str, payload: str, *, deliver_webhook: bool = True) -> str:
        """Tap one of the quick replies under a message."""
        return self.writes(title, quick_reply=payload, deliver_webhook=deliver_webhook)

    def sends_attachment(self, kind: str, url: str, *, deliver_webhook: bool = True) -> str:
        """Send an `image`, `audio`, `video` or `file` that Meta keeps at this address."""
        content = {"attachments": [{"type": kind, "payload": {"url": url}}]}
        return self._sends("message", content, deliver_webhook)

    def writes_from_ad(
        self, text: str, ad_id: str, ref: str = "", *, deliver_webhook: bool = True
    ) -> str:
        """Send the first message after a click on an ad of the Page."""
        content = {"text": text, "referral": self._ad_referral(ad_id, ref)}
        return self._sends("ad_message", content, deliver_webhook)

    def clicks_ad(self, ad_id: str, ref: str = "", *, deliver_webhook: bool = True) -> None:
        """Click an ad in an existing thread and write nothing: this opens no window."""
        self._acts(None, deliver_webhook, referral=self._ad_referral(ad_id, ref))

    def comes_by_link(self, ref: str, *, deliver_webhook: bool = True) -> None:
        """Come back to an existing thread by an m.me or ig.me link that carries a `ref`."""
        source = (
            "SHORTLINK"
            if self.memory.channel == "messenger"
            else f"https://ig.me/m/example?ref={ref}"
        )
        referral = {"ref": ref, "source": source, "type": "OPEN_THREAD"}
        self._acts("referral", deliver_webhook, referral=referral)

    def presses_button(
        self, title: str, payload: str, *, ref: str | None = None, deliver_webhook: bool = True
    ) -> None:
        """Press a postback button; `ref` where the thread began with an m.me link."""
        postback: JsonObject = {"mid": new_mid(), "title": title}
        if self.memory.thread_owner is None:  # standby hides the payload
            postback["payload"] = payload
        if ref is not None:
            postback["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        self._acts("postback", deliver_webhook, postback=postback)

    def gets_started(self, *, ref: str | None = None, deliver_webhook: bool = True) -> None:
        """Press the Get Started button of a new thread."""
        self.presses_button("Get Started", "GET_STARTED", ref=ref, deliver_webhook=deliver_webhook)

    def opts_in(self, ref: str, *, deliver_webhook: bool = True) -> None:
        """Use the Send to Messenger plugin of a website."""
        self._acts("optin", deliver_webhook, optin={"ref": ref})

    def asks_to_be_told(self, mid: str, *, deliver_webhook: bool = True) -> str:
        """Press "Notify me" on a request of the Page's; the token. This opens no window."""
        with self._meta.lock:
            request = self.memory.find(mid)
            if request is None:
                raise ValueError("there is no such message in the thread")
            optin = grant(self._meta, self.memory, request)
        self._acts(None, deliver_webhook, optin=optin)
        return str(optin["one_time_notif_token"])

    def answers_form(
        self, mid: str, answer: str, comment: str = "", *, deliver_webhook: bool = True
    ) -> None:
        """Hand in a feedback form of the Page's; Meta tells it without a time. This opens no window."""
        told = {
            "feedback_screens": [
                {"screen_id": 0, "questions": self._answered(mid, answer, comment)}
            ]
        }
        self.memory.forms[mid] = answer
        if deliver_webhook:
            happened = event(self.id, self._meta.page_id, None, messaging_feedback=told)
            self._webhooks.announce(self.memory, happened, soon=False)

    def _answered(self, mid: str, answer: str, comment: str) -> JsonObject:
        form = self.memory.find(mid)
        if form is None or form.attachment is None:
            raise ValueError("there is no form in this message")
        (question,) = form.attachment["payload"]["feedback_screens"][0]["questions"]
        told: JsonObject = {"type": question["type"], "payload": answer}
        if comment:
            if "follow_up" not in question:
                raise ValueError("the form asks for no comment")
            told["follow_up"] = {"type": "free_form", "payload": comment}
        return {question["id"]: told}

    def reacts(
        self, mid: str, reaction: str = "love", *, emoji: str = "", deliver_webhook: bool = True
    ) -> None:
        """React to a message; a name that Meta has no word for is `other` and needs its emoji."""
        emoji = emoji or _EMOJI[self.memory.channel][reaction]
        happened = {"reaction": reaction, "emoji": emoji, "action": "react", "mid": mid}
        self.memory.reactions[mid] = emoji
        self._acts("reaction", deliver_webhook, reaction=happened)

    def unreacts(
        self, mid: str, reaction: str = "love", *, emoji: str = "", deliver_webhook: bool = True
    ) -> None:
        """Take a reaction back: this opens no window. Instagram does not say which it was."""
        happened: JsonObject = {"action": "unreact", "mid": mid}
        if self.memory.channel == "messenger":
            emoji = emoji or _EMOJI["messenger"][reaction]
            happened = {"reaction": reaction, "emoji": emoji, **happened}
        self.memory.reactions.pop(mid, None)
        self._acts(None, deliver_webhook, reaction=happened)

    def reads(self, *, deliver_webhook: bool = True) -> None:
        """Look at the thread: Messenger tells up to when, Instagram which message was last."""
        self.memory.read_at = self._meta.now()
        if self.memory.channel == "messenger":
            read: JsonObject = {"watermark": epoch_ms(self._meta.now())}
        elif from_page := [sent.mid for sent in self.thread if sent.author != "person"]:
            read = {"mid": from_page[-1]}
        else:
            return
        self._acts(None, deliver_webhook, read=read)

    def edits(
        self, mid: str, text: str, *, num_edit: int = 1, deliver_webhook: bool = True
    ) -> None:
        """Change the words of an own message; Instagram prints the count as a string."""
        count = num_edit if self.memory.channel == "messenger" else str(num_edit)
        edit = {"mid": mid, "text": text, "num_edit": count}
        with self._meta.lock:
            self.memory.change_text(mid, text)
        self._acts(None, deliver_webhook, message_edit=edit)

    def deletes(self, mid: str, *, deliver_webhook: bool = True) -> None:
        """Unsend an own message; Meta documents a webhook for this on Instagram only."""
        with self._meta.lock:
            self.memory.forget(mid)
        told = deliver_webhook and self.memory.channel == "instagram"
        self._acts(None, told, message={"mid": mid, "is_deleted": True})

    def _sends(self, kind: ActKind, content: JsonObject, deliver_webhook: bool) -> str:
        mid = new_mid()
        self._acts(kind, deliver_webhook, message={"mid": mid, **content})
        return mid

    def _acts(self, kind: ActKind | None, deliver_webhook: bool, **happened: JsonObject) -> None:
        with self._meta.lock:
            at = self._meta.now()
            self._remember(kind, at, happened.get("message", {}))
        if deliver_webhook:
            told = event(self.id, self._meta.account_id(self.memory), at, **happened)
            self._webhooks.announce(self.memory, told, soon=False)

    def _remember(self, kind: ActKind | None, at: datetime, message: JsonObject) -> None:
        if kind is not None:
            self.memory.acts.append(Act(kind, at))
        if kind in ("message", "ad_message"):
            self.memory.thread.append(
                ThreadMessage(
                    mid=message["mid"],
                    at=at,
                    person_id=self.id,
                    channel=self.memory.channel,
                    author="person",
                    message=message,
                )
            )

    def _reference(self, mid: str) -> JsonObject:
        if self.memory.channel == "instagram":
            return {"mid": mid}
        answered = self.memory.find(mid)
        own = answered is not None and answered.author == "person"
        return {"mid": mid, "is_self_reply": own}

    def _ad_referral(self, ad_id: str, ref: str) -> JsonObject:
        context = {
            "ad_title": "Autumn workshop: book your place",
            "photo_url": "https://scontent.example/ad.jpg",
        }
        if self.memory.channel == "messenger":
            context |= {"post_id": f"{self._meta.page_id}_778120045", "flow_id": "91822004417"}
        return {
            "ref": ref,
            "ad_id": ad_id,
            "source": "ADS",
            "type": "OPEN_THREAD",
            "ads_context_data": context,
        }
