"""Strict stand-ins for Slack and Meta on loopback, shared by the tests and the practice workspace."""
