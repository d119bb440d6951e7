"""How Graph says no.

The shape and the codes follow Meta's list
(https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes);
the wording of a message is ours where Meta shows none: programs must not read it anyway.
"""

import secrets

from bot.practice.graph.types import JsonObject


class GraphError(Exception):
    """An answer that refuses a call: `code`, `subcode`, HTTP `status`, and what a person may read."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        is_transient: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.status = status
        self.is_transient = is_transient

    def body(self) -> JsonObject:
        """The JSON object Graph answers with, under a new `fbtrace_id`."""
        error: JsonObject = {
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.is_transient is not None:
            error["is_transient"] = self.is_transient
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def bad_parameter(message: str, subcode: int | None = None) -> GraphError:
    """Code 100: something in the request is wrong, and `message` names it."""
    return GraphError(100, f"(#100) {message}", subcode=subcode)


def no_such_object(object_id: str) -> GraphError:
    """Code 100, subcode 33: there is no such node, or the token may not see it."""
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due "
        "to missing permissions, or does not support this operation",
        subcode=33,
    )


def no_such_field(name: str) -> GraphError:
    """Code 100: `fields` asks for something that the node does not have."""
    return bad_parameter(f"Tried accessing nonexisting field ({name})")
