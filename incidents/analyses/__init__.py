"""Planners' questions: run in one process or many, kept, compared."""
