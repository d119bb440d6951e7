"""What a text reads like: promotion, survey, recurring notice, which message tag.

Pure text reading without clocks, windows or deadlines; the rule book joins those to it.
"""

from bot.policy.content.message_texts import texts_of
from bot.policy.content.reader import read_message, read_text
from bot.policy.content.reading import Evidence, Reading

__all__ = ["Evidence", "Reading", "read_message", "read_text", "texts_of"]
