"""The administrators' pages: tables with maps and history. Every change goes through editing."""
