"""Which reports are about one thing in the street: how likely, from what, and among which."""
