"""The record: one SQLite file, its schema, and the queries over it."""
