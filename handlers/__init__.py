"""The edges: each module turns something from outside into one call, and one answer back."""
