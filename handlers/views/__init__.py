"""Block Kit: records in, dictionaries out; no client, no clock, no query."""
