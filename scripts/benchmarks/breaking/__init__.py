"""What ``scripts/bench faults`` breaks, and how it counts what was lost or doubled."""
