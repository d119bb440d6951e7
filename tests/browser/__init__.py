"""The practice workspace in Chromium: the six stories, from the click to the phone."""
