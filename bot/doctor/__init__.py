"""Is everything set up? Each check looks at one thing and says in a sentence what to do."""
