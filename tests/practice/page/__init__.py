"""The practice workspace, over HTTP, as the page's own script uses it."""
