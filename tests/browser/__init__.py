"""The practice workspace in Chromium: the nine stories, from the click to the phone."""
