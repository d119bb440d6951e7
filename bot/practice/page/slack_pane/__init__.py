"""Slack in a browser: one person's screen, drawn from the stand-in, and what they do there."""

from .pane import slack_pane

__all__ = ["slack_pane"]
