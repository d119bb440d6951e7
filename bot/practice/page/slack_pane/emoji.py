"""The emoji that Slack writes as `:name:`, as far as apps and people use them here."""

from typing import Final

EMOJI: Final = {
    "+1": "👍",
    "-1": "👎",
    "alarm_clock": "⏰",
    "arrow_right": "➡️",
    "ballot_box_with_check": "☑️",
    "bell": "🔔",
    "bulb": "💡",
    "calendar": "📆",
    "clipboard": "📋",
    "eyes": "👀",
    "grey_question": "❔",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "heavy_minus_sign": "➖",
    "hourglass": "⌛",
    "information_source": "ℹ️",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "lock": "🔒",
    "mag": "🔍",
    "no_entry": "⛔",
    "pencil2": "✏️",
    "point_right": "👉",
    "question": "❓",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "speech_balloon": "💬",
    "tada": "🎉",
    "thumbsup": "👍",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "x": "❌",
}
# Those with a picture in emoji.css.
DRAWN: Final = frozenset(
    {
        "bulb",
        "grey_question",
        "heavy_minus_sign",
        "hourglass",
        "large_green_circle",
        "large_yellow_circle",
        "no_entry",
        "red_circle",
        "rotating_light",
        "warning",
        "white_check_mark",
        "x",
    }
)
