"""Words -> Position: what people write about where, found on the map."""
