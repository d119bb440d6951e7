"""What a person types, as Slack keeps it: three characters become entities.

https://docs.slack.dev/messaging/formatting-message-text#escaping
"""


def escaped(text: str) -> str:
    """Text in which nothing can be a mention, a link or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The text as it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
