"""What each Graph error means for a message: no, later, don't know, or stop the Page.

Source: Meta's list of Messenger error codes (2026-06-25), the Graph API's guides on errors and on
rate limits; rows marked "seen" were observed by others. The sentences are shown to staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final


class Meaning(Enum):
    """What an answer that is not a success says about the message."""

    NO = "no"  # Meta refused it, and would again
    LATER = "later"  # Meta did not take it, and may later
    UNKNOWN = "unknown"  # it may have arrived
    STOP_TOKEN = "token"  # noqa: S105 - nothing can be sent until the token is mended
    STOP_POLICY = "policy"  # Meta restricts the Page: a person has to look
    STOP_RATE = "rate"  # too much was asked of Meta: the Page rests for a while

    @property
    def passes(self) -> bool:
        """Whether the same request may well succeed later without anybody mending anything."""
        return self in (Meaning.LATER, Meaning.STOP_RATE)


@dataclass(frozen=True, slots=True)
class GraphError:
    """One row: what it means, in a sentence; whether it closes the window, or refuses the tag."""

    meaning: Meaning
    sentence: str
    closes_window: bool = False
    refuses_tag: bool = False


_NO, _LATER = Meaning.NO, Meaning.LATER
_TOKEN, _POLICY, _RATE = Meaning.STOP_TOKEN, Meaning.STOP_POLICY, Meaning.STOP_RATE

_OUTSIDE: Final = GraphError(_NO, "Meta says the messaging window is closed.", closes_window=True)
_ABSENT: Final = GraphError(_NO, "This person cannot receive messages from the Page now.")
_NOBODY: Final = GraphError(_NO, "Meta knows nobody by this id at this Page.")
_BAD_TOKEN: Final = GraphError(
    _TOKEN, "Meta no longer accepts the Page access token: an admin has to renew PAGE_ACCESS_TOKEN."
)
_NO_PERMISSION: Final = GraphError(
    _TOKEN, "The app or its token lacks a permission for this Page: an admin has to grant it."
)
_ACCOUNT: Final = GraphError(
    _TOKEN, "The Instagram account is not linked, or does not let the app read its messages."
)
_RESTRICTED: Final = GraphError(
    _POLICY, "Meta restricts what this Page may send: see Page Support Inbox for the reason."
)
_BUSY: Final = GraphError(_RATE, "Meta asks to send more slowly.")
_TROUBLE: Final = GraphError(_LATER, "Meta has a passing fault.")
_FILE: Final = GraphError(_NO, "Meta could not fetch or read the attached file.")
_FILE_LATER: Final = GraphError(_LATER, "Meta could not fetch the attached file in time.")
_PARAMETER: Final = GraphError(_NO, "Meta did not accept the message as it is written.")
_TEMPLATE: Final = GraphError(_NO, "Meta did not accept the template or its parameters.")
_NO_UTILITY: Final = GraphError(
    _NO, "The app lacks Meta's permission for utility messages (pages_utility_messaging)."
)
_OTHER_APP: Final = GraphError(_NO, "Another app or a person holds this conversation at Meta.")

BAD_PARAMETER: Final = 100
Key = tuple[int, int | None]

ERRORS: Final[Mapping[Key, GraphError]] = {
    (1, None): _TROUBLE,
    (1, 99): _TROUBLE,
    (1, 1357046): GraphError(Meaning.UNKNOWN, "Meta answered garbled: it may have been sent."),
    (1, 2018382): _PARAMETER,
    (2, None): _TROUBLE,
    (2, 2018344): _PARAMETER,
    (4, None): _BUSY,
    (4, 2018354): _PARAMETER,
    (9, 2018352): _BUSY,
    (10, None): _NO_PERMISSION,
    (10, 2018278): _OUTSIDE,
    (10, 2018065): _OUTSIDE,
    (10, 2534022): _OUTSIDE,
    (10, 2018108): _ABSENT,
    (10, 1893063): _RESTRICTED,
    (10, 1893015): GraphError(_NO, "This person has stopped notifications of this kind."),
    (10, 1404170): _RESTRICTED,
    (10, 2018336): _PARAMETER,
    (10, 2534077): _ACCOUNT,
    (17, None): _BUSY,
    (32, None): _BUSY,
    (100, None): _PARAMETER,
    (100, 33): _NO_PERMISSION,
    (100, 2018001): _NOBODY,
    (100, 2018008): _FILE_LATER,
    (100, 2018047): _FILE,
    (100, 2018109): _FILE,
    (100, 2018294): _FILE_LATER,
    (100, 2018014): _PARAMETER,
    (100, 2018034): _PARAMETER,
    (100, 2018074): _FILE,
    (100, 2018164): _PARAMETER,
    (100, 2018320): _TEMPLATE,
    (100, 2018328): _TEMPLATE,
    (100, 2534013): _ACCOUNT,
    (100, 2534014): _NOBODY,
    (100, 2534015): _PARAMETER,
    (100, 2534025): _PARAMETER,
    (100, 2534029): _RESTRICTED,
    (100, 2534037): _OTHER_APP,
    (100, 1893029): _TEMPLATE,
    (100, 2018416): _TEMPLATE,
    (100, 2388051): _TEMPLATE,
    (190, None): _BAD_TOKEN,
    (200, None): _NO_PERMISSION,
    (200, 1545041): _ABSENT,
    (200, 2018021): _NO_PERMISSION,
    (200, 2018027): _NO_PERMISSION,
    (200, 2018028): _NO_PERMISSION,
    (200, 2534041): _ACCOUNT,
    (230, None): GraphError(_NO, "Meta needs this person's consent first."),
    (341, None): _BUSY,
    (368, None): _RESTRICTED,
    (551, None): _ABSENT,
    (551, 1545041): _ABSENT,
    (613, None): _BUSY,
    (613, 2018338): GraphError(
        _POLICY,
        "Meta warns: too many tagged messages went to one person, and it may restrict the Page.",
    ),
    (613, 1893016): _PARAMETER,
    (613, 2534040): _BUSY,
    (1200, None): _TROUBLE,
    (1200, 2018024): _TROUBLE,
    (2022, None): _RESTRICTED,
    (10303, None): _PARAMETER,
    (36103, None): _ACCOUNT,
    (2018300, None): _OTHER_APP,
    (2018321, None): GraphError(_LATER, "Messenger's automated answers hold this conversation."),
    (9000001, None): GraphError(_NO, "The message it refers to was deleted."),
    (80001, None): _BUSY,
    (80002, None): _BUSY,
    (80006, None): _BUSY,
}

# What the same codes mean where a utility message was sent: it alone is refused, not the Page.
UTILITY_ERRORS: Final[Mapping[Key, GraphError]] = {
    (10, None): _NO_UTILITY,
    (100, None): _TEMPLATE,
    (200, None): _NO_UTILITY,
}


def read_graph_error(
    status: int, answer: Mapping[str, Any], tag: str | None, *, utility: bool = False
) -> GraphError | None:
    """The row for a Graph answer with this HTTP status; None when it is no Graph error.

    A code unknown here is a passing fault when Meta says so or answers 5xx, else a refusal. `tag` is
    the one that was sent: Meta refuses a tag as any other parameter, and does not say which it was.
    `utility`: it was a utility message.
    """
    error = answer.get("error")
    if not isinstance(error, Mapping) or not isinstance(error.get("code"), int):
        return None
    code, subcode = error["code"], error.get("error_subcode")
    exact = ERRORS.get((code, subcode)) if isinstance(subcode, int) else None
    of_code = UTILITY_ERRORS.get((code, None)) if utility else None
    known = exact or of_code or ERRORS.get((code, None))
    refused = known is None or (known.meaning is _NO and not known.closes_window)
    if refused and (error.get("is_transient") is True or (known is None and status >= 500)):
        known = _TROUBLE
    elif code == BAD_PARAMETER and tag and exact is None:
        known = GraphError(_NO, f"Meta did not accept the tag {tag}.", refuses_tag=True)
    return _named(known or _PARAMETER, code, subcode)


def _named(row: GraphError, code: int, subcode: Any) -> GraphError:
    number = f"{code}/{subcode}" if isinstance(subcode, int) else str(code)
    return replace(row, sentence=f"{row.sentence} (Graph error {number})")
