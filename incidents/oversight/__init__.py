"""What auditors read: the record of events, and decisions and clocks reckoned again."""
