"""What leaves the house: the same rows in every format, streamed."""
