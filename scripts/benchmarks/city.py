"""Load the city into the database that DATABASE_URL names, for others to work on copies of it."""

from __future__ import annotations

from scripts.benchmarks import harness

if __name__ == "__main__":
    harness.with_django()
    harness.load_city()
